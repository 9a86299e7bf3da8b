"""A request cut into pieces at its joints; the plan decides which pieces belong together."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from app.offline.clause import Clause
from app.offline.lexicon import listed
from app.offline.words import Line

_JOINTS = frozenset(listed("and then also plus & ; , / ? ! ."))
_ENDS = frozenset("?!.;")
_NUMERIC = frozenset({"number", "date", "clock"})


_SELF = frozenset({"i", "me"})


@dataclass(frozen=True)
class Piece:
    """Tokens `start` to `end`, `end` exclusive; `fresh`: it begins a sentence."""

    start: int
    end: int
    fresh: bool


def pieces(line: Line, whole: Container[int]) -> list[Piece]:
    """The pieces of a request between its joints, none of them empty. Tokens of `whole` are no joints."""
    found: list[Piece] = []
    start, fresh = 0, True
    for i in range(len(line) + 1):
        if i < len(line) and (i in whole or not _joint(line, i)):
            continue
        if any(line.kind(k) != "symbol" for k in range(start, i)):
            found.append(Piece(start, i, fresh))
            fresh = False
        fresh = fresh or line.word(i) in _ENDS
        start = i + 1
    return found


def _joint(line: Line, i: int) -> bool:
    word = line.word(i)
    if word not in _JOINTS or line.kind(i) not in {"word", "symbol"}:
        return False
    if word in {"/", "plus", "."} and (line.kind(i - 1) in _NUMERIC or line.kind(i + 1) in _NUMERIC):
        return word == "." and line.kind(i + 1) not in _NUMERIC
    if word == "/":
        return len(line.word(i - 1)) > 3 and len(line.word(i + 1)) > 3
    inside = i + 1 < len(line) and line.tokens[i + 1].start == line.tokens[i].end  # the dot of "northwind.example"
    return not (word == "." and (inside or len(line.word(i - 1)) == 1))


def pairs(clause: Clause) -> set[int]:
    """The joints between two names, or two times: "Ana and Li", "today or on Friday" are one thing said twice."""
    line = clause.line
    ends = {mark.end: mark.tag for mark in clause.marks}
    starts = {mark.start: mark.tag for mark in clause.marks}
    ends |= {i + 1: "bare" for i in range(len(line)) if line.word(i) in _SELF}
    starts |= {i: "bare" for i in range(len(line)) if line.word(i) in _SELF}
    both = ((i, ends.get(i), starts.get(i + 1)) for i in range(len(line)))
    return {
        i for i, left, right in both if left and right and (left == "time") == (right == "time") and _listable(left)
    }


def _listable(tag: str) -> bool:
    return tag in {"time", "from", "with", "for", "subject", "bare"}
