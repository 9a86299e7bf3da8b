"""A backend for the keyring library that keeps its entries in the file VALET_TEST_KEYRING; it encrypts nothing.

While a file of that name with ".locked" stands beside it, it is locked.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class FileKeyring(KeyringBackend):
    """Chosen by PYTHON_KEYRING_BACKEND, as a person chooses theirs."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return self._entries().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._file.write_text(json.dumps(self._entries() | {f"{service} {username}": password}))

    def delete_password(self, service: str, username: str) -> None:
        entries = self._entries()
        if entries.pop(f"{service} {username}", None) is None:
            raise PasswordDeleteError("there is none")
        self._file.write_text(json.dumps(entries))

    @property
    def _file(self) -> Path:
        return Path(os.environ["VALET_TEST_KEYRING"])

    def _entries(self) -> dict[str, str]:
        if self._file.with_suffix(".locked").exists():
            raise KeyringLocked("the collection is locked")
        entries: dict[str, str] = json.loads(self._file.read_text()) if self._file.exists() else {}
        return entries
