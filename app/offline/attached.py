"""That a mail holds a file, where that can be searched for by an operator."""

from __future__ import annotations

from app.offline.filling import Filling
from app.offline.lexicon import listed

ATTACHED = "has:attachment"
OPERATORS = "operators work"
"""How an argument says that it takes the operators of a mailbox."""
_HOLDING = frozenset(listed("with has have having had containing"))
_FILES = frozenset({"attachment", "attachments"})
_BEFORE = frozenset(listed("the a an any some its"))


def said(f: Filling) -> set[int]:
    """The tokens that say that a file is attached: "with the attachment"."""
    line = f.clause.line
    if _FILES.isdisjoint(line.row):
        return set()
    at = next((i for i, token in enumerate(line.tokens) if token.stem == "attachment"), 0)
    lead = at - 1 - (line.word(at - 1) in _BEFORE)
    return {*range(lead, at + 1)} if at and line.word(lead) in _HOLDING and at not in f.used else set()
