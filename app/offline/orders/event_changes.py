"""An event put at another time.

Law: a time without a day is of the event's own day; where that is not known it is asked.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.offline import pointing, rounds
from app.offline.orders import acting, targets
from app.offline.orders.event_orders import span
from app.offline.orders.event_shifts import Shift, on_day, own
from app.offline.orders.event_words import dated, of_day, timed
from app.offline.orders.order import ASKED, Missing, Order, must, slot
from app.offline.orders.targets import Target
from app.offline.plan import Question, Step
from app.offline.thread import Ref
from app.offline.times import Timed
from app.offline.window import midnight

WHICH_DAY = "On which day, at {time:%H:%M}?"


def moved(order: Order, target: Target | None, which: str, shift: Shift | None = None) -> list[Step]:
    """The event that is meant put at the time that the order's words say, or by the shift; `which` of a series."""
    skill = must(order, "move_event")
    if target is None:
        raise Missing(Question(skill.name, {}, slot(skill, "event"), shown=bool(targets.of_kind(order, "event"))))
    beside = _beside_its_own(order, target, shift)
    if beside:
        found = Target((_known(order, target),))
        return [*target.steps, *acting.to(order, skill.name, "event", "event", found, {**beside, "which": which})]
    new = next(iter(timed(order)), None)
    start = new.window.start if new else None
    if start is None or new is None or new.window.grain != "clock":
        kept = {"event": target.handles[0], **({"start": start.isoformat()} if start else {})} if target.handles else {}
        asked = "At what time?" if start and kept else ASKED["start"]
        raise Missing(Question(skill.name, kept, slot(skill, "start"), ask=asked))
    told = span(order, _on_its_day(order, new, target))
    return acting.to(order, skill.name, "event", "event", target, told | {"which": which})


def _beside_its_own(order: Order, target: Target, shift: Shift | None) -> dict[str, str]:
    """The new times where they hang on those that the event has; nothing where they do not, or these are not known.
    Raises Missing while the event is still to be looked up."""
    told = timed(order)
    day = told[0].window.start if [one.window.grain for one in told] == ["day"] else None
    if shift is None and (day is None or order.clause.durations):
        return {}
    handle = _known(order, target)
    if target.steps and not handle:
        order.plan.steps += target.steps
        skill = must(order, "move_event")
        raise Missing(Question(skill.name, {}, slot(skill, "event"), shown=True, near=_near(order, target)))
    held = own(order, handle) if handle else None
    if shift and held:
        return shift.of(*held)
    return on_day(order, day, handle) if day and handle else {}


def _known(order: Order, target: Target) -> str:
    """The handle of the event; "" while it is not known."""
    return target.handles[0] if target.handles else _looked_up(order, target)


def _on_its_day(order: Order, new: Timed, target: Target) -> Timed:
    """The new time on the day of the event, where it names none. Raises Missing where that day is not known."""
    if dated(order, new):
        return new
    handle = _known(order, target)
    held = own(order, handle) if handle else None
    if held:
        return of_day(order, new, midnight(held[0].astimezone(order.now.tzinfo)))
    day = _day_looked_in(target.steps[-1].args) if target.steps else _day_shown(order, target.handles[0])
    if day:
        return of_day(order, new, day)
    skill = must(order, "move_event")
    order.plan.steps += target.steps
    if not handle or new.window.start is None:
        raise Missing(Question(skill.name, {}, slot(skill, "event"), shown=True, near=_near(order, target)))
    kept = {"event": handle, "start": new.window.start.isoformat()}
    raise Missing(Question(skill.name, kept, slot(skill, "start"), ask=WHICH_DAY.format(time=new.window.start)))


def _day_shown(order: Order, handle: str) -> datetime | None:
    """The day of an event by the call that showed it last, or put it there: one of a single day."""
    for turn in reversed(order.thread.before):
        for past, outcome in reversed([*turn.results]):
            if outcome.status == "ok" and handle in {past.args.get("event"), *(ref.handle for ref in outcome.refs)}:
                skill = order.skill(past.name)
                put = past.args.get("start") if skill and skill.writes else None
                day = midnight(datetime.fromisoformat(put)) if put else _day_looked_in(past.args)
                if day:
                    return day
    return None


def _day_looked_in(args: Any) -> datetime | None:
    """The day of a window that holds no more than one."""
    if not args.get("start") or not args.get("end"):
        return None
    start, end = (datetime.fromisoformat(str(args[name])) for name in ("start", "end"))
    return midnight(start) if (end - timedelta(microseconds=1)).date() == start.date() else None


def _looked_up(order: Order, target: Target) -> str:
    """The event among those that this turn has looked up already, "" where it cannot be told."""
    handle, _ = pointing.by_label(target.words, "event", _found(order, target))
    near = () if handle else _near(order, target)
    return near[0] if len(near) == 1 else handle


def _near(order: Order, target: Target) -> tuple[str, ...]:
    """Those of them that fit the words as well as each other."""
    best = rounds.best(target.words, [ref for refs in _found(order, target) for ref in refs if ref.kind == "event"])
    return tuple(dict.fromkeys(ref.handle for ref in best))


def _found(order: Order, target: Target) -> list[tuple[Ref, ...]]:
    name = target.steps[-1].name
    return [outcome.refs for past, outcome in order.thread.now.results if past.name == name]
