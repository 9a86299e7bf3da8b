"""How a task stands in the table, and how tasks are picked and put in order. Law: SQL text holds no value."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from app.tasks.sealing import Content, Seal, id_name
from app.tasks.task import Due, Kind, Task, read_due

COLUMNS = "id, user, content, due, done, source_kind, created, updated, revision"
LAST = "~"
"""Sorts behind every date."""

Only = Literal["open", "done", "all"]


@dataclass(frozen=True)
class Wish:
    """Which tasks are listed: those due from `due_from` on and before `due_before`, from that source."""

    only: Only = "all"
    due_from: Due | None = None
    due_before: Due | None = None
    source_kind: Kind | None = None
    source_id: str | None = None


@dataclass
class Where:
    """Conditions joined by AND, with their values."""

    parts: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    def add(self, part: str, *values: object) -> None:
        self.parts.append(part)
        self.values += values

    def __str__(self) -> str:
        return " AND ".join(self.parts)


def where(user: str, wish: Wish, seal: Seal) -> Where:
    """The condition of a wish for one person's tasks; deleted ones are in none."""
    found = Where()
    found.add("user = ? AND deleted IS NULL", user)
    if wish.only != "all":
        found.add("done = ?", int(wish.only == "done"))
    for sign, due in ((">=", wish.due_from), ("<", wish.due_before)):
        if due is not None:
            _add_due(found, sign, due)
    if wish.source_kind is not None:
        found.add("source_kind = ?", wish.source_kind)
    if wish.source_id is not None:
        found.add("source_id = ?", id_name(seal, wish.source_id))
    return found


def _add_due(found: Where, sign: str, due: Due) -> None:
    """A day is compared with the day the time has on its own clock; times are compared as instants."""
    day = _day(due)
    if isinstance(due, datetime):
        found.add(
            f"((instant IS NULL AND day {sign} ?) OR (instant IS NOT NULL AND instant {sign} ?))", day, instant(due)
        )
    else:
        found.add(f"day {sign} ?", day)


def _day(due: Due) -> str:
    return (due.date() if isinstance(due, datetime) else due).isoformat()


def instant(moment: datetime) -> str:
    """The moment in UTC, in a form that sorts."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


@dataclass(frozen=True)
class Placed:
    """What follows from the due time: its day, its instant, and the place in the list."""

    day: str | None
    instant: str | None
    rank: str

    @classmethod
    def of(cls, due: Due | None, created: str) -> Placed:
        day = None if due is None else _day(due)
        at = instant(due) if isinstance(due, datetime) else None
        return cls(day, at, f"{day or LAST} {at or LAST} {created}")


def etag(revision: int) -> str:
    return f'"{revision}"'


def task(row: sqlite3.Row, seal: Seal) -> Task:
    """The task of a row of COLUMNS. Raises StorageError where its key is gone."""
    content = Content.opened(seal, row["user"], row["id"], row["source_kind"], row["content"])
    return Task(
        id=row["id"],
        title=content.title,
        notes=content.notes,
        due=None if row["due"] is None else read_due(row["due"]),
        done=bool(row["done"]),
        source=content.source,
        created=datetime.fromisoformat(row["created"]),
        updated=datetime.fromisoformat(row["updated"]),
        etag=etag(row["revision"]),
    )
