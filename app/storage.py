"""What Valet keeps on SQLite: threads, results, audit; checkpoints on demand, since they load LangGraph.

Law: private files, and storage linear in turns.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from app.ledger import StoredLedger, Unsealed
from auth.audit import AuditLog
from graphs.parts import Result

if TYPE_CHECKING:
    from app.checkpoints import Checkpoints

DATABASE = "valet.db"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS threads (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, title TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS results (
    thread TEXT NOT NULL, call TEXT NOT NULL, result TEXT NOT NULL, PRIMARY KEY (thread, call)
) STRICT;
CREATE TABLE IF NOT EXISTS memories (
    user TEXT NOT NULL, account TEXT NOT NULL, node TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (user, account, node, key)
) STRICT;
"""


class StorageError(Exception):
    """The data folder cannot be used. `what` happened and what to do `next`."""

    def __init__(self, what: str, next: str) -> None:  # noqa: A002 - the house word for the next action
        super().__init__(f"{what} {next}")
        self.what = what
        self.next = next


@dataclass(frozen=True)
class Thread:
    """One conversation in a list. Times are UTC."""

    id: str
    title: str
    created: datetime
    updated: datetime


class Threads:
    """The conversations of a person, newest first."""

    def __init__(self, connection: sqlite3.Connection, lock: threading.Lock, user: str) -> None:
        self._connection, self._lock, self._user = connection, lock, user

    def touch(self, thread: str, title: str) -> None:
        """The thread was used now; the title is kept from its first request."""
        now = datetime.now(UTC).isoformat()
        with self._lock:
            self._connection.execute(
                "INSERT INTO threads VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET updated = excluded.updated",
                (thread, self._user, title[:80], now, now),
            )

    def list(self, limit: int = 50) -> list[Thread]:
        with self._lock:
            rows = self._connection.execute(
                "SELECT id, title, created, updated FROM threads WHERE user = ? ORDER BY updated DESC LIMIT ?",
                (self._user, limit),
            ).fetchall()
        return [Thread(r[0], r[1], datetime.fromisoformat(r[2]), datetime.fromisoformat(r[3])) for r in rows]

    def knows(self, thread: str) -> bool:
        with self._lock:
            found = self._connection.execute(
                "SELECT 1 FROM threads WHERE id = ? AND user = ?", (thread, self._user)
            ).fetchone()
        return found is not None


class StoredResults:
    """Results by thread and call, as JSON."""

    def __init__(self, connection: sqlite3.Connection, lock: threading.Lock) -> None:
        self._connection, self._lock = connection, lock

    @cached_property
    def _shape(self) -> TypeAdapter[Result]:
        return TypeAdapter(Result)

    def put(self, thread: str, call: str, result: Result) -> None:
        row = (thread, call, self._shape.dump_json(result).decode())
        with self._lock:
            self._connection.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?)", row)

    def get(self, thread: str, call: str) -> Result | None:
        with self._lock:
            row = self._connection.execute(
                "SELECT result FROM results WHERE thread = ? AND call = ?", (thread, call)
            ).fetchone()
        return self._shape.validate_json(row[0]) if row else None


@dataclass(frozen=True)
class NodeMemory:
    """The memory of one node for one account, on SQLite."""

    connection: sqlite3.Connection
    lock: threading.Lock
    place: tuple[str, str, str]

    def get(self, key: str) -> bytes | None:
        with self.lock:
            row = self.connection.execute(
                "SELECT value FROM memories WHERE user = ? AND account = ? AND node = ? AND key = ?",
                (*self.place, key),
            ).fetchone()
        return row[0] if row else None

    def put(self, key: str, value: bytes) -> None:
        with self.lock:
            self.connection.execute("INSERT OR REPLACE INTO memories VALUES (?, ?, ?, ?, ?)", (*self.place, key, value))


@dataclass(frozen=True)
class StoredMemories:
    """Every node's memory, apart by user, account and node."""

    connection: sqlite3.Connection
    lock: threading.Lock
    scope: str = ""

    def of(self, user: str, account: str, node: str) -> NodeMemory:
        return NodeMemory(self.connection, self.lock, (user, self.scope + account, node))


@dataclass(frozen=True)
class Storage:
    """Everything that outlives the process."""

    path: Path
    threads: Threads
    results: StoredResults
    memories: StoredMemories
    audit: AuditLog
    ledger: StoredLedger

    def checkpoints(self) -> AbstractAsyncContextManager[Checkpoints]:
        """Where each thread stands. Loads LangGraph."""
        from app.checkpoints import checkpoints

        return checkpoints(self.path)


@asynccontextmanager
async def storage(home: Path, user: str, scope: str = "") -> AsyncIterator[Storage]:
    """Open the database under `home`, made private where it is new. Raises StorageError.

    `scope` keeps what nodes remember of one workspace apart from another's.
    """
    path = private_file(home / DATABASE)
    connect = _connector(path)
    try:
        with closing(connect()) as connection, closing(AuditLog(connect)) as audit:
            connection.executescript(_SCHEMA)
            lock = threading.Lock()
            yield Storage(
                path,
                Threads(connection, lock, user),
                StoredResults(connection, lock),
                StoredMemories(connection, lock, scope),
                audit,
                StoredLedger.open(connection, lock, Unsealed(), home / "locks"),
            )
    except sqlite3.DatabaseError as error:
        raise StorageError(
            f"The database {str(path)!r} cannot be used: {error}.",
            "Free some disk space, or move the file away to begin anew; `valet doctor` tells more.",
        ) from error


def private_file(path: Path) -> Path:
    """The file, readable by its owner alone from the moment it exists (0600, its folder 0700). Raises StorageError."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StorageError(
            f"{str(path)!r} cannot be opened for writing: {error.strerror}.",
            "Make the folder writable, or name another one in VALET_HOME.",
        ) from error
    return path


def _connector(path: Path) -> Callable[[], sqlite3.Connection]:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        try:
            for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON"):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    return connect


def config(thread: str, recursion: int) -> dict[str, Any]:
    """The LangGraph config of a thread: its id and the bound on super-steps, and nothing else."""
    return {"configurable": {"thread_id": thread}, "recursion_limit": recursion}
