"""Orders that put something into the calendar: a meeting at a time that was said, or in a slot that all have free."""

from __future__ import annotations

from typing import Any

from app.offline import rounds
from app.offline.lexicon import EMPTY
from app.offline.orders import event_words, repeating, targets, whole_days
from app.offline.orders.event_words import about_events, place, timed
from app.offline.orders.order import ASKED, Missing, NotAnOrder, Order, must, slot, step
from app.offline.orders.saying import QUOTES
from app.offline.plan import Question, Step, Wait
from app.offline.times import Timed

FINDER = "find_slots"


def created(order: Order) -> list[Step]:
    """A meeting at a time that was said, on whole days, or in the best slot that everybody has free; or a series."""
    how = repeating.often(order)
    order = repeating.rest(order, how) if how else order
    if len(order.line) and order.line.word(0) not in EMPTY and not (
        order.line.kind(0) != "word" or about_events(order) or order.clause.durations or timed(order) or order.people()
    ):  # fmt: skip
        raise NotAnOrder("book")
    when, names = timed(order), event_words.guests(order)
    title = event_words.title(order, names)
    args: dict[str, Any] = {"title": title or order.said.strip(QUOTES), "people": [who.name for who in names]}
    args |= {"online": True} if order.has(*event_words.ONLINE) else {}
    args |= {"description": order.text} if order.text and title else {}
    args |= {"place": place(order)[0]}
    if how or repeating.said(order):
        return whole_days.series(order, args | _length(order), how, event_words.whom(names))
    days = whole_days.meant(order)
    if days:
        return whole_days.blocked(order, args, days)
    slotted = from_slot(order, args)
    if slotted:
        return slotted
    args |= _length(order)
    clock = next((t for t in when if t.window.grain == "clock" and t.window.start), None)
    if clock and clock.window.start:
        args |= span(order, clock)
        args["title"] = args["title"] or event_words.whom(names)
        return [step(order, "create_event", args)]
    if not names:
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
    kept["title"] = kept["title"] or f"Meeting with {event_words.joined(args['people'])}"
    wait = Wait("start", "slot", first=True, take="span")
    return [Step(finder.name, look), step(order, "create_event", kept, wait)]


def from_slot(order: Order, args: dict[str, Any], place: int = 0) -> list[Step]:
    """One of the slots that were proposed: "book the second one", "and book it"."""
    last = order.plan.steps[-1] if order.plan.steps else None
    bare = not about_events(order) or order.has("slot", "time")
    if last and last.name == FINDER and bare:
        kept = _asked_for(last.args, args)
        wait = Wait("start", "slot", first=True, take="span", place=place or _place(order))
        return [step(order, "create_event", kept, wait)]
    shown = targets.newest(order, "slot")
    if not shown or not bare:
        return []
    place = place or _place(order) or 1
    chosen = shown[place - (place > 0)] if abs(place) <= len(shown) else None
    span = rounds.interval(chosen.label) if chosen else None
    past = next((p for turn in reversed(order.thread.before) for p in reversed(turn.calls) if p.name == FINDER), None)
    if span is None or past is None:
        return []
    kept = _asked_for(past.args, args)
    return [step(order, "create_event", {**kept, "start": span[0], "end": span[1]})]


def _place(order: Order) -> int:
    """The place in the list that is said; 0 where none is."""
    return next((p.place for p in order.clause.pointings if p.place), 0)


def _asked_for(found: Any, args: dict[str, Any]) -> dict[str, Any]:
    people = args["people"] or list(found.get("people", ()))
    title = args["title"] or (f"Meeting with {event_words.joined(people)}" if people else "")
    return {**args, "people": people, "title": title}
