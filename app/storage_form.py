"""Brings an SQLite file into a newer form. Law: all of it or nothing, and no older bytes are left in free pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


def form_of(connection: sqlite3.Connection) -> int:
    """The form of the file, in its `user_version`; 0 for a new one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def brought_to(connection: sqlite3.Connection, form: int) -> Iterator[None]:
    """What is done within is kept together with the new form, or not at all; no other process writes meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute(f"PRAGMA user_version = {form}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def wipe_left(connection: sqlite3.Connection) -> None:
    """Write the file anew without what was deleted from it, and empty its log."""
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
