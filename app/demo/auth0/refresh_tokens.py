"""The tenant's refresh tokens: families by rotation, kept as hashes alone.

Law: a rotated token that is shown again outside the leeway kills its whole family; rotation extends no life.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from app.demo.auth0.refusal import unknown_refresh_token
from app.demo.auth0.tenant import Tenant
from app.demo.database import Database
from app.demo.remarks import Remarks
from app.demo.wire import fingerprint

SCHEMA = """
CREATE TABLE IF NOT EXISTS auth0_families (
    id INTEGER PRIMARY KEY, client TEXT NOT NULL, subject TEXT NOT NULL, audience TEXT NOT NULL, scopes TEXT NOT NULL,
    expires REAL NOT NULL, dead INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS auth0_refresh (
    hash TEXT PRIMARY KEY, family INTEGER NOT NULL, place INTEGER NOT NULL, spent REAL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS auth0_refresh_by_family ON auth0_refresh (family, place);
"""
MOST_FAMILIES = 200  # of one person and application; the oldest is dropped
_FOUND = (
    "SELECT f.id, f.client, f.subject, f.audience, f.scopes, f.expires, f.dead, r.place, r.spent"
    " FROM auth0_refresh r JOIN auth0_families f ON f.id = r.family WHERE r.hash = ?"
)


@dataclass(frozen=True)
class Family:
    """A sign-in that lasts: who agreed for which client, and the API and scopes it began with."""

    id: int
    client: str
    subject: str
    audience: str
    scopes: tuple[str, ...]


class RefreshTokens:
    """All refresh tokens of the tenant."""

    def __init__(
        self, database: Database, clock: Callable[[], float], tenant: Callable[[], Tenant], remarks: Remarks
    ) -> None:
        self._database = database
        self._clock = clock
        self._tenant = tenant
        self._remarks = remarks

    def begin(self, client: str, subject: str, audience: str, scopes: tuple[str, ...]) -> str:
        """A new family; answer its first token."""
        expires = self._clock() + self._tenant().refresh_seconds
        with self._database.transaction():
            family = self._database.insert(
                "INSERT INTO auth0_families VALUES (NULL, ?, ?, ?, ?, ?, 0)",
                *(client, subject, audience, " ".join(scopes), expires),
            )
            self._database.run(
                "UPDATE auth0_families SET dead = 1 WHERE client = ? AND subject = ? AND id NOT IN (SELECT id FROM"
                " auth0_families WHERE client = ? AND subject = ? AND NOT dead ORDER BY id DESC LIMIT ?)",
                *(client, subject) * 2,
                MOST_FAMILIES,
            )
            return self._next(family, 0)

    def _next(self, family: int, place: int) -> str:
        token = f"v1.demo-{secrets.token_urlsafe(40)}"
        row = (fingerprint(token), family, place)
        self._database.run("INSERT INTO auth0_refresh VALUES (?, ?, ?, NULL)", *row)
        return token

    def look_up(self, token: str, client: str) -> Family:
        """The living family of a token, rotated out or not; spends nothing. Raises Refused."""
        return self._find(token, client)[0]

    def check_current(self, token: str, client: str) -> Family:
        """The living family of a token that was not rotated out; spends nothing. Raises Refused."""
        family, _, _, spent = self._find(token, client)
        if spent is not None:
            raise unknown_refresh_token()
        return family

    def use(self, token: str, client: str, *, rotate: bool) -> str:
        """Spend a token; answer the one that follows it ("" = it stays). Raises Refused."""
        with self._database.transaction():
            family, place, last, spent = self._find(token, client)
            reused = spent is not None and not self._forgiven(place, last, spent)
            if reused:
                self._database.run("UPDATE auth0_families SET dead = 1 WHERE id = ?", family.id)
            elif not rotate and spent is None:
                return ""
            else:
                now = self._clock() if spent is None else spent
                self._database.run("UPDATE auth0_refresh SET spent = ? WHERE hash = ?", now, fingerprint(token))
                return self._next(family.id, place + 1)
        self._remarks.event("auth0", f"ferrt: a rotated refresh token of {client} was reused; its family is dead")
        raise unknown_refresh_token()

    def _forgiven(self, place: int, last: int, spent: float) -> bool:
        """Whether this is the token just rotated, shown again within the leeway: its answer may have been lost."""
        leeway = self._tenant().leeway
        return leeway > 0 and place == last - 1 and self._clock() - spent <= leeway

    def _find(self, token: str, client: str) -> tuple[Family, int, int, float | None]:
        """The family, the token's place in it, the last place, and when the token was spent. Raises Refused."""
        row = self._database.row(_FOUND, fingerprint(token))
        if row is None or row[1] != client or row[6] or row[5] <= self._clock():
            raise unknown_refresh_token()
        last = self._database.value("SELECT max(place) FROM auth0_refresh WHERE family = ?", row[0])
        family = Family(row[0], row[1], row[2], row[3], tuple(row[4].split()))
        return family, row[7], last, row[8]

    def revoke(self, token: str, client: str) -> None:
        """End the family of a token; an unknown one is no error (RFC 7009)."""
        self._database.run(
            "UPDATE auth0_families SET dead = 1 WHERE client = ? AND id ="
            " (SELECT family FROM auth0_refresh WHERE hash = ?)",
            *(client, fingerprint(token)),
        )
