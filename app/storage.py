"""What Valet keeps on SQLite: threads, results, audit, usage; checkpoints on demand, since they load LangGraph.

Law: private files, encrypted with keys of the vault, and storage linear in turns.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.ledger import StoredLedger
from app.storage_error import StorageError
from app.storage_older import take_over
from app.storage_results import StoredResults
from app.storage_seal import Seals, Unreadable, VaultSeal
from app.usage import StoredUsage
from auth.audit import AuditLog
from auth.local.vault import Vault

if TYPE_CHECKING:
    from app.checkpoints import Checkpoints

__all__ = ["DATABASE", "Storage", "StorageError", "Thread", "config", "opened", "private_file", "storage"]

DATABASE = "valet.db"
UNREADABLE = "(cannot be read: its key is gone)"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS threads (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, title BLOB NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS memories (place BLOB PRIMARY KEY, value BLOB NOT NULL) STRICT;
"""


@dataclass(frozen=True)
class Thread:
    """One conversation in a list. Times are UTC."""

    id: str
    title: str
    created: datetime
    updated: datetime


class Threads:
    """The conversations of a person, newest first."""

    def __init__(self, connection: sqlite3.Connection, lock: threading.Lock, seal: VaultSeal, user: str) -> None:
        self._connection, self._lock, self._seal, self._user = connection, lock, seal, user

    def touch(self, thread: str, title: str) -> None:
        """The thread was used now; the title is kept from its first request."""
        now = datetime.now(UTC).isoformat()
        sealed = self._seal.encrypt(title[:80].encode(), thread.encode())
        with self._lock:
            self._connection.execute(
                "INSERT INTO threads VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET updated = excluded.updated",
                (thread, self._user, sealed, now, now),
            )

    def list(self, limit: int = 50) -> list[Thread]:
        with self._lock:
            rows = self._connection.execute(
                "SELECT id, title, created, updated FROM threads WHERE user = ? ORDER BY updated DESC LIMIT ?",
                (self._user, limit),
            ).fetchall()
        return [
            Thread(name, self._title(name, title), datetime.fromisoformat(created), datetime.fromisoformat(updated))
            for name, title, created, updated in rows
        ]

    def _title(self, thread: str, sealed: bytes) -> str:
        try:
            return self._seal.decrypt(sealed, thread.encode()).decode()
        except Unreadable:
            return UNREADABLE

    def knows(self, thread: str) -> bool:
        with self._lock:
            found = self._connection.execute(
                "SELECT 1 FROM threads WHERE id = ? AND user = ?", (thread, self._user)
            ).fetchone()
        return found is not None


@dataclass(frozen=True)
class NodeMemory:
    """The memory of one node for one account, on SQLite. Whose it is cannot be read there."""

    connection: sqlite3.Connection
    lock: threading.Lock
    seal: VaultSeal
    place: tuple[str, str, str]

    def get(self, key: str) -> bytes | None:
        """None too where it was encrypted with a key that is gone: the node finds it again."""
        place = self.seal.name(*self.place, key)
        with self.lock:
            row = self.connection.execute("SELECT value FROM memories WHERE place = ?", (place,)).fetchone()
        try:
            return self.seal.decrypt(row[0], place) if row else None
        except Unreadable:
            return None

    def put(self, key: str, value: bytes) -> None:
        place = self.seal.name(*self.place, key)
        sealed = self.seal.encrypt(value, place)
        with self.lock:
            self.connection.execute("INSERT OR REPLACE INTO memories VALUES (?, ?)", (place, sealed))


@dataclass(frozen=True)
class StoredMemories:
    """Every node's memory, apart by user, account and node."""

    connection: sqlite3.Connection
    lock: threading.Lock
    seal: VaultSeal
    scope: str = ""

    def of(self, user: str, account: str, node: str) -> NodeMemory:
        return NodeMemory(self.connection, self.lock, self.seal, (user, self.scope + account, node))


@dataclass(frozen=True)
class Storage:
    """Everything that outlives the process."""

    path: Path
    threads: Threads
    results: StoredResults
    memories: StoredMemories
    audit: AuditLog
    ledger: StoredLedger
    usage: StoredUsage
    vault: Vault
    seals: Seals

    def checkpoints(self) -> AbstractAsyncContextManager[Checkpoints]:
        """Where each thread stands. Loads LangGraph."""
        from app.checkpoints import checkpoints

        return checkpoints(self.path, self.seals.checkpoints)


@asynccontextmanager
async def storage(home: Path, user: str, vault: Vault, scope: str = "") -> AsyncIterator[Storage]:
    """The same as `opened`, for those who run on a loop of their own."""
    with opened(home, user, vault, scope) as kept:
        yield kept


@contextmanager
def opened(home: Path, user: str, vault: Vault, scope: str = "") -> Iterator[Storage]:
    """Open the database under `home`, made private where it is new, and encrypted with keys of the vault.

    One from before there was encryption is encrypted now. Raises StorageError.
    `scope` keeps what nodes remember of one workspace apart from another's.
    """
    path = private_file(home / DATABASE)
    connect = connector(path)
    try:
        with closing(connect()) as connection, closing(AuditLog(connect)) as audit:
            seals, lock = Seals.of(vault), threading.Lock()
            take_over(connection, seals)
            connection.executescript(_SCHEMA)
            yield Storage(
                path,
                Threads(connection, lock, seals.titles, user),
                StoredResults(connection, lock, seals.results),
                StoredMemories(connection, lock, seals.memories, scope),
                audit,
                StoredLedger.open(connection, lock, seals.ledger, home / "locks"),
                StoredUsage(connection, lock, user),
                vault,
                seals,
            )
    except sqlite3.DatabaseError as error:
        raise unusable(path, error) from error


def unusable(path: Path, error: sqlite3.DatabaseError) -> StorageError:
    """What is said of a database that SQLite cannot use."""
    return StorageError(
        f"The database {str(path)!r} cannot be used: {error}.",
        "Free some disk space, or move the file away to begin anew; `valet doctor` tells more.",
    )


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


def connector(path: Path) -> Callable[[], sqlite3.Connection]:
    """Opens connections to the database, in autocommit mode, for any thread."""

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
