"""Encrypts what Valet keeps, with keys from the vault. Law: whatever a person or a service said is ciphertext on disk.

In clear stay ids, times and counts. What was encrypted with a key that is gone is a StorageError that says how to begin
anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.storage_error import StorageError
from auth.local.vault import Vault
from auth.local.vault_cipher import Cipher
from auth.local.vault_error import KeyGone, VaultError


class Unreadable(StorageError):
    """Encrypted with a key that is gone."""


@dataclass(frozen=True)
class VaultSeal:
    """A cipher of the vault; `about` is what the sealed bytes belong to. Raises StorageError."""

    cipher: Cipher

    @classmethod
    def of(cls, vault: Vault, kind: str) -> VaultSeal:
        """The seal of one kind of thing. Raises StorageError."""
        with _told():
            return cls(vault.data_key(kind))

    def encrypt(self, plain: bytes, about: bytes = b"", /) -> bytes:
        with _told():
            return self.cipher.encrypt(plain, about)

    def decrypt(self, closed: bytes, about: bytes = b"", /) -> bytes:
        """Raises Unreadable where its key is gone."""
        with _told():
            return self.cipher.decrypt(closed, about)

    def name(self, *names: str) -> bytes:
        """A digest to look something up by."""
        return self.cipher.name(*names)


@dataclass(frozen=True)
class Seals:
    """One for each kind of thing that is kept."""

    checkpoints: VaultSeal
    results: VaultSeal
    titles: VaultSeal
    memories: VaultSeal
    ledger: VaultSeal

    @classmethod
    def of(cls, vault: Vault) -> Seals:
        """Raises StorageError."""
        kinds = ("checkpoints", "results", "titles", "memories", "ledger")
        return cls(**{kind: VaultSeal.of(vault, kind) for kind in kinds})


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except KeyGone as error:
        raise Unreadable(error.what, error.next) from error
    except VaultError as error:
        raise StorageError(error.what, error.next) from error
