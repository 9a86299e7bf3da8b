"""The demo workspace: one private SQLite file with the people, mail, calendars, Slack and Drive of a company.

Law: this file opens and versions the database; each `*_store.py` owns its tables, and nothing else reads them.
"""

import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.demo import (
    drive_store,
    event_log,
    event_store,
    grant_store,
    mail_drafts,
    mail_outgoing,
    mail_store,
    slack_posts,
    slack_store,
)
from app.demo.auth0 import accounts as auth0_accounts
from app.demo.auth0 import refresh_tokens as auth0_refresh
from app.demo.auth0 import tickets as auth0_tickets
from app.demo.database import Database
from app.demo.drive_store import DriveStore
from app.demo.event_store import EventStore
from app.demo.mail_store import MailStore
from app.demo.slack import grants as slack_grants
from app.demo.slack_store import SlackStore
from app.demo.workspace_error import WorkspaceError, WorkspaceOutdated

APPLICATION = 0x56414C54  # SQLite application_id: "VALT"
VERSION = 2
SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS people (
    address TEXT PRIMARY KEY, name TEXT NOT NULL, zone TEXT NOT NULL, day_start TEXT NOT NULL, day_end TEXT NOT NULL
) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Person:
    """Somebody of the workspace. `zone` is an IANA name ("" = the workspace's); `working` is local HH:MM."""

    address: str
    name: str
    zone: str = ""
    working: tuple[str, str] = ("09:00", "17:30")


class Workspace:
    """One workspace file, opened; safe from any thread."""

    def __init__(self, path: Path, database: Database, clock: Callable[[], float]) -> None:
        self.path = path
        self.database = database
        self.clock = clock
        owner = self.note("owner") or ""
        self.owner = next(person for person in self.people() if person.address == owner)
        self.events = EventStore(database, owner=owner, clock=clock)
        self.drive = DriveStore(database, owner=owner, clock=clock)
        self.slack = SlackStore(database, owner=owner)
        self.slack.admit_owner(self.owner.name, self.owner.zone)

    @classmethod
    def create(cls, path: Path, *, owner: Person, zone: str, clock: Callable[[], float] = time.time) -> "Workspace":
        """Make a new, empty workspace file, private to the person who makes it (0600).

        Raises WorkspaceError when the file exists or the zone is not an IANA name.
        """
        check_zone(zone)
        try:
            Database.make_private(path)
        except FileExistsError as error:
            raise WorkspaceError(f"{path} exists already: open it, or choose another file.") from error
        database = Database(path)
        try:
            database.write_ahead()
            database.settle()
            with database.transaction():
                _begin(database, owner, zone)
        except BaseException:
            database.close()
            raise
        return cls(path, database, clock)

    @classmethod
    @contextmanager
    def remade(cls, path: Path, *, owner: Person, zone: str) -> "Iterator[Workspace | None]":
        """Begin a workspace of an older version anew, in place: what the block puts in stands, or the old one does.

        None where another process has done it meanwhile. Raises WorkspaceError for an unknown zone.
        """
        check_zone(zone)
        database = Database(path)
        try:
            with database.transaction():
                outdated = database.value("PRAGMA user_version") < VERSION
                if outdated:
                    database.drop_tables()
                    _begin(database, owner, zone)
                yield cls(path, database, time.time) if outdated else None
        finally:
            database.close()

    @classmethod
    def open(cls, path: Path, *, clock: Callable[[], float] = time.time) -> "Workspace":
        """Open an existing workspace.

        Raises WorkspaceError when it is absent, foreign, damaged or of a newer version, WorkspaceOutdated of an older.
        """
        if not path.is_file():
            raise WorkspaceError(f"There is no demo workspace at {path}: make one first, or give another path.")
        database = Database(path)
        try:
            _check_file(database, path)
            database.settle()
            with database.transaction():
                _make_tables(database)
        except sqlite3.OperationalError as error:
            database.close()
            fix = "Free some disk space, or make its folder writable."
            raise WorkspaceError(f"{path} cannot be used: {error}.\n{fix}") from error
        except sqlite3.DatabaseError as error:
            database.close()
            raise WorkspaceError(f"{path} is damaged ({error}).") from error
        except BaseException:
            database.close()
            raise
        return cls(path, database, clock)

    def close(self) -> None:
        self.database.close()

    @property
    def zone(self) -> str:
        """The IANA zone the company lives in; read anew, as another process may have changed it."""
        return self.note("zone") or "UTC"

    def transaction(self) -> AbstractContextManager[None]:
        """Many adds in one commit; nothing is kept when the block raises."""
        return self.database.transaction()

    def note(self, key: str, value: str | None = None) -> str | None:
        """Keep a small fact about the workspace, or (without a value) look one up; None when unknown."""
        if value is not None:
            self.database.run("INSERT OR REPLACE INTO facts VALUES (?, ?)", key, value)
            return value
        found: str | None = self.database.value("SELECT value FROM facts WHERE key = ?", key)
        return found

    def freeze(self) -> None:
        """Somebody wrote: the workspace is not dated anew any more."""
        if not self.note("frozen"):
            self.note("frozen", str(self.clock()))

    def clear(self, *, zone: str) -> int:
        """Take out all mail, calendars, chats and files and everybody but the owner, and set the clocks to `zone`.

        Consents that were given stay. Answers the highest calendar sequence that was told.
        """
        check_zone(zone)
        with self.transaction():
            self.database.run("DELETE FROM people WHERE address <> ?", self.owner.address)
            self.note("zone", zone)
            self.mail().clear()
            self.slack.clear()
            self.drive.clear()
            return self.events.clear()

    def add_person(self, person: Person) -> None:
        """Add somebody, or replace what is known of that address."""
        _add_person(self.database, person)

    def people(self) -> list[Person]:
        rows = self.database.rows("SELECT address, name, zone, day_start, day_end FROM people ORDER BY address")
        return [Person(address, name, zone, (start, end)) for address, name, zone, start, end in rows]

    def mail(self, mailbox: str = "") -> MailStore:
        """The mailbox of one person of the workspace (of the owner, if none is named)."""
        return MailStore(self.database, mailbox=mailbox or self.owner.address, clock=self.clock)

    def add_message(self, raw: bytes, *, labels: Collection[str], received: datetime, thread: str | None = None) -> str:
        """File one RFC 5322 message in the owner's mailbox; answer its id (16 hex).

        `labels` are label ids (INBOX, UNREAD, Label_3 …). Without `thread` the message joins the conversation
        its References name, else one of the same subject and people. Raises WorkspaceError.
        """
        return self.mail().add(raw, labels=labels, received=received, thread=thread)

    def add_label(self, name: str) -> str:
        """The id ("Label_3") of the owner's label of that name, made if it is new."""
        return self.mail().add_label(name)

    def add_calendar(
        self,
        id: str,  # noqa: A002 - the word of the Calendar API
        *,
        summary: str,
        owner: str,
        zone: str,
        role: str = "owner",
        primary: bool = False,
        colour: str = "",
    ) -> None:
        """Add a calendar. `role` is what the workspace's owner may do there: owner, writer, reader, freeBusyReader.

        Raises WorkspaceError for an id that exists, an unknown role or zone.
        """
        check_zone(zone)
        self.events.add_calendar(id, summary=summary, owner=owner, zone=zone, role=role, primary=primary, colour=colour)

    def add_event(self, calendar: str, event: Mapping[str, Any]) -> str:
        """Add a Calendar API v3 event resource; answer its id. Fills what the service would fill.

        Raises WorkspaceError, naming the field, for an event the service would refuse.
        """
        return self.events.add(calendar, event)


def check_zone(zone: str) -> None:
    """Raise WorkspaceError unless `zone` is an IANA time zone."""
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError) as error:
        raise WorkspaceError(f"{zone!r} is not an IANA time zone such as Europe/Zurich.") from error


def _add_person(database: Database, person: Person) -> None:
    if person.zone:
        check_zone(person.zone)
    database.run(
        "INSERT OR REPLACE INTO people VALUES (?, ?, ?, ?, ?)",
        person.address,
        person.name,
        person.zone,
        *person.working,
    )


def _check_file(database: Database, path: Path) -> None:
    """Raise WorkspaceError for a file that is no workspace, or of another version."""
    try:
        application = database.value("PRAGMA application_id")
        version = database.value("PRAGMA user_version")
    except sqlite3.OperationalError:
        raise  # of the disk, and not of the file
    except sqlite3.DatabaseError as error:
        raise WorkspaceError(f"{path} is not a demo workspace: give another path.") from error
    if application != APPLICATION:
        raise WorkspaceError(f"{path} is not a demo workspace: give another path.")
    age = "a newer" if version > VERSION else "an older"
    told = f"{path} was made by {age} Valet (version {version}, this one knows {VERSION}): make a new workspace."
    if version > VERSION:
        raise WorkspaceError(told)
    if version < VERSION:
        notes = {key for (key,) in database.rows("SELECT key FROM facts")}
        raise WorkspaceOutdated(told, made_up="seed" in notes and "frozen" not in notes)


def _begin(database: Database, owner: Person, zone: str) -> None:
    _make_tables(database)
    _add_person(database, owner)
    database.many("INSERT INTO facts VALUES (?, ?)", [("owner", owner.address), ("zone", zone)])
    database.run(f"PRAGMA application_id = {APPLICATION}")
    database.run(f"PRAGMA user_version = {VERSION}")


def _make_tables(database: Database) -> None:
    """Make what is missing: a service that joins later finds its tables in older workspaces too."""
    stores = (
        *(mail_store, event_store, grant_store, slack_store, slack_grants, drive_store, mail_drafts, mail_outgoing),
        *(event_log, slack_posts),
        *(auth0_tickets, auth0_refresh, auth0_accounts),
    )
    for schema in (SCHEMA, *(store.SCHEMA for store in stores)):
        for statement in filter(str.strip, schema.split(";\n")):
            database.run(statement)
