"""The Calendar API's methods about calendars themselves: the list, one calendar, the person's settings."""

from typing import Any
from zoneinfo import ZoneInfo

from app.demo.calendar_access import RANKS, find_calendar, listed, role_of
from app.demo.event_store import StoredCalendar
from app.demo.google_call import Call
from app.demo.google_errors import GoogleError, not_found
from app.demo.page_token import next_page, this_page
from app.demo.wire import fingerprint
from app.demo.workspace import Workspace

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
_COLOURS = {"1": "#ac725e", "7": "#42d692", "14": "#9fe1e7", "16": "#4986e7", "23": "#cd74e6"}


class CalendarsApi:
    """calendarList, calendars and settings."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._events = workspace.events

    def list_calendars(self, call: Call) -> dict[str, Any]:
        least = RANKS.index(_rank(call.text("minAccessRole") or "freeBusyReader"))
        entries = [
            entry
            for calendar in listed(self._events, call.account)
            if RANKS.index((entry := self._entry(call, calendar))["accessRole"]) >= least
        ]
        return _page(call, "calendar#calendarList", entries, 100, 250)

    def get_listed(self, call: Call) -> dict[str, Any]:
        calendar = find_calendar(self._events, call.account, call.path["calendarId"])
        if calendar not in listed(self._events, call.account):
            raise not_found("Not Found")
        return self._entry(call, calendar)

    def get_calendar(self, call: Call) -> dict[str, Any]:
        calendar = find_calendar(self._events, call.account, call.path["calendarId"])
        facts = _facts(calendar, "calendar#calendar")
        if calendar.primary:
            facts["workingHours"] = self._working_hours(calendar)
        return facts

    def list_settings(self, call: Call) -> dict[str, Any]:
        return _page(call, "calendar#settings", self._settings(call), 100, 250)

    def get_setting(self, call: Call) -> dict[str, Any]:
        wanted = call.path["setting"]
        found = next((setting for setting in self._settings(call) if setting["id"] == wanted), None)
        if found is None:
            raise not_found("Not Found")
        return found

    def _entry(self, call: Call, calendar: StoredCalendar) -> dict[str, Any]:
        role = role_of(calendar, call.account, self._events.owner)
        entry = _facts(calendar, "calendar#calendarListEntry") | {
            "accessRole": role,
            "selected": True,
            "backgroundColor": _colour(calendar.colour),
            "foregroundColor": "#000000",
            "defaultReminders": [{"method": "popup", "minutes": 10}] if role == "owner" else [],
        }
        if calendar.colour in _COLOURS:
            entry["colorId"] = calendar.colour
        if calendar.primary and calendar.owner == call.account:
            entry["primary"] = True
        return entry

    def _working_hours(self, calendar: StoredCalendar) -> dict[str, Any]:
        """Only the primary calendars of people have them; they come from what the workspace knows of the person."""
        person = next((one for one in self._workspace.people() if one.address == calendar.owner), None)
        if person is None:
            return {"workingHoursEnabled": False}
        start, end = (_minutes(time) for time in person.working)
        days = [{"dayOfWeek": day, "periodStart": start, "periodEnd": end} for day in WEEKDAYS]
        return {"workingHoursEnabled": True, "availableTimes": days}

    def _settings(self, call: Call) -> list[dict[str, Any]]:
        zones = {person.address: person.zone for person in self._workspace.people()}
        values = {
            "autoAddHangouts": "false",
            "dateFieldOrder": "DMY",
            "defaultEventLength": "60",
            "format24HourTime": "true",
            "hideInvitations": "false",
            "hideWeekends": "false",
            "locale": "en",
            "remindOnRespondedEventsOnly": "false",
            "showDeclinedEvents": "true",
            "timezone": zones.get(call.account) or self._workspace.zone,
            "useKeyboardShortcuts": "true",
            "weekStart": "1",
        }
        return [
            {"kind": "calendar#setting", "etag": _etag(name, value), "id": name, "value": value}
            for name, value in values.items()
        ]


def _rank(role: str) -> Any:
    return "writer" if role == "writerWithoutPrivateAccess" else role


def _facts(calendar: StoredCalendar, kind: str) -> dict[str, Any]:
    facts = {
        "kind": kind,
        "etag": _etag(calendar.id, str(calendar.sequence)),
        "id": calendar.id,
        "summary": calendar.summary,
        "timeZone": ZoneInfo(calendar.zone).key,
    }
    return facts if calendar.primary else facts | {"dataOwner": calendar.owner}


def _colour(colour: str) -> str:
    return colour if colour.startswith("#") else _COLOURS.get(colour, "#9fe1e7")


def _minutes(time: str) -> int:
    hours, _, minutes = time.partition(":")
    return int(hours) * 60 + int(minutes)


def _etag(*facts: str) -> str:
    return f'"{fingerprint(" ".join(facts))[:16]}"'


def _page(call: Call, kind: str, items: list[dict[str, Any]], size: int, most: int) -> dict[str, Any]:
    """One page of a short list. A sync token is the list's own etag: while it fits, nothing has changed."""
    etag = _etag(*(item["etag"] for item in items))
    sync = call.text("syncToken")
    if sync and sync != etag.strip('"'):
        raise sync_token_is_old()
    start = int(this_page(call) or 0)
    limit = call.number("maxResults", size, most)
    shown = [] if sync else items[start : start + limit]
    answer: dict[str, Any] = {"kind": kind, "etag": etag, "items": shown}
    if not sync and start + limit < len(items):
        return answer | {"nextPageToken": next_page(call, start + limit)}
    return answer | {"nextSyncToken": etag.strip('"')}


def sync_token_is_old() -> GoogleError:
    return GoogleError(
        410,
        "fullSyncRequired",
        "Sync token is no longer valid, a full sync is required.",
        domain="calendar",
        location="syncToken",
    )
