"""Slack's grants: codes, rotating tokens and their single-use refresh tokens, kept as hashes alone.

Law: a refresh token yields once; for a short grace its reuse is forgiven, as the answer may have been lost.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from app.demo.database import Database
from app.demo.grant_store import challenge_of
from app.demo.slack.refusals import SlackRefused
from app.demo.wire import fingerprint

SCHEMA = """
CREATE TABLE IF NOT EXISTS slack_codes (
    hash TEXT PRIMARY KEY, family TEXT NOT NULL, account TEXT NOT NULL, scopes TEXT NOT NULL, redirect TEXT NOT NULL,
    challenge TEXT NOT NULL, expires REAL NOT NULL, used INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS slack_grants (
    id INTEGER PRIMARY KEY, client TEXT NOT NULL, account TEXT NOT NULL, scopes TEXT NOT NULL, revoked INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS slack_tokens (
    hash TEXT PRIMARY KEY, grant_id INTEGER NOT NULL, kind TEXT NOT NULL, expires REAL NOT NULL, used REAL
) WITHOUT ROWID;
"""
CODE_SECONDS = 60
ACCESS_SECONDS = 43_200
REFRESH_SECONDS = 30 * 86_400
GRACE_SECONDS = 60
NEVER_SECONDS = 100 * 365 * 86_400
FORGOTTEN_SECONDS = 7 * 86_400  # until then an expired token is called expired, later unknown
_FOUND = (
    "SELECT g.id, g.client, g.account, g.scopes, g.revoked, t.expires, t.used FROM slack_tokens t"
    " JOIN slack_grants g ON g.id = t.grant_id WHERE t.hash = ? AND t.kind = ?"
)


@dataclass(frozen=True)
class Asked:
    """What the person agreed to. `family` is the authorize address it began at: v2 or v2_user."""

    family: str
    client: str
    account: str
    scopes: tuple[str, ...]
    redirect: str
    challenge: str


@dataclass(frozen=True)
class Issued:
    """New tokens; without rotation there is no `refresh` ("") and nothing expires."""

    account: str
    scopes: tuple[str, ...]
    access: str
    refresh: str
    expires_in: int | None = None


@dataclass(frozen=True)
class Access:
    """What an access token allows."""

    grant: int
    client: str
    account: str
    scopes: tuple[str, ...]


class SlackGrants:
    """All grants of the workspace's people to Slack apps. `clock` counts seconds since the epoch."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def new_code(self, asked: Asked) -> str:
        code = f"demo.{secrets.token_urlsafe(24)}"
        self._database.run("DELETE FROM slack_codes WHERE expires < ?", self._clock() - 3600)
        self._database.run(
            "INSERT INTO slack_codes VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
            *(fingerprint(code), asked.family, asked.account, " ".join(asked.scopes), asked.redirect),
            *(asked.challenge, self._clock() + CODE_SECONDS),
        )
        return code

    def redeem(
        self, code: str, *, family: str, client: str, redirect: str, verifier: str, rotating: bool = True
    ) -> Issued:
        """Exchange a code for tokens; one that was shown once is spent. Raises SlackRefused."""
        with self._database.transaction():
            found = self._database.row(
                "SELECT family, account, scopes, redirect, challenge, expires, used FROM slack_codes WHERE hash = ?",
                fingerprint(code),
            )
            self._database.run("UPDATE slack_codes SET used = 1 WHERE hash = ?", fingerprint(code))
        if not found or found[6] or found[5] < self._clock():
            raise SlackRefused("invalid_code")
        if found[0] != family:
            raise SlackRefused("oauth_authorization_url_mismatch")
        if found[3] != redirect:
            raise SlackRefused("bad_redirect_uri")
        if found[4] and not secrets.compare_digest(challenge_of(verifier), found[4]):
            raise SlackRefused("invalid_code_verifier")
        return self._new_grant(client, found[1], tuple(found[2].split()), rotating)

    def _new_grant(self, client: str, account: str, scopes: tuple[str, ...], rotating: bool) -> Issued:
        """Slack adds up: who agreed to more earlier gets a token that may do all of it."""
        with self._database.transaction():
            earlier = self._database.rows(
                "SELECT scopes FROM slack_grants WHERE client = ? AND account = ? AND NOT revoked", client, account
            )
            before = [scope for (held,) in earlier for scope in held.split()]
            scopes = tuple(dict.fromkeys([*scopes, *before]))
            grant = self._database.insert(
                "INSERT INTO slack_grants VALUES (NULL, ?, ?, ?, 0)", client, account, " ".join(scopes)
            )
            return self._new_pair(grant, account, scopes) if rotating else self._new_lasting(grant, account, scopes)

    def _new_lasting(self, grant: int, account: str, scopes: tuple[str, ...]) -> Issued:
        access = f"xoxp-demo-{secrets.token_urlsafe(40)}"
        row = (fingerprint(access), grant, "access", self._clock() + NEVER_SECONDS)
        self._database.run("INSERT INTO slack_tokens VALUES (?, ?, ?, ?, NULL)", *row)
        return Issued(account, scopes, access, "")

    def exchange(self, token: str, *, client: str) -> Issued:
        """A rotating pair for a token that never expires, which dies. Raises SlackRefused."""
        with self._database.transaction():
            found = self._database.row(_FOUND, fingerprint(token), "access")
            if not found or found[1] != client or found[4]:
                raise SlackRefused("invalid_token")
            if found[5] <= self._clock() + ACCESS_SECONDS:
                raise SlackRefused("token_already_exchanged")
            spent = (self._clock() + GRACE_SECONDS, self._clock(), fingerprint(token))
            self._database.run("UPDATE slack_tokens SET expires = ?, used = ? WHERE hash = ?", *spent)
            return self._new_pair(found[0], found[2], tuple(found[3].split()))

    def _new_pair(self, grant: int, account: str, scopes: tuple[str, ...]) -> Issued:
        access, refresh = f"xoxe.xoxp-demo-{secrets.token_urlsafe(40)}", f"xoxe-1-demo-{secrets.token_urlsafe(40)}"
        now = self._clock()
        self._database.run("DELETE FROM slack_tokens WHERE expires < ?", now - FORGOTTEN_SECONDS)
        self._database.many(
            "INSERT INTO slack_tokens VALUES (?, ?, ?, ?, NULL)",
            [
                (fingerprint(access), grant, "access", now + ACCESS_SECONDS),
                (fingerprint(refresh), grant, "refresh", now + REFRESH_SECONDS),
            ],
        )
        return Issued(account, scopes, access, refresh, ACCESS_SECONDS)

    def refresh(self, token: str, *, client: str, grace: float = GRACE_SECONDS) -> Issued:
        """A new pair for a refresh token, which is spent by it. Raises SlackRefused."""
        return self.refresh_kept(fingerprint(token), client=client, grace=grace)

    def refresh_kept(self, kept: str, *, client: str, grace: float = GRACE_SECONDS) -> Issued:
        """The same for somebody of this workspace who keeps the token as its fingerprint only."""
        now = self._clock()
        with self._database.transaction():
            found = self._database.row(_FOUND, kept, "refresh")
            if not found or found[1] != client or found[4] or found[5] <= now:
                raise SlackRefused("invalid_refresh_token")
            if found[6] is not None and now - found[6] > grace:
                raise SlackRefused("invalid_refresh_token")
            if found[6] is None:
                self._database.run("UPDATE slack_tokens SET used = ? WHERE hash = ?", now, kept)
            return self._new_pair(found[0], found[2], tuple(found[3].split()))

    def look_up(self, token: str) -> Access:
        """What a token allows. Raises SlackRefused invalid_auth, token_revoked or token_expired."""
        found = self._database.row(_FOUND, fingerprint(token), "access")
        if not found:
            raise SlackRefused("invalid_auth")
        if found[4]:
            raise SlackRefused("token_revoked")
        if found[5] <= self._clock():
            raise SlackRefused("token_expired")
        return Access(found[0], found[1], found[2], tuple(found[3].split()))

    def revoke(self, grant: int) -> None:
        """End one grant: its access and refresh tokens are dead."""
        self._database.run("UPDATE slack_grants SET revoked = 1 WHERE id = ?", grant)
