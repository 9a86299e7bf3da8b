"""What the authorization server remembers: codes, and families of rotating refresh tokens, as hashes only.

Law: a code and a refresh token work once; one that comes again ends its whole family (RFC 6749 10.5, RFC 9700 4.14).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from app.tasks.database import Database

CODE_SECONDS = 60.0
FAMILY_SECONDS = 30 * 24 * 3600.0


@dataclass(frozen=True)
class Agreed:
    """What a person agreed to for a client: the scope, and the family its refresh tokens belong to."""

    subject: str
    client: str
    scope: str
    family: str
    nonce: str = ""


@dataclass(frozen=True)
class Sent:
    """How the code was asked for: where it goes back to, and the PKCE challenge."""

    redirect: str
    challenge: str


@dataclass(frozen=True)
class Rotated:
    """A refresh token's successor, and how many seconds its family has left."""

    agreed: Agreed
    successor: str
    seconds: float


class Tokens:
    """On the database of the tasks API; every method is a transaction of its own."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def code(self, agreed: Agreed, sent: Sent) -> str:
        """A new authorization code."""
        code, now = secrets.token_urlsafe(32), self._clock()
        with self._database.transaction():
            for table in ("codes", "refresh_tokens"):
                self._database.run(f"DELETE FROM {table} WHERE expires < ?", now - CODE_SECONDS)  # noqa: S608 - fixed
            self._database.run(
                "INSERT INTO codes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
                *(_hash(code), agreed.subject, agreed.client, sent.redirect, sent.challenge, agreed.scope),
                *(agreed.nonce, now + CODE_SECONDS, agreed.family),
            )
        return code

    def redeem(self, code: str, client: str, sent: Sent) -> Agreed | None:
        """What the code stands for, once; None where it is unknown, used, too old, or was asked for otherwise."""
        with self._database.transaction():
            row = self._database.row("SELECT * FROM codes WHERE code = ?", _hash(code))
            if row is None:
                return None
            if row["used"]:
                self._end_family(row["family"])
                return None
            self._database.run("UPDATE codes SET used = 1 WHERE code = ?", row["code"])
            fits = (row["client"], row["redirect"], row["challenge"]) == (client, sent.redirect, sent.challenge)
            if not fits or row["expires"] <= self._clock():
                return None
            return Agreed(row["subject"], client, row["scope"], row["family"], row["nonce"])

    def refresh_token(self, agreed: Agreed) -> str:
        """The first refresh token of a family."""
        with self._database.transaction():
            return self._add(agreed, self._clock() + FAMILY_SECONDS)

    def rotate(self, token: str, client: str, asked: frozenset[str]) -> Rotated | frozenset[str] | None:
        """What the token stands for, and its successor, which ends when the family does.

        None where it is dead (one that comes again ends the family); the scopes that go too far where `asked` does.
        """
        with self._database.transaction():
            row = self._database.row("SELECT * FROM refresh_tokens WHERE token = ?", _hash(token))
            if row is None or row["client"] != client or row["expires"] <= self._clock():
                return None
            if row["used"]:
                self._end_family(row["family"])
                return None
            excess = asked - frozenset(row["scope"].split())
            if excess:
                return excess
            self._database.run("UPDATE refresh_tokens SET used = 1 WHERE token = ?", row["token"])
            agreed = Agreed(row["subject"], client, row["scope"], row["family"])
            return Rotated(agreed, self._add(agreed, row["expires"]), row["expires"] - self._clock())

    def revoke(self, token: str, client: str) -> None:
        """End the family of this token (RFC 7009); one that is unknown needs no ending."""
        with self._database.transaction():
            row = self._database.row(
                "SELECT family FROM refresh_tokens WHERE token = ? AND client = ?", _hash(token), client
            )
            if row is not None:
                self._end_family(row["family"])

    def _add(self, agreed: Agreed, expires: float) -> str:
        token = "1//" + secrets.token_urlsafe(40)
        row = (_hash(token), agreed.family, agreed.subject, agreed.client, agreed.scope, expires)
        self._database.run("INSERT INTO refresh_tokens VALUES (?, ?, ?, ?, ?, ?, 0)", *row)
        return token

    def _end_family(self, family: str) -> None:
        self._database.run("DELETE FROM refresh_tokens WHERE family = ?", family)


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
