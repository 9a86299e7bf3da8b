"""Opens one event by its id, with everybody invited, what its author wrote, and what it was told to clash with."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tools import clients
from tools.agenda import pairs
from tools.agenda.conflicts import Conflict, Rules, find
from tools.agenda.event import Event
from tools.agenda.event_finding import EventFinding
from tools.agenda.parse import Raw, attendees_of, calendar_of, event_of
from tools.agenda.plain import line, paragraphs
from tools.agenda.reading import SERVICE, addresses_of_me
from tools.agenda.recurrence_words import series_words
from tools.agenda.spans import Span
from tools.base import ToolContext
from tools.errors import BadArgument, NotFound, ToolError, Unreadable
from tools.together import beside, each

FIELDS = (
    "id,iCalUID,status,summary,description,location,start,end,originalStartTime,recurringEventId,transparency,"
    "eventType,hangoutLink,conferenceData(conferenceId),organizer,"
    "attendees(email,displayName,self,resource,optional,responseStatus),htmlLink"
)


def open_event(context: ToolContext, key: str) -> EventFinding:
    """The event with this key, its calendar's id and its own (events.get).

    Raises BadArgument for what is no key, NotFound for one that is gone, Unreadable for one without a time.
    """
    raw, event = _read(context, key)
    told = pairs.others(context.memory, key)
    again = each(told, lambda other: _read(context, other)[1]) if event.counts else []
    return EventFinding(
        now=context.now,
        zone=context.zone,
        event=event,
        repeats=_repeats(context, raw, event),
        attendees=tuple(attendees_of(raw)),
        description=paragraphs(raw.get("description")),
        conference=line(raw.get("hangoutLink"), 200),
        clashes=tuple(clash for one in again if isinstance(one, Event) for clash in _between(event, one, context)),
    )


def _read(context: ToolContext, key: str) -> tuple[Raw, Event]:
    calendar_id, _, event_id = key.partition(" ")
    if not event_id:
        raise BadArgument(f"{key!r} names no event.", "Ask for the agenda first and use a handle from it.")
    raw, lane = beside(
        lambda: _got(context, calendar_id, event_id, FIELDS), lambda: _calendar_name(context, calendar_id)
    )
    if raw.get("status") == "cancelled" and "summary" not in raw:
        raise NotFound("That event has been cancelled.", "Ask for the agenda again.")
    mine = calendar_id.casefold() == context.account.casefold()
    calendar = calendar_of({"id": calendar_id, "accessRole": "owner" if mine else "reader", "primary": mine})
    try:
        event = event_of(raw, calendar, me=addresses_of_me(context, [calendar]), zone=context.zone)
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable("The event has no time that can be read.", "Open it in the calendar itself.") from error
    return raw, replace(event, mine=True, lane=lane)  # whose calendar it is cannot be told from here


def _between(one: Event, other: Event, context: ToolContext) -> list[Conflict]:
    """How the two are in conflict now; what was told may have been settled since."""
    rules = Rules(zone=context.zone)
    window = Span(min(one.start, other.start) - rules.travel, max(one.end, other.end) + rules.travel)
    return [found for found in find([one, other], window, rules) if found.second]


def _got(context: ToolContext, calendar_id: str, event_id: str, fields: str) -> dict[str, Any]:
    request = clients.calendar().events().get(calendarId=calendar_id, eventId=event_id, fields=fields)
    return clients.run(request, context.transport, service=SERVICE)


def _calendar_name(context: ToolContext, calendar_id: str) -> str:
    """The name its owner gave it, which events.list tells along with no events; "" where it does not."""
    request = clients.calendar().events().list(calendarId=calendar_id, maxResults=1, fields="summary")
    try:
        return line(clients.run(request, context.transport, service=SERVICE).get("summary"), 60)
    except ToolError:
        return ""


def _repeats(context: ToolContext, raw: Raw, event: Event) -> str:
    """How its series repeats, in words; "" for a single event and for what cannot be told."""
    series = raw.get("recurringEventId")
    if not series:
        return ""
    try:
        master = _got(context, event.calendar, str(series), "recurrence,start,end")
    except ToolError:
        return ""
    return series_words(master, context.zone, context.now)
