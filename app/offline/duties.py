"""What says that it is the person who has something to do: "what did I promise", "who needs something from me"."""

from __future__ import annotations

from app.offline.lexicon import listed
from app.offline.words import Line

OWN = ("mine", "owed")
"""Choices that show what the person is to do."""
_WANT = frozenset(listed("ask need want expect"))
_BETWEEN = frozenset(listed("something anything from of for"))
_DUTIES = tuple(
    tuple(one.split("+")) for one in listed("i+promis i+owe i+agre+to i+commit+to must+i should+i shall+i am+i+suppos")
)
"""Stems that say that it is the person who has something to do."""


def duty(line: Line) -> set[int]:
    """The words that say that it is the person who has something to do: "what did I promise", "who needs me"."""
    if {"i", "me"}.isdisjoint(line.row):
        return set()
    stems = tuple(token.stem for token in line.tokens)
    found = ((i, len(one)) for i in range(len(line)) for one in _DUTIES if stems[i : i + len(one)] == one)
    return wanted(line) | {k for i, size in found for k in range(i, i + size)}


def wanted(line: Line) -> set[int]:
    """The words that say that somebody wants something of the person: "asked me", "needs something from me"."""
    found = set[int]()
    if "me" not in line.row:
        return found
    for i, token in enumerate(line.tokens):
        end = i + 1
        while line.word(end) in _BETWEEN:
            end += 1
        if token.stem in _WANT and line.word(end) == "me":
            found |= {*range(i, end + 1)}
    return found
