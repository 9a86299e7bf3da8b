"""Orders that put something into the calendar: a meeting at a time that was said, or in a slot that all have free."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.offline import rounds
from app.offline.orders import event_words, repeating, targets, whole_days
from app.offline.orders.event_words import timed
from app.offline.orders.order import ASKED, Missing, Order, must, slot, step
from app.offline.plan import Question, Step, Wait
from app.offline.thread import Ref
from app.offline.times import Timed

FINDER = "find_slots"


def created(order: Order, args: dict[str, Any], place: int) -> list[Step]:
    """A meeting at a time that was said, on whole days, or in the best slot that everybody has free; or a series.
    `args` are its title, people and place, `place` that of a slot in the list, 0 for none; the order's words are the
    rest."""
    how = repeating.often(order)
    order = repeating.rest(order, how) if how else order
    if how or repeating.said(order):
        return whole_days.series(order, args | _length(order), how, event_words.whom(args["people"]))
    days = whole_days.meant(order)
    if days:
        return whole_days.blocked(order, args, days)
    slotted = from_slot(order, args, place)
    if slotted:
        return slotted
    args |= _length(order)
    when = timed(order)
    clock = next((t for t in when if t.window.grain == "clock" and t.window.start), None)
    day = next((t.window.start for t in when if t.window.grain in {"day", "part"}), None)
    if clock and day and not event_words.dated(order, clock):
        clock = event_words.of_day(order, clock, day)  # "tomorrow, say at 3"
    if clock and clock.window.start:
        args |= span(order, clock)
        return [step(order, "create_event", args)]
    if not args["people"]:
        kept = {key: value for key, value in args.items() if value}
        raise Missing(Question("create_event", kept, slot(must(order, "create_event"), "start"), ask=ASKED["start"]))
    return _in_a_slot(order, args, when[0] if when else None)


def _length(order: Order) -> dict[str, Any]:
    found = order.clause.durations
    if not found:
        half = order.line.words(0, 3) == ("half", "an", "hour")
        return {"duration_minutes": 30} if half else {}
    return {"duration_minutes": int(found[0].value)}


def span(order: Order, clock: Timed) -> dict[str, Any]:
    """Begin, and the end where one was said: a time on the clock alone reads as an hour."""
    start, end = clock.window.start, clock.window.end
    told: dict[str, Any] = {"start": start.isoformat() if start else ""}
    said = {order.line.word(i) for i in range(clock.start, clock.end)}
    if end and said & {"to", "until", "till", "-", "–", "and"} and not order.clause.durations:
        told["end"] = end.isoformat()
    return told


def _in_a_slot(order: Order, args: dict[str, Any], when: Timed | None) -> list[Step]:
    finder = must(order, FINDER)
    look: dict[str, Any] = {"people": args["people"]}
    look |= {"duration_minutes": args["duration_minutes"]} if "duration_minutes" in args else {}
    if when and when.window.start:
        look["start"] = when.window.start.isoformat()
    if when and when.window.end:
        look["end"] = when.window.end.isoformat()
    kept = {key: value for key, value in args.items() if key != "duration_minutes"}
    wait = Wait("start", "slot", first=True, take="span")
    return [Step(finder.name, look), step(order, "create_event", kept, wait)]


def from_slot(order: Order, args: dict[str, Any], place: int) -> list[Step]:
    """One of the slots that were proposed: "book the second one", "the 2 pm one", "and book it"."""
    last = order.plan.steps[-1] if order.plan.steps else None
    if last and last.name == FINDER:
        wait = Wait("start", "slot", first=True, take="span", place=place)
        return [step(order, "create_event", _asked_for(last.args, args), wait)]
    shown = targets.newest(order, "slot")
    named = bool(args["title"] or args["people"])
    place = place or _begins(order, shown) or (0 if named or timed(order) else 1)
    chosen = shown[place - (place > 0)] if place and abs(place) <= len(shown) else None
    span = rounds.interval(chosen.label) if chosen else None
    past = next((p for turn in reversed(order.thread.before) for p in reversed(turn.calls) if p.name == FINDER), None)
    if span is None or past is None:
        return []
    return [step(order, "create_event", {**_asked_for(past.args, args), "start": span[0], "end": span[1]})]


def _begins(order: Order, shown: Sequence[Ref]) -> int:
    """The place of the slot that begins at the time that is said; 0 where none does."""
    said = [t.window.start for t in timed(order) if t.window.grain == "clock" and t.window.start]
    spans = [rounds.interval(ref.label) for ref in shown]
    begun = [datetime.fromisoformat(span[0]).time() if span else None for span in spans]
    return next((begun.index(at.time()) + 1 for at in said if at.time() in begun), 0)


def _asked_for(found: Any, args: dict[str, Any]) -> dict[str, Any]:
    """The arguments with those for whom the time was looked for, beside whoever is named now."""
    before, now = list(found.get("people", ())), list(args["people"])
    people = [*before, *(one for one in now if one not in before)]
    own = args["title"] if args["title"] != event_words.whom(now) else ""
    return {**args, "people": people, "title": own or event_words.whom(people)}
