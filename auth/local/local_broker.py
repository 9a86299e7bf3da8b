"""What the brokers of this machine have in common: leases kept while they live, fresh ones one at a time, audited.

Law: a grant is renewed by one thread of one process at a time, and what a renewal gave is durable before it is used.
"""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from auth.audit import Audit
from auth.capability import Capability
from auth.consent import Asking, Declined, Disconnected, GrantFacts, Linked, Outcome
from auth.errors import Oversized, TooSlow, Unreachable
from auth.lease import Lease, Secret
from auth.local.consent import OPEN_SECONDS, Questions
from auth.local.grants import Access, Challenge, Consent, Grant, Grants
from auth.local.links import FOREVER, Links, access_of
from auth.local.provider import Provider
from auth.local.token_endpoint import TokenError
from auth.local.vault_error import VaultError
from auth.need import Connect, Misconfigured, Need, Reauth, StepUp, Unavailable
from auth.wire import Cut

HALF_DONE = "the answer to a renewal was lost, and with it the key to this account"
NO_ANSWER = (Unreachable, TooSlow, Oversized)
NOTED_SECONDS = 60.0


@dataclass(frozen=True)
class _Held:
    lease: Lease
    until: float
    bundle: str


class LocalBroker(Provider):
    """Leases for the accounts of one connection: a consent is to a whole bundle, a lease to one capability of it.

    `bundles` are those of this connection by name; a capability of none of them is asked for alone.
    `consent` is at hand where someone can agree at once (the demo workspace); without it a missing grant is a Connect.
    `default_account` is the account meant where none is named; "" for the one linked first.
    """

    def __init__(
        self,
        *,
        grants: Grants,
        audit: Audit,
        clock: Callable[[], float],
        bundles: Mapping[str, Capability] | None = None,
        default_account: str = "",
        consent: Consent | None = None,
        open_seconds: float = OPEN_SECONDS,
    ) -> None:
        self._grants, self._audit, self._clock = grants, audit, clock
        self._bundles = bundles or {}
        self._consent = consent
        self._links = Links(self, grants, audit, clock, default_account)
        self._questions = Questions(self, seconds=open_seconds, clock=clock)
        self._leases: dict[tuple[str, str, str, frozenset[str]], _Held] = {}
        self._locks: dict[tuple[str, str, str], threading.Lock] = {}
        self._guard = threading.Lock()

    def account(self, user: str, connection: str) -> str:
        return self._links.default(user)

    def accounts(self, user: str, connection: str) -> tuple[str, ...]:
        return self._links.accounts(user)

    def grants(self, user: str) -> tuple[GrantFacts, ...]:
        return self._links.facts(user)

    def disconnect(self, user: str, connection: str, account: str, capability: str = "") -> Disconnected:
        done = self._links.disconnect(user, account, capability)
        with self._guard:
            for key, held in [*self._leases.items()]:
                if key[:2] == (user, done.account) and held.bundle in done.capabilities:
                    del self._leases[key]
        return done

    def ask(self, user: str, account: str, capability: Capability) -> Asking | Need:
        return self._questions.ask(user, account or self._links.default(user), self._bundle(capability))

    def settle(self, user: str, asking: str, *, seconds: float, cut: Cut) -> Outcome:
        return self._questions.settle(user, asking, seconds=seconds, cut=cut)

    def paste(self, user: str, asking: str, address: str) -> None:
        self._questions.paste(user, asking, address)

    def withdraw(self, user: str, asking: str) -> None:
        self._questions.withdraw(user, asking)

    def take_token(self, user: str, account: str, capability: Capability, token: Secret) -> Outcome:
        """Link with an access token that a person pasted, where no consent can be had; see `Links.paste`."""
        return self._links.paste(user, account or self._links.default(user), self._bundle(capability), token)

    def link(
        self, user: str, account: str, capability: Capability, code: str, challenge: Challenge, redirect: str
    ) -> Outcome:
        """Redeem the code of a consent and keep what it gave; see `Flow`."""
        return self._links.link(user, account, capability, lambda: self.redeem(code, challenge, redirect))

    def lease(self, user: str, account: str, capability: Capability) -> Lease | Need:
        account = account or self._links.default(user)
        key = (user, account, capability.name, capability.scopes)
        if held := self._held(key):  # without the lock, which another of the bundle may hold while it renews
            return held
        with self._lock(user, account, capability.consented):
            meanwhile = "" if account else self._links.default(user)
            if not meanwhile:
                return self._held(key) or self._new(key, capability)
        return self.lease(user, meanwhile, capability)  # another call has just linked the first account

    def _new(self, key: tuple[str, str, str, frozenset[str]], capability: Capability) -> Lease | Need:
        """A lease or a need that was not held. The lock is."""
        user, account = key[:2]
        outcome = self._fresh(user, account, capability)
        self._leases.pop(key, None)
        if isinstance(outcome, _Held):
            self._leases[(user, outcome.lease.account, *key[2:])] = outcome
        found = outcome.lease if isinstance(outcome, _Held) else outcome
        self._record(user, account, capability, found)
        return found

    def invalidate(self, lease: Lease) -> None:
        if lease.token is None:
            return
        for key, held in [*self._leases.items()]:
            if held.lease is lease:
                with self._lock(lease.user, lease.account, held.bundle):
                    self._leases.pop(key, None)
                self._links.forget(lease, held.bundle)

    def _bundle(self, capability: Capability) -> Capability:
        return self._bundles.get(capability.consented, capability)

    def _held(self, key: tuple[str, str, str, frozenset[str]]) -> Lease | None:
        held = self._leases.get(key)
        return held.lease if held is not None and held.until > self._clock() else None

    def _lock(self, user: str, account: str, bundle: str) -> threading.Lock:
        with self._guard:
            return self._locks.setdefault((user, account, bundle), threading.Lock())

    def _record(self, user: str, account: str, capability: Capability, outcome: Lease | Need) -> None:
        facts = {"account": account, "capability": capability.name, "scopes": " ".join(sorted(capability.scopes))}
        if isinstance(outcome, Lease):
            self._audit.record(user, "lease", **facts | {"account": outcome.account}, expires=outcome.expires)
        else:
            self._audit.record(user, "need", **facts, need=type(outcome).__name__)

    def _fresh(self, user: str, account: str, capability: Capability) -> _Held | Need:
        try:
            outcome = self._alone(user, account, capability)
            if self._consent is None or not isinstance(outcome, Connect | Reauth | StepUp):
                return outcome
            linked = self._at_once(user, account, self._bundle(capability), self._consent)
            return self._alone(user, linked.account, capability) if isinstance(linked, Linked) else linked
        except NO_ANSWER as error:
            return Unavailable(self.connection, str(error))
        except VaultError as error:
            return Misconfigured(self.connection, error.what, error.next)

    def _at_once(self, user: str, account: str, capability: Capability, consent: Consent) -> Linked | Need:
        challenge, redirect = Challenge.new(), self.redirect_at_once
        try:
            code = challenge.code(consent(self.onward(account, capability, challenge, redirect)))
        except TokenError as error:
            return Reauth(self.connection, error.description)
        if code is None:
            return Connect(self.connection, capability.scopes, capability.reason)
        outcome = self.link(user, account, capability, code, challenge, redirect)
        return Reauth(self.connection, outcome.why) if isinstance(outcome, Declined) else outcome

    def _alone(self, user: str, account: str, capability: Capability) -> _Held | Need:
        with self._grants.exclusive(user, account, capability.consented):
            return self._leased(user, account, capability)

    def _leased(self, user: str, account: str, capability: Capability) -> _Held | Need:
        """The lease of a grant nobody else is at. Raises Unreachable, TooSlow, Oversized, VaultError."""
        grant = self._grants.find(user, account, capability.consented)
        if grant is None:
            return Connect(self.connection, capability.scopes, capability.reason)
        if grant.dead or grant.refresh_token is None:
            return Reauth(self.connection, grant.dead or "it has no key any more")
        if not capability.scopes <= grant.scopes:
            return StepUp(self.connection, capability.scopes - grant.scopes, capability.reason)
        try:
            kept = self._kept_access(capability, grant)
            access = self._noted(user, capability, grant, kept) if kept else self._renewed(user, capability, grant)
        except TokenError as error:
            return self._refused(user, capability, grant, error)
        if not capability.scopes <= access.scopes:
            return StepUp(self.connection, capability.scopes - access.scopes, capability.reason)
        if not self._fits(access, capability):
            extra = " ".join(sorted(access.scopes - capability.scopes))
            wider = f"a token came back wider than asked for ({extra})"
            return Misconfigured(self.connection, wider, f"Reconnect {self.connection}.")
        lease = Lease(user, account, capability.name, access.scopes, access.expires, access.token)
        return _Held(lease, access.until, capability.consented)

    def _kept_access(self, capability: Capability, grant: Grant) -> Access | None:
        """What an earlier renewal gave, of this process or another, while it is good for this capability."""
        if grant.fixed and grant.refresh_token is not None:
            return Access(grant.refresh_token, grant.scopes, FOREVER, FOREVER)
        good = (a for a in reversed(grant.accesses) if a.until > self._clock() and self._fits(a, capability))
        return next(good, None)

    def _noted(self, user: str, capability: Capability, grant: Grant, access: Access) -> Access:
        """Note that the grant is used where no renewal does; not every time, since it writes to the vault."""
        if self._clock() - grant.used >= NOTED_SECONDS:
            self._grants.keep(user, capability.consented, replace(grant, used=self._clock()))
        return access

    def _fits(self, access: Access, capability: Capability) -> bool:
        if self.carries_more:
            return capability.scopes <= access.scopes
        return capability.scopes == access.scopes

    def _renewed(self, user: str, capability: Capability, grant: Grant) -> Access:
        """Spend the refresh token; what came of it is kept before this returns. Raises TokenError and NO_ANSWER.

        Where no answer came the token may be spent: the mark of `begin` stays, and the next refusal is told so.
        """
        if self.single_use and not grant.begun:
            self._grants.begin(user, grant.account, capability.consented)
        issued = self.refresh(grant, capability.scopes)
        access = access_of(issued, self.canonical(issued.scopes) or grant.scopes, self._clock())
        kept = replace(
            grant,
            refresh_token=issued.refresh_token or grant.refresh_token,
            expires=self.end_of(issued, grant, self._clock()),
            used=self._clock(),
            accesses=self._with(access, grant, capability),
        )
        self._grants.keep(user, capability.consented, kept)
        return access

    def _with(self, access: Access, grant: Grant, capability: Capability) -> tuple[Access, ...]:
        """What is still good of the grant, and the new one if it may be used."""
        others = [a for a in grant.accesses if a.until > self._clock() and a.scopes != access.scopes]
        return (*others, access) if self._fits(access, capability) else (*others,)

    def _refused(self, user: str, capability: Capability, grant: Grant, error: TokenError) -> Need:
        why = self.death(error)
        if not why:
            if self.single_use and not grant.begun:
                self._grants.cancel(user, grant.account, capability.consented)
            return self.refusal(capability, error)
        why = f"{HALF_DONE} ({why})" if grant.begun else why
        self._grants.keep(user, capability.consented, replace(grant, refresh_token=None, accesses=(), dead=why))
        return Reauth(self.connection, why)

    @property
    @abstractmethod
    def redirect_at_once(self) -> str:
        """A redirect the provider takes, where nothing listens because the answer is read off."""
