"""That a mail holds a file, or is unread, where that can be searched for by an operator."""

from __future__ import annotations

from app.offline.filling import Filling
from app.offline.lexicon import listed
from app.offline.slots import Skill
from app.offline.words import Line, stem

ATTACHED = "has:attachment"
OPERATORS = "operators work"
"""How an argument says that it takes the operators of a mailbox."""
_HOLDING = frozenset(listed("with has have having had containing"))
_FILES = frozenset({"attachment", "attachments"})
_STATES = {"attachment": ATTACHED, "unread": "is:unread"}
_BEFORE = frozenset(listed("the a an any some its"))


def said(f: Filling) -> set[int]:
    """The tokens that say that a file is attached: "with the attachment"."""
    line = f.clause.line
    if _FILES.isdisjoint(line.row):
        return set()
    at = next((i for i, token in enumerate(line.tokens) if token.stem == "attachment"), 0)
    lead = at - 1 - (line.word(at - 1) in _BEFORE)
    return {*range(lead, at + 1)} if at and line.word(lead) in _HOLDING and at not in f.used else set()


def states(line: Line, skill: Skill) -> list[str]:
    """The operators for what is said of how the mails are, "unread", "with attachments", and no argument takes."""
    said = {token.stem for token in line.tokens}
    own = {part for slot in skill.slots for part in slot.name.split("_")}
    return [operator for word, operator in _STATES.items() if stem(word) in said and word not in own]


def stateless(text: str) -> str:
    """The words without those that are told by an operator."""
    kept = [word for word in text.split() if stem(word.lower()) not in map(stem, _STATES)]
    while kept and kept[-1].lower() in _HOLDING | _BEFORE:
        kept.pop()
    return " ".join(kept)
