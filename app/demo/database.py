"""One SQLite file behind one lock: the only place of the demo workspace that talks SQL to a connection."""

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Row = tuple[Any, ...]


class Database:
    """Statements on one connection, safe from any thread; outside `transaction()` each commits by itself."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)

    def settle(self) -> None:
        """Commit to the journal alone: a power cut may cost the last seconds, never the file."""
        self.run("PRAGMA synchronous = NORMAL")

    @staticmethod
    def make_private(path: Path) -> None:
        """Create the file readable by its owner alone; SQLite gives its side files the same mode.

        Raises FileExistsError.
        """
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))

    def write_ahead(self) -> None:
        """Choose the journal that lets another process read while this one writes."""
        self.run("PRAGMA journal_mode = WAL")

    def rows(self, sql: str, *values: object) -> list[Row]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> Row | None:
        with self._lock:
            found: Row | None = self._connection.execute(sql, values).fetchone()
            return found

    def value(self, sql: str, *values: object) -> Any:
        """The first column of the first row, or None."""
        found = self.row(sql, *values)
        return found[0] if found else None

    def run(self, sql: str, *values: object) -> int:
        """Execute one statement; answer how many rows it changed."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    def insert(self, sql: str, *values: object) -> int:
        """Execute one INSERT; answer the new rowid."""
        with self._lock:
            return self._connection.execute(sql, values).lastrowid or 0

    def many(self, sql: str, values: Iterable[Row]) -> None:
        with self._lock:
            self._connection.executemany(sql, values)

    def fold_journal(self) -> None:
        """Bring everything into the one file. Raises sqlite3.OperationalError where there is no room."""
        busy, _, _ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise sqlite3.OperationalError("the journal is in use")

    def drop_tables(self) -> None:
        """Take out every table; the virtual ones first, which take their own tables along."""
        virtual = "sql LIKE 'CREATE VIRTUAL%'"
        for which in (virtual, f"NOT {virtual}"):
            listed = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND "
            for (name,) in self.rows(listed + which):
                self.run(f'DROP TABLE "{name}"')

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is committed together, or not at all; an inner one joins the outer one."""
        with self._lock:
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._leave("ROLLBACK")
                raise
            self._leave("COMMIT")

    def _leave(self, ending: str) -> None:
        self._depth -= 1
        if self._depth == 0 and self._connection.in_transaction:  # on a full disk SQLite has rolled back itself
            self._connection.execute(ending)

    def close(self) -> None:
        with self._lock:
            self._connection.close()
