"""An append-only, hash-chained log of leases, calls, decisions, effects. Law: operations, never content or tokens.

Each row's hash covers the row before it, so an edited or removed row is found. A cut tail, or a log written anew, is
found only against an anchor: a `head` that was noted elsewhere.
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
class Anchor:
    """How far the log had come, to be kept where the log's writer cannot reach."""

    seq: int
    hash: str


BEGINNING = Anchor(0, "0" * 64)


@dataclass(frozen=True)
class Broken:
    """The first row that does not follow from the one before it, or is not what an anchor says."""

    seq: int
    why: str


class Audit(Protocol):
    """Where every lease, call, decision and effect is written down."""

    def record(self, user: str, kind: Kind, **facts: Fact) -> None: ...


class AuditLog:
    """The audit on SQLite; many threads and processes may write at once.

    `connect` gives a connection in autocommit mode (`isolation_level=None`) that any thread may use.
    """

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
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.rollback()
                raise

    def _append(self, user: str, kind: Kind, body: str) -> None:
        last = self._last()
        row = (last.seq + 1, float(self._clock()), user, kind, body)  # the time as it will be read back
        self._connection.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", (*row, _digest(last.hash, row)))

    def _last(self) -> Anchor:
        found = self._connection.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
        return Anchor(*found) if found else BEGINNING

    def rows(self) -> Iterator[Row]:
        """Every row, oldest first."""
        with self._lock:
            found = self._connection.execute(
                "SELECT seq, at, user, kind, facts, hash FROM audit ORDER BY seq"
            ).fetchall()
        return (Row(*row) for row in found)

    def head(self) -> Anchor:
        """The last row, as an anchor; of an empty log, its beginning."""
        with self._lock:
            return self._last()

    def verify(self, anchor: Anchor = BEGINNING) -> Broken | None:
        """None where every row follows from the one before it and the anchor's row is there, else what does not."""
        before = BEGINNING
        for row in self.rows():
            if row.seq != before.seq + 1:
                return Broken(row.seq, f"row {before.seq + 1} is missing")
            if row.hash != _digest(before.hash, (row.seq, row.at, row.user, row.kind, row.facts)):
                return Broken(row.seq, "the row was changed after it was written")
            if row.seq == anchor.seq and row.hash != anchor.hash:
                return Broken(row.seq, "the row is not the one the anchor names: the log was written anew")
            before = Anchor(row.seq, row.hash)
        if before.seq < anchor.seq:
            return Broken(before.seq + 1, f"the log ends here, and the anchor names row {anchor.seq}")
        return None

    def close(self) -> None:
        self._connection.close()


def _digest(before: str, row: tuple[Fact, ...]) -> str:
    canonical = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{canonical}".encode()).hexdigest()
