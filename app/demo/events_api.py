"""The Calendar API as a service, and its reading methods about events, over all calendars of the workspace."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from app.demo.calendar_access import detail_of, find_calendar, role_of
from app.demo.calendars_api import CalendarsApi, sync_token_is_old
from app.demo.event_changes import event_changes
from app.demo.event_instances import YEARS, Window, find_instance, single_events
from app.demo.event_lookup import EventLookup, StoredEvent
from app.demo.event_time import millis, moment
from app.demo.event_view import View, stamp
from app.demo.free_busy import query_free_busy
from app.demo.google_api import GoogleApi, Shared
from app.demo.google_call import Call
from app.demo.google_errors import GoogleError, invalid_value, not_found
from app.demo.page_token import next_page, this_page
from app.demo.quota import Limits, Quota
from app.demo.routes import load
from app.demo.workspace import Workspace, check_zone
from app.demo.workspace_error import WorkspaceError

ROUTES = ("/calendar/v3/", "/batch/calendar/v3")
NOT_WITH_SYNC = (
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "timeMin",
    "timeMax",
    "updatedMin",
)
UNTOLD = timedelta(days=28)  # deletions older than this are no longer told by updatedMin


def calendar_api(workspace: Workspace, shared: Shared, limits: Limits) -> GoogleApi:
    """The Calendar service at www.googleapis.com."""
    events, calendars = _EventsApi(workspace), CalendarsApi(workspace)
    endpoints: dict[str, Callable[[Call], Any]] = {
        "calendar.events.list": events.list_events,
        "calendar.events.get": events.get_event,
        "calendar.events.instances": events.list_instances,
        "calendar.freebusy.query": lambda call: query_free_busy(workspace, call),
        "calendar.calendarList.list": calendars.list_calendars,
        "calendar.calendarList.get": calendars.get_listed,
        "calendar.calendars.get": calendars.get_calendar,
        "calendar.settings.list": calendars.list_settings,
        "calendar.settings.get": calendars.get_setting,
    }
    endpoints |= event_changes(workspace)
    quota = Quota(limits.calendar_requests_per_minute, limits)
    return GoogleApi("calendar", lambda: load("calendar.v3"), endpoints, ROUTES, shared, quota)


class _EventsApi:
    """events.list, events.get, events.instances."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def _view(self, call: Call) -> View:
        """The calendar of the call, as the caller may see it."""
        store = self._workspace.events
        calendar = find_calendar(store, call.account, call.path["calendarId"])
        role = role_of(calendar, call.account, store.owner)
        zone = call.text("timeZone") or calendar.zone
        try:
            check_zone(zone)
        except WorkspaceError as error:
            raise invalid_value("timeZone", f"Invalid time zone: {zone}", "invalid") from error
        most = call.number("maxAttendees", 0, 10_000)
        return View(calendar, role, detail_of(call, role, "www.googleapis.com"), zone, most or None)

    def _lookup(self, view: View) -> EventLookup:
        return EventLookup(self._workspace.database, view.calendar.id)

    def list_events(self, call: Call) -> dict[str, Any]:
        view = self._view(call)
        window = self._window(call)
        self._check_combination(call)
        place = this_page(call) or [0, view.calendar.sequence]
        syncing = bool(call.text("syncToken"))
        found = self._changed(call, view, window) if syncing else self._matching(call, view, window)
        if call.text("orderBy") == "updated":
            found.sort(key=lambda event: (event.updated, event.id))
        else:
            found.sort(key=lambda event: (event.starts, event.id))
        return self._page(call, view, found, *place)

    def _changed(self, call: Call, view: View, window: Window) -> list[StoredEvent]:
        """What changed since the sync token; a changed series counts with all its instances."""
        lookup = self._lookup(view)
        changed = lookup.changed_since(_read_sync_token(call, view))
        if not call.flag("singleEvents"):
            return changed
        series = [event.id for event in changed if event.recurring]
        known = {event.id for event in changed}
        exceptions = [event for event in lookup.exceptions(series) if event.id not in known]
        masters = {event.series for event in changed if event.series} - set(series)
        whole = [event for event in map(lookup.event, masters) if event]
        found = single_events([*changed, *exceptions, *whole], view.calendar.id, view.calendar.zone, window)
        mine = {*series, *known}
        return [event for event in found if event.id in known or event.series in mine]

    def _window(self, call: Call) -> Window:
        begin, end = call.moment("timeMin"), call.moment("timeMax")
        if begin and end and end <= begin:
            raise invalid_value("timeMax", "The specified time range is empty.", "timeRangeEmpty")
        horizon = int(self._workspace.clock() * 1000) + YEARS // timedelta(milliseconds=1)
        return Window(millis(begin) if begin else None, millis(end) if end else None, horizon)

    def _check_combination(self, call: Call) -> None:
        """Refuse what the API refuses to do together, and changes it no longer remembers."""
        changed_after = call.moment("updatedMin")
        if changed_after and changed_after.timestamp() < self._workspace.clock() - UNTOLD.total_seconds():
            raise _too_long_ago()
        if call.text("orderBy") == "startTime" and not call.flag("singleEvents"):
            raise invalid_value(
                "orderBy", "The requested ordering is not available for the particular query.", "invalid"
            )
        refused = [name for name in NOT_WITH_SYNC if call.query.get(name)]
        if call.query.get("showDeleted") == [False]:
            refused.append("showDeleted")
        if call.text("syncToken") and refused:
            message = f"The parameter {refused[0]} cannot be used together with syncToken."
            raise invalid_value(refused[0], message, "badRequest")

    def _matching(self, call: Call, view: View, window: Window) -> list[StoredEvent]:
        events: Iterable[StoredEvent] = self._lookup(view).between(window.begin, window.end)
        if call.flag("singleEvents"):
            events = single_events(events, view.calendar.id, view.calendar.zone, window)
        else:
            events = (event for event in events if window.holds(event.starts, event.ends or 2**62))
        return [event for event in events if _wanted(call, event)]

    def _page(self, call: Call, view: View, found: list[StoredEvent], start: int, sequence: int) -> dict[str, Any]:
        limit = call.number("maxResults", 250, 2500)
        changed = self._lookup(view).last_change()
        answer: dict[str, Any] = {
            "kind": "calendar#events",
            "etag": f'"p{view.calendar.sequence:015d}"',
            "summary": view.calendar.summary,
            "updated": stamp(datetime.fromtimestamp(changed / 1000, UTC), "UTC"),
            "timeZone": view.zone,
            "accessRole": view.role,
            "defaultReminders": [{"method": "popup", "minutes": 10}] if view.role == "owner" else [],
            "items": [view.show(event) for event in found[start : start + limit]],
        }
        if start + limit < len(found):
            return answer | {"nextPageToken": next_page(call, [start + limit, sequence])}
        if not any(call.query.get(name) for name in NOT_WITH_SYNC if name not in ("timeMin", "timeMax")):
            answer["nextSyncToken"] = _sync_token(view.calendar.id, sequence)
        return answer

    def get_event(self, call: Call) -> dict[str, Any]:
        view = self._view(call)
        identity = call.path["eventId"]
        found = self._lookup(view).event(identity) or self._instance(view, identity)
        if found is None:
            raise not_found("Not Found")
        return view.show(found)

    def _instance(self, view: View, identity: str) -> StoredEvent | None:
        series, _, suffix = identity.rpartition("_")
        lookup = self._lookup(view)
        master = lookup.event(series)
        if master is None or not master.recurring:
            return None
        return find_instance(master, lookup.exceptions([series]), suffix, view.calendar.id, view.calendar.zone)

    def list_instances(self, call: Call) -> dict[str, Any]:
        view = self._view(call)
        lookup = self._lookup(view)
        master = lookup.event(call.path["eventId"])
        if master is None:
            raise not_found("Not Found")
        window = self._window(call)
        events = [master, *lookup.exceptions([master.id])]
        found = [
            event
            for event in single_events(events, view.calendar.id, view.calendar.zone, window)
            if (call.flag("showDeleted") or not event.cancelled) and _is_original(call, event, view)
        ]
        found.sort(key=lambda event: (event.starts, event.id))
        place = this_page(call) or [0, view.calendar.sequence]
        return self._page(call, view, found, *place)


def _is_original(call: Call, event: StoredEvent, view: View) -> bool:
    """Whether this is the instance that `originalStart` names; every one, when it names none."""
    wanted = call.text("originalStart")
    if not wanted:
        return True
    original = event.body.get("originalStartTime", {})
    if original.get("date"):
        return bool(original["date"] == wanted[:10])
    try:
        return bool(original) and moment(original, view.calendar.zone) == datetime.fromisoformat(wanted)
    except (ValueError, TypeError) as error:
        raise invalid_value("originalStart", "Invalid value for: originalStart", "invalid") from error


def _wanted(call: Call, event: StoredEvent) -> bool:
    """Whether the list's filters let an event through."""
    changed_after = call.moment("updatedMin")
    if changed_after and event.updated < millis(changed_after):
        return False
    if event.cancelled and not (call.flag("showDeleted") or changed_after or _kept_with_series(call, event)):
        return False
    uid, kinds = call.text("iCalUID"), call.all("eventTypes")
    return (
        (not uid or event.body.get("iCalUID") == uid)
        and (not kinds or event.body.get("eventType") in kinds)
        and _has_properties(event, "private", call.all("privateExtendedProperty"))
        and _has_properties(event, "shared", call.all("sharedExtendedProperty"))
        and _mentions(event, call.text("q"))
    )


def _kept_with_series(call: Call, event: StoredEvent) -> bool:
    """Cancelled instances come along with their series, so that the client does not expand them."""
    return bool(event.series) and not call.flag("singleEvents")


def _has_properties(event: StoredEvent, kind: str, wanted: list[str]) -> bool:
    stated = event.body.get("extendedProperties", {}).get(kind, {})
    return all(stated.get(name) == value for name, _, value in (item.partition("=") for item in wanted))


def _mentions(event: StoredEvent, query: str) -> bool:
    body = event.body
    people = [*body.get("attendees", ()), body.get("organizer", {})]
    texts = [body.get(name, "") for name in ("summary", "description", "location")]
    texts += [str(person.get(name, "")) for person in people for name in ("displayName", "email")]
    text = " ".join(texts).casefold()
    return all(word in text for word in query.casefold().replace('"', " ").split())


def _sync_token(calendar: str, sequence: int) -> str:
    return urlsafe_b64encode(json.dumps([calendar, sequence]).encode()).decode().rstrip("=")


def _read_sync_token(call: Call, view: View) -> int:
    """The calendar's sequence when the token was given. Raises GoogleError: 410 for one that is too old."""
    token = call.text("syncToken")
    try:
        calendar, sequence = json.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (ValueError, TypeError) as error:
        raise invalid_value("syncToken", "Invalid sync token value.", "invalid") from error
    if calendar != view.calendar.id or not view.calendar.floor <= sequence <= view.calendar.sequence:
        raise sync_token_is_old()
    return int(sequence)


def _too_long_ago() -> GoogleError:
    return GoogleError(
        410,
        "updatedMinTooLongAgo",
        "The requested minimum modification time lies too far in the past.",
        domain="calendar",
        location="updatedMin",
    )
