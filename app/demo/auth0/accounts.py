"""The connected accounts of the tenant's people: the Token Vault.

Law: access tokens are held in memory alone; a provider's refresh token is kept as its fingerprint.
"""

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.demo.auth0.upstream import Fresh, Upstream, UpstreamRefused
from app.demo.database import Database, Row

SCHEMA = """
CREATE TABLE IF NOT EXISTS auth0_accounts (
    id TEXT PRIMARY KEY, subject TEXT NOT NULL, connection TEXT NOT NULL, account TEXT NOT NULL, scopes TEXT NOT NULL,
    kept TEXT NOT NULL, created REAL NOT NULL
) WITHOUT ROWID;
"""
LEAST_LEFT = 5  # seconds; what lives no longer is refreshed
_ALL = "SELECT id, subject, connection, account, scopes, kept, created FROM auth0_accounts"


@dataclass(frozen=True)
class Account:
    """An account at a provider. `account` is the provider's name for it, an address; `kept` "" = nothing stored."""

    id: str
    subject: str
    connection: str
    account: str
    scopes: tuple[str, ...]
    kept: str
    created: float


class Accounts:
    """All connected accounts; `clock` counts seconds since the epoch."""

    def __init__(self, database: Database, clock: Callable[[], float], upstreams: Mapping[str, Upstream]) -> None:
        self._database = database
        self._clock = clock
        self._upstreams = upstreams
        self._held: dict[str, tuple[str, float]] = {}
        self._lock = threading.RLock()

    def keep(self, subject: str, connection: str, account: str, fresh: Fresh) -> Account:
        """Store what was agreed to; connecting the same account again replaces its scopes."""
        with self._lock, self._database.transaction():
            same = [found for found in self.of(subject, connection) if found.account == account]
            identity = same[0].id if same else f"cac_{secrets.token_hex(11)}"
            created = same[0].created if same else self._clock()
            kept = Account(identity, subject, connection, account, fresh.scopes, fresh.kept, created)
            row = (identity, subject, connection, account, " ".join(fresh.scopes), fresh.kept, created)
            self._database.run("INSERT OR REPLACE INTO auth0_accounts VALUES (?, ?, ?, ?, ?, ?, ?)", *row)
            self._held[identity] = (fresh.access, self._clock() + fresh.expires_in)
        return kept

    def of(self, subject: str, connection: str = "") -> list[Account]:
        """A person's accounts, the latest first; only those of one connection, when it is named."""
        rows = self._database.rows(
            f"{_ALL} WHERE subject = ?1 AND (?2 = '' OR connection = ?2) ORDER BY created DESC, id", subject, connection
        )
        return [_account(row) for row in rows]

    def drop(self, subject: str, identity: str) -> bool:
        """Forget one; False when the person has none of that id."""
        with self._lock:
            self._held.pop(identity, None)
            return bool(
                self._database.run("DELETE FROM auth0_accounts WHERE id = ? AND subject = ?", identity, subject)
            )

    def token(self, account: Account) -> tuple[str, int, tuple[str, ...]]:
        """A token that works, the seconds it is good for, and its scopes. Raises UpstreamRefused."""
        upstream = self._upstreams[account.connection]
        with self._lock:  # a provider that rotates takes a refresh token once
            held = self._held.get(account.id)
            if held and held[1] - self._clock() > LEAST_LEFT and upstream.takes(held[0]):
                return held[0], int(held[1] - self._clock()), account.scopes
            current = next((one for one in self.of(account.subject) if one.id == account.id), None)
            if current is None:
                raise UpstreamRefused("the account was disconnected meanwhile")
            fresh = upstream.refresh(current.kept)
            self.keep(account.subject, account.connection, account.account, fresh)
        return fresh.access, fresh.expires_in, fresh.scopes


def _account(row: Row) -> Account:
    identity, subject, connection, account, scopes, kept, created = row
    return Account(identity, subject, connection, account, tuple(scopes.split()), kept, created)
