"""What the calendar tools need of Google Calendar: the narrowest scopes, and the only requests they make.

Law: writing is in calendars that the person owns, and whether mails go out is said in every request.
"""

from __future__ import annotations

from tools.base import Access

SCOPE = "https://www.googleapis.com/auth/"
LIST = "GET www.googleapis.com/calendar/v3/users/me/calendarList"
EVENTS = "GET www.googleapis.com/calendar/v3/calendars/*/events"
EVENT = "GET www.googleapis.com/calendar/v3/calendars/*/events/*"
CALENDAR = "GET www.googleapis.com/calendar/v3/calendars/*"
FREE_BUSY = "POST www.googleapis.com/calendar/v3/freeBusy"

READ = Access(
    connection="google",
    capability="calendar.read",
    scopes=(f"{SCOPE}calendar.calendarlist.readonly", f"{SCOPE}calendar.events.readonly"),
    operations=(LIST, EVENTS),
    reason="read the events of your calendars",
)
CHECK = Access(
    connection="google",
    capability="calendar.check",
    scopes=(*READ.scopes, f"{SCOPE}calendar.calendars.readonly"),
    operations=(LIST, EVENTS, CALENDAR),
    reason="read the events of your calendars and your working hours",
)
WATCH = Access(
    connection="google",
    capability="calendar.watch",
    scopes=CHECK.scopes,
    operations=(*CHECK.operations, EVENT),
    reason="read the events of your calendars and your working hours, to tell what changed",
)
MEET = Access(
    connection="google",
    capability="calendar.meet",
    scopes=(*CHECK.scopes, f"{SCOPE}calendar.freebusy"),
    operations=(*CHECK.operations, FREE_BUSY),
    reason="see when you and the people you name are free",
)
ONE = Access(
    connection="google",
    capability="calendar.event",
    scopes=(f"{SCOPE}calendar.events.readonly",),
    operations=(EVENT, EVENTS),
    reason="open one event of your calendars",
)
LOOK = Access(
    connection="google",
    capability="calendar.meet",
    scopes=MEET.scopes,
    operations=(*MEET.operations, EVENT),
    reason=MEET.reason,
)
"""What a change is planned with, and looked up."""


def _write(*operations: str) -> Access:
    return Access(
        connection="google",
        capability="calendar.write",
        scopes=(f"{SCOPE}calendar.events.owned",),
        operations=operations,
        reason="create, move, cancel and answer events in your own calendars",
    )


_SAID = "?sendUpdates=all|none"
CREATE = _write(f"POST www.googleapis.com/calendar/v3/calendars/*/events{_SAID}", EVENT)
_PATCH = f"PATCH www.googleapis.com/calendar/v3/calendars/*/events/*{_SAID}"
CHANGE = _write(_PATCH)
CANCEL = _write(f"DELETE www.googleapis.com/calendar/v3/calendars/*/events/*{_SAID}", _PATCH)
"""A series of which some stay is not deleted but made to end."""
