"""A request cut into pieces at its joints; the plan decides which pieces belong together."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from app.offline.clause import Clause
from app.offline.lexicon import EMPTY, listed
from app.offline.words import Line

_JOINTS = frozenset(listed("and then also plus & ; , / ? ! ."))
_ENDS = frozenset("?!.;")
_PARTING = frozenset(listed("and then also plus ? ! . ;"))
MERE = 2  # words of a piece that is no more than a service, a time or a name
_NUMERIC = frozenset({"number", "date", "clock"})


_PHRASES = {
    ("questions", "and", "answers"), ("terms", "and", "conditions"), ("pros", "and", "cons"),
    ("roles", "and", "responsibilities"), ("profit", "and", "loss"),
}  # fmt: skip
"""What is one thing by two names."""
_SELF = frozenset({"i", "me"})
_WHERE = frozenset({"in", "on", "from"})


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


def in_a_row(line: Line, found: Sequence[Piece]) -> bool:
    """Whether only commas part the pieces, and some of them are no more than a service, a time or a name."""
    return sum(piece.end - piece.start <= MERE for piece in found) > 1 and _PARTING.isdisjoint(line.row)


def fronted(line: Line, found: Sequence[Piece], piece: Piece) -> bool:
    """Whether the piece only says where, ahead of what is asked there: "in #launch, what did Priya say"."""
    tokens = line.tokens[piece.start : piece.end]
    ahead = piece is found[0] and len(found) > 1 and not found[1].fresh
    return ahead and tokens[0].word in _WHERE and all(t.kind == "channel" or t.word in EMPTY for t in tokens)


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
    held = {i for i in range(1, len(line)) if line.words(i - 1, 3) in _PHRASES}
    held |= {
        i for i, left, right in both if left and right and (left == "time") == (right == "time") and _listable(left)
    }
    held |= {i for i in range(len(line)) if line.kind(i - 1) == line.kind(i + 1) == "channel"}
    named = {person.start: person.role for person in clause.people if _listable(person.role)}
    for row in clause.rows:
        told = row.mine or named.get(row.names[0]) == "subject"
        if told and named.keys() >= {*row.names}:
            held |= {*range(row.start, row.end + (row.apart and line.word(row.end) == ","))}
    return held


def _listable(tag: str) -> bool:
    return tag in {"time", "from", "with", "for", "subject", "bare"}
