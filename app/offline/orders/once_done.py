"""What is said of a change that was just made: the same for somebody else, or another time for what was made.

Law: only what was said differs; whatever says anything else is a request of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.offline.lexicon import listed
from app.offline.orders import event_shifts, event_words, revising, rewritten, targets
from app.offline.orders.order import NotAnOrder, Order, must, step
from app.offline.plan import Step
from app.offline.thread import Outcome, Past, Thread

_SAME = frozenset({"same", "again", "likewise"})
_BESIDE = frozenset(
    listed("the same again likewise and also too as well another thing text message one please then do but")
)
_LIGHT = frozenset(
    listed(
        "actually after all sorry wait oh hm we suits fits works rather though better ok okay no not a bit but him her"
    )
)
_TOO = frozenset(listed("too also well as"))
_FOR = frozenset({"for", "with", "to"})
_ASKS = frozenset({"can", "could"})
_TIMES = frozenset({"start", "end", "due", "duration_minutes", "items"})
_MOVES = {"create_event": ("move_event", "event"), "create_tasks": ("change_task", "task")}
"""What puts a thing that a tool made at another time."""


def steps(order: Order) -> list[Step]:
    """The call that is wanted now. Raises NotAnOrder where the words are about something else."""
    past, outcome = _last(order)
    if _SAME & {*order.line.row} or _too(order):
        return [_same(order, past)]
    asked = order.line.row[-1:] == ("?",) and order.line.word(0) not in _ASKS
    if asked:
        raise NotAnOrder(past.name)
    if past.name in rewritten.TOOLS:
        return rewritten.steps(order, past, outcome)
    if order.line.word(0) == "and" or event_shifts.said(order.clause):
        raise NotAnOrder(past.name)
    return [_later(order, past, outcome)]


def _last(order: Order) -> tuple[Past, Outcome]:
    """The change that the turn before ended with. Raises NotAnOrder where there is none."""
    done = _done(order.thread)
    if done is None:
        raise NotAnOrder("done")
    skill = must(order, done[0].name)
    if not skill.writes or not done[1].receipt:
        raise NotAnOrder(skill.name)
    return done


def _done(thread: Thread) -> tuple[Past, Outcome] | None:
    turn = thread.before[-1] if thread.before else None
    return next(reversed([*turn.results]), None) if turn else None


def _same(order: Order, past: Past) -> Step:
    """The same change for other people, in another channel, at another time, or on another thing."""
    rest = replace(order, clause=order.without(i for i, word in enumerate(order.line.row) if word in _BESIDE))
    thing = next((one for one in must(order, past.name).slots if one.kind), None) if _of_another(order) else None
    named = replace(order, clause=order.without(i for i, word in enumerate(order.line.row) if word in _SAME))
    target = targets.find(named, thing.kind) if thing and not rest.clause.windows(1) else None
    if thing and target and target.handles:
        several = thing.type in (list, tuple, set)
        return step(order, past.name, {**past.args, thing.name: [*target.handles] if several else target.handles[0]})
    changed = revising.changed(rest, past)
    if not changed:
        raise NotAnOrder(past.name)
    return step(order, past.name, changed)


def _of_another(order: Order) -> bool:
    """Whether another thing is meant: "the same for the second", "and the third too"."""
    return _too(order) or any(
        order.line.word(i) == "same" and order.line.word(i + 1) in _FOR for i in range(len(order.line))
    )


def _too(order: Order) -> bool:
    """Whether nothing is said but one more place in the list: "and the third too"."""
    places = {i for p in order.clause.pointings if p.place for i in range(p.start, p.end)}
    rest = {word for i, word in enumerate(order.line.row) if i not in places and order.line.kind(i) == "word"}
    return bool(places) and bool(rest & _TOO) and rest <= _TOO | {"and", "please", "the", "one"}


def _later(order: Order, past: Past, outcome: Outcome) -> Step:
    """What was made, or moved, at the time that is said now."""
    rest = replace(order, clause=order.without(i for i, word in enumerate(order.line.row) if word in _LIGHT))
    changed = revising.changed(_on_the_clock(_on_its_day(rest, past)), past)
    differs = {name for name in changed if changed[name] != past.args.get(name)}
    if not differs or not differs <= _TIMES:
        raise NotAnOrder(past.name)
    changed |= _same_half(changed, past.args)
    if past.name not in _MOVES:
        return step(order, past.name, changed)
    name, argument = _MOVES[past.name]
    made = [ref.handle for ref in outcome.refs if ref.kind == argument]
    items = changed.get("items", [{}])
    if len(made) != 1 or len(items) != 1:
        raise NotAnOrder(name)
    due = {key: value for key, value in items[0].items() if key == "due"}
    return step(order, name, {argument: made[0], **_time(changed), **due})


def _time(args: Mapping[str, Any]) -> dict[str, Any]:
    """Begin and end; the end by the length, where that was said."""
    told = {name: args[name] for name in ("start", "end") if args.get(name)}
    if "start" in told and "end" not in told and args.get("duration_minutes"):
        end = datetime.fromisoformat(told["start"]) + timedelta(minutes=args["duration_minutes"])
        told["end"] = end.isoformat()
    return told


def _on_its_day(order: Order, past: Past) -> Order:
    """The words as they read on the day that a task was due."""
    due = next((str(item["due"]) for item in (past.args, *past.args.get("items", ())) if item.get("due")), "")
    if not due:
        return order
    day = datetime.fromisoformat(due)
    anchor = day.replace(tzinfo=day.tzinfo or order.now.tzinfo)
    return replace(order, clause=replace(order.clause, moment=replace(order.clause.moment, anchor=anchor, there=True)))


def _on_the_clock(order: Order) -> Order:
    """The words with "at" before a number that says nothing else: "7 actually"."""
    numbers = [i for i in range(len(order.line)) if order.line.kind(i) == "number"]
    if len(numbers) != 1 or order.clause.windows(1) or order.clause.durations:
        return order
    return event_words.at_hour(order, numbers[0])


def _same_half(args: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Begin and end in the afternoon, where the time was of the afternoon and half of the clock is meant."""
    if not before.get("start") or not args.get("start"):
        return {}
    old, new = (datetime.fromisoformat(str(one["start"])) for one in (before, args))
    if new.hour >= 12 or old.hour < 13 or new.date() != old.date():
        return {}
    ends = {"end": (datetime.fromisoformat(args["end"]) + timedelta(hours=12)).isoformat()} if args.get("end") else {}
    return {"start": (new + timedelta(hours=12)).isoformat(), **ends}
