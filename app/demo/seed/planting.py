"""Fills a workspace with the made-up company, and keeps it dated around today until something was changed in it.

Law: the same day and zone give the same workspace, message by message; nothing here reads a clock. A workspace
somebody wrote to (note "frozen"), or imported into, is never dated anew.
"""

import os
import secrets
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

from app.demo.seed.calendars import fill_calendars
from app.demo.seed.cast import OWNER, Figure, cast, colleagues
from app.demo.seed.chats import fill_chats
from app.demo.seed.days import Days
from app.demo.seed.documents import fill_drive
from app.demo.seed.material import DATA, conversations
from app.demo.seed.post import Posted, post

if TYPE_CHECKING:
    from app.demo.workspace import Person, Workspace


@dataclass(frozen=True)
class SeedTally:
    """What was put in. `events` counts series and their exceptions, on the owner's calendars only."""

    conversations: int
    messages: int
    unread: int
    sent: int
    calendars: int
    events: int
    people: int
    documents: int
    channels: int  # conversations of Slack, direct ones too
    chats: int


def seed(workspace: "Workspace", *, today: date, zone: str) -> SeedTally:
    """Fill a new workspace with people, mail, calendars and Slack around `today`, on clocks of the IANA zone `zone`."""
    days = Days(today, zone)
    with workspace.transaction():
        people = [_person(figure, zone) for figure in (cast()[OWNER], *colleagues())]
        for person in people:
            workspace.add_person(person)
        posted = sorted((mail for found in conversations() for mail in post(found, days)), key=_order)
        _file(workspace, posted)
        calendars, events = fill_calendars(workspace, days)
        _, documents = fill_drive(workspace, days)
        channels, chats = fill_chats(workspace, days)
        workspace.note("name", "Northwind (made up)")
        workspace.note("anchor", today.isoformat())
        workspace.note("seed", material_digest())
    return SeedTally(
        conversations=len(conversations()),
        messages=len(posted),
        unread=sum("UNREAD" in mail.labels for mail in posted),
        sent=sum("SENT" in mail.labels for mail in posted),
        calendars=calendars,
        events=events,
        people=len(people),
        documents=documents,
        channels=channels,
        chats=chats,
    )


def fresh(path: Path, *, today: date, zone: str) -> "Workspace":
    """Open the workspace at `path`: made and seeded if it is not there, dated anew if it is of another day.

    One of an older version is made anew, unless somebody changed it. Raises WorkspaceError when the file is not usable.
    """
    from app.demo.workspace_error import WorkspaceError

    try:
        return _fresh(path, today, zone)
    except sqlite3.OperationalError as error:
        fix = "Free some disk space, or name another folder in VALET_HOME."
        raise WorkspaceError(f"{path} cannot be made: {error}.\n{fix}") from error


def _fresh(path: Path, today: date, zone: str) -> "Workspace":
    from app.demo.workspace import Workspace
    from app.demo.workspace_error import WorkspaceOutdated

    if not path.exists():
        _make(path, today, zone)
    try:
        workspace = Workspace.open(path)
    except WorkspaceOutdated as error:
        if not error.made_up:
            raise
        _make_again(path, today, zone)
        workspace = Workspace.open(path)
    if _stale(workspace, today, zone):
        _date_anew(workspace, today, zone)
        workspace.close()
        workspace = Workspace.open(path)
    return workspace


def material_digest() -> str:
    """Changes when a data file changes, so that a workspace of an older version is seeded again."""
    return sha256(b"".join(_bytes(DATA))).hexdigest()[:16]


def _bytes(folder: Traversable) -> list[bytes]:
    found: list[bytes] = []
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        found += _bytes(entry) if entry.is_dir() else [entry.read_bytes()]
    return found


def _stale(workspace: "Workspace", today: date, zone: str) -> bool:
    kept = workspace.note("seed")
    if not kept or workspace.note("frozen"):
        return False
    return (kept, workspace.note("anchor"), workspace.zone) != (material_digest(), today.isoformat(), zone)


def _date_anew(workspace: "Workspace", today: date, zone: str) -> None:
    """Seed again in place: the file stays, so that a process that has it open sees the old day or the new one."""
    with workspace.transaction():
        if not _stale(workspace, today, zone):  # another process has done it meanwhile
            return
        told = workspace.clear(zone=zone)
        seed(workspace, today=today, zone=zone)
        workspace.mail().forget_history()
        for calendar in workspace.events.calendars():
            workspace.events.forget_changes(calendar.id, by=told + 1)


def _make(path: Path, today: date, zone: str) -> None:
    """Seed beside the path and put it there in one step: nobody ever opens half a workspace."""
    from app.demo.workspace import Workspace

    beside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.new")
    try:
        workspace = Workspace.create(beside, owner=_person(cast()[OWNER], zone), zone=zone)
        try:
            seed(workspace, today=today, zone=zone)
            workspace.database.fold_journal()  # closing would leave behind in silence what a full disk has no room for
        finally:
            workspace.close()
        with suppress(FileExistsError):  # another process was first: its workspace is as good
            os.link(beside, path)
    finally:
        for leftover in (beside, beside.with_name(f"{beside.name}-wal"), beside.with_name(f"{beside.name}-shm")):
            leftover.unlink(missing_ok=True)


def _make_again(path: Path, today: date, zone: str) -> None:
    """Seed in the place of an older version: the file stays, as other processes may be about to open it."""
    from app.demo.workspace import Workspace

    with Workspace.remade(path, owner=_person(cast()[OWNER], zone), zone=zone) as workspace:
        if workspace is not None:
            seed(workspace, today=today, zone=zone)


def _person(figure: Figure, zone: str) -> "Person":
    from app.demo.workspace import Person

    return Person(figure.address, figure.name, figure.zone or zone, figure.working)


def _order(mail: Posted) -> tuple[float, str, int]:
    return mail.received.timestamp(), mail.conversation, mail.number


def _file(workspace: "Workspace", posted: list[Posted]) -> None:
    names = sorted({name for mail in posted for name in mail.names})
    ids = {name: workspace.add_label(name) for name in names}
    for mail in posted:
        labels = {*mail.labels, *(ids[name] for name in mail.names)}
        workspace.add_message(mail.raw, labels=labels, received=mail.received)
