"""The SQLite file of the tasks API. Law: a private file, every write in one transaction that other processes wait for.

Tasks, answers already given under an Idempotency-Key, and what the authorization server must remember stand in it: what
a person wrote encrypted with `seal`, tokens and codes as hashes only.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.storage_error import StorageError
from app.tasks.database_older import take_over
from app.tasks.sealing import Seal

WAIT_SECONDS = 20.0
_SCHEMA = (
    """
    CREATE TABLE IF NOT EXISTS tasks (
        id TEXT PRIMARY KEY, user TEXT NOT NULL, content BLOB NOT NULL, due TEXT, day TEXT, instant TEXT,
        rank TEXT NOT NULL, done INTEGER NOT NULL, source_kind TEXT, source_id BLOB, source_item BLOB,
        created TEXT NOT NULL, updated TEXT NOT NULL, revision INTEGER NOT NULL, deleted TEXT
    ) STRICT
    """,
    "CREATE INDEX IF NOT EXISTS tasks_in_order ON tasks (user, rank, id)",
    """
    CREATE UNIQUE INDEX IF NOT EXISTS tasks_once_from_a_source ON tasks (user, source_kind, source_id, source_item)
        WHERE source_kind IS NOT NULL
    """,
    """
    CREATE TABLE IF NOT EXISTS answers (
        user TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, status INTEGER NOT NULL, headers TEXT NOT NULL,
        body BLOB NOT NULL, given REAL NOT NULL, PRIMARY KEY (user, key)
    ) STRICT
    """,
    """
    CREATE TABLE IF NOT EXISTS codes (
        code TEXT PRIMARY KEY, subject TEXT NOT NULL, client TEXT NOT NULL, redirect TEXT NOT NULL,
        challenge TEXT NOT NULL, scope TEXT NOT NULL, nonce TEXT NOT NULL, expires REAL NOT NULL, family TEXT NOT NULL,
        used INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE IF NOT EXISTS refresh_tokens (
        token TEXT PRIMARY KEY, family TEXT NOT NULL, subject TEXT NOT NULL, client TEXT NOT NULL, scope TEXT NOT NULL,
        expires REAL NOT NULL, used INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX IF NOT EXISTS refresh_tokens_by_family ON refresh_tokens (family)",
    """
    CREATE TABLE IF NOT EXISTS programs (
        id TEXT PRIMARY KEY, secret TEXT NOT NULL, scope TEXT NOT NULL, expires REAL NOT NULL
    ) STRICT
    """,
    "CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
)


class Database:
    """One connection for the threads of this process.

    Raises OSError or sqlite3.Error where the file is not usable, StorageError where its key is not.
    """

    def __init__(self, path: Path, seal: Seal) -> None:
        self.seal = seal
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        try:
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
                self._connection.execute(f"PRAGMA {pragma}")
            take_over(self._connection, seal, _SCHEMA)
        except (sqlite3.Error, StorageError):
            self._connection.close()
            raise

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is kept together or not at all; no other process writes meanwhile."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._end("ROLLBACK")
                raise
            self._end("COMMIT")

    def _end(self, how: str) -> None:
        if self._connection.in_transaction:  # on a full disk SQLite has rolled back by itself
            self._connection.execute(how)

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        return next(iter(self.rows(sql, *values)), None)

    def run(self, sql: str, *values: object) -> int:
        """Execute one statement; gives how many rows it changed."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    def close(self) -> None:
        with self._lock:
            self._connection.close()
