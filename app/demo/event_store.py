"""The calendar tables: Calendar API v3 event resources as they are, with what is needed to find and sync them.

Law: every change of a calendar bumps its sequence in the same transaction.
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from app.demo.database import Database
from app.demo.event_time import check_event, original_suffix, reach
from app.demo.workspace_error import WorkspaceError

SCHEMA = """
CREATE TABLE IF NOT EXISTS calendars (
    id TEXT PRIMARY KEY, summary TEXT NOT NULL, owner TEXT NOT NULL, zone TEXT NOT NULL, role TEXT NOT NULL,
    is_primary INTEGER NOT NULL, colour TEXT NOT NULL, sequence INTEGER NOT NULL, floor INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events (
    calendar TEXT NOT NULL REFERENCES calendars, id TEXT NOT NULL, uid TEXT NOT NULL, series TEXT NOT NULL,
    original TEXT NOT NULL, recurring INTEGER NOT NULL, cancelled INTEGER NOT NULL,
    starts INTEGER NOT NULL, ends INTEGER, updated INTEGER NOT NULL, sequence INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (calendar, id)
);
CREATE INDEX IF NOT EXISTS events_by_time ON events (calendar, starts);
CREATE INDEX IF NOT EXISTS events_by_series ON events (calendar, series);
CREATE INDEX IF NOT EXISTS events_by_sequence ON events (calendar, sequence);
"""
Role = Literal["owner", "writer", "reader", "freeBusyReader"]


@dataclass(frozen=True)
class StoredCalendar:
    """One calendar; `role` is that of the workspace's owner; `sequence` grows with every change."""

    id: str
    summary: str
    owner: str
    zone: str
    role: Role
    primary: bool
    colour: str
    sequence: int
    floor: int


class EventStore:
    """All calendars of the workspace and their events."""

    def __init__(self, database: Database, *, owner: str, clock: Callable[[], float]) -> None:
        self.database = database
        self.owner = owner
        self.clock = clock

    def add_calendar(
        self, calendar: str, *, summary: str, owner: str, zone: str, role: str, primary: bool, colour: str
    ) -> None:
        """Raises WorkspaceError for an id that exists or an unknown role."""
        if role not in get_args(Role):
            raise WorkspaceError(f"{role!r} is not a calendar role: give one of {', '.join(get_args(Role))}.")
        if self.calendar(calendar):
            raise WorkspaceError(f"The calendar {calendar!r} exists already: choose another id.")
        self.database.run(
            "INSERT INTO calendars VALUES (?, ?, ?, ?, ?, ?, ?, 1, 0)",
            calendar,
            summary,
            owner,
            zone,
            role,
            primary,
            colour,
        )

    def calendar(self, calendar: str) -> StoredCalendar | None:
        found = self.database.row("SELECT * FROM calendars WHERE id = ?", calendar)
        return _calendar(found) if found else None

    def calendars(self) -> list[StoredCalendar]:
        return [_calendar(row) for row in self.database.rows("SELECT * FROM calendars ORDER BY id")]

    def add(self, calendar: str, event: Mapping[str, Any]) -> str:
        """File one new event; answer its id. Raises WorkspaceError (see Workspace.add_event)."""
        home = self.calendar(calendar)
        if home is None:
            raise WorkspaceError(f"No calendar {calendar!r} in the workspace: add it with add_calendar first.")
        check_event(event, home.zone)
        body = self._filled(home, event)
        if self.database.value("SELECT 1 FROM events WHERE calendar = ? AND id = ?", calendar, body["id"]):
            raise WorkspaceError(f"The event {body['id']!r} is in {calendar!r} already: leave its id out.")
        self.keep(home, body)
        return str(body["id"])

    def keep(self, home: StoredCalendar, body: Mapping[str, Any]) -> None:
        """Write one complete event, new or changed, and bump the calendar's sequence."""
        starts, ends = reach(body, home.zone)
        original = original_suffix(body, home.zone)
        with self.database.transaction():
            self.database.run("UPDATE calendars SET sequence = sequence + 1 WHERE id = ?", home.id)
            sequence = self.database.value("SELECT sequence FROM calendars WHERE id = ?", home.id)
            self.database.run(
                "INSERT OR REPLACE INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                home.id,
                body["id"],
                body["iCalUID"],
                body.get("recurringEventId", ""),
                original,
                bool(body.get("recurrence")),
                body["status"] == "cancelled",
                starts,
                ends,
                int(datetime.fromisoformat(body["updated"]).timestamp() * 1000),
                sequence,
                json.dumps(body, ensure_ascii=False),
            )

    def change(self, calendar: str, identity: str, changes: Mapping[str, Any]) -> None:
        """Change some fields of an event (None takes one away). Raises WorkspaceError for an unknown event."""
        home, found = self.calendar(calendar), None
        if home:
            found = self.database.value("SELECT body FROM events WHERE calendar = ? AND id = ?", calendar, identity)
        if home is None or found is None:
            raise WorkspaceError(f"No event {identity!r} in the calendar {calendar!r}.")
        now = _stamp(datetime.fromtimestamp(self.clock(), UTC))
        merged = {**json.loads(found), "updated": now, **changes}
        body = {name: value for name, value in merged.items() if value is not None}
        check_event(body, home.zone)
        body["sequence"] = body.get("sequence", 0) + 1
        body["etag"] = _etag(body["updated"])
        self.keep(home, body)

    def put(self, home: StoredCalendar, body: Mapping[str, Any]) -> dict[str, Any]:
        """Write a new version of an event, or a new one; answer it whole. No two versions share an etag.

        Raises WorkspaceError, naming the field, for an event the service would refuse.
        """
        with self.database.transaction():
            last = self.database.value(
                "SELECT updated FROM events WHERE calendar = ? AND id = ?", home.id, body.get("id", "")
            )
            now = max(int(self.clock() * 1000), (last or 0) + 1)
            updated = _stamp(datetime.fromtimestamp(now / 1000, UTC))
            check_event(body, home.zone)
            whole = self._filled(home, {**body, "updated": updated, "created": body.get("created") or updated})
            self.keep(home, whole)
        return whole

    def cancel(self, calendar: str, identity: str) -> None:
        """Delete an event; what is left of it is told to those who sync."""
        self.change(calendar, identity, {"status": "cancelled"})

    def forget_changes(self, calendar: str, *, by: int = 1) -> None:
        """Changes up to now can no longer be told: older sync tokens (of sequences below `by`, too) get 410."""
        self.database.run(
            "UPDATE calendars SET sequence = sequence + ?, floor = sequence + ? WHERE id = ?", by, by, calendar
        )

    def clear(self) -> int:
        """Take out every calendar and event; answer the highest sequence that was told."""
        told = self.database.value("SELECT max(sequence) FROM calendars")
        with self.database.transaction():
            self.database.run("DELETE FROM events")
            self.database.run("DELETE FROM calendars")
        return int(told or 0)

    def _filled(self, home: StoredCalendar, event: Mapping[str, Any]) -> dict[str, Any]:
        """The event with everything the service fills in by itself."""
        now = datetime.fromtimestamp(self.clock(), UTC)
        identity = str(event.get("id") or self._new_id(home, event))
        updated = str(event.get("updated") or event.get("created") or _stamp(now))
        body: dict[str, Any] = {
            "kind": "calendar#event",
            "id": identity,
            "status": "confirmed",
            "htmlLink": link(home.id, identity),
            "created": updated,
            "updated": updated,
            "creator": {"email": home.owner},
            "organizer": {"email": home.id},
            "iCalUID": f"{identity.split('_')[0]}@google.com",
            "sequence": 0,
            "eventType": "default",
            "reminders": {"useDefault": True},
            **{name: value for name, value in event.items() if value is not None and value != []},
            "etag": _etag(updated),
        }
        body["id"] = identity
        return body

    def _new_id(self, home: StoredCalendar, event: Mapping[str, Any]) -> str:
        if series := event.get("recurringEventId"):
            return f"{series}_{original_suffix(event, home.zone)}"
        seed = json.dumps([home.id, event], sort_keys=True, default=str)
        for attempt in range(1000):
            digest = hashlib.sha256(f"{attempt} {seed}".encode()).hexdigest()
            if not self.database.value("SELECT 1 FROM events WHERE calendar = ? AND id = ?", home.id, digest[:26]):
                return digest[:26]
        raise WorkspaceError("The same event was added a thousand times: add it once.")


def link(calendar: str, event: str) -> str:
    """The address of the event in the web interface, as the service writes it."""
    code = urlsafe_b64encode(f"{event} {calendar}".encode()).decode().rstrip("=")
    return f"https://www.google.com/calendar/event?eid={code}"


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _etag(updated: str) -> str:
    return f'"{int(datetime.fromisoformat(updated).timestamp() * 1000)}"'


def _calendar(row: tuple[Any, ...]) -> StoredCalendar:
    identity, summary, owner, zone, role, primary, colour, sequence, floor = row
    return StoredCalendar(identity, summary, owner, zone, role, bool(primary), colour, sequence, floor)
