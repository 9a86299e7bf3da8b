"""The vault's file: SQLite, private, every commit on the disk. Law: keys and values in it are ciphertext, always.

In clear are the names of places (realm, user, connection, account, capability), when a refresh was begun, and the kind
of the vault's key. No write-ahead log is kept: what is in the file's head is true, and nothing old stays behind.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from auth.local.keys import RUNGS, KeyPlace, RungName
from auth.local.vault_error import Busy, Damaged, Unwritable, VaultError

FORM = 1
MARK = 0x56414C00
"""The application id in the file's head; the last byte is the rung of the vault's key."""
HEAD = slice(68, 72)

_SCHEMA = """
CREATE TABLE vault_key (
    vault TEXT NOT NULL, id TEXT NOT NULL, rung TEXT NOT NULL, salt BLOB NOT NULL, seal BLOB NOT NULL,
    made REAL NOT NULL
) STRICT;
CREATE TABLE strays (vault TEXT NOT NULL, id TEXT NOT NULL, rung TEXT NOT NULL) STRICT;
CREATE TABLE data_keys (
    seq INTEGER PRIMARY KEY, purpose TEXT NOT NULL, id BLOB NOT NULL UNIQUE, wrapped BLOB NOT NULL
) STRICT;
CREATE TABLE records (
    realm TEXT NOT NULL, user TEXT NOT NULL, connection TEXT NOT NULL, account TEXT NOT NULL, capability TEXT NOT NULL,
    wrapped BLOB NOT NULL, value BLOB NOT NULL, begun REAL NOT NULL,
    PRIMARY KEY (realm, user, connection, account, capability)
) STRICT;
"""
FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}


@dataclass(frozen=True)
class VaultKey:
    """The row about the key: where it is kept, and a seal that only the right one opens."""

    place: KeyPlace
    rung: RungName
    seal: bytes
    made: float


class VaultFile:
    """The open file. Raises Damaged, Unwritable, Busy; safe to use from any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        _private(path)
        with self._told():
            self._connection = _connected(path)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One moment of the file, whatever other processes write meanwhile."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, on the disk when the block ends, and nothing of it where the block raises."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock, self._told():
            self._connection.execute(begin)
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # the first error is the one to be told
                    self._connection.rollback()
                raise

    def clean(self) -> None:
        """Give back the pages of what was deleted."""
        with self._lock, self._told():
            self._connection.execute("VACUUM")

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.ProgrammingError:  # a bug of ours
            raise
        except sqlite3.DatabaseError as error:
            raise told(self.path, error) from error


def key_of(db: sqlite3.Connection) -> VaultKey | None:
    """The vault's key; None in a new or wiped vault."""
    row = db.execute("SELECT vault, id, salt, rung, seal, made FROM vault_key").fetchone()
    return VaultKey(KeyPlace(*row[:3]), row[3], row[4], row[5]) if row else None


def set_key(db: sqlite3.Connection, key: VaultKey) -> None:
    """The one key there is, from now on."""
    db.execute("DELETE FROM vault_key")
    about = (key.place.vault, key.place.key, key.rung, key.place.salt, key.seal, key.made)
    db.execute("INSERT INTO vault_key VALUES (?, ?, ?, ?, ?, ?)", about)
    db.execute(f"PRAGMA application_id = {MARK + RUNGS.index(key.rung)}")


def forget_key(db: sqlite3.Connection) -> None:
    """The vault has no key from now on, and nothing that one could open."""
    for table in ("vault_key", "records", "data_keys"):
        db.execute(f"DELETE FROM {table}")  # noqa: S608 - three fixed names
    db.execute("PRAGMA application_id = 0")


@dataclass(frozen=True)
class About:
    """What can be said of a vault without its key. `made` is when the key was, in seconds since the epoch."""

    rung: RungName
    made: float
    records: int
    strays: int


def about(path: Path) -> About | None:
    """Looks and changes nothing; None where there is no vault, or it was wiped. Raises Damaged, Unwritable, Busy."""
    with _looking(path) as db:
        key = key_of(db) if db else None
        if db is None or key is None:
            return None
        count = "SELECT (SELECT count(*) FROM records), (SELECT count(*) FROM strays)"
        return About(key.rung, key.made, *db.execute(count).fetchone())


def look(path: Path) -> VaultKey | None:
    """The row about the key; looks and changes nothing. Raises as `about` does."""
    with _looking(path) as db:
        return key_of(db) if db else None


@contextmanager
def _looking(path: Path) -> Iterator[sqlite3.Connection | None]:
    if not path.exists():
        yield None
        return
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as db:
            yield db if db.execute("SELECT 1 FROM sqlite_master").fetchone() else None
    except sqlite3.DatabaseError as error:
        raise told(path, error) from error


def rung_of(path: Path) -> RungName | None:
    """The kind of key a vault has, from the file's first bytes; None where there is no vault."""
    try:
        with path.open("rb") as file:
            mark = int.from_bytes(file.read(HEAD.stop)[HEAD], "big") - MARK
    except FileNotFoundError:
        return None
    return RUNGS[mark] if 0 <= mark < len(RUNGS) else None


def told(path: Path, error: sqlite3.DatabaseError) -> VaultError:
    """What SQLite's error means."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if code in FULL:
        said = f"The vault {str(path)!r} cannot be written: {error}. Nothing was changed."
        return Unwritable(said, "Free some disk space, or make the folder writable.")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Busy("Another Valet is writing the vault and does not finish.", "End it, and try again.")
    return Damaged(
        f"The vault {str(path)!r} is damaged: {error}.",
        "Put back a copy of it, or `valet vault wipe` to begin anew and connect your accounts again.",
    )


def _private(path: Path) -> None:
    """The file, its owner's alone from the moment it exists."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            if os.fstat(handle).st_mode & 0o077:  # a copy, made with another umask
                os.fchmod(handle, 0o600)
        finally:
            os.close(handle)
    except OSError as error:
        raise Unwritable(
            f"The vault {str(path)!r} cannot be opened for writing: {error.strerror}.",
            "Make the folder writable, or name another one in VALET_HOME.",
        ) from error


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
    try:
        for pragma in ("synchronous = FULL", "secure_delete = ON", "journal_mode = DELETE"):
            connection.execute(f"PRAGMA {pragma}")
        form = connection.execute("PRAGMA user_version").fetchone()[0]
        if form > FORM:
            raise Damaged("The vault was made by a newer Valet.", "Use that one, or name another VALET_HOME.")
        if form == 0:
            _set_up(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute("PRAGMA user_version").fetchone()[0] == 0:  # else another process was faster
        for statement in _SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {FORM}")
    connection.execute("COMMIT")
