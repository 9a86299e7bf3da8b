"""Making, replacing and destroying the vault's key. Law: at every moment exactly one key opens the vault, or none.

A key that is about to be made, or was replaced, is noted as a stray before anything happens to it; whoever comes next
removes the strays a kill has left. All this is done by one process at a time, which holds `lock_of` the vault.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auth.local.keys import KEY_BYTES, KeyPlace, Ladder, Rung, RungName
from auth.local.lock import Waits, alone, held
from auth.local.vault_cipher import ID, Altered, about_data_key, about_record, aead, bound, close, open_
from auth.local.vault_error import Damaged, NoKey, NoKeyring, VaultError
from auth.local.vault_file import VaultFile, VaultKey, forget_key, key_of, look, set_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_RECORDS = "SELECT rowid, wrapped, realm, user, connection, account, capability FROM records"


@dataclass(frozen=True)
class Wiped:
    """What `wipe` did. `left`: rungs that did not answer and still hold a key, which opens nothing any more."""

    left: tuple[RungName, ...]


def lock_of(path: Path) -> Path:
    """The lock file of whoever changes the vault's key."""
    return path.with_suffix(".lock")


def found(file: VaultFile, ladder: Ladder) -> None:
    """Give a new vault its key, unless another process did so meanwhile."""
    with file.reading() as db:
        if key_of(db) is not None:
            return
    sweep(file, ladder)
    rung = ladder.choose()
    place = _announced(file, secrets.token_hex(8), rung)
    key = aead(rung.make(place))
    with file.writing() as db:
        set_key(db, _sealed(key, place, rung))
        _known(db, place)


def rotate(file: VaultFile, ladder: Ladder, old: AESGCM, to: RungName) -> tuple[VaultKey, AESGCM]:
    """Wrap everything anew; gives the new key. The one commit in the middle is the moment at which the key changes."""
    sweep(file, ladder)
    rung = ladder.rung(to)
    with file.reading() as db:
        before = key_of(db)
    if before is None:
        raise NoKey("The vault was wiped meanwhile.", "Begin anew with `valet chat`.")
    _there(rung)
    place = _announced(file, before.place.vault, rung)
    new = aead(rung.make(place))
    row = _sealed(new, place, rung)
    with file.writing() as db:
        _rewrap(db, before.place.vault, old, new)
        set_key(db, row)
        _known(db, place)
        _note(db, before.place, before.rung)
    sweep(file, ladder)
    return row, new


def wipe(path: Path, ladder: Ladder, waits: Waits | None = None) -> Wiped:
    """Destroy the key and every record; needs no key, and takes a damaged file away. Raises Unwritable, Busy.

    The records go first, so that a wipe that was killed has either not begun or left nothing readable.
    """
    with alone(lock_of(path), waits=waits):
        try:
            with closing(VaultFile(path)) as file:
                return Wiped(_emptied(file, ladder))
        except Damaged:
            _remove(path)
            return Wiped(())


def strays(file: VaultFile) -> list[tuple[KeyPlace, RungName]]:
    """Keys that are not the vault's, or no longer, and may still be kept somewhere."""
    with file.reading() as db:
        rows = db.execute("SELECT vault, id, rung FROM strays").fetchall()
    return [(KeyPlace(vault, key, b""), rung) for vault, key, rung in rows]


def sweep(file: VaultFile, ladder: Ladder, wiped: str = "") -> tuple[RungName, ...]:
    """Remove the strays; gives the rungs that did not answer. Only while holding `lock_of` the vault.

    A keyring that is not here at all is one of them for the key that was `wiped` just now alone: another may be noted
    that was announced and never made, or was told of before. Its note stays, should there be a keyring later.
    """
    left: list[RungName] = []
    for place, name in strays(file):
        try:
            ladder.rung(name).forget(place)
        except NoKeyring:
            left += [name] if place.key == wiped else []
        except VaultError:
            left.append(name)
        else:
            with file.writing() as db:
                _known(db, place)
    return tuple(left)


def sweep_if_free(file: VaultFile, ladder: Ladder) -> None:
    """Remove the strays, unless someone is at work on the key just now."""
    with held(lock_of(file.path)) as mine:
        if mine:
            sweep(file, ladder)


def fetched(ladder: Ladder, row: VaultKey) -> AESGCM:
    """The vault's key from its rung. Raises NoKey, WrongKey."""
    rung = ladder.rung(row.rung)
    for raw in rung.keys(row.place):
        key = aead(raw)
        try:
            open_(key, row.seal, _about_seal(row.place))
        except Altered:
            continue
        return key
    raise rung.wrong()


def try_key(path: Path, ladder: Ladder) -> None:
    """Fetch the key and see whether it fits; changes nothing. Raises VaultError."""
    row = look(path)
    if row is not None:
        fetched(ladder, row)


def add_data_key(db: sqlite3.Connection, kek: AESGCM, vault: str, purpose: str) -> None:
    """A new key for a purpose, which encrypts from now on; the older ones still decrypt."""
    key_id = os.urandom(ID)
    wrapped = close(kek, os.urandom(KEY_BYTES), about_data_key(vault, purpose, key_id))
    db.execute("INSERT INTO data_keys (purpose, id, wrapped) VALUES (?, ?, ?)", (purpose, key_id, wrapped))


def _there(rung: Rung) -> None:
    """A key that is announced for a keyring which is not there could not be removed again either. Raises NoKey."""
    if rung.name == "keyring" and (why := rung.lacks()):
        raise NoKey(f"No key can be kept in the keyring: {why}.", "Start or unlock the keyring of your desktop.")


def _announced(file: VaultFile, vault: str, rung: Rung) -> KeyPlace:
    place = KeyPlace(vault, secrets.token_hex(8), os.urandom(16))
    with file.writing() as db:
        _note(db, place, rung.name)
    return place


def _sealed(key: AESGCM, place: KeyPlace, rung: Rung) -> VaultKey:
    return VaultKey(place, rung.name, close(key, b"", _about_seal(place)), time.time())


def _about_seal(place: KeyPlace) -> bytes:
    return bound("vault key", place.vault, place.key, place.salt.hex())


def _rewrap(db: sqlite3.Connection, vault: str, old: AESGCM, new: AESGCM) -> None:
    for rowid, wrapped, *place in db.execute(_RECORDS).fetchall():
        about = about_record("key", vault, *place)
        db.execute("UPDATE records SET wrapped = ? WHERE rowid = ?", (_again(wrapped, about, old, new), rowid))
    purposes = set()
    for seq, purpose, key_id, wrapped in db.execute("SELECT seq, purpose, id, wrapped FROM data_keys").fetchall():
        about = about_data_key(vault, purpose, key_id)
        db.execute("UPDATE data_keys SET wrapped = ? WHERE seq = ?", (_again(wrapped, about, old, new), seq))
        purposes.add(purpose)
    for purpose in sorted(purposes):
        add_data_key(db, new, vault, purpose)


def _again(wrapped: bytes, about: bytes, old: AESGCM, new: AESGCM) -> bytes:
    try:
        return close(new, open_(old, wrapped, about), about)
    except Altered:
        return wrapped  # it opens no more than before: damage is told where it is used, and must not hold up the rest


def _note(db: sqlite3.Connection, place: KeyPlace, rung: RungName) -> None:
    db.execute("INSERT INTO strays VALUES (?, ?, ?)", (place.vault, place.key, rung))


def _known(db: sqlite3.Connection, place: KeyPlace) -> None:
    db.execute("DELETE FROM strays WHERE vault = ? AND id = ?", (place.vault, place.key))


def _emptied(file: VaultFile, ladder: Ladder) -> tuple[RungName, ...]:
    with file.writing() as db:
        row = key_of(db)
        if row is not None:
            _note(db, row.place, row.rung)
        forget_key(db)
    left = sweep(file, ladder, row.place.key if row else "")
    file.clean()
    return left


def _remove(path: Path) -> None:
    """A damaged vault, and the keys beside it."""
    for file in (path, path.with_name(f"{path.name}-journal"), *path.parent.glob("vault-*.key")):
        file.unlink(missing_ok=True)
