"""The operators of a mailbox: typed, "is:unread has:attachment newer_than:5d -from:ana", or told in words, "unread".

Law: what was typed in them is passed on as it was typed, and none of its words is read as anything else; but where a
word before it is more than the bidding to search, or one behind it is there for the sentence alone, it is no such
search. What is said of how the mails are is no word that they hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.offline.filling import Filling
from app.offline.lexicon import EMPTY, listed
from app.offline.plan import Step
from app.offline.slots import Skill, Slot
from app.offline.words import Line, Token, stem

ATTACHED = "has:attachment"
_TAKEN = "operators work"
"""How an argument says that it takes them."""
_STATES = {"attachment": ATTACHED, "unread": "is:unread", "pdf": "filename:pdf"}
_HOLDING = frozenset(listed("with has have having had containing"))
_BEFORE = frozenset(listed("the a an any some its"))
_OPERATOR = re.compile(
    r"(?<![\w/])[-({\"]*(?:from|to|cc|bcc|subject|is|in|label|has|filename|newer_than|older_than|newer|older|after|before"
    r"|category|larger|smaller|rfc822msgid):(?=[^\s:/])",
    re.IGNORECASE,
)
_BIDDING = frozenset(
    listed(
        "search find show list look get give query gmail mail mails email emails inbox messages me us my the all in for"
    )
    + listed("with please can you could i want see any everything conversations threads what whats what's is are")
)
_HELD = re.compile(r"\S+:(?:\"[^\"]*\"|\([^)]*\)|\S+)|\"[^\"]*\"")
_WORD = re.compile(r"[\w'’]+")
_POLITE = re.compile(r"[\s,]*(?:\bplease\b|\bthanks\b)?[\s.?!]*$", re.IGNORECASE)


def searched(request: str, skills: Iterable[Skill]) -> Step | None:
    """The search for exactly what was typed; None where no operators were, or more is said than that."""
    first = _OPERATOR.search(request)
    if first is None or not _words(request[: first.start()]) <= _BIDDING:
        return None
    query = " ".join(_POLITE.sub("", request[first.start() :]).split())
    if _words(_HELD.sub(" ", query)) & (EMPTY - {"or", "and"}):
        return None
    able = [(skill, slot) for skill in skills if skill.finds for slot in taking(skill)]
    skill, slot = max(able, key=lambda pair: pair[0].name.startswith("search"), default=(None, None))
    return Step(skill.name, {slot.name: query}) if skill and slot else None


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)}


def taking(skill: Skill) -> list[Slot]:
    """The arguments of the tool that take operators."""
    return [slot for slot in skill.takes("topic") if _TAKEN in slot.about]


def attached(f: Filling) -> set[int]:
    """The tokens that say that a file is attached: "with the attachment"."""
    line = f.clause.line
    at = next((i for i, token in enumerate(line.tokens) if token.stem == "attachment"), 0)
    lead = at - 1 - (line.word(at - 1) in _BEFORE)
    return {*range(lead, at + 1)} if at and line.word(lead) in _HOLDING and at not in f.used else set()


def states(line: Line, skill: Skill) -> list[str]:
    """The operators for what is said of how the mails are, "unread", "with attachments", and no argument takes."""
    said = {token.stem for token in line.tokens} if skill.finds and taking(skill) else set[str]()
    own = {part for slot in skill.slots for part in slot.name.split("_")}
    stated = [operator for word, operator in _STATES.items() if stem(word) in said and word not in own]
    minus = sorted(excluded(line, skill))
    return stated + [f"-{line.tokens[i].text}" for i in minus if line.kind(i) == "word"]


def excluded(line: Line, skill: Skill) -> frozenset[int]:
    """The tokens of words typed with a minus, "-launch", in what takes operators: what is not to be found."""
    if not (skill.finds and taking(skill)):
        return frozenset()
    pairs = zip(line.tokens, line.tokens[1:], strict=False)
    found = {
        i for i, (sign, word) in enumerate(pairs) if sign.word == "-" and word.kind == "word" and _signed(sign, word)
    }
    return frozenset(found | {i + 1 for i in found})


def _signed(sign: Token, word: Token) -> bool:
    return sign.end == word.start


def stateless(text: str) -> str:
    """The words without those that are told by an operator."""
    kept = [word for word in text.split() if stem(word.lower()) not in map(stem, _STATES)]
    while kept and kept[-1].lower() in _HOLDING | _BEFORE:
        kept.pop()
    return " ".join(kept)
