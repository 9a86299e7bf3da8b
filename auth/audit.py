"""An append-only, hash-chained log of leases, calls, decisions, effects. Law: operations, never content or tokens.

Each row's hash covers the row before it, so an edited or removed row is found; a cut tail is found by its anchor.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["lease", "need", "call", "decision", "effect"]
Fact = str | int | float | bool | None
GENESIS = "0" * 64

_SCHEMA = """
CREATE TABLE IF NOT EXISTS audit (
    seq INTEGER PRIMARY KEY, at REAL NOT NULL, user TEXT NOT NULL, kind TEXT NOT NULL,
    facts TEXT NOT NULL, hash TEXT NOT NULL
) STRICT
"""


@dataclass(frozen=True)
class Row:
    """One entry. `at` is seconds since the epoch; `facts` is canonical JSON; `hash` is SHA-256 in hex."""

    seq: int
    at: float
    user: str
    kind: str
    facts: str
    hash: str


@dataclass(frozen=True)
class Broken:
    """The first row that does not follow from the one before it."""

    seq: int
    why: str


class Audit(Protocol):
    """Where every lease, call, decision and effect is written down."""

    def record(self, user: str, kind: Kind, **facts: Fact) -> None: ...


class AuditLog:
    """The audit on SQLite; many threads and processes may write at once."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], clock: Callable[[], float] = time.time) -> None:
        self._connection = connect()
        self._connection.execute(_SCHEMA)
        self._clock = clock
        self._lock = threading.Lock()

    def record(self, user: str, kind: Kind, **facts: Fact) -> None:
        """Append one row; durable when this returns."""
        body = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                self._append(user, kind, body)
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _append(self, user: str, kind: Kind, body: str) -> None:
        last = self._connection.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
        seq, before = (last[0] + 1, last[1]) if last else (1, GENESIS)
        at = self._clock()
        row = (seq, at, user, kind, body)
        self._connection.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", (*row, _digest(before, row)))

    def rows(self) -> Iterator[Row]:
        """Every row, oldest first."""
        with self._lock:
            found = self._connection.execute(
                "SELECT seq, at, user, kind, facts, hash FROM audit ORDER BY seq"
            ).fetchall()
        return (Row(*row) for row in found)

    def verify(self) -> Broken | None:
        """None where every row follows from the one before it, else the first that does not."""
        before, expected = GENESIS, 1
        for row in self.rows():
            if row.seq != expected:
                return Broken(row.seq, f"row {expected} is missing")
            if row.hash != _digest(before, (row.seq, row.at, row.user, row.kind, row.facts)):
                return Broken(row.seq, "the row was changed after it was written")
            before, expected = row.hash, row.seq + 1
        return None

    def close(self) -> None:
        self._connection.close()


def _digest(before: str, row: tuple[Fact, ...]) -> str:
    canonical = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{canonical}".encode()).hexdigest()
