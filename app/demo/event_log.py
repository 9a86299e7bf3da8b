"""What was written into the calendars: every change, by whom, and who was told of it by mail.

Law: nothing is ever taken out of it, so that a test can count.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from app.demo.workspace import Workspace

SCHEMA = """
CREATE TABLE IF NOT EXISTS event_writes (
    number INTEGER PRIMARY KEY, account TEXT NOT NULL, method TEXT NOT NULL, calendar TEXT NOT NULL,
    event TEXT NOT NULL, mail TEXT NOT NULL, told TEXT NOT NULL, at REAL NOT NULL
);
"""
Mail = Literal["", "invitation", "update", "cancellation", "reply"]


@dataclass(frozen=True)
class EventWrite:
    """One change. `method` is the API's ("insert"); `mail` is what the addresses `told` got; `at` in seconds."""

    account: str
    method: str
    calendar: str
    event: str
    mail: Mail
    told: tuple[str, ...]
    at: float


def event_writes(workspace: Workspace) -> list[EventWrite]:
    """Everything that was written into the calendars of this workspace, in order."""
    rows = workspace.database.rows(
        "SELECT account, method, calendar, event, mail, told, at FROM event_writes ORDER BY number"
    )
    return [
        EventWrite(who, how, where, what, mail, tuple(told.split()), at)
        for who, how, where, what, mail, told, at in rows
    ]


def note_write(
    workspace: Workspace, account: str, method: str, event: tuple[str, str], mail: Mail, told: Collection[str]
) -> None:
    """Note a change of an event, named by its calendar and id; and the mails that it made, if any."""
    people = tuple(sorted({address.lower() for address in told}))
    workspace.database.run(
        "INSERT INTO event_writes VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)",
        *(account, method, *event, mail if people else "", " ".join(people), workspace.clock()),
    )
