"""The Calendar API's writing methods about events: insert, import, patch, update, move, delete.

Law: each is one transaction, in which the event, its copies at the guests and the note of it are written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.demo.event_guests import answer_back, guests_of, note, spread
from app.demo.event_instances import find_instance
from app.demo.event_lookup import Event, EventLookup, StoredEvent
from app.demo.event_requests import (
    as_guest,
    check_etag,
    check_id,
    check_times,
    merged,
    organised_here,
    with_conference,
    writable,
    writable_calendar,
)
from app.demo.event_shifts import shift_exceptions
from app.demo.event_store import StoredCalendar
from app.demo.event_time import original_suffix
from app.demo.event_view import View
from app.demo.google_call import Call
from app.demo.google_errors import GoogleError, invalid_value, not_found
from app.demo.wire import Response
from app.demo.workspace import Workspace
from app.demo.workspace_error import WorkspaceError

GIVEN_BY_SERVICE = ("kind", "etag", "htmlLink", "created", "updated", "creator", "organizer", "hangoutLink", "sequence")
KEPT = ("id", "created", "creator", "organizer", "iCalUID", "recurringEventId", "originalStartTime", "hangoutLink")
"""What an update leaves as it is, whatever it says."""


def event_changes(workspace: Workspace) -> dict[str, Callable[[Call], Any]]:
    """The endpoints by method id."""
    changes = _Changes(workspace)
    return {
        "calendar.events.insert": changes.insert,
        "calendar.events.import": changes.bring_in,
        "calendar.events.patch": changes.patch,
        "calendar.events.update": changes.update,
        "calendar.events.move": changes.move,
        "calendar.events.delete": changes.delete,
    }


class _Changes:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def insert(self, call: Call) -> Event:
        home = writable(self._workspace, call)
        body = _stated(call)
        check_times(body)
        if "id" in body:
            check_id(str(body["id"]))
        body |= {"creator": {"email": call.account}, "organizer": _organiser(home)}
        body["attendees"] = [{"responseStatus": "needsAction"} | guest for guest in body.get("attendees", ())]
        with self._workspace.transaction():
            if "id" in body and self._lookup(home).event(str(body["id"])):
                raise GoogleError(409, "duplicate", "The requested identifier already exists.")
            made = self._put(home, with_conference(call, body))
            spread(self._workspace, home, made)
            note(self._workspace, call, home, made["id"], "invitation", guests_of(home, made))
        return self._shown(call, home, made)

    def bring_in(self, call: Call) -> Event:
        """A private copy of an event that stands elsewhere; nobody is told. The same one again changes it."""
        home = writable(self._workspace, call)
        body = _stated(call)
        check_times(body)
        uid = body.get("iCalUID")
        if not uid:
            raise GoogleError(400, "required", "Missing iCalUID.")
        body["organizer"] = dict(call.body.get("organizer") or _organiser(home))
        with self._workspace.transaction():
            same = (one for one in self._lookup(home).between(None, None) if one.body.get("iCalUID") == uid)
            known = next((one for one in same if not one.series), None)
            made = self._put(home, body | ({"id": known.id} if known else {}))
            note(self._workspace, call, home, made["id"], "", ())
        return self._shown(call, home, made)

    def patch(self, call: Call) -> Event:
        return self._change(call, lambda before, stated: merged(before, stated))

    def update(self, call: Call) -> Event:
        def whole(before: Event, stated: Event) -> Event:
            check_times(stated)
            return stated | {name: before[name] for name in KEPT if name in before}

        return self._change(call, whole)

    def _change(self, call: Call, change: Callable[[Event, Event], Event]) -> Event:
        home = writable(self._workspace, call)
        stated = _stated(call)
        with self._workspace.transaction():
            before = self._found(home, call.path["eventId"])
            check_etag(call, before.body)
            old = before.body | ({"status": "cancelled"} if before.cancelled else {})
            mine = organised_here(home, old)
            after = change(old, stated) if mine else as_guest(home, old, stated)
            version = int(old.get("sequence", 0)) + (1 if _moved(old, after) else 0)
            made = self._put(home, with_conference(call, after) | {"sequence": version})
            if mine:
                gone = guests_of(home, old) - guests_of(home, made)
                spread(self._workspace, home, made, gone=gone)
                shift_exceptions(self._workspace, old, made)
                note(self._workspace, call, home, made["id"], "update", guests_of(home, made) | gone)
            else:
                answer_back(self._workspace, home, made)
                answered = old.get("attendees") != made.get("attendees")
                note(self._workspace, call, home, made["id"], "reply", [_organiser_of(made)] if answered else [])
        return self._shown(call, home, made)

    def move(self, call: Call) -> Event:
        """To another calendar, which organises it from then on."""
        home = writable(self._workspace, call)
        target = writable_calendar(self._workspace, call, call.text("destination"))
        with self._workspace.transaction():
            found = self._found(home, call.path["eventId"])
            if found.series or found.cancelled or not organised_here(home, found.body):
                raise GoogleError(
                    403, "cannotChangeOrganizer", "Cannot change the organizer of this event.", domain="calendar"
                )
            made = self._put(target, found.body | {"organizer": _organiser(target)})
            self._put(home, found.body | {"status": "cancelled"})
            note(self._workspace, call, target, made["id"], "update", guests_of(target, made))
        return self._shown(call, target, made)

    def delete(self, call: Call) -> Response:
        home = writable(self._workspace, call)
        with self._workspace.transaction():
            found = self._found(home, call.path["eventId"])
            check_etag(call, found.body)
            if found.cancelled:
                raise GoogleError(410, "deleted", "Resource has been deleted")
            mine = organised_here(home, found.body)
            made = self._put(home, found.body | {"status": "cancelled"})
            if mine:
                spread(self._workspace, home, made)
            told = guests_of(home, made) if mine else [_organiser_of(made)]
            note(self._workspace, call, home, made["id"], "cancellation" if mine else "reply", told)
        return Response(204)

    def _found(self, home: StoredCalendar, identity: str) -> StoredEvent:
        """The event, the deleted among them, or an instance of a series, whole. Raises GoogleError 404."""
        lookup = self._lookup(home)
        found = lookup.event(identity)
        series, _, suffix = identity.rpartition("_")
        master = lookup.event(found.series if found else series)
        if master is not None and master.recurring and (found is None or found.series):
            suffix = found.original if found else suffix
            found = find_instance(master, lookup.exceptions([master.id]), suffix, home.id, home.zone)
        if found is None:
            raise not_found("Not Found")
        return found

    def _put(self, home: StoredCalendar, body: Mapping[str, Any]) -> Event:
        if body.get("recurringEventId") and body.get("originalStartTime"):
            body = {**body, "id": f"{body['recurringEventId']}_{original_suffix(body, home.zone)}"}
        try:
            return self._workspace.events.put(home, body)
        except WorkspaceError as error:
            raise invalid_value("event", str(error), "invalid") from error

    def _lookup(self, home: StoredCalendar) -> EventLookup:
        return EventLookup(self._workspace.database, home.id)

    def _shown(self, call: Call, home: StoredCalendar, body: Event) -> Event:
        view = View(home, "owner", "full", home.zone, call.number("maxAttendees", 0, 10_000) or None)
        found = self._lookup(home).event(body["id"])
        if found is None:
            raise not_found("Not Found")
        return view.show(found)


def _stated(call: Call) -> Event:
    """What the request says, without what the service alone decides."""
    return {name: value for name, value in (call.body or {}).items() if name not in GIVEN_BY_SERVICE}


def _organiser(home: StoredCalendar) -> dict[str, Any]:
    return {"email": home.id} | ({} if home.primary else {"displayName": home.summary})


def _organiser_of(body: Mapping[str, Any]) -> str:
    return str(body.get("organizer", {}).get("email", "")).lower()


def _moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return any(before.get(name) != after.get(name) for name in ("start", "end", "recurrence", "status"))
