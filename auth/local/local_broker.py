"""What the brokers of this machine have in common: leases kept while they live, fresh ones one at a time, audited."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable

from auth.audit import Audit
from auth.capability import Capability
from auth.errors import Oversized, TooSlow, Unreachable
from auth.lease import Lease
from auth.local.grants import Consent, Grant, Grants
from auth.local.token_endpoint import TokenError
from auth.need import Connect, Need, StepUp, Unavailable

EARLY_SECONDS = 60.0


class LocalBroker(ABC):
    """Leases for one account of one connection.

    `consent` is at hand where someone can agree at once (the demo workspace); without it a missing grant is a Connect.
    """

    connection: str

    def __init__(
        self,
        *,
        grants: Grants,
        audit: Audit,
        clock: Callable[[], float],
        default_account: str,
        consent: Consent | None = None,
    ) -> None:
        self._grants, self._audit, self._clock = grants, audit, clock
        self._default, self._consent = default_account, consent
        self._leases: dict[tuple[str, str, str, frozenset[str]], Lease] = {}
        self._locks: dict[tuple[str, str, str], threading.Lock] = {}
        self._guard = threading.Lock()

    def account(self, user: str, connection: str) -> str:
        return self._default

    def lease(self, user: str, account: str, capability: Capability) -> Lease | Need:
        account = account or self._default
        key = (user, account, capability.name, capability.scopes)
        with self._lock(user, account, capability.name):
            held = self._leases.get(key)
            if held is not None and held.expires - EARLY_SECONDS > self._clock():
                return held
            outcome = self._fresh(user, account, capability)
            if isinstance(outcome, Lease):
                self._leases[key] = outcome
        self._record(user, account, capability, outcome)
        return outcome

    def invalidate(self, lease: Lease) -> None:
        key = (lease.user, lease.account, lease.capability, lease.scopes)
        with self._lock(lease.user, lease.account, lease.capability):
            if self._leases.get(key) is lease:
                del self._leases[key]

    def _lock(self, user: str, account: str, capability: str) -> threading.Lock:
        with self._guard:
            return self._locks.setdefault((user, account, capability), threading.Lock())

    def _record(self, user: str, account: str, capability: Capability, outcome: Lease | Need) -> None:
        facts = {"account": account, "capability": capability.name, "scopes": " ".join(sorted(capability.scopes))}
        if isinstance(outcome, Lease):
            self._audit.record(user, "lease", **facts, expires=outcome.expires)
        else:
            self._audit.record(user, "need", **facts, need=type(outcome).__name__)

    def _fresh(self, user: str, account: str, capability: Capability) -> Lease | Need:
        try:
            grant = self._grants.find(user, account, capability.name) or self._link(user, account, capability)
            if grant is None:
                return Connect(self.connection, capability.scopes, capability.reason)
            if not capability.scopes <= grant.scopes:
                return StepUp(self.connection, capability.scopes - grant.scopes, capability.reason)
            return self._refresh(user, account, capability, grant)
        except TokenError as error:
            return self._need(user, account, capability, error)
        except (Unreachable, TooSlow, Oversized) as error:
            return Unavailable(self.connection, str(error))

    @abstractmethod
    def _refresh(self, user: str, account: str, capability: Capability, grant: Grant) -> Lease | Need:
        """A fresh token of this grant. Raises TokenError, Unreachable, TooSlow, Oversized."""

    @abstractmethod
    def _link(self, user: str, account: str, capability: Capability) -> Grant | None:
        """The consent for this capability, kept; None where nobody can consent, or declined."""

    @abstractmethod
    def _need(self, user: str, account: str, capability: Capability, error: TokenError) -> Need:
        """What the token endpoint's error means."""
