"""AES-256-GCM with fresh nonces, and ciphers of named purposes. Law: what opens is what was closed, or nothing.

A cipher's text names its key, so that a key can be replaced while what the old one closed stays readable.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from auth.local.vault_error import Damaged, KeyGone

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE, ID, FORMAT = 12, 8, b"\x01"


class Altered(Exception):
    """The bytes do not open with this key in this place. Whoever knows what they are says so in its own words."""


def bound(*names: str) -> bytes:
    """Associated data of these names; no two lists of names give the same."""
    return json.dumps(names, ensure_ascii=True, separators=(",", ":")).encode()


def about_record(part: Literal["key", "value"], vault: str, *place: str) -> bytes:
    """What a record's wrapped key, or its value, is bound to."""
    return bound("record", part, vault, *place)


def about_data_key(vault: str, purpose: str, key_id: bytes) -> bytes:
    return bound("data key", vault, purpose, key_id.hex())


def aead(key: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def close(key: AESGCM, plain: bytes, about: bytes) -> bytes:
    """Nonce and ciphertext."""
    nonce = os.urandom(NONCE)
    return nonce + key.encrypt(nonce, plain, about)


def open_(key: AESGCM, closed: bytes, about: bytes) -> bytes:
    """The plain bytes. Raises Altered."""
    from cryptography.exceptions import InvalidTag

    try:
        return key.decrypt(closed[:NONCE], closed[NONCE:], about)
    except (InvalidTag, ValueError):
        raise Altered from None


@dataclass(frozen=True, eq=False)
class DataKeys:
    """The keys of one purpose by id, oldest first; the newest encrypts. `vault_key` wraps them."""

    vault_key: str
    by_id: dict[bytes, bytes] = field(repr=False)

    @property
    def newest(self) -> bytes:
        return next(reversed(self.by_id))


class Cipher:
    """Encrypts for one purpose. Made by `Vault.data_key`; safe to use from any thread.

    `current` gives the id of the vault's key ("" after a wipe), `load` the data keys wrapped with it.
    """

    def __init__(self, purpose: str, current: Callable[[], str], load: Callable[[], DataKeys]) -> None:
        self._purpose, self._current, self._load = purpose, current, load
        self._keys = load()
        self._open = {key_id: aead(key) for key_id, key in self._keys.by_id.items()}
        first = next(iter(self._keys.by_id.values()))
        self._naming = hmac.digest(first, bound("names", purpose), "sha256")

    def encrypt(self, plain: bytes, about: bytes = b"") -> bytes:
        """Closed, bound to `about`: it opens with the same only. Raises KeyGone after a wipe, VaultError."""
        if self._current() != self._keys.vault_key:
            self._reload()
        newest = self._keys.newest
        return FORMAT + newest + close(self._open[newest], plain, self._bound(newest, about))

    def decrypt(self, closed: bytes, about: bytes = b"") -> bytes:
        """Raises KeyGone where its key is gone, Damaged where it is not what was encrypted."""
        key_id = closed[1 : 1 + ID]
        if closed[:1] != FORMAT or len(closed) < 1 + ID + NONCE:
            raise self._damaged()
        if key_id not in self._open:
            self._reload()
        if key_id not in self._open:
            raise KeyGone
        try:
            return open_(self._open[key_id], closed[1 + ID :], self._bound(key_id, about))
        except Altered:
            raise self._damaged() from None

    def name(self, *names: str) -> bytes:
        """A digest to look something up by, which says nothing to whoever lacks the key; the same for ever."""
        return hmac.digest(self._naming, bound(*names), hashlib.sha256)

    def _bound(self, key_id: bytes, about: bytes) -> bytes:
        return bound("data", self._purpose, key_id.hex()) + about

    def _reload(self) -> None:
        self._keys = self._load()
        self._open = {key_id: aead(key) for key_id, key in self._keys.by_id.items()}

    def _damaged(self) -> Damaged:
        return Damaged(
            f"Something kept for {self._purpose} was altered after it was written, or is not ours.",
            "Begin a new conversation; if it happens again, move valet.db away to begin anew.",
        )
