"""freebusy.query: when people are busy, and nothing else about what they do."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.demo.calendar_access import find_calendar
from app.demo.event_instances import Window, single_events
from app.demo.event_lookup import EventLookup, StoredEvent
from app.demo.event_store import StoredCalendar
from app.demo.event_time import millis
from app.demo.event_view import is_self, stamp
from app.demo.google_call import Call
from app.demo.google_errors import GoogleError, invalid_value
from app.demo.workspace import Workspace, check_zone
from app.demo.workspace_error import WorkspaceError

MOST_CALENDARS = 50


def query_free_busy(workspace: Workspace, call: Call) -> dict[str, Any]:
    """The busy times of the calendars asked for; an unknown one has an error of its own."""
    asked = call.body
    begin, end = _bounds(asked)
    zone = asked.get("timeZone") or "UTC"
    try:
        check_zone(zone)
    except WorkspaceError as error:
        raise invalid_value("timeZone", f"Invalid time zone: {zone}", "invalid") from error
    items = [str(item.get("id", "")) for item in asked.get("items") or ()]
    if len(items) > min(asked.get("calendarExpansionMax") or MOST_CALENDARS, MOST_CALENDARS):
        raise GoogleError(400, "tooManyCalendarsRequested", "Too many calendars were requested.")
    window = Window(millis(begin), millis(end))
    return {
        "kind": "calendar#freeBusy",
        "timeMin": _utc(begin),
        "timeMax": _utc(end),
        "calendars": {item: _calendar(workspace, call.account, item, window, zone) for item in items},
    }


def _bounds(asked: Mapping[str, Any]) -> tuple[datetime, datetime]:
    for name in ("timeMin", "timeMax"):
        if not asked.get(name):
            raise GoogleError(400, "required", f"Missing {name} parameter.")
    begin, end = (datetime.fromisoformat(asked[name].upper()) for name in ("timeMin", "timeMax"))
    if end <= begin:
        raise invalid_value("timeMax", "The specified time range is empty.", "timeRangeEmpty")
    return begin, end


def _calendar(workspace: Workspace, account: str, item: str, window: Window, zone: str) -> dict[str, Any]:
    try:
        calendar = find_calendar(workspace.events, account, item)
    except GoogleError:
        known = {person.address.lower() for person in workspace.people()}
        errors = [{"domain": "global", "reason": "notFound"}]
        return {"busy": []} if item.lower() in known else {"errors": errors, "busy": []}
    events = EventLookup(workspace.database, calendar.id).between(window.begin, window.end)
    blocks = [
        (max(event.starts, window.begin or 0), min(event.ends or event.starts, window.end or event.starts))
        for event in single_events(events, calendar.id, calendar.zone, window)
        if blocks_time(calendar, event)
    ]
    return {"busy": [{"start": _at(start, zone), "end": _at(end, zone)} for start, end in _merged(blocks)]}


def blocks_time(calendar: StoredCalendar, event: StoredEvent) -> bool:
    """Free, declined and cancelled events take no time."""
    if event.cancelled or event.body.get("transparency") == "transparent":
        return False
    own = [guest for guest in event.body.get("attendees", ()) if is_self(calendar, guest)]
    return not any(guest.get("responseStatus") == "declined" for guest in own)


def _merged(blocks: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Blocks in order; those that touch become one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(block for block in blocks if block[1] > block[0]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _at(moment: int, zone: str) -> str:
    return stamp(datetime.fromtimestamp(moment / 1000, UTC), zone)


def _utc(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
