"""A question that ends in a list of services, as what is asked of them all.

Law: what is ordered or said to others is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from app.offline import across
from app.offline.across import Crossing
from app.offline.clause import Clause
from app.offline.lexicon import listed
from app.offline.reading import Reader, Reading

_LOT = frozenset(listed("lot everything everywhere anywhere all whole"))
_IN_TAIL = frozenset(listed("the my and or in on included including both too as well of it them , - & from"))
_JOINTS = frozenset(listed(", ? - : . ( –"))
_IN = frozenset({"in", "on", "across", "from"})


def everywhere(clause: Clause, reader: Reader, best: Callable[[Clause], Reading]) -> Reading | Crossing | None:
    """A request that ends in a list of services, as what is asked of them all; None where it is not so asked."""
    start, end = _tail(clause, reader)
    if not start:
        return None
    rest = reader.only(clause, [*range(start), *range(end, len(clause.line))])
    named = frozenset[str]().union(*(reader.services(clause, i) for i in reader.nouns(clause) if i >= start))
    lot = any(word in _LOT for word in clause.line.row[start:end])
    found = across.crossing(rest, reader)
    if found and not any(True for _ in reader.nouns(rest)):
        home = {skill.name: skill.service for skill in reader.knowledge.every.values()}
        steps = tuple(step for step in found.steps if lot or home[step.name] in named)
        return replace(found, steps=steps, blind=found.blind if lot else ()) if steps else None
    for piece in _sentences(rest, reader):
        reading = best(piece)
        whole = reading.filling and not reading.filling.skill.slots and reading.filling.skill.service == "none"
        if whole and reading.own(piece):
            return reading
    return None


def _sentences(clause: Clause, reader: Reader) -> Iterable[Clause]:
    """The clause, and what stands behind each stop in it."""
    ends = [i for i in range(len(clause.line)) if clause.line.word(i) in {".", "!", "?", ",", "-"}]
    return (reader.only(clause, range(start, len(clause.line))) for start in (0, *(i + 1 for i in ends)))


def _tail(clause: Clause, reader: Reader) -> tuple[int, int]:
    """Where the list begins and ends: behind a joint or an "in", at least two services or one word for all of them, and
    behind it no more than a time; 0 where none does."""
    line = clause.line
    nouns = {i for i in range(len(line)) if reader.services(clause, i)}
    if len(nouns) < 2 and _LOT.isdisjoint(line.row):
        return 0, 0
    stop = len(line)
    while stop and (line.kind(stop - 1) == "symbol"):
        stop -= 1
    last = next((t.start for t in clause.windows(-1) if t.end == stop), len(line))
    part = [i in nouns or line.word(i) in _LOT | _IN_TAIL or line.word(i) in {"?", ".", "!"} for i in range(len(line))]
    start = last
    while start > 1 and part[start - 1]:
        start -= 1
    several = len({reader.services(clause, i) for i in nouns if start <= i < last})
    if line.word(start) in _IN and several > (1 if last < stop else 2):
        return start, last
    joints = [i for i in range(start, last) if line.word(i) in _JOINTS]
    inside = range(joints[0] + 1, last) if joints else range(0)
    many = sum(i in nouns for i in inside) + any(line.word(i) in _LOT for i in inside)
    return (joints[0], last) if many > 1 else (0, 0)
