"""Where the authorization server's own secrets are kept. Law: made once, private, and never replaced in silence."""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
from pathlib import Path
from typing import Protocol

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


class FileKeys:
    """Secrets in files that only their owner may read (0600, in a folder 0700)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str) -> bytes | None:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def put_new(self, name: str, value: bytes) -> bytes:
        """Written beside and linked into place: no other process ever reads half of it. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = self._folder / f".{name}.{secrets.token_hex(6)}"
        descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(value)
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):  # another process was first
                os.link(beside, self._folder / name)
        finally:
            beside.unlink()
        return (self._folder / name).read_bytes()


def client_secret(keys: KeyStore) -> str:
    """What proves to the authorization server that the operating system's user is asking.

    Anybody on the machine can reach a loopback port; only that user can read this.
    """
    kept = keys.get(CLIENT_SECRET) or keys.put_new(CLIENT_SECRET, secrets.token_urlsafe(32).encode())
    return kept.decode()
