"""Sums, measures and numbers put into the arguments that take them."""

from __future__ import annotations

from app.offline import amounts
from app.offline.filling import Filling, Part


def measure(f: Filling) -> Part | None:
    found, slots = f.clause.measure, f.skill.takes("unit", "to_unit")
    if len(slots) < 2:
        return None
    values = {"value": found.value, "unit": found.unit or None, "to_unit": found.to or None}
    by_sort = {slot.sort: slot.name for slot in f.skill.takes("value", "unit", "to_unit")}
    variant = {by_sort[sort]: value for sort, value in values.items() if value is not None and sort in by_sort}
    return Part((variant,), found.used) if variant else None


def expression(f: Filling) -> Part | None:
    slots, found = f.skill.takes("sum"), f.clause.sum
    return Part(({slots[0].name: found.text},), frozenset(range(found.start, found.end))) if slots and found else None


def number(f: Filling) -> Part | None:
    for slot in f.skill.takes("number"):
        for i in range(len(f.clause.line)):
            found = None if i in f.used | f.clause.timed else amounts.number(f.clause.line, i)
            if found:
                value = int(found.value) if slot.type is int else found.value
                return Part(({slot.name: value},), frozenset(range(found.start, found.end)))
    return None
