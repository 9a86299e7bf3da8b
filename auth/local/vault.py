"""The vault: secrets at rest. Law: every record has a key of its own, and opens in its own place only.

A record's key is wrapped by the vault's key, which a rung of the ladder keeps; both ciphertexts are bound to the vault
and to the record's place, so that a record copied elsewhere does not open. There is no way to print what is inside.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from contextlib import AbstractContextManager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auth.local import vault_rotation as rotation
from auth.local.keys import Ladder, RungName
from auth.local.lock import Waits, alone
from auth.local.vault_cipher import Altered, Cipher, DataKeys, about_data_key, about_record, aead, bound, close, open_
from auth.local.vault_error import Damaged, KeyGone
from auth.local.vault_file import VaultFile, VaultKey, key_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_PUT = "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?, ?, 0.0)"
_GET = """
SELECT wrapped, value, begun FROM records
WHERE realm = ? AND user = ? AND connection = ? AND account = ? AND capability = ?
"""
_DELETE = "DELETE FROM records WHERE realm = ? AND user = ? AND connection = ? AND account = ? AND capability = ?"
_MARK = """
UPDATE records SET begun = ? WHERE realm = ? AND user = ? AND connection = ? AND account = ? AND capability = ?
"""
_PLACES = "SELECT realm, user, connection, account, capability FROM records WHERE realm = ? AND user = ?"


@dataclass(frozen=True, order=True)
class Place:
    """Where a record belongs. `realm` is "own", or the demo workspace's name: made-up grants never meet real ones."""

    realm: str
    user: str
    connection: str
    account: str
    capability: str


@dataclass(frozen=True, eq=False)
class Record:
    """What `get` gives. `begun`: when a change was begun that nobody completed, else 0.0 (seconds since the epoch)."""

    value: bytes
    begun: float

    def __repr__(self) -> str:
        return f"Record({len(self.value)} bytes, begun={self.begun})"


class Vault:
    """An open vault; safe to use from any thread, and beside other processes. Every method raises VaultError."""

    def __init__(self, file: VaultFile, ladder: Ladder) -> None:
        self._file, self._ladder = file, ladder
        with file.reading() as db:
            row = self._about(db)
        # Out of the transaction, because a person may take a while to type a passphrase.
        self._held = row.place.key, rotation.fetched(ladder, row)
        self.rung = row.rung

    @classmethod
    def open(cls, path: Path, ladder: Ladder) -> Vault:
        """The vault in this file, made where there is none, with a key on the best rung of the ladder.

        Takes 0.1 to 0.3 seconds where a passphrase is used. Raises NoKey, WrongKey, Damaged, Unwritable, Busy.
        """
        file = VaultFile(path)
        try:
            with file.reading() as db:
                missing = key_of(db) is None
            if missing:
                with alone(rotation.lock_of(path)):
                    rotation.found(file, ladder)
            elif rotation.strays(file):
                rotation.sweep_if_free(file, ladder)
            return cls(file, ladder)
        except BaseException:
            file.close()
            raise

    def put(self, place: Place, value: bytes) -> None:
        """Durable when this returns; completes what `begin` began."""
        names = astuple(place)
        with self._file.writing() as db:
            kek, vault = self._key(db)
            key = os.urandom(32)
            wrapped = close(kek, key, about_record("key", vault, *names))
            closed = close(aead(key), value, about_record("value", vault, *names))
            db.execute(_PUT, (*names, wrapped, closed))

    def get(self, place: Place) -> Record | None:
        """Raises Damaged where the record was altered, or is another place's."""
        names = astuple(place)
        with self._file.reading() as db:
            kek, vault = self._key(db)
            found = db.execute(_GET, names).fetchone()
        if found is None:
            return None
        wrapped, closed, begun = found
        try:
            key = open_(kek, wrapped, about_record("key", vault, *names))
            return Record(open_(aead(key), closed, about_record("value", vault, *names)), begun)
        except Altered:
            raise Damaged(
                f"What the vault keeps for {place.connection} ({place.account}) was altered, or is another account's.",
                f"`valet disconnect {place.connection}`, then `valet connect {place.connection}`.",
            ) from None

    def delete(self, place: Place) -> None:
        """Gone with its key; it need not have been there."""
        with self._file.writing() as db:
            db.execute(_DELETE, astuple(place))

    def places(self, realm: str, user: str) -> tuple[Place, ...]:
        """Every place of a person's that holds something."""
        with self._file.reading() as db:
            return tuple(sorted(Place(*row) for row in db.execute(_PLACES, (realm, user))))

    def begin(self, place: Place) -> None:
        """Say that the record is about to be replaced by what is not known yet: `put` or `cancel` ends it."""
        self._mark(place, time.time())

    def cancel(self, place: Place) -> None:
        """What was begun did not happen; the record is good as it is."""
        self._mark(place, 0.0)

    def exclusive(self, place: Place) -> AbstractContextManager[None]:
        """Alone with this place, among threads and processes; freed when the holder dies. Not reentrant."""
        digest = hashlib.sha256(bound(*astuple(place))).hexdigest()[:32]
        return alone(self._file.path.with_name("locks") / digest)

    def data_key(self, purpose: str) -> Cipher:
        """The cipher of a purpose ("checkpoints"); its keys are made when it is first asked for."""
        return Cipher(purpose, self._current, lambda: self._data_keys(purpose))

    def rotate(self, to: RungName | None = None, waits: Waits | None = None) -> RungName:
        """A new key for the vault, on another rung where one is named; gives the rung. Data keys are renewed too.
        `waits` is told whoever has to be waited for.

        Killed at any point, the vault opens with the old key or with the new one, and loses nothing.
        """
        with alone(rotation.lock_of(self._file.path), waits=waits):
            with self._file.reading() as db:
                old, _ = self._key(db)
            row, new = rotation.rotate(self._file, self._ladder, old, to or self.rung)
            self._held, self.rung = (row.place.key, new), row.rung
        return self.rung

    def close(self) -> None:
        self._file.close()

    def _mark(self, place: Place, begun: float) -> None:
        with self._file.writing() as db:
            db.execute(_MARK, (begun, *astuple(place)))

    def _about(self, db: sqlite3.Connection) -> VaultKey:
        row = key_of(db)
        if row is None:
            raise KeyGone
        return row

    def _key(self, db: sqlite3.Connection) -> tuple[AESGCM, str]:
        """The vault's key and id; fetched anew where another process changed it."""
        row = self._about(db)
        if self._held[0] != row.place.key:
            self._held, self.rung = (row.place.key, rotation.fetched(self._ladder, row)), row.rung
        return self._held[1], row.place.vault

    def _current(self) -> str:
        with self._file.reading() as db:
            row = key_of(db)
        return row.place.key if row else ""

    def _data_keys(self, purpose: str) -> DataKeys:
        with self._file.writing() as db:
            kek, vault = self._key(db)
            if not db.execute("SELECT 1 FROM data_keys WHERE purpose = ?", (purpose,)).fetchone():
                rotation.add_data_key(db, kek, vault, purpose)
            rows = db.execute("SELECT id, wrapped FROM data_keys WHERE purpose = ? ORDER BY seq", (purpose,)).fetchall()
            held = self._held[0]
        try:
            return DataKeys(held, {i: open_(kek, w, about_data_key(vault, purpose, i)) for i, w in rows})
        except Altered:
            raise Damaged(
                f"The vault's key for {purpose} was altered.",
                "Put back a copy of the vault, or `valet vault wipe` to begin anew.",
            ) from None
