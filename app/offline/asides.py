"""What is said beside a question: the circumstances before it, a doubtful time behind it.

Law: a text that is to be sent keeps its words; only how a request is read changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.offline import wordings
from app.offline.clause import Clause
from app.offline.lexicon import listed
from app.offline.reading import Reading
from app.offline.times import Timed
from app.offline.words import Line

_HEDGES = frozenset(
    listed("must might may could would should have been be it was is i think believe guess probably maybe perhaps"
           " possibly presumably likely sometime some time came arrived that had from then about around at or so hm")
)  # fmt: skip
_DOUBT = frozenset(listed("must might may could would think believe guess probably maybe perhaps possibly presumably"
                          " likely sometime came arrived"))  # fmt: skip
_PARTS = frozenset({"early", "late", "mid"})
_MARKS = frozenset({",", ".", ";", "-", "–", "(", "…"})
_AWAY = frozenset(
    listed("off out away ill sick poorly travelling traveling abroad holiday holidays vacation leave offline asleep"
           " unwell flying")
)  # fmt: skip
_BEEN = frozenset(listed("been was were had got back came"))
_MANNERS = frozenset(listed("so hi hey hello well ok okay right um sorry i we have am are just only"))
_THEN = (("from", "then", "on"), ("since", "then"), ("from", "then"), ("after", "that"))
_LONGEST = 30  # words of the circumstances


def read(clause: Clause, best: Callable[[Line], Reading]) -> Line:
    """What is asked, with the time that its circumstances give where that is wanted, or that was put as a guess."""
    line = wordings.unfilled(clause.line)
    end = _circumstances(line)
    if not end and _DOUBT.isdisjoint(line.row):
        return line
    back = replace(clause, line=line).windows(-1)
    if not (end and back):
        return _undoubted(line, back)
    timely = _since(line, end, back)
    filling = best(timely).filling
    return timely if filling and filling.skill.takes("since") else Line(line.tokens[end + 1 :])


def _undoubted(line: Line, timed: Sequence[Timed]) -> Line:
    """The line with a time that is only guessed at as a part of its request: "…, must have been in January"."""
    for found in timed:
        part = line.word(found.start - 1) in _PARTS
        start = found.start - part
        while start and line.word(start - 1) in _HEDGES:
            start -= 1
        said = {line.word(i) for i in range(start, found.start)}
        if said & _DOUBT and start > 1 and line.word(start - 1) in _MARKS:
            led = (replace(line.tokens[found.start - 1], word="in"),) if part else ()
            return Line((*line.tokens[: start - 1], *led, *line.tokens[found.start :]))
    return line


def _circumstances(line: Line) -> int:
    """Where what the person was at ends: "I was off yesterday, …"; 0 where nothing is told before the request."""
    i = 0
    while line.word(i) in _MANNERS or line.word(i) == ",":
        i += 1
    if line.word(i) not in _BEEN:
        return 0
    ends = (k for k in range(i, min(len(line), _LONGEST)) if line.kind(k) == "symbol" and line.word(k) in _MARKS)
    end = next(ends, 0)
    return end if end and _AWAY & {*line.row[i:end]} else 0


def _since(line: Line, end: int, timed: Sequence[Timed]) -> Line:
    """The request behind its circumstances; since when they were, where it says "since then" or no time at all."""
    rest = line.tokens[end + 1 :]
    told = [t for t in timed if t.end <= end and t.window.start]
    if not told or any(t.start > end for t in timed):
        return Line(rest)
    first = told[0].start + (line.word(told[0].start) in {"since", "from", "on"})
    lead = replace(line.tokens[told[0].start], text="since", word="since", kind="word")
    time = (lead, *line.tokens[first : told[0].end])
    row = [token.word for token in rest]
    for words in _THEN:
        at = next((i for i in range(len(row)) if tuple(row[i : i + len(words)]) == words), None)
        if at is not None:
            return Line((*rest[:at], *time, *rest[at + len(words) :]))
    stop = len(rest) - (bool(rest) and rest[-1].word in {"?", ".", "!"})
    return Line((*rest[:stop], *time, *rest[stop:]))
