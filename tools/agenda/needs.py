"""What the calendar tools need of Google Calendar: the narrowest scopes, and the only requests they make."""

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
