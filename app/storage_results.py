"""What the turns of a thread gave, on SQLite, encrypted. Law: of an answer's digest only a keyed one is on disk."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from app.storage_seal import VaultSeal
from graphs.parts import Result

if TYPE_CHECKING:
    from langchain_core.messages import AnyMessage

_TABLES = (
    """
CREATE TABLE IF NOT EXISTS results (
    thread TEXT NOT NULL, call TEXT NOT NULL, result BLOB NOT NULL, PRIMARY KEY (thread, call)
) STRICT
""",
    """
CREATE TABLE IF NOT EXISTS turns (
    thread TEXT NOT NULL, number INTEGER NOT NULL, turn BLOB NOT NULL, PRIMARY KEY (thread, number)
) STRICT
""",
)
_ANSWERS = "CREATE TABLE answers (mark BLOB PRIMARY KEY) STRICT, WITHOUT ROWID"
ANY = ""


class StoredResults:
    """Results by thread and call, the marks of the answers the graph gave, and the turns that left the state."""

    def __init__(self, connection: sqlite3.Connection, lock: threading.Lock, seal: VaultSeal) -> None:
        self._connection, self._lock, self._seal = connection, lock, seal
        for table in _TABLES:
            connection.execute(table)
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'answers'").fetchone():
            self._begin()

    def _begin(self) -> None:
        """Begin to mark answers. Those of calls from before are taken as they stand."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            if not self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'answers'").fetchone():
                older = self._connection.execute("SELECT thread, call FROM results").fetchall()
                self._connection.execute(_ANSWERS)
                marks = ((self._mark(thread, call, ANY),) for thread, call in older)
                self._connection.executemany("INSERT INTO answers VALUES (?)", marks)
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.rollback()
            raise

    @cached_property
    def _shape(self) -> TypeAdapter[Result]:
        return TypeAdapter(Result)

    def put(self, thread: str, call: str, result: Result) -> None:
        sealed = self._seal.encrypt(self._shape.dump_json(result), f"{thread} {call}".encode())
        row = (thread, call, sealed)
        with self._lock:
            self._connection.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?)", row)

    def get(self, thread: str, call: str) -> Result | None:
        with self._lock:
            row = self._connection.execute(
                "SELECT result FROM results WHERE thread = ? AND call = ?", (thread, call)
            ).fetchone()
        if row is None:
            return None
        return self._shape.validate_json(self._seal.decrypt(row[0], f"{thread} {call}".encode()))

    def knows(self, thread: str, call: str) -> bool:
        asked = "SELECT 1 FROM results WHERE thread = ? AND call = ?"
        with self._lock:
            return self._connection.execute(asked, (thread, call)).fetchone() is not None

    def bind(self, thread: str, digests: Mapping[str, str]) -> None:
        marks = [(self._mark(thread, call, digest),) for call, digest in digests.items()]
        with self._lock:
            self._connection.executemany("INSERT OR IGNORE INTO answers VALUES (?)", marks)

    def bound(self, thread: str, digests: Mapping[str, str]) -> set[str]:
        marks = {self._mark(thread, call, one): call for call, digest in digests.items() for one in (digest, ANY)}
        asked = "SELECT 1 FROM answers WHERE mark = ?"
        with self._lock:
            return {call for mark, call in marks.items() if self._connection.execute(asked, (mark,)).fetchone()}

    def _mark(self, thread: str, call: str, digest: str) -> bytes:
        return self._seal.name(thread, call, digest)

    def leave(self, thread: str, number: int, turn: Sequence[AnyMessage]) -> None:
        from langchain_core.messages import messages_to_dict

        plain = json.dumps(messages_to_dict(list(turn)), ensure_ascii=False).encode()
        row = (thread, number, self._seal.encrypt(plain, _about(thread, number)))
        with self._lock:
            self._connection.execute("INSERT OR REPLACE INTO turns VALUES (?, ?, ?)", row)

    def left(self, thread: str) -> list[list[AnyMessage]]:
        from langchain_core.messages import messages_from_dict

        with self._lock:
            rows = self._connection.execute(
                "SELECT number, turn FROM turns WHERE thread = ? ORDER BY number", (thread,)
            ).fetchall()
        opened = (self._seal.decrypt(turn, _about(thread, number)) for number, turn in rows)
        return [messages_from_dict(json.loads(turn)) for turn in opened]  # type: ignore[misc]  # each is one of AnyMessage


def _about(thread: str, number: int) -> bytes:
    """No name of a call has a NUL."""
    return f"turn\0{thread}\0{number}".encode()
