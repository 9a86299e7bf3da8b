"""Orders that put something into the calendar: a meeting at a time that was said, or in a slot that all have free."""

from __future__ import annotations

from typing import Any

from app.offline import rounds
from app.offline.lexicon import EMPTY, listed
from app.offline.orders import repeating, targets, whole_days
from app.offline.orders.order import ASKED, Missing, NotAnOrder, Order, must, slot, step
from app.offline.orders.saying import QUOTES
from app.offline.people import Person
from app.offline.plan import Question, Step, Wait
from app.offline.times import Timed

_EVENTS = frozenset(
    listed(
        "meeting call event appointment lunch dinner breakfast coffee sync review workshop standup session"
        " retrospective chat interview demo party visit drinks brunch talk catchup training reminder slot time"
    )
)
BARE = frozenset(listed("event slot time reminder invite invitation entry calendar diary schedule agenda"))
_ONLINE = frozenset(listed("video online zoom meet virtual remote videocall"))
_DROPPED = frozenset(
    listed("please a an the new my our me us up in into to on calendar diary schedule agenda put it online")
)


_NOUNS_TOO = {
    "book": frozenset(listed("club clubs circle group fair launch reading readings signing swap review talk"))
}
"""Verbs that one of these nouns behind them makes a name: "book club friday at 7"."""


def about_events(order: Order) -> bool:
    """Whether the words name something for a calendar."""
    row = order.line.row
    words = {*row, *(token.stem for token in order.line.tokens)}
    return bool(words & (_EVENTS | {"calendar", "diary"}))


def timed(order: Order) -> list[Timed]:
    return order.clause.windows(1)


def created(order: Order) -> list[Step]:
    """A meeting at a time that was said, on whole days, or in the best slot that everybody has free; or a series."""
    how = repeating.often(order)
    order = repeating.rest(order, how) if how else order
    if len(order.line) and order.line.word(0) not in EMPTY and not (
        order.line.kind(0) != "word" or about_events(order) or order.clause.durations or timed(order) or order.people()
    ):  # fmt: skip
        raise NotAnOrder("book")
    when, names = timed(order), _guests(order)
    args: dict[str, Any] = {"title": _title(order, names), "people": [who.name for who in names]}
    args |= {"online": True} if order.has(*_ONLINE) else {}
    args |= {"description": order.text} if order.text else {}
    args |= {"place": place(order)[0]}
    if how or repeating.said(order):
        return whole_days.series(order, args | _length(order), how, _whom(names))
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
        args["title"] = args["title"] or _whom(names)
        return [step(order, "create_event", args)]
    if not names:
        kept = {key: value for key, value in args.items() if value}
        raise Missing(Question("create_event", kept, slot(must(order, "create_event"), "start"), ask=ASKED["start"]))
    return _in_a_slot(order, args, when[0] if when else None)


def _guests(order: Order) -> list[Person]:
    found = [p for p in order.clause.people if p.role != "at" and (p.sure or p.role in {"with", "for"})]
    found = [p for p in found if order.line.word(p.start - 1) != "room"]
    last = _invited_to(order)
    return [p for p in found if p.end <= last] if last else found


def _invited_to(order: Order) -> int:
    """Where what somebody is invited to begins; 0 where nobody is."""
    row = order.line.row
    return row.index("to") if order.deed == "invite" and "to" in row else 0


def place(order: Order) -> tuple[str, range]:
    """A room or a place, as typed."""
    for p in order.clause.people:
        if order.line.word(p.start - 1) == "room" or p.role == "at":
            room = order.line.word(p.start - 1) == "room"
            return p.name, range(p.start - room, p.end)
    return "", range(0)


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
    finder = must(order, "find_slots")
    look: dict[str, Any] = {"people": args["people"]}
    look |= {"duration_minutes": args["duration_minutes"]} if "duration_minutes" in args else {}
    if when and when.window.start:
        look["start"] = when.window.start.isoformat()
    if when and when.window.end:
        look["end"] = when.window.end.isoformat()
    kept = {key: value for key, value in args.items() if key != "duration_minutes"}
    kept["title"] = kept["title"] or f"Meeting with {_joined(args['people'])}"
    wait = Wait("start", "slot", first=True, take="span")
    return [Step(finder.name, look), step(order, "create_event", kept, wait)]


def from_slot(order: Order, args: dict[str, Any]) -> list[Step]:
    """One of the slots that were proposed: "book the second one", "and book it"."""
    last = order.plan.steps[-1] if order.plan.steps else None
    bare = not about_events(order) or order.has("slot", "time")
    if last and last.name == "find_slots" and bare:
        kept = _asked_for(last.args, args)
        return [step(order, "create_event", kept, Wait("start", "slot", first=True, take="span"))]
    shown = targets.newest(order, "slot")
    if not shown or not bare:
        return []
    place = next((p.place for p in order.clause.pointings if p.place), 1)
    chosen = shown[place - (place > 0)] if abs(place) <= len(shown) else None
    span = rounds.interval(chosen.label) if chosen else None
    past = next(
        (p for turn in reversed(order.thread.before) for p in reversed(turn.calls) if p.name == "find_slots"), None
    )
    if span is None or past is None:
        return []
    kept = _asked_for(past.args, args)
    return [step(order, "create_event", {**kept, "start": span[0], "end": span[1]})]


def _asked_for(found: Any, args: dict[str, Any]) -> dict[str, Any]:
    people = args["people"] or list(found.get("people", ()))
    title = args["title"] or (f"Meeting with {_joined(people)}" if people else "")
    return {**args, "people": people, "title": title}


def _whom(names: list[Person]) -> str:
    return f"Meeting with {_joined([who.name for who in names])}" if names else ""


def _joined(names: list[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1]) if len(names) > 1 else names)


def _title(order: Order, guests: list[Person]) -> str:
    """What the meeting is called: as said, else its noun with whom and about what; "" where there is none."""
    line = order.line
    for i, word in enumerate(line.row):
        if word in {"called", "titled", "named"} and i + 1 < len(line):
            return order.clause.said(_free(order, range(i + 1, len(line)))).strip(QUOTES)
    held = {i for t in timed(order) for i in range(t.start, t.end)}
    held |= {i for d in order.clause.durations for i in range(d.start, d.end)}
    held |= {*range(_invited_to(order)), *place(order)[1]}
    held |= {i for p in order.clause.pointings if p.place for i in range(p.start, p.end)}
    whom = {i for p in guests for i in range(p.start, p.end)}
    if line.word(len(line) - 1) and "for" in line.row:
        after = [i for i in range(line.row.index("for") + 1, len(line)) if i not in held | whom]
        if [i for i in after if line.word(i) not in EMPTY] and not about_events(order):
            return _capital(order.clause.said(_trim(order, after)))
    words = [i for i in range(len(line)) if i not in held and line.kind(i) in {"word", "quoted", "number"}]
    words = [i for i in words if line.word(i) not in _DROPPED | _ONLINE | BARE and i not in whom]
    words = [i for i in words if i not in whole_days.said(order)]
    kept = [i for i in words if line.word(i) not in EMPTY or line.word(i) in {"of", "about", "for"}]
    first = (
        f"{order.verb} "
        if line.word(0) in _NOUNS_TOO.get(order.verb, ()) and kept[:1] == [0] and not about_events(order)
        else ""
    )
    kept = _trim(order, kept)
    said = first + " ".join(line.tokens[i].text for i in kept).strip(QUOTES)
    more = f" with {_joined([p.name for p in guests])}" if said and guests and order.deed != "invite" else ""
    about = said.partition(" about ")
    return _capital(f"{about[0]}{more}{about[1]}{about[2]}".strip())


def _free(order: Order, among: range) -> list[int]:
    held = {i for t in timed(order) for i in range(t.start, t.end)}
    run = []
    for i in among:
        if i in held or order.line.word(i) in {"with", ",", "and"} or order.line.kind(i) == "symbol":
            break
        run.append(i)
    return run


def _trim(order: Order, kept: list[int]) -> list[int]:
    loose = {"of", "about", "for", "with", "at", "on", "in", "from", "to", "and"}
    while kept and (order.line.word(kept[-1]) in loose or order.line.kind(kept[-1]) == "symbol"):
        kept = kept[:-1]
    while kept and order.line.word(kept[0]) in loose:
        kept = kept[1:]
    return kept


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
