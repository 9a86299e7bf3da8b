"""Which accounts are connected, as this machine knows it: a grant for each bundle of an account, without a token.

Law: an account is who it was when it was first linked here, and its scopes are those the tenant last told; the lasting
secret of such a grant is the account's id at the tenant, which opens nothing by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from auth.auth0.connected_accounts import Account
from auth.consent import GrantFacts
from auth.lease import Secret
from auth.local.grants import Grant, Grants, Kept
from auth.local.token_endpoint import Who

NOTED_SECONDS = 60.0
"""How exactly it is noted when a grant was used last."""


@dataclass(frozen=True)
class Entry:
    """One linked bundle. `account` names the account, `id` is the tenant's for it."""

    connection: str
    account: str
    bundle: str
    id: str
    grant: Grant


class Records:
    """The grants of every connection. `defaults` are the accounts meant where none is named."""

    def __init__(
        self,
        grants: Callable[[str], Grants],
        connections: Iterable[str],
        defaults: Mapping[str, str],
        clock: Callable[[], float],
    ) -> None:
        self._grants = {name: grants(f"auth0.{name}") for name in connections}
        self._defaults, self._clock = defaults, clock
        self._first: dict[tuple[str, str], str] = {}

    def of(self, user: str, connection: str = "") -> list[Entry]:
        """What is linked over a connection, or over all; the dead too."""
        names = [connection] if connection else [*self._grants]
        return [_entry(name, kept) for name in names for kept in self._grants[name].of(user)]

    def find(self, user: str, connection: str, account: str, bundle: str) -> Grant | None:
        return self._grants[connection].find(user, account, bundle)

    def accounts(self, user: str, connection: str) -> tuple[str, ...]:
        """The account set as the default first, then as they were linked."""
        first: dict[str, float] = {}
        for entry in self.of(user, connection):
            first[entry.account] = min(entry.grant.linked, first.get(entry.account, entry.grant.linked))
        default = self._defaults.get(connection, "")
        return tuple(sorted(first, key=lambda name: (name != default, first[name], name)))

    def default(self, user: str, connection: str) -> str:
        """The account meant where none is named; "" where none is linked."""
        if name := self._defaults.get(connection) or self._first.get((user, connection)):
            return name
        if linked := self.accounts(user, connection):
            self._first[(user, connection)] = linked[0]  # every lease asks, and to list them is to decrypt them all
        return linked[0] if linked else ""

    def keep(self, user: str, connection: str, bundle: str, name: str, account: Account, who: Who) -> None:
        """Link a bundle; whatever else is linked of the same connected account has its scopes from now on too."""
        grants, now = self._grants[connection], self._clock()
        made = Grant(name, account.scopes, Secret(account.id), who.id, now, now)
        grants.keep(user, bundle, made)
        for entry in self.of(user, connection):
            if entry.bundle != bundle and (entry.account, entry.id) == (name, account.id):
                grants.keep(user, entry.bundle, replace(entry.grant, scopes=account.scopes, dead=""))

    def used(self, user: str, connection: str, bundle: str, seen: Grant, scopes: frozenset[str]) -> None:
        """A token of the grant that was `seen` was handed out, with these scopes."""
        if seen.scopes == scopes and self._clock() - seen.used < NOTED_SECONDS:
            return
        grants = self._grants[connection]
        with grants.exclusive(user, seen.account, bundle):
            grant = grants.find(user, seen.account, bundle)
            if grant is not None and not grant.dead:
                grants.keep(user, bundle, replace(grant, scopes=scopes, used=self._clock()))

    def die(self, user: str, connection: str, account: str, why: str) -> None:
        """The account no longer gives tokens. Kept to be shown."""
        for entry in self.of(user, connection):
            if entry.account == account and not entry.grant.dead:
                self._grants[connection].keep(user, entry.bundle, replace(entry.grant, dead=why))

    def drop(self, user: str, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._first.pop((user, entry.connection), None)
            self._grants[entry.connection].drop(user, entry.account, entry.bundle)

    def facts(self, user: str) -> tuple[GrantFacts, ...]:
        return tuple(
            GrantFacts(
                connection=entry.connection,
                account=entry.account,
                capability=entry.bundle,
                scopes=entry.grant.scopes,
                identity=entry.grant.identity,
                linked=entry.grant.linked,
                used=entry.grant.used,
                dead=entry.grant.dead,
                default=entry.account == self.default(user, entry.connection),
            )
            for entry in self.of(user)
        )

    def stranger(self, user: str, connection: str, account: str, who: Who) -> str:
        """Why this person's account is not the one that was asked for; "" where it is."""
        for entry in self.of(user, connection):
            if entry.account == account and entry.grant.identity != who.id:
                return f"you chose {who.name}, and {account} is another account; choose that one"
            if entry.account != account and account and entry.grant.identity == who.id:
                return f"{who.name} is linked already, under the name {entry.account}"
        if "@" in account and connection == "google" and account.casefold() != who.name.casefold():
            return f"you chose {who.name}, and not {account}"
        return ""


def _entry(connection: str, kept: Kept) -> Entry:
    identity = kept.grant.refresh_token.reveal() if kept.grant.refresh_token else ""
    return Entry(connection, kept.grant.account, kept.capability, identity, kept.grant)
