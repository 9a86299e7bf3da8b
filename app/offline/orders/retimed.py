"""The time of a proposal, put otherwise: another day or hour, another end, so long, due then.

Law: a time on the clock is of the day that stood there; a day keeps its time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.offline.lexicon import listed
from app.offline.orders import task_orders
from app.offline.orders.order import Order
from app.offline.orders.things import Change
from app.offline.times import Timed
from app.offline.window import Moment

_UNTIL = frozenset({"until", "till"})
_ENDS = _UNTIL | frozenset(listed("end ends ending finish finishes"))


def ending(order: Order, args: Mapping[str, Any]) -> Change:
    """Another end: "make it end at 6", "until half past five"."""
    old, row = _moment(args.get("start")), order.line.row
    led = next((i for i, word in enumerate(row) if word in _ENDS), None)
    if old is None or led is None:
        return {}, set()
    clause = replace(order.clause, moment=Moment(order.now, 1, old, there=True))
    behind = [t for t in clause.windows(1) if t.window.grain == "clock" and led <= t.start <= led + 2]
    end = (behind[0].window.end if row[led] in _UNTIL else behind[0].window.start) if behind else None
    end = end + timedelta(hours=12) if end and end <= old and end.hour < 12 else end
    if end is None or end <= old:
        return {}, set()
    told = {"end": end.isoformat()} if "end" in args else {"duration_minutes": (end - old) // timedelta(minutes=1)}
    return told, {*range(led, behind[0].end)}


def when(order: Order, args: Mapping[str, Any]) -> Change:
    """Another time: a time on the clock is of the day that stood there, a day keeps its time."""
    if ending(order, args)[0]:
        return {}, set()
    old = _moment(args.get("start"))
    if old is None:
        return _due(order, args)
    moment = Moment(order.now, 1, old, there=True)
    found = [t for t in replace(order.clause, moment=moment).windows(1) if t.window.start]
    new = _start(found, old)
    if new is None:
        return {}, set()
    told = {"start": new.isoformat()}
    end = _moment(args.get("end"))
    if end:
        told["end"] = (new + (end - old)).isoformat()
    return told, {i for t in found for i in range(t.start, t.end)}


def _start(found: list[Timed], old: datetime) -> datetime | None:
    clock = next((t.window.start for t in found if t.window.grain == "clock"), None)
    day = next((t.window.start for t in found if t.window.grain == "day"), None)
    if clock or day is None:
        return clock
    return day.replace(hour=old.hour, minute=old.minute)


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) and len(value) > len("2026-01-01") else None


def _due(order: Order, args: Mapping[str, Any]) -> Change:
    """Another time that tasks are due."""
    found = order.clause.windows(1)
    due = task_orders.due_of(found[:1])
    held = {i for t in found for i in range(t.start, t.end)}
    if not due:
        return {}, set()
    if "items" in args:
        return {"items": [{**item, "due": due} for item in args["items"]]}, held
    return ({"due": due}, held) if "due" in args else ({}, set())


def length(order: Order, args: Mapping[str, Any]) -> Change:
    found, start = order.clause.durations, _moment(args.get("start"))
    if not found or start is None:
        return {}, set()
    minutes, held = int(found[0].value), set(range(found[0].start, found[0].end))
    end = (start + timedelta(minutes=minutes)).isoformat()
    return ({"end": end} if "end" in args else {"duration_minutes": minutes}), held
