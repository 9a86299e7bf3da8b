"""Opens one event by its id, with everybody invited and what its author wrote."""

from __future__ import annotations

from dataclasses import replace

from tools import clients
from tools.agenda.event_finding import EventFinding
from tools.agenda.parse import attendees_of, calendar_of, event_of
from tools.agenda.plain import line, paragraphs
from tools.agenda.reading import SERVICE, addresses_of_me
from tools.base import ToolContext
from tools.errors import NotFound, Unreadable

FIELDS = (
    "id,iCalUID,status,summary,description,location,start,end,originalStartTime,recurringEventId,transparency,"
    "eventType,hangoutLink,conferenceData(conferenceId),organizer,"
    "attendees(email,displayName,self,resource,optional,responseStatus),htmlLink"
)


def open_event(context: ToolContext, calendar_id: str, event_id: str) -> EventFinding:
    """The event (events.get). Raises NotFound for one that is gone, Unreadable for one without a time."""
    request = clients.calendar().events().get(calendarId=calendar_id, eventId=event_id, fields=FIELDS)
    raw = clients.run(request, context.transport, service=SERVICE)
    if raw.get("status") == "cancelled" and "summary" not in raw:
        raise NotFound("That event has been cancelled.", "Ask for the agenda again.")
    mine = calendar_id.casefold() == context.account.casefold()
    calendar = calendar_of({"id": calendar_id, "accessRole": "owner" if mine else "reader", "primary": mine})
    try:
        event = event_of(raw, calendar, me=addresses_of_me(context, [calendar]), zone=context.zone)
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable("The event has no time that can be read.", "Open it in the calendar itself.") from error
    return EventFinding(
        now=context.now,
        zone=context.zone,
        event=replace(event, mine=True, lane=""),  # whose calendar it is cannot be told from here
        attendees=tuple(attendees_of(raw)),
        description=paragraphs(raw.get("description")),
        conference=line(raw.get("hangoutLink"), 200),
    )
