"""What is reckoned: a sum with all that stands behind it, and the date so long from another.

Law: figures that come to nothing are told, never left out in silence.
"""

from __future__ import annotations

from dataclasses import replace

from app.offline import hours, picking, shifts
from app.offline.clause import Clause
from app.offline.heard.making import Making
from app.offline.plan import Step
from app.offline.trained.features import ENDS


def summed(making: Making) -> list[Step]:
    """The sum, and each that stands behind it; figures that are in none are told."""
    said = making.said
    whole = hours.between(said.clause, said.reader)
    if whole:
        return whole
    found, clause = making.steps(), said.clause
    while clause.sum:
        rest = said.reader.only(clause, range(clause.sum.end, len(clause.line)))
        if rest.sum is None:
            making.plan.unused += picking.figures(replace(said, clause=clause, spans=()).ruled)
        else:
            found += replace(making, said=replace(said, clause=rest, spans=())).steps()
        clause = rest
    return found


def dated(making: Making) -> list[Step]:
    """The date so long from another: by the words of that sentence, not by what was told before it."""
    said = making.said
    first = min((s.start for s in said.spans if s.argument in {"value", "unit"}), default=0)
    ends = (i + 1 for i in range(first) if said.clause.line.word(i) in ENDS)
    start = max(ends, default=0)
    spans = [replace(s, start=s.start - start, end=s.end - start) for s in said.spans if s.start >= start]
    rest = said.reader.only(said.clause, range(start, len(said.clause.line)))
    day = _day(rest)
    if day:
        return [making.step({"value": 0, "start": day})]
    return replace(making, said=replace(said, clause=rest, spans=spans)).steps()


def _day(clause: Clause) -> str:
    """The one day that is named where no distance from it is: "what weekday is 24 December", "is 1 May a Friday?"."""
    if shifts.find(clause.line, clause.moment) is not None:
        return ""
    named = [one for one in clause.windows(1) if one.window.one_day and clause.line.word(one.start - 1) != "a"]
    days = {one.window.start.date() for one in named if one.window.start}
    return days.pop().isoformat() if len(days) == 1 else ""
