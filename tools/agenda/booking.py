"""A new event: planned with whom and what it meets, made under an id of our own, found again by that id.

Law: the id follows from the write's key, so the same event cannot be made twice.
"""

from __future__ import annotations

from base64 import b32hexencode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from tools import clients
from tools.agenda.event import Calendar, Person
from tools.agenda.meeting import directory
from tools.agenda.occasion import Occasion
from tools.agenda.parse import link_of, times_of
from tools.agenda.reading import SERVICE, Reading
from tools.agenda.spans import Span
from tools.agenda.surroundings import around, clashes, clocks, guests_busy, invited, mails, when
from tools.agenda.target import GONE, chosen, read_raw
from tools.base import Ref, ToolContext
from tools.errors import NotFound, Taken
from tools.write import REF, Act, Plan, Receipt, Row, Undo


@dataclass(frozen=True)
class Wish:
    """What the person wants."""

    title: str
    when: Occasion
    people: tuple[str, ...]
    calendar: str
    place: str
    description: str
    online: bool


def plan_event(context: ToolContext, wish: Wish) -> Plan:
    """Raises BadArgument for a name or a calendar that is unclear, ToolError where the calendars cannot be read."""
    span, occasion = wish.when.span, wish.when
    known = around(context, span)
    guests = directory(context, known).resolve(wish.people)
    calendar = chosen(wish.calendar, known.calendars)
    words = _words(context, occasion)
    past = ["it lies in the past"] if span.end <= context.now else []
    return Plan(
        title="Create an event",
        rows=tuple(_rows(context, wish, calendar, known, guests, span)),
        recipients=invited(guests),
        effects=(
            *mails(guests, "an invitation", context.account),
            *past,
            *(["you are shown as busy all day"] if occasion.all_day else []),
            *([occasion.left_out] if occasion.left_out else []),
            *clashes(context, known, occasion.spans),
            *guests_busy(context, guests, occasion.spans),
        ),
        body={
            "calendar": calendar.id,
            "notify": "all" if guests else "none",
            "event": _resource(wish, guests),
            "online": wish.online,
            "words": words,
        },
    )


def _rows(
    context: ToolContext, wish: Wish, calendar: Calendar, known: Reading, guests: list[Person], span: Span
) -> list[Row]:
    occasion = wish.when
    said = when(span, context.zone, context.now, all_day=occasion.all_day)
    rows = [Row(label="title", value=wish.title), Row(label="first" if occasion.line else "when", value=said)]
    rows += [Row(label="repeats", value=_repeats(occasion))] if occasion.line else []
    rows += clocks(context, known, guests, span) if not occasion.all_day else []
    rows.append(Row(label="calendar", value=f"{calendar.name} ({calendar.id})"))
    rows += [Row(label="where", value=wish.place)] if wish.place else []
    rows += [Row(label="online", value="with a Google Meet link")] if wish.online else []
    return rows + ([Row(label="description", value=wish.description)] if wish.description else [])


def _repeats(occasion: Occasion) -> str:
    ends = "COUNT=" in occasion.line or "UNTIL=" in occasion.line
    return f"{occasion.repeats or occasion.line}{'' if ends else ', without end'}"


def _words(context: ToolContext, occasion: Occasion) -> str:
    """The time, for the receipt."""
    said = when(occasion.span, context.zone, context.now, all_day=occasion.all_day)
    return f"{_repeats(occasion)}, first {said}" if occasion.line else said


def _resource(wish: Wish, guests: list[Person]) -> dict[str, Any]:
    """The event as events.insert takes it, but for its id."""
    body: dict[str, Any] = {"summary": wish.title, **wish.when.resource()}
    body |= {"location": wish.place} if wish.place else {}
    body |= {"description": wish.description} if wish.description else {}
    people = [{"email": one.address} | ({"displayName": one.name} if one.name else {}) for one in guests]
    return body | ({"attendees": people} if people else {})


def event_id(key: str) -> str:
    """The event's id for a write's key: base32hex, as the service wants it (Calendar API, events.insert)."""
    return "valet" + b32hexencode(sha256(key.encode()).digest()).decode().lower().rstrip("=")[:32]


def perform(act: Act, plan: Plan) -> Receipt:
    """events.insert. Raises ToolError."""
    body = {**plan.body["event"], "id": event_id(act.key)}
    more: dict[str, Any] = {}
    if plan.body["online"]:
        ask = {"requestId": event_id(act.key), "conferenceSolutionKey": {"type": "hangoutsMeet"}}
        body["conferenceData"] = {"createRequest": ask}
        more = {"conferenceDataVersion": 1}
    request = (
        clients.calendar()
        .events()
        .insert(calendarId=plan.body["calendar"], body=body, sendUpdates=plan.body["notify"], **more)
    )
    try:
        made = clients.run(request, act.context.transport, service=SERVICE)
    except Taken:
        found = find(act, plan)  # the key is this write's own: an earlier attempt made it
        if found is None:
            raise
        return found
    return _receipt(act, plan, made)


def find(act: Act, plan: Plan) -> Receipt | None:
    """The event of this write's id. Whoever cancelled it since, it was made."""
    try:
        found = read_raw(act.context, plan.body["calendar"], event_id(act.key))
    except NotFound:
        return None
    return _receipt(act, plan, found)


def _receipt(act: Act, plan: Plan, raw: dict[str, Any]) -> Receipt:
    event, title = event_id(act.key), plan.body["event"]["summary"]
    gone = ", and has been cancelled since" if raw.get("status") == GONE else ""
    guests = [guest["email"] for guest in plan.body["event"].get("attendees", ())]
    people = f", with {', '.join(guests)} invited" if guests else ""
    return Receipt(
        what=f"“{title}” was put into the calendar: {plan.body['words']}{people}{gone}",
        id=event,
        at=act.context.now,
        link=link_of(raw),
        ref=Ref(
            kind="event", id=f"{plan.body['calendar']} {event}", label=title, people=tuple(guests), **times_of(raw)
        ),
        undo=None if gone else Undo(tool="cancel_event", args={"event": REF}),
    )
