"""What requests to models used, by day, thread and turn, on SQLite. Law: numbers and names of models, nothing said."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from graphs.usage import Spent

_SCHEMA = """
CREATE TABLE IF NOT EXISTS usage (
    user TEXT NOT NULL, day TEXT NOT NULL, thread TEXT NOT NULL, turn INTEGER NOT NULL, model TEXT NOT NULL,
    requests INTEGER NOT NULL, sent INTEGER NOT NULL, received INTEGER NOT NULL, estimated INTEGER NOT NULL,
    PRIMARY KEY (user, day, thread, turn, model)
) STRICT, WITHOUT ROWID
"""
_DATE = re.compile(r"-\d{4}-?\d\d-?\d\d\Z")
_ADD = """
INSERT INTO usage VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?) ON CONFLICT DO UPDATE SET requests = requests + 1,
sent = sent + excluded.sent, received = received + excluded.received, estimated = estimated + excluded.estimated
"""
_SUMS = "sum(requests), sum(sent), sum(received), sum(estimated)"


@dataclass(frozen=True)
class Used:
    """What a day or a turn used of one model. `estimated`: so many of the requests were not counted by the endpoint."""

    of: str
    model: str
    requests: int
    sent: int
    received: int
    estimated: int

    def cost(self, prices: Mapping[str, tuple[float, float]]) -> float | None:
        """In the currency of the prices; None for a model that has none. A price also fits dated names of a model."""
        price = prices.get(self.model) or prices.get(_DATE.sub("", self.model))
        if price is None:
            return None
        sent, received = price
        return (self.sent * sent + self.received * received) / 1_000_000


class StoredUsage:
    """The usage of one person."""

    def __init__(self, connection: sqlite3.Connection, lock: threading.Lock, user: str) -> None:
        self._connection, self._lock, self._user = connection, lock, user
        connection.execute(_SCHEMA)

    def count(self, spent: Spent) -> None:
        """Add one request."""
        row = (self._user, spent.day.isoformat(), spent.thread, spent.turn, spent.model)
        with self._lock:
            self._connection.execute(_ADD, (*row, spent.sent, spent.received, int(spent.estimated)))

    def on(self, day: date) -> int:
        """Tokens of a day."""
        asked = "SELECT coalesce(sum(sent + received), 0) FROM usage WHERE user = ? AND day = ?"
        with self._lock:
            return int(self._connection.execute(asked, (self._user, day.isoformat())).fetchone()[0])

    def days(self, last: date, count: int) -> list[Used]:
        """The `count` days up to `last`, newest first, by model."""
        first = (last - timedelta(days=count - 1)).isoformat()
        return self._used(
            f"SELECT day, model, {_SUMS} FROM usage WHERE user = ? AND day BETWEEN ? AND ?"  # noqa: S608 - fixed text
            " GROUP BY day, model ORDER BY day DESC, model",
            (first, last.isoformat()),
        )

    def turns(self, thread: str) -> list[Used]:
        """The turns of a thread that asked a model, oldest first."""
        return self._used(
            f"SELECT turn, model, {_SUMS} FROM usage WHERE user = ? AND thread = ?"  # noqa: S608 - fixed text
            " GROUP BY turn, model ORDER BY turn, model",
            (thread,),
        )

    def _used(self, asked: str, given: Iterable[str]) -> list[Used]:
        with self._lock:
            rows = self._connection.execute(asked, (self._user, *given)).fetchall()
        return [Used(str(of), *rest) for of, *rest in rows]
