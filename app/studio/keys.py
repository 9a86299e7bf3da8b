"""Who may use the server: each person has keys. Law: a key is shown once, when it is issued; its hash is kept."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from app.storage import private_file

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
"""What a person may be called: it names a folder too."""


class BadName(ValueError):
    """A name nobody can have here; the text says what one looks like."""


@dataclass(frozen=True)
class Keys:
    """The keys in one private file: {SHA-256 of a key: person}."""

    path: Path

    def issue(self, person: str) -> str:
        """A new key of this person, in place of those they had."""
        key = f"valet-{secrets.token_urlsafe(32)}"
        kept = {stated: who for stated, who in self._read().items() if who != person}
        fresh = private_file(self.path.with_suffix(".new"))
        fresh.write_text(json.dumps(kept | {_hash(key): person}, indent=1), encoding="utf-8")
        fresh.replace(self.path)
        return key

    def person(self, key: str) -> str | None:
        """Whose key this is; None where it is nobody's."""
        return self._read().get(_hash(key))

    def _read(self) -> dict[str, str]:
        if not self.path.exists():
            return {}
        found: dict[str, str] = json.loads(self.path.read_text(encoding="utf-8"))
        return found


def checked(name: str) -> str:
    """The name, if a person can have it. Raises BadName."""
    if not NAME.fullmatch(name):
        raise BadName(
            f"{name!r} is no name: small letters, digits, dots and dashes, 63 at most, a letter or digit first."
        )
    return name


def _hash(key: str) -> str:
    """Keys are long and random: a plain hash cannot be searched."""
    return hashlib.sha256(key.encode()).hexdigest()
