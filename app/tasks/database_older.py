"""Takes over a file from before tasks were encrypted. Law: all of it or nothing, and no clear text is left."""

from __future__ import annotations

import sqlite3

from app.storage_form import brought_to, form_of, wipe_left
from app.tasks.sealing import Content, Seal, source_names
from app.tasks.task import TaskSource

FORM = 1
"""The form of the file, in its `user_version`. 0 is a new one, or one in clear text."""
_TABLES = ("tasks", "answers")


def take_over(connection: sqlite3.Connection, seal: Seal, schema: tuple[str, ...]) -> None:
    """Make the tables as `schema` has them, and encrypt what an older form held. Raises sqlite3.Error, StorageError."""
    with brought_to(connection, FORM):
        older = form_of(connection) < FORM and _has(connection, "tasks")
        for table in _TABLES if older else ():
            connection.execute(f"ALTER TABLE {table} RENAME TO older_{table}")
        if older:  # or the new table's indexes would find their names taken
            connection.execute("DROP INDEX IF EXISTS tasks_in_order")
            connection.execute("DROP INDEX IF EXISTS tasks_once_from_a_source")
        for statement in schema:
            connection.execute(statement)
        if older:
            _tasks(connection, seal)
            _answers(connection, seal)
        for table in _TABLES if older else ():
            connection.execute(f"DROP TABLE older_{table}")
    if older:
        wipe_left(connection)


def _has(connection: sqlite3.Connection, table: str) -> bool:
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()
    return found is not None


def _tasks(connection: sqlite3.Connection, seal: Seal) -> None:
    for row in connection.execute("SELECT * FROM older_tasks").fetchall():
        source = _source(row)
        content = Content(row["title"], row["notes"], source).closed(seal, row["user"], row["id"])
        times = (row["due"], row["day"], row["instant"], row["rank"], row["done"])
        told = (row["created"], row["updated"], row["revision"], row["deleted"])
        values = (row["id"], row["user"], content, *times, *source_names(seal, source), *told)
        connection.execute("INSERT INTO tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)


def _source(row: sqlite3.Row) -> TaskSource | None:
    if row["source_kind"] is None:
        return None
    return TaskSource(**{name: row[f"source_{name}"] for name in ("kind", "id", "item", "label", "link")})


def _answers(connection: sqlite3.Connection, seal: Seal) -> None:
    for row in connection.execute("SELECT * FROM older_answers").fetchall():
        body = seal.encrypt(row["body"].encode(), f"{row['user']} {row['key']}".encode())
        request = seal.name("request", row["request"]).hex()
        values = (row["user"], row["key"], request, row["status"], row["headers"], body, row["given"])
        connection.execute("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?)", values)
