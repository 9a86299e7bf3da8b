"""Google's grants: codes, refresh tokens and access tokens, kept as hashes alone.

Law: a code is used once and within a minute; a refresh token never yields more than was granted to it.
"""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection
from dataclasses import dataclass
from hashlib import sha256

from app.demo.database import Database
from app.demo.wire import fingerprint

SCHEMA = """
CREATE TABLE IF NOT EXISTS google_codes (
    hash TEXT PRIMARY KEY, client TEXT NOT NULL, account TEXT NOT NULL, scopes TEXT NOT NULL, redirect TEXT NOT NULL,
    challenge TEXT NOT NULL, lifetime INTEGER, expires REAL NOT NULL, used INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS google_grants (
    id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, client TEXT NOT NULL, account TEXT NOT NULL,
    scopes TEXT NOT NULL, expires REAL
);
CREATE TABLE IF NOT EXISTS google_access (
    hash TEXT PRIMARY KEY, grant_id INTEGER NOT NULL, client TEXT NOT NULL, account TEXT NOT NULL,
    scopes TEXT NOT NULL, expires REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS google_access_by_grant ON google_access (grant_id);
"""
CODE_SECONDS = 60
ACCESS_SECONDS = 3599
MOST_GRANTS = 100  # of one account and client; Google drops the oldest without a word


@dataclass(frozen=True)
class Asked:
    """What the person agreed to on the consent page. `lifetime` (seconds) ends the grant by itself."""

    client: str
    account: str
    scopes: tuple[str, ...]
    redirect: str
    challenge: str
    lifetime: int | None = None
    nonce: str = ""


@dataclass(frozen=True)
class Issued:
    """New tokens of an account. `refresh` is None when the old one stays; `nonce` came with the consent."""

    account: str
    access: str
    scopes: tuple[str, ...]
    refresh: str | None = None
    refresh_expires_in: int | None = None
    nonce: str = ""


@dataclass(frozen=True)
class Access:
    """What an access token allows, and until when (seconds since the epoch)."""

    account: str
    client: str
    scopes: tuple[str, ...]
    expires: float


class GrantRefused(Exception):
    """The token endpoint's `error` word, what to say with it, and Google's `error_subtype` if there is one."""

    def __init__(self, error: str, description: str, subtype: str = "") -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.subtype = subtype


class GrantStore:
    """All grants of the workspace's people."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def new_code(self, asked: Asked) -> str:
        """A code for what was agreed to."""
        code = f"4/0Ademo-{secrets.token_urlsafe(32)}"
        self._database.run("DELETE FROM google_codes WHERE expires < ?", self._clock() - 3600)
        self._database.run(
            "INSERT INTO google_codes VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
            fingerprint(code),
            asked.client,
            asked.account,
            " ".join(asked.scopes),
            asked.redirect,
            f"{asked.challenge} {asked.nonce}",
            asked.lifetime,
            self._clock() + CODE_SECONDS,
        )
        return code

    def redeem(self, code: str, *, client: str, redirect: str, verifier: str) -> Issued:
        """Exchange a code for tokens. Raises GrantRefused; a code that was shown once is spent, right or wrong."""
        with self._database.transaction():
            found = self._database.row(
                "SELECT client, account, scopes, redirect, challenge, lifetime, expires, used"
                " FROM google_codes WHERE hash = ?",
                fingerprint(code),
            )
            self._database.run("UPDATE google_codes SET used = 1 WHERE hash = ?", fingerprint(code))
        if not found or found[7] or found[6] < self._clock() or found[0] != client:
            raise GrantRefused("invalid_grant", "Malformed auth code.")
        challenge, _, nonce = found[4].partition(" ")
        asked = Asked(client, found[1], tuple(found[2].split()), found[3], challenge, found[5], nonce)
        if asked.redirect != redirect:
            raise GrantRefused("redirect_uri_mismatch", "Bad Request")
        if not secrets.compare_digest(challenge_of(verifier), asked.challenge):
            raise GrantRefused("invalid_grant", "Invalid code verifier.")
        return self._new_grant(asked)

    def _new_grant(self, asked: Asked) -> Issued:
        refresh = f"1//demo-{secrets.token_urlsafe(40)}"
        expires = None if asked.lifetime is None else self._clock() + asked.lifetime
        with self._database.transaction():
            grant = self._database.insert(
                "INSERT INTO google_grants VALUES (NULL, ?, ?, ?, ?, ?)",
                fingerprint(refresh),
                asked.client,
                asked.account,
                " ".join(asked.scopes),
                expires,
            )
            self._drop_oldest(asked)
            access = self._new_access(grant, asked.client, asked.account, asked.scopes)
        return Issued(asked.account, access, asked.scopes, refresh, asked.lifetime, asked.nonce)

    def _drop_oldest(self, asked: Asked) -> None:
        self._database.run(
            "DELETE FROM google_grants WHERE client = ? AND account = ? AND id NOT IN"
            " (SELECT id FROM google_grants WHERE client = ? AND account = ? ORDER BY id DESC LIMIT ?)",
            *(asked.client, asked.account) * 2,
            MOST_GRANTS,
        )

    def refresh(self, token: str, *, client: str, scopes: Collection[str] = ()) -> Issued:
        """A new access token, narrowed to `scopes` if some are named. Raises GrantRefused."""
        return self.refresh_kept(fingerprint(token), client=client, scopes=scopes)

    def refresh_kept(self, kept: str, *, client: str, scopes: Collection[str] = ()) -> Issued:
        """The same for somebody of this workspace who keeps the token as its fingerprint only."""
        found = self._database.row(
            "SELECT id, account, scopes, expires FROM google_grants WHERE hash = ? AND client = ?",
            kept,
            client,
        )
        if not found or (found[3] is not None and found[3] <= self._clock()):
            raise GrantRefused("invalid_grant", "Token has been expired or revoked.")
        granted = tuple(found[2].split())
        if excess := sorted(set(scopes) - set(granted)):
            raise GrantRefused("invalid_scope", f"Some requested scopes were not granted: {' '.join(excess)}")
        wanted = tuple(name for name in granted if name in scopes) if scopes else granted
        return Issued(found[1], self._new_access(found[0], client, found[1], wanted), wanted)

    def _new_access(self, grant: int, client: str, account: str, scopes: Collection[str]) -> str:
        token = f"ya29.demo-{secrets.token_urlsafe(48)}"
        self._database.run("DELETE FROM google_access WHERE expires < ?", self._clock() - 3600)
        self._database.run(
            "INSERT INTO google_access VALUES (?, ?, ?, ?, ?, ?)",
            fingerprint(token),
            grant,
            client,
            account,
            " ".join(scopes),
            self._clock() + ACCESS_SECONDS,
        )
        return token

    def mint(self, client: str, account: str, scopes: Collection[str]) -> Issued:
        """An access token that no consent stands behind: what a service account is given."""
        return Issued(account, self._new_access(0, client, account, scopes), tuple(scopes))

    def look_up(self, token: str) -> Access | None:
        """What a living access token allows; None for an unknown, expired or revoked one."""
        found = self._database.row(
            "SELECT account, client, scopes, expires FROM google_access WHERE hash = ? AND expires > ?",
            fingerprint(token),
            self._clock(),
        )
        return Access(found[0], found[1], tuple(found[2].split()), found[3]) if found else None

    def revoke(self, token: str) -> bool:
        """Kill every grant of the token's account and client, as Google does; False for an unknown token."""
        found = self._database.row(
            "SELECT client, account FROM google_grants WHERE hash = ?1"
            " UNION SELECT client, account FROM google_access WHERE hash = ?1",
            fingerprint(token),
        )
        if not found:
            return False
        with self._database.transaction():
            self._database.run("DELETE FROM google_grants WHERE client = ? AND account = ?", *found)
            self._database.run("DELETE FROM google_access WHERE client = ? AND account = ?", *found)
        return True


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier (RFC 7636)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
