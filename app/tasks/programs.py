"""The programs that may use the tasks service in their own name (RFC 6749 section 4.4), each with tasks of its own.

Law: a secret is shown once, when it is made, kept as a hash, and good until a day that is known from the start.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from app.tasks.database import Database
from app.tasks.keys import CLIENT_ID

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
UNKNOWN = "The client is unknown or its secret is wrong."


@dataclass(frozen=True)
class Program:
    """A registered program. `expires` is when its secret does, in seconds since the epoch."""

    id: str
    scopes: frozenset[str]
    expires: float

    @property
    def subject(self) -> str:
        """Whose tasks it sees: no person's, whose subjects look otherwise."""
        return f"{self.id}@programs"


class Programs:
    """On the database of the tasks API."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def register(self, name: str, scopes: frozenset[str], seconds: float) -> str:
        """Its secret, in place of the one it had. Raises ValueError for a name that will not do."""
        if not NAME.fullmatch(name) or name == CLIENT_ID:
            raise ValueError(f"up to 40 small letters, digits and -, and not {CLIENT_ID}")
        secret = secrets.token_urlsafe(32)
        values = (name, _hash(secret), " ".join(sorted(scopes)), self._clock() + seconds)
        with self._database.transaction():
            self._database.run("INSERT OR REPLACE INTO programs VALUES (?, ?, ?, ?)", *values)
        return secret

    def remove(self, name: str) -> bool:
        """Whether there was one; its tasks stay."""
        with self._database.transaction():
            return self._database.run("DELETE FROM programs WHERE id = ?", name) > 0

    def proven(self, name: str, secret: str) -> Program | str:
        """The program where the secret is its own, else why not."""
        row = self._database.row("SELECT * FROM programs WHERE id = ?", name)
        if row is None or not hmac.compare_digest(row["secret"], _hash(secret)):
            return UNKNOWN
        if row["expires"] <= self._clock():
            return "The secret of the client has expired."
        return Program(name, frozenset(row["scope"].split()), row["expires"])


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
