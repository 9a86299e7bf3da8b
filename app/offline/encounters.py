"""Whom one meets, put as the noun for it: "who do I meet", "the people I am seeing", "when do we meet Ana".

Law: only what is so; what could be ("when can I meet Ana") asks for a time that is not there yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.offline.lexicon import listed
from app.offline.words import Token

NOUN = "meeting"
_MEET, _MEETING = frozenset({"meet", "met"}), frozenset({"meeting", "seeing", "having"})
_SELF, _AM = frozenset({"i", "we"}), frozenset({"am", "are"})
_ADVERBS = frozenset(listed("next last also usually normally first"))
_AGAIN = frozenset({"next", "again"})
"""Beside one of these "see" is to meet: "when do I next see Ana"."""
_COULD = frozenset(listed("can could should would might may shall must if"))


def named(found: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens, each verb for a meeting that one has as its noun."""
    row = [token.word for token in found]
    return tuple(replace(t, word=NOUN) if _meets(row, i) else t for i, t in enumerate(found))


def _meets(row: Sequence[str], i: int) -> bool:
    j = i - (i > 0 and row[i - 1] in _ADVERBS)
    before = row[max(j - 2, 0) : j]
    if row[i] in _MEETING:
        return {*before} <= _SELF | _AM and len(before) == 2 and bool(_AM & {*before})
    if row[i] == "see":
        again = {*row[i - 1 : i], *row[i + 1 :]} & _AGAIN
        return bool(again) and before[-1:] != [] and before[-1] in _SELF and before[0] not in _COULD
    return row[i] in _MEET and before[-1:] != [] and before[-1] in _SELF and before[0] not in _COULD
