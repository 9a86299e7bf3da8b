"""API keys a person has been given by a service. Law: a key is kept in the vault and goes to its own hosts alone.

There is no consent and nothing to renew; a key the service refuses is forgotten, and the person is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from auth.audit import Audit
from auth.broker import FOREVER, open_lease
from auth.capability import Capability
from auth.consent import Asking, ConsentError, Declined, Disconnected, GrantFacts, Linked, Outcome
from auth.lease import Lease, Secret
from auth.local.grants import Grant, Grants
from auth.local.vault_error import VaultError
from auth.need import Connect, Misconfigured, Need, Reauth
from auth.wire import Cut

CAPABILITY = "key"
ACCOUNT = "your key"
REFUSED = "the service refused its key"
NOTE = "Forgotten here. The key itself stays good until you end it at the service."


@dataclass(frozen=True)
class ApiKeyBroker:
    """Leases of one keyed connection: one key for all its capabilities, kept as the account `label`."""

    connection: str
    grants_kept: Grants
    audit: Audit
    clock: Callable[[], float]
    label: str = ACCOUNT

    def account(self, user: str, connection: str) -> str:
        return next(iter(self.accounts(user, connection)), "")

    def accounts(self, user: str, connection: str) -> tuple[str, ...]:
        return tuple(kept.grant.account for kept in self.grants_kept.of(user))

    def lease(self, user: str, account: str, capability: Capability) -> Lease | Need:
        """With the key where there is one; without where none is needed."""
        try:
            grant = self.grants_kept.find(user, account or self.label, CAPABILITY)
        except VaultError as error:
            return Misconfigured(self.connection, error.what, error.next)
        if grant is None and capability.key is not None and not capability.key.needed:
            return open_lease(user, capability)
        found = self._outcome(user, capability, grant)
        leased = isinstance(found, Lease)
        self.audit.record(user, "lease" if leased else "need", account=self.label, capability=capability.name)
        return found

    def _outcome(self, user: str, capability: Capability, grant: Grant | None) -> Lease | Need:
        if grant is None:
            return Connect(self.connection, frozenset(), capability.reason)
        if grant.refresh_token is None:
            return Reauth(self.connection, grant.dead)
        return Lease(user, grant.account, capability.name, frozenset(), FOREVER, grant.refresh_token)

    def invalidate(self, lease: Lease) -> None:
        """The service refused the key: it is of no use to anybody any more."""
        if lease.token is None:
            return
        with self.grants_kept.exclusive(lease.user, lease.account, CAPABILITY):
            grant = self.grants_kept.find(lease.user, lease.account, CAPABILITY)
            if grant and grant.refresh_token and grant.refresh_token.reveal() == lease.token.reveal():
                dead = Grant(grant.account, frozenset(), None, linked=grant.linked, dead=REFUSED, fixed=True)
                self.grants_kept.keep(lease.user, CAPABILITY, dead)

    def take_key(self, user: str, key: Secret) -> Outcome:
        """Keep the key in place of the one that was there."""
        grant = Grant(self.label, frozenset(), key, linked=self.clock(), fixed=True)
        try:
            with self.grants_kept.exclusive(user, self.label, CAPABILITY):
                self.grants_kept.keep(user, CAPABILITY, grant)
        except VaultError as error:
            return Misconfigured(self.connection, error.what, error.next)
        self.audit.record(user, "decision", connection=self.connection, capability=CAPABILITY, what="linked")
        return Linked(self.connection, self.label, frozenset())

    def ask(self, user: str, account: str, capability: Capability) -> Asking | Need:
        """A key is typed at a terminal, never into a conversation."""
        return Misconfigured(
            self.connection, "it has no key, or the service refused it", f"`valet connect {self.connection}` takes one."
        )

    def settle(self, user: str, asking: str, *, seconds: float, cut: Cut) -> Outcome:
        return Declined(self.connection, "a key is not asked for in a browser")

    def paste(self, user: str, asking: str, address: str) -> None:
        raise ConsentError("a key is not asked for in a browser")

    def withdraw(self, user: str, asking: str) -> None:
        """It asked nothing."""

    def grants(self, user: str) -> tuple[GrantFacts, ...]:
        return tuple(
            GrantFacts(
                self.connection, kept.grant.account, CAPABILITY, frozenset(),
                linked=kept.grant.linked, dead=kept.grant.dead, default=True,
            )
            for kept in self.grants_kept.of(user)
        )  # fmt: skip

    def disconnect(self, user: str, connection: str, account: str, capability: str = "") -> Disconnected:
        mine = [kept for kept in self.grants_kept.of(user) if account in ("", kept.grant.account)]
        if not mine or capability not in ("", CAPABILITY):
            return Disconnected(self.connection, account, (), False, "Nothing of it is linked.")
        for kept in mine:
            self.grants_kept.drop(user, kept.grant.account, CAPABILITY)
        self.audit.record(user, "decision", connection=self.connection, capability=CAPABILITY, what="disconnected")
        return Disconnected(self.connection, mine[0].grant.account, (CAPABILITY,), False, NOTE)
