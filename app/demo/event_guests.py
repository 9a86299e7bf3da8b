"""What a change of an event means to others: copies on the calendars of colleagues, answers, and mails.

Law: nobody outside of the workspace is written to; who would have been is noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.demo.calendar_access import primary_of
from app.demo.event_log import Mail, note_write
from app.demo.event_lookup import Event, EventLookup, StoredEvent
from app.demo.event_store import StoredCalendar
from app.demo.event_view import is_self
from app.demo.google_call import Call
from app.demo.workspace import Workspace

_PRIVATE = ("extendedProperties", "reminders", "colorId", "transparency", "visibility", "etag", "htmlLink", "kind")
"""What belongs to one copy."""


def spread(workspace: Workspace, home: StoredCalendar, body: Event, *, gone: Iterable[str] = ()) -> None:
    """Put the organiser's event onto the calendars of the guests who have one here, and cancel it at those `gone`."""
    for guest in _addresses(home, body):
        calendar = primary_of(workspace.events, guest)
        if calendar is not None and calendar.id != home.id:
            workspace.events.put(calendar, _copy(workspace, calendar, body))
    for guest in gone:
        calendar = primary_of(workspace.events, guest)
        found = _found(workspace, calendar, body["id"]) if calendar else None
        if calendar is not None and found is not None and not found.cancelled:
            workspace.events.put(calendar, found.body | {"status": "cancelled"})


def _copy(workspace: Workspace, calendar: StoredCalendar, body: Event) -> Event:
    found = _found(workspace, calendar, body["id"])
    own = {name: found.body[name] for name in _PRIVATE if found and name in found.body}
    extended = {"shared": body["extendedProperties"]["shared"]} if _has_shared(body) else None
    shared = {name: value for name, value in body.items() if name not in _PRIVATE}
    return shared | ({"extendedProperties": extended} if extended else {}) | own


def _has_shared(body: Mapping[str, Any]) -> bool:
    return bool(body.get("extendedProperties", {}).get("shared"))


def answer_back(workspace: Workspace, home: StoredCalendar, body: Event) -> None:
    """Bring a guest's answer into the copies of the others, the organiser's first of all."""
    mine = next((guest for guest in body.get("attendees", ()) if is_self(home, guest)), None)
    if mine is None:
        return
    for calendar in workspace.events.calendars():
        found = _found(workspace, calendar, body["id"]) if calendar.id != home.id else None
        if found is None or found.body.get("iCalUID") != body.get("iCalUID"):
            continue
        guests = [mine if _same(mine, guest) else guest for guest in found.body.get("attendees", ())]
        workspace.events.put(calendar, found.body | {"attendees": guests})


def _same(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    return str(first.get("email", "")).lower() == str(second.get("email", "")).lower()


def _found(workspace: Workspace, calendar: StoredCalendar, identity: str) -> StoredEvent | None:
    return EventLookup(workspace.database, calendar.id).event(identity)


def guests_of(home: StoredCalendar, body: Mapping[str, Any]) -> set[str]:
    """The addresses of everybody else who is invited, rooms left out."""
    return set(_addresses(home, body))


def _addresses(home: StoredCalendar, body: Mapping[str, Any]) -> list[str]:
    guests = (guest for guest in body.get("attendees", ()) if not guest.get("resource") and not is_self(home, guest))
    return [str(guest["email"]).lower() for guest in guests if guest.get("email")]


def mailed(call: Call, home: StoredCalendar, addresses: Iterable[str]) -> set[str]:
    """Who of them gets a mail, as the call's sendUpdates says; nobody, unless it says so."""
    how = call.text("sendUpdates") or ("all" if call.flag("sendNotifications") else "none")
    if how == "none":
        return set()
    own = home.owner.rpartition("@")[2]
    return {one for one in addresses if how == "all" or one.rpartition("@")[2] != own}


def note(workspace: Workspace, call: Call, home: StoredCalendar, event: str, mail: Mail, told: Iterable[str]) -> None:
    """Note the change, and freeze the workspace: it is not dated anew any more."""
    method = call.method.id.rpartition(".")[2]
    note_write(workspace, call.account, method, (home.id, event), mail, set(mailed(call, home, told)))
    workspace.freeze()
