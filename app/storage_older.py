"""Takes over a database from before conversations were encrypted. Law: all of it or nothing, and no clear text is left.

What nodes remembered is dropped, since they can find it again; everything else is encrypted where it stands.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from app.storage_error import StorageError
from app.storage_form import brought_to, form_of, wipe_left
from app.storage_seal import Seals

FORM = 1
"""The form of the database, in its `user_version`. 0 is a new one, or one in clear text."""


def take_over(connection: sqlite3.Connection, seals: Seals) -> None:
    """Bring the database into today's form. Raises StorageError for one of a newer Valet, sqlite3.DatabaseError."""
    if _form(connection) == FORM:
        return
    with brought_to(connection, FORM):
        older = _form(connection) == 0 and _tables(connection)
        if older:
            _encrypt(connection, seals)
    if older:
        wipe_left(connection)


def _form(connection: sqlite3.Connection) -> int:
    form = form_of(connection)
    if form > FORM:
        raise StorageError("The conversations were kept by a newer Valet.", "Use that one, or another VALET_HOME.")
    return form


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _encrypt(connection: sqlite3.Connection, seals: Seals) -> None:
    steps: dict[str, Callable[[sqlite3.Connection, Seals], None]] = {
        "threads": _threads,
        "results": _results,
        "memories": _memories,
        "checkpoints": _checkpoints,
        "writes": _writes,
        "effects": _effects,
    }
    there = _tables(connection)
    for table, step in steps.items():
        if table in there:
            step(connection, seals)


def _threads(connection: sqlite3.Connection, seals: Seals) -> None:
    rows = connection.execute("SELECT id, user, title, created, updated FROM threads").fetchall()
    connection.execute("DROP TABLE threads")
    connection.execute(
        "CREATE TABLE threads (id TEXT PRIMARY KEY, user TEXT NOT NULL, title BLOB NOT NULL, created TEXT NOT NULL,"
        " updated TEXT NOT NULL) STRICT"
    )
    for name, user, title, created, updated in rows:
        sealed = seals.titles.encrypt(title.encode(), name.encode())
        connection.execute("INSERT INTO threads VALUES (?, ?, ?, ?, ?)", (name, user, sealed, created, updated))


def _results(connection: sqlite3.Connection, seals: Seals) -> None:
    connection.execute("ALTER TABLE results RENAME TO older_results")
    connection.execute(
        "CREATE TABLE results (thread TEXT NOT NULL, call TEXT NOT NULL, result BLOB NOT NULL,"
        " PRIMARY KEY (thread, call)) STRICT"
    )
    for thread, call, result in connection.execute("SELECT thread, call, result FROM older_results"):
        sealed = seals.results.encrypt(result.encode(), f"{thread} {call}".encode())
        connection.execute("INSERT INTO results VALUES (?, ?, ?)", (thread, call, sealed))
    connection.execute("DROP TABLE older_results")


def _memories(connection: sqlite3.Connection, seals: Seals) -> None:
    connection.execute("DROP TABLE memories")


def _checkpoints(connection: sqlite3.Connection, seals: Seals) -> None:
    for (row,) in connection.execute("SELECT rowid FROM checkpoints").fetchall():
        kind, value = connection.execute("SELECT type, checkpoint FROM checkpoints WHERE rowid = ?", (row,)).fetchone()
        sealed = (f"{kind}+vault", seals.checkpoints.encrypt(value), row)
        connection.execute("UPDATE checkpoints SET type = ?, checkpoint = ? WHERE rowid = ?", sealed)


def _writes(connection: sqlite3.Connection, seals: Seals) -> None:
    for row, kind, value in connection.execute("SELECT rowid, type, value FROM writes").fetchall():
        sealed = (f"{kind}+vault", seals.checkpoints.encrypt(value), row)
        connection.execute("UPDATE writes SET type = ?, value = ? WHERE rowid = ?", sealed)


def _effects(connection: sqlite3.Connection, seals: Seals) -> None:
    for name, body, facts in connection.execute("SELECT id, body, facts FROM effects").fetchall():
        sealed = (seals.ledger.encrypt(body, name.encode()), seals.ledger.encrypt(facts, name.encode()), name)
        connection.execute("UPDATE effects SET body = ?, facts = ? WHERE id = ?", sealed)
