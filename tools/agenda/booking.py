"""A new event: planned with whom and what it meets, made under an id of our own, found again by that id.

Law: the id follows from the write's key, so the same event cannot be made twice.
"""

from __future__ import annotations

from base64 import b32hexencode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from tools import clients
from tools.agenda.event import Calendar, Person
from tools.agenda.meeting import directory
from tools.agenda.parse import link_of
from tools.agenda.reading import SERVICE, Reading
from tools.agenda.spans import Span
from tools.agenda.surroundings import around, clashes, clocks, guests_busy, invited, mails, when
from tools.agenda.target import GONE, chosen, read_raw
from tools.base import Ref, ToolContext
from tools.errors import BadArgument, NotFound, Taken
from tools.write import REF, Act, Plan, Receipt, Row, Undo

LONGEST = timedelta(days=14)
USUAL = timedelta(minutes=30)


@dataclass(frozen=True)
class Wish:
    """What the person wants; `end` is the end of `start`'s event, however it was said."""

    title: str
    start: datetime
    end: datetime
    people: tuple[str, ...]
    calendar: str
    place: str
    description: str
    online: bool


def ending(start: datetime, end: datetime | None, minutes: int | None) -> datetime:
    """The end, from either way of saying it. Raises BadArgument for both, or an end before the start."""
    if end is not None and minutes is not None and end != start + timedelta(minutes=minutes):
        raise BadArgument("An end and a length were given that do not fit.", "Give one of them.")
    found = end or start + (timedelta(minutes=minutes) if minutes else USUAL)
    if found <= start:
        raise BadArgument("The end is not after the start.", "Give an end that is later than the start.")
    if found - start > LONGEST:
        raise BadArgument("That is longer than two weeks.", "Give a shorter time.")
    return found


def plan_event(context: ToolContext, wish: Wish) -> Plan:
    """Raises BadArgument for a name or a calendar that is unclear, ToolError where the calendars cannot be read."""
    span = Span(wish.start.astimezone(UTC), wish.end.astimezone(UTC))
    known = around(context, span)
    guests = directory(context, known).resolve(wish.people)
    calendar = chosen(wish.calendar, known.calendars)
    words = when(span, context.zone, context.now)
    past = ["it lies in the past"] if span.end <= context.now else []
    return Plan(
        title="Create an event",
        rows=tuple(_rows(context, wish, calendar, known, guests, span)),
        recipients=invited(guests),
        effects=(
            *mails(guests, "an invitation", context.account),
            *past,
            *clashes(context, known, span),
            *guests_busy(context, guests, span),
        ),
        body={
            "calendar": calendar.id,
            "notify": "all" if guests else "none",
            "event": _resource(context, wish, guests),
            "online": wish.online,
            "words": words,
        },
    )


def _rows(
    context: ToolContext, wish: Wish, calendar: Calendar, known: Reading, guests: list[Person], span: Span
) -> list[Row]:
    rows = [Row(label="title", value=wish.title), Row(label="when", value=when(span, context.zone, context.now))]
    rows += clocks(context, known, guests, span)
    rows.append(Row(label="calendar", value=f"{calendar.name} ({calendar.id})"))
    rows += [Row(label="where", value=wish.place)] if wish.place else []
    rows += [Row(label="online", value="with a Google Meet link")] if wish.online else []
    return rows + ([Row(label="description", value=wish.description)] if wish.description else [])


def _resource(context: ToolContext, wish: Wish, guests: list[Person]) -> dict[str, Any]:
    """The event as events.insert takes it, but for its id."""
    body: dict[str, Any] = {
        "summary": wish.title,
        "start": timed(wish.start, context.zone.key),
        "end": timed(wish.end, context.zone.key),
    }
    body |= {"location": wish.place} if wish.place else {}
    body |= {"description": wish.description} if wish.description else {}
    people = [{"email": one.address} | ({"displayName": one.name} if one.name else {}) for one in guests]
    return body | ({"attendees": people} if people else {})


def timed(at: datetime, zone: str) -> dict[str, str]:
    """An EventDateTime on the clock of a zone."""
    from zoneinfo import ZoneInfo

    return {"dateTime": at.astimezone(ZoneInfo(zone)).isoformat(), "timeZone": zone}


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
        ref=Ref(kind="event", id=f"{plan.body['calendar']} {event}", label=title, people=tuple(guests)),
        undo=None if gone else Undo(tool="cancel_event", args={"event": REF}),
    )
