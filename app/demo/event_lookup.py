"""Reads the calendars: events by id, by window, by change, with the exceptions of a series beside it."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from app.demo.database import Database, Row

Event = dict[str, Any]
_COLUMNS = "id, series, original, recurring, cancelled, starts, ends, updated, sequence, body"


@dataclass(frozen=True)
class StoredEvent:
    """One event as it was added. Times are ms since the epoch; `ends` None = a series without end.

    `series` is the id of the series an exception belongs to, `original` says which instance it replaces.
    """

    id: str
    series: str
    original: str
    recurring: bool
    cancelled: bool
    starts: int
    ends: int | None
    updated: int
    sequence: int
    body: Event


class EventLookup:
    """The reading side of one calendar."""

    def __init__(self, database: Database, calendar: str) -> None:
        self._database = database
        self._calendar = calendar

    def _events(self, where: str, *values: object) -> list[StoredEvent]:
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM events WHERE calendar = ? AND {where}",  # noqa: S608
            self._calendar,
            *values,
        )
        return [_stored(row) for row in rows]

    def event(self, identity: str) -> StoredEvent | None:
        found = self._events("id = ?", identity)
        return found[0] if found else None

    def between(self, begin: int | None, end: int | None) -> list[StoredEvent]:
        """Everything that can be in a window: single events, series, and all exceptions of the series."""
        return self._events(
            "(series != '' OR ((? IS NULL OR ends IS NULL OR ends > ?) AND (? IS NULL OR starts < ?)))"
            " ORDER BY starts, id",
            begin,
            begin,
            end,
            end,
        )

    def changed_since(self, sequence: int) -> list[StoredEvent]:
        return self._events("sequence > ? ORDER BY sequence", sequence)

    def exceptions(self, series: Collection[str]) -> list[StoredEvent]:
        marks = ", ".join("?" * len(series))
        return self._events(f"series IN ({marks}) ORDER BY starts, id", *series)

    def last_change(self) -> int:
        """When an event of the calendar changed last (ms since the epoch), 0 for never."""
        found: int | None = self._database.value("SELECT max(updated) FROM events WHERE calendar = ?", self._calendar)
        return found or 0


def _stored(row: Row) -> StoredEvent:
    identity, series, original, recurring, cancelled, starts, ends, updated, sequence, body = row
    return StoredEvent(
        identity,
        series,
        original,
        bool(recurring),
        bool(cancelled),
        starts,
        ends,
        updated,
        sequence,
        json.loads(body),
    )
