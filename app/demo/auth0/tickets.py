"""What the tenant hands out for a moment: codes, tickets, sessions, device and approval requests, kept as hashes.

Law: a ticket is of one kind, dies at its time, and is taken once.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from app.demo.database import Database
from app.demo.wire import fingerprint

SCHEMA = """
CREATE TABLE IF NOT EXISTS auth0_tickets (
    hash TEXT PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL, expires REAL NOT NULL, taken INTEGER NOT NULL
) WITHOUT ROWID;
"""
REMEMBERED_SECONDS = 3600
Kind = Literal["code", "connect", "session", "connect_code", "device", "user_code", "ciba"]


@dataclass(frozen=True)
class Ticket:
    """One that was handed out. `hash` names it within the tenant; `expires` is in seconds since the epoch."""

    hash: str
    body: dict[str, Any]
    expires: float
    taken: bool


class Tickets:
    """All tickets of the tenant; `clock` counts seconds since the epoch."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def new(self, kind: Kind, body: dict[str, Any], seconds: float, secret: str = "") -> str:
        """Hand one out; `secret` is what it shall be, where it must be readable."""
        secret = secret or secrets.token_urlsafe(24)
        now = self._clock()
        self._database.run("DELETE FROM auth0_tickets WHERE expires < ?", now - REMEMBERED_SECONDS)
        row = (fingerprint(secret), kind, json.dumps(body), now + seconds)
        self._database.run("INSERT INTO auth0_tickets VALUES (?, ?, ?, ?, 0)", *row)
        return secret

    def find(self, kind: Kind, secret: str) -> Ticket | None:
        """The ticket, whatever became of it; None for one that was never handed out."""
        return self.find_kept(kind, fingerprint(secret))

    def find_kept(self, kind: Kind, kept: str) -> Ticket | None:
        row = self._database.row(
            "SELECT hash, body, expires, taken FROM auth0_tickets WHERE hash = ? AND kind = ?", kept, kind
        )
        return Ticket(row[0], json.loads(row[1]), row[2], bool(row[3])) if row else None

    def take(self, kind: Kind, secret: str) -> dict[str, Any] | None:
        """The body of a living ticket, which is spent by it."""
        with self._database.transaction():
            found = self.find(kind, secret)
            if found is None or found.taken or found.expires < self._clock():
                return None
            self.spend(found)
        return found.body

    def spend(self, ticket: Ticket) -> None:
        self._database.run("UPDATE auth0_tickets SET taken = 1 WHERE hash = ?", ticket.hash)

    def change(self, ticket: Ticket, **changes: Any) -> None:
        body = json.dumps(ticket.body | changes)
        self._database.run("UPDATE auth0_tickets SET body = ? WHERE hash = ?", body, ticket.hash)

    def waiting(self, kind: Kind) -> list[Ticket]:
        """The living ones of a kind, the one that dies first first."""
        rows = self._database.rows(
            "SELECT hash, body, expires, taken FROM auth0_tickets WHERE kind = ? AND NOT taken AND expires >= ?"
            " ORDER BY expires",
            *(kind, self._clock()),
        )
        return [Ticket(row[0], json.loads(row[1]), row[2], bool(row[3])) for row in rows]
