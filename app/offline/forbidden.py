"""Requests to change something, where no tool present is asked for with such a verb."""

from __future__ import annotations

from collections.abc import Container

from app.offline.clause import Clause
from app.offline.lexicon import ACTIONS, CONCEPTS, MILD, NOUNS_TOO, OBJECT_STARTS, OURS, POLITE
from app.offline.words import Line, stem

_OBJECTS = OBJECT_STARTS | {"everything", "everyone", "to"}
THINGS = frozenset(stem(word) for name in OURS for word in CONCEPTS[name].split())


def forbidden(clause: Clause, asked: Container[str]) -> str:
    """The verb that the clause begins with, if it is one of change and not among those `asked` of a tool; else ""."""
    verb = action(clause)
    if not verb or verb in asked:
        return ""
    return verb if verb not in MILD or _ours(clause, head(clause.line) + 1) else ""


def action(clause: Clause) -> str:
    """The verb of change that the clause begins with; "" where it begins otherwise, or with the noun."""
    i = head(clause.line)
    verb = clause.line.word(i)
    if verb not in ACTIONS or _in_a_sum(clause, i):
        return ""
    return "" if verb in NOUNS_TOO and not _has_object(clause, i + 1) else verb


def head(line: Line) -> int:
    """Where the request proper begins: the first token that is not mere politeness."""
    i = 0
    while i < len(line) and (line.word(i) in POLITE or line.kind(i) == "symbol"):
        i += 1
    return i


def _has_object(clause: Clause, i: int) -> bool:
    named = any(person.start == i for person in clause.people)
    pointed = any(pointing.start == i for pointing in clause.pointings)
    return clause.line.word(i) in _OBJECTS or named or pointed


def _in_a_sum(clause: Clause, i: int) -> bool:
    return clause.sum is not None and clause.sum.start <= i < clause.sum.end


def _ours(clause: Clause, start: int) -> bool:
    things = any(token.stem in THINGS for token in clause.line.tokens[start:])
    return things or bool(clause.pointings) or any(person.sure for person in clause.people)
