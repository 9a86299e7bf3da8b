"""Orders about what stands in the calendar: events moved and cancelled, invitations answered.

Law: a time without a day is of the event's own day; where that is not known it is asked.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.offline import pointing
from app.offline.orders import extent, targets
from app.offline.orders.event_orders import span
from app.offline.orders.event_words import timed
from app.offline.orders.mail_orders import to
from app.offline.orders.order import ASKED, Missing, Order, must, slot
from app.offline.orders.targets import Target
from app.offline.plan import Question, Step
from app.offline.times import Timed
from app.offline.window import midnight

_REPLIED = {"accept": "accepted", "decline": "declined", "maybe": "tentative"}
_FAR = timedelta(days=400)
WHICH_DAY = "On which day, at {time:%H:%M}?"


def moved(order: Order) -> list[Step]:
    """An event put at another time; the time behind "to" is the new one."""
    which, order = extent.told(order)
    split = _to(order)
    before, behind = _cut_at(order, split)
    found = timed(behind if split < len(order.line) else order)
    new = found[0] if found else None
    if split == len(order.line) and new:
        before, _ = _cut_at(order, new.start)
    target = extent.target(before)
    skill = must(order, "move_event")
    if target is None:
        raise Missing(Question(skill.name, {}, slot(skill, "event"), shown=bool(targets.of_kind(order, "event"))))
    start = new.window.start if new else None
    if start is None or new is None or new.window.grain != "clock":
        kept = {"event": target.handles[0], **({"start": start.isoformat()} if start else {})} if target.handles else {}
        asked = "At what time?" if start and kept else ASKED["start"]
        raise Missing(Question(skill.name, kept, slot(skill, "start"), ask=asked))
    new = _on_its_day(order, behind if split < len(order.line) else order, new, target)
    told = span(behind if split < len(order.line) else order, new)
    return to(order, skill.name, "event", "event", target, told | {"which": which})


def dated(order: Order, said: Timed) -> bool:
    """Whether the time names its day; else it was taken for one of today."""
    return said.window == _of_day(order, said, midnight(order.now) + _FAR).window


def _of_day(order: Order, said: Timed, day: datetime) -> Timed:
    """The time as it reads on that day."""
    clause = replace(order.clause, moment=replace(order.clause.moment, anchor=day, there=True))
    return next((t for t in timed(replace(order, clause=clause)) if t.start == said.start), said)


def _on_its_day(order: Order, behind: Order, new: Timed, target: Target) -> Timed:
    """The new time on the day of the event, where it names none. Raises Missing where that day is not known."""
    if dated(behind, new):
        return new
    day = _day_looked_in(target.steps[-1].args) if target.steps else _day_shown(order, target.handles[0])
    if day:
        return _of_day(behind, new, day)
    handle = target.handles[0] if target.handles else _looked_up(order, target)
    skill = must(order, "move_event")
    order.plan.steps += target.steps
    if not handle or new.window.start is None:
        raise Missing(Question(skill.name, {}, slot(skill, "event"), shown=True))
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
    shown = [outcome.refs for past, outcome in order.thread.now.results if past.name == target.steps[-1].name]
    handle, _ = pointing.by_label(target.words, "event", shown)
    return handle


def _to(order: Order) -> int:
    """Where the last "to" before a time stands, one that is no part of a time if there is such a one: "to Friday from 9
    to 10"; the length of the line where there is none."""
    inside = {i for t in timed(order) for i in range(t.start + 1, t.end)}
    ends = [i for i in range(len(order.line) - 1, -1, -1) if order.line.word(i) in {"to", "until", "till"}]
    ends = [i for i in ends if timed(_cut_at(order, i)[1])]
    return next((i for i in ends if i not in inside), next(iter(ends), len(order.line)))


def _cut_at(order: Order, i: int) -> tuple[Order, Order]:
    """The order up to token `i`, and what stands behind that."""
    hour = i + 2 == len(order.line) and order.line.kind(i + 1) == "number"
    line = order.line.tokens
    at = (replace(line[i], word="at"), line[i + 1]) if hour else line[i + 1 :]
    before, behind = (replace(order, clause=order.reader.of(order.clause, part)) for part in (line[:i], at))
    return before, behind


def cancelled(order: Order) -> list[Step]:
    which, rest = extent.told(order)
    return _for(rest, "cancel_event", {"which": which})


def answered(order: Order) -> list[Step]:
    """An invitation accepted, declined, or left open, with a note where one was said."""
    which, order = extent.told(order)
    noted = order.has("note", "message", "comment")
    if noted and not order.text:
        target = targets.find(replace(order, clause=_bare_note(order)), "event")
        args: dict[str, Any] = {
            "answer": _REPLIED[order.deed],
            "event": target.handles[0] if target and target.handles else "",
        }
        skill = must(order, "answer_invitation")
        raise Missing(
            Question(
                skill.name, {k: v for k, v in args.items() if v}, slot(skill, "note"), ask="What should the note say?"
            )
        )
    return _for(
        replace(order, clause=_bare_note(order)),
        "answer_invitation",
        {"answer": _REPLIED[order.deed], "note": order.text, "which": which if which == "all" else ""},
    )


def _bare_note(order: Order) -> Any:
    return order.without([i for i, w in enumerate(order.line.row) if w in {"note", "message", "comment", "with"}])


def _for(order: Order, name: str, args: dict[str, Any]) -> list[Step]:
    target: Target | None = extent.target(order)
    if target is None:
        skill = must(order, name)
        kept = {key: value for key, value in args.items() if value}
        raise Missing(Question(name, kept, slot(skill, "event"), shown=bool(targets.of_kind(order, "event"))))
    return to(order, name, "event", "event", target, args)
