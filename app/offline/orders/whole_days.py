"""Events that are no appointment at one time: whole days that are blocked, absences, and series."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.offline.lexicon import listed
from app.offline.orders.order import Missing, NotAnOrder, Order, must, slot, step
from app.offline.orders.repeating import Often
from app.offline.plan import Question, Step
from app.offline.window import Window, midnight

_WHOLE = (
    ("all", "day"), ("the", "whole", "day"), ("whole", "day"), ("entire", "day"), ("all-day",), ("allday",),
    ("all", "of"), ("the", "whole", "of"), ("whole",), ("entire",), ("out",),
)  # fmt: skip
ABSENT = frozenset(listed("holiday holidays vacation leave birthday pto away ooo"))
_TO = frozenset({"to", "until", "till", "through", "-", "–"})
_HOW_OFTEN = "How often? For example “every weekday”, “every other Friday until 18 December”."


def said(order: Order) -> set[int]:
    """The tokens that say that whole days are meant."""
    found: set[int] = set()
    for phrase in _WHOLE:
        for i in range(len(order.line)):
            if order.line.words(i, len(phrase)) == phrase and (phrase != ("out",) or order.blocks):
                found |= {*range(i, i + len(phrase))}
    return found


def meant(order: Order) -> Window | None:
    """The days, where whole ones are meant: so said, blocked without a time, or of an absence."""
    row = set(order.line.row)
    whole = bool(said(order) - {i for i, word in enumerate(order.line.row) if word == "out"})
    parts = [t.window for t in order.clause.windows(1) if t.window.grain == "part"]
    if order.blocks and parts and not order.clause.durations:
        return parts[0]
    if order.clause.durations or not (whole or order.blocks or row & ABSENT or _ranged(order)):
        return None
    found = [t.window for t in order.clause.windows(1)]
    if any(one.grain in ("clock", "part") for one in found):
        return None
    return next((one for one in found if one.start and one.end), None)


def _ranged(order: Order) -> bool:
    """Whether something nobody is invited to goes from one day to another: "a conference from 6 to 10 April"."""
    spans = [t for t in order.clause.windows(1) if t.window.grain == "span"]
    said = any(not _TO.isdisjoint(order.line.row[t.start : t.end]) for t in spans)
    return said and not any(p.role == "with" for p in order.clause.people)


def blocked(order: Order, args: dict[str, Any], days: Window) -> list[Step]:
    """One event of these days."""
    title = args["title"] or ("Blocked" if order.blocks else "")
    return [step(order, "create_event", {**args, "title": title, **of_days(days)})]


def of_days(days: Window) -> dict[str, Any]:
    """The arguments that say these whole days, or this part of one."""
    start, end = days.start, days.end
    if start is None or end is None:
        raise NotAnOrder("days")
    if days.grain == "part":
        return {"start": start.isoformat(), "end": end.isoformat()}
    single = end <= start + timedelta(days=1, hours=1)
    told: dict[str, Any] = {"start": midnight(start).isoformat(), "all_day": True}
    return told if single else {**told, "end": end.isoformat()}


def series(order: Order, args: dict[str, Any], how: Often | None, whom: str) -> list[Step]:
    """A series, from its first day on. Raises Missing for a time that was not said, or a rule not understood."""
    skill = must(order, "create_event")
    args["title"] = args["title"] or whom
    kept = {key: value for key, value in args.items() if value}
    if how is None:
        raise Missing(Question(skill.name, kept, slot(skill, "repeat"), ask=_HOW_OFTEN))
    found = [t.window for t in order.clause.windows(1) if t.window.start]
    clock = next((one for one in found if one.grain == "clock"), None)
    begin = next((one.start for one in found if one is not clock and one.start), None)
    at = clock.start if clock else None
    first = how.from_day(midnight(begin or at or order.now))
    if at is None and not (meant_all_day(order) or begin):
        raise Missing(Question(skill.name, {**kept, "repeat": how.repeat}, slot(skill, "start"), ask="At what time?"))
    args["repeat"] = how.repeat
    if at is None:
        return [step(order, skill.name, {**args, "start": first.isoformat(), "all_day": True})]
    start = first.replace(hour=at.hour, minute=at.minute)
    start = (
        start if start > order.now else how.from_day(first + timedelta(days=1)).replace(hour=at.hour, minute=at.minute)
    )
    end = clock.end if clock and _to(order) and not order.clause.durations else None
    length = {"end": (start + (end - at)).isoformat()} if end else {}
    return [step(order, skill.name, {**args, "start": start.isoformat(), **length})]


def meant_all_day(order: Order) -> bool:
    return order.blocks or bool(said(order)) or bool(set(order.line.row) & ABSENT)


def _to(order: Order) -> bool:
    """Whether both ends of a time on the clock were said."""
    return bool({"to", "until", "till", "-", "–"} & set(order.line.row))
