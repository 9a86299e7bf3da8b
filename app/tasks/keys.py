"""Where the authorization server's own secrets are kept. Law: made once, and kept in the vault alone."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from typing import Protocol

from auth.local.vault import Place, Vault

CLIENT_ID = "valet"
CLIENT_SECRET, SIGNING_KEY = "tasks-client-secret", "tasks-signing-key"


class KeyStore(Protocol):
    """Keeps a few secrets by name; safe to use from many threads and processes."""

    def get(self, name: str) -> bytes | None: ...

    def put_new(self, name: str, value: bytes) -> bytes:
        """Keep the value unless the name has one already; gives the one that is kept."""
        ...


class MemoryKeys:
    """Secrets for the life of the process."""

    def __init__(self) -> None:
        self._values: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def get(self, name: str) -> bytes | None:
        return self._values.get(name)

    def put_new(self, name: str, value: bytes) -> bytes:
        with self._lock:
            return self._values.setdefault(name, value)


@dataclass(frozen=True)
class VaultKeys:
    """Secrets in the vault, in a realm that no account's grants are in. Raises VaultError."""

    vault: Vault

    def get(self, name: str) -> bytes | None:
        record = self.vault.get(_place(name))
        return record.value if record else None

    def put_new(self, name: str, value: bytes) -> bytes:
        with self.vault.exclusive(_place(name)):
            kept = self.get(name)
            if kept is None:
                self.vault.put(_place(name), value)
            return kept or value


def _place(name: str) -> Place:
    return Place("valet", "", "tasks", "", name)


def client_secret(keys: KeyStore) -> str:
    """What proves to the authorization server that the operating system's user is asking.

    Anybody on the machine can reach a loopback port; only that user can read this.
    """
    kept = keys.get(CLIENT_SECRET) or keys.put_new(CLIENT_SECRET, secrets.token_urlsafe(32).encode())
    return kept.decode()
