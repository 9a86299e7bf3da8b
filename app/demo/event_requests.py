"""What a request may do to an event: ids, etags, roles, and what belongs to the organiser alone (Calendar API v3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from app.demo.calendar_access import find_calendar, role_of
from app.demo.event_lookup import Event
from app.demo.event_store import StoredCalendar
from app.demo.event_view import is_self
from app.demo.google_call import Call
from app.demo.google_errors import GoogleError, insufficient_scope, invalid_value
from app.demo.schema_check import RFC3339
from app.demo.workspace import Workspace

_ID = re.compile(r"[a-v0-9]{5,1024}")  # base32hex, in lower case
_WIDE = frozenset(f"https://www.googleapis.com/auth/calendar{part}" for part in ("", ".events"))
_SHARED = ("summary", "description", "location", "start", "end", "recurrence", "conferenceData", "status")
"""What only the organiser changes, unless guests may."""
_OWN_ENTRY = ("responseStatus", "comment", "additionalGuests", "displayName")


def writable(workspace: Workspace, call: Call) -> StoredCalendar:
    """The calendar of the call, in which the caller may write. Raises GoogleError."""
    return writable_calendar(workspace, call, call.path["calendarId"])


def writable_calendar(workspace: Workspace, call: Call, identity: str) -> StoredCalendar:
    store = workspace.events
    calendar = find_calendar(store, call.account, identity)
    role = role_of(calendar, call.account, store.owner)
    if role not in ("writer", "owner"):
        raise GoogleError(
            403, "requiredAccessLevel", "You need to have writer access to this calendar.", domain="calendar"
        )
    if role != "owner" and not call.scopes & _WIDE:
        raise insufficient_scope(call.method.id, "www.googleapis.com", _WIDE)
    return calendar


def check_id(identity: str) -> None:
    """Raises GoogleError for an id that a client may not choose."""
    if not _ID.fullmatch(identity):
        raise invalid_value("event.id", "Invalid resource id value.", "invalid")


def check_etag(call: Call, body: Mapping[str, Any]) -> None:
    """Raises GoogleError 412 where the request names another version of the event."""
    wanted = [tag.strip() for tag in call.if_match.split(",") if tag.strip()]
    if wanted and "*" not in wanted and body.get("etag") not in wanted:
        raise GoogleError(412, "conditionNotMet", "Precondition Failed", location="If-Match", location_type="header")


def check_times(body: Mapping[str, Any]) -> None:
    """Raises GoogleError for what is missing of a new event."""
    for name in ("start", "end"):
        if not body.get(name):
            raise GoogleError(400, "required", f"Missing {name} time.")
        stated = str(body[name].get("dateTime") or "")
        placed = RFC3339.match(stated) and not body.get("recurrence")
        if stated and not placed and not body[name].get("timeZone"):
            raise GoogleError(400, "required", f"Missing time zone definition for {name} time.")


def merged(before: Mapping[str, Any], changes: Mapping[str, Any]) -> Event:
    """Patch semantics: objects are merged, null takes away, lists are replaced."""
    found = dict(before)
    for name, value in changes.items():
        if value is None:
            found.pop(name, None)
        elif isinstance(value, Mapping) and isinstance(found.get(name), Mapping):
            found[name] = merged(found[name], value)
        else:
            found[name] = value
    return found


def organised_here(calendar: StoredCalendar, body: Mapping[str, Any]) -> bool:
    return is_self(calendar, body.get("organizer", {}))


def as_guest(calendar: StoredCalendar, before: Mapping[str, Any], changes: Mapping[str, Any]) -> Event:
    """What a guest may change of their copy: their own entry, and what is private. Raises GoogleError 403."""
    refused = [name for name in _SHARED if name in changes and changes[name] != before.get(name)]
    stated = {str(guest.get("email", "")).lower(): guest for guest in changes.get("attendees") or ()}
    known = {str(guest.get("email", "")).lower() for guest in before.get("attendees", ())}
    if refused or not set(stated) <= known:
        raise GoogleError(
            403,
            "forbiddenForNonOrganizer",
            "Shared properties can only be changed by the organizer of the event.",
            domain="calendar",
        )
    guests = [
        guest | {name: value for name, value in own.items() if name in _OWN_ENTRY}
        if is_self(calendar, guest) and (own := stated.get(str(guest["email"]).lower()))
        else guest
        for guest in before.get("attendees", ())
    ]
    kept = {name: value for name, value in changes.items() if name not in (*_SHARED, "attendees")}
    return merged(before, kept) | ({"attendees": guests} if guests else {})


def with_conference(call: Call, body: Event) -> Event:
    """A video meeting is made when it is asked for; without conferenceDataVersion nobody looks at it."""
    if "conferenceData" not in body:
        return body
    asked = body["conferenceData"].get("createRequest")
    if call.number("conferenceDataVersion", 0, 1) < 1:
        return {name: value for name, value in body.items() if name != "conferenceData"}
    if not asked or body["conferenceData"].get("conferenceId"):
        return body
    if not asked.get("requestId"):
        raise GoogleError(400, "invalid", "Invalid conference type value.")
    code = re.sub(r"[^a-z]", "", str(asked["requestId"]).lower()).ljust(10, "x")
    name = f"{code[:3]}-{code[3:7]}-{code[7:10]}"
    link = f"https://meet.google.com/{name}"
    solution = {"key": {"type": "hangoutsMeet"}, "name": "Google Meet"}
    made = {
        "createRequest": asked | {"status": {"statusCode": "success"}},
        "entryPoints": [{"entryPointType": "video", "uri": link, "label": link.removeprefix("https://")}],
        "conferenceSolution": solution,
        "conferenceId": name,
    }
    return body | {"conferenceData": made, "hangoutLink": link}
