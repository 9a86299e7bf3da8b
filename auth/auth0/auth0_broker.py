"""Leases for accounts that are connected at an Auth0 tenant, whose Token Vault keeps their refresh tokens.

Law: the tenant's token carries all that was connected; the lease says so, and the gateway narrows by capability. Whom
the tenant refuses for a fault of its set-up is never sent through a consent.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from auth.auth0 import first_party
from auth.auth0.around import Around
from auth.auth0.checklist import Checklist, Needed
from auth.auth0.connected_accounts import ConnectedAccounts
from auth.auth0.identity import canonical, identities
from auth.auth0.inspection import Inspection
from auth.auth0.linking import Linking
from auth.auth0.login import BUNDLE, Login
from auth.auth0.parting import disconnected, signed_out
from auth.auth0.preflight import NO_ANSWER
from auth.auth0.records import Records
from auth.auth0.refusals import Refusals
from auth.auth0.tenant import Tenant
from auth.auth0.token_vault import Place, TokenVault
from auth.capability import Capability
from auth.consent import Asking, Declined, Disconnected, GrantFacts, Linked, Outcome
from auth.errors import Unreachable
from auth.gateway import Gateway
from auth.lease import Lease
from auth.local.consent import OPEN_SECONDS, Questions
from auth.local.grants import Grant, Grants
from auth.need import Connect, Need, Reauth, StepUp, Unavailable
from auth.wire import Cut, Wire

SIGN_IN = "auth0"
"""The connection the sign-in itself is listed under."""
MOST_STEPS = 12
WITH_SIGN_IN = "It comes with your sign-in at Auth0: `valet disconnect auth0` ends both."


class Auth0Broker:
    """Serves the connections of `tenant`, the sign-in at it, and what that sign-in serves of Valet's own.

    `grants` gives where a connection's grants are kept, `bundles` what is asked of it, by name. `at_once`: the person
    of the demo workspace agrees without being asked.
    """

    def __init__(
        self,
        *,
        tenant: Tenant,
        gateway: Gateway,
        clock: Callable[[], float],
        grants: Callable[[str], Grants],
        bundles: Callable[[str], Mapping[str, Capability]],
        defaults: Mapping[str, str],
        at_once: bool = False,
        open_seconds: float = OPEN_SECONDS,
    ) -> None:
        wire, locate = gateway.wire, gateway.locate
        self._wire, self._audit, self._bundles = wire, gateway.audit, bundles
        self._at_once, self._open_seconds, self._clock = at_once, open_seconds, clock
        identify = identities(wire, locate)
        refusals = Refusals(Checklist(tenant))
        asked: dict[str, Any] = {"tenant": tenant, "refusals": refusals, "wire": wire, "locate": locate, "clock": clock}
        login = Login(grants=grants(SIGN_IN), **asked)
        vault = TokenVault(login=login, identify=identify, audit=gateway.audit, **asked)
        records = Records(grants, identify, defaults, clock)
        service = ConnectedAccounts(tenant, locate)
        self._around = Around(tenant, refusals.checklist, refusals, login, vault, service, records, gateway)
        self._questions: dict[tuple[str, str], Questions] = {}
        self._guard, self._linking = threading.Lock(), threading.Lock()

    @property
    def inspection(self) -> Inspection:
        """What can be seen of the tenant's set-up."""
        return Inspection(self._around)

    @property
    def around(self) -> Around:
        """The tenant and the ways to ask it, for a broker beside this one."""
        return self._around

    def lease(self, user: str, account: str, capability: Capability) -> Lease | Need:
        account = account or self.account(user, capability.connection)
        found = self._leased(user, account, capability)
        if self._at_once and isinstance(found, Connect | Reauth | StepUp):
            found = self._linked_at_once(user, account, capability)
        self._record(user, account, capability, found)
        return found

    def invalidate(self, lease: Lease) -> None:
        if lease.token is not None:
            self._around.vault.refuse(lease.user, lease.token)
            self._around.login.refuse(lease.user, lease.token)

    def account(self, user: str, connection: str) -> str:
        if self._by_sign_in(connection):
            return self._around.signed_in(user)
        return self._around.records.default(user, connection)

    def accounts(self, user: str, connection: str) -> tuple[str, ...]:
        if self._by_sign_in(connection):
            return tuple(filter(None, (self.account(user, SIGN_IN),)))
        return self._around.records.accounts(user, connection)

    def grants(self, user: str) -> tuple[GrantFacts, ...]:
        facts = self._around.records.facts(user)
        signed_in = self._around.login.current(user)
        return (_sign_in_facts(signed_in), *facts) if signed_in else facts

    def disconnect(self, user: str, connection: str, account: str, capability: str = "") -> Disconnected:
        if connection == SIGN_IN:
            done = signed_out(self._around, user)
        elif self._by_sign_in(connection):
            done = Disconnected(connection, self.account(user, connection), (), False, WITH_SIGN_IN)
        else:
            done = disconnected(self._around, user, connection, account or self.account(user, connection), capability)
        for name in done.capabilities:
            facts = {"connection": connection, "capability": name, "account": done.account, "what": "disconnected"}
            self._audit.record(user, "decision", **facts)
        return done

    def ask(self, user: str, account: str, capability: Capability) -> Asking | Need:
        connection = capability.connection
        bundle = self._bundles(connection).get(capability.consented, capability)
        account = account or self.account(user, connection)
        return self._asker(user, connection).ask(user, account, bundle)

    def settle(self, user: str, asking: str, *, seconds: float, cut: Cut) -> Outcome:
        outcome = self._asker(user, asking.partition(".")[0]).settle(user, asking, seconds=seconds, cut=cut)
        facts = {"account": getattr(outcome, "account", ""), "what": type(outcome).__name__.lower()}
        self._audit.record(user, "decision", connection=asking.partition(".")[0], **facts)
        return outcome

    def paste(self, user: str, asking: str, address: str) -> None:
        self._asker(user, asking.partition(".")[0]).paste(user, asking, address)

    def withdraw(self, user: str, asking: str) -> None:
        self._asker(user, asking.partition(".")[0]).withdraw(user, asking)

    def _asker(self, user: str, connection: str) -> Questions:
        with self._guard:
            found = self._questions.get((user, connection))
            if found is None:
                kind = first_party.SigningIn if self._by_sign_in(connection) else Linking
                flow: Linking | first_party.SigningIn = kind(self._around, user, connection)
                times: dict[str, Any] = {"seconds": self._open_seconds, "clock": self._clock}
                found = Questions(flow, **times, refused=flow.refused, silent=flow.silent)
                self._questions[(user, connection)] = found
            return found

    def _leased(self, user: str, account: str, capability: Capability) -> Lease | Need:
        found = self._around.answered(capability.connection, lambda: self._fresh(user, account, capability))
        return Reauth(capability.connection, found.why) if isinstance(found, Declined) else found

    def _fresh(self, user: str, account: str, capability: Capability) -> Lease | Need:
        """Raises Needed, Problem, and Unreachable, TooSlow or Oversized."""
        connection, records = capability.connection, self._around.records
        if self._by_sign_in(connection):
            return first_party.leased(self._around, user, capability)
        grant = records.find(user, connection, account, capability.consented)
        if grant is None:
            return Connect(connection, capability.scopes, capability.reason)
        if grant.dead:
            return Reauth(connection, grant.dead)
        place = self._around.place(user, account, capability)
        try:
            held = self._around.vault.token(place)
        except Needed as needed:
            return self._refused(place, account, capability, grant, needed)
        if held.who.id != grant.identity:
            return Reauth(connection, f"Auth0 gave the token of {held.who.name} for {account}")
        scopes = canonical(held.access.scopes)
        records.used(user, connection, capability.consented, grant, scopes)
        if not capability.scopes <= scopes:
            return StepUp(connection, capability.scopes - scopes, capability.reason)
        return Lease(user, account, capability.name, scopes, held.access.expires, held.access.token)

    def _refused(self, place: Place, account: str, capability: Capability, grant: Grant, needed: Needed) -> Need:
        """What becomes of the account the tenant has no token for."""
        if needed.dead and isinstance(needed.need, Reauth):
            self._around.records.die(place.user, place.connection, account, needed.need.why)
        if not isinstance(needed.need, Connect):
            return needed.need
        identity = grant.refresh_token.reveal() if grant.refresh_token else ""
        if any(one.id == identity for one in self._around.connected(place)):
            return self._around.nothing_kept(place)
        self._around.records.die(place.user, place.connection, account, "it was disconnected at Auth0")
        return Connect(place.connection, capability.scopes, capability.reason)

    def _linked_at_once(self, user: str, account: str, capability: Capability) -> Lease | Need:
        """The demo's person goes through the whole of it, one consent after the other."""
        with self._linking:
            account = account or self.account(user, capability.connection)
            found = self._leased(user, account, capability)
            if not isinstance(found, Connect | Reauth | StepUp):
                return found  # another thread's consent was enough
            asking = self.ask(user, account, capability)
            outcome = self._gone_through(user, asking) if isinstance(asking, Asking) else asking
        if isinstance(outcome, Linked):
            return self._leased(user, outcome.account, capability)
        return Reauth(capability.connection, outcome.why) if isinstance(outcome, Declined) else outcome

    def _gone_through(self, user: str, asking: Asking) -> Outcome:
        try:
            status = led_back(self._wire, asking.page)
        except NO_ANSWER as error:
            self.withdraw(user, asking.id)
            return Unavailable(asking.connection, str(error))
        if status is None:
            return self.settle(user, asking.id, seconds=self._open_seconds, cut=Cut())
        self.withdraw(user, asking.id)
        if status >= 400:
            return self._around.checklist.missing(asking.connection, "provider:redirect_uri")
        return Unavailable(asking.connection, "the consent page waits for a person in a browser")

    def _by_sign_in(self, connection: str) -> bool:
        """Whether the sign-in itself is all there is to it."""
        own = self._around.tenant.own
        return connection == SIGN_IN or (own is not None and own.client is None and own.connection == connection)

    def _record(self, user: str, account: str, capability: Capability, found: Lease | Need) -> None:
        facts = {"account": account, "capability": capability.name, "scopes": " ".join(sorted(capability.scopes))}
        if isinstance(found, Lease):
            excess = " ".join(sorted(found.scopes - capability.scopes))
            facts |= {"account": found.account, "excess": excess}
            self._audit.record(user, "lease", **facts, expires=found.expires)
        else:
            self._audit.record(user, "need", **facts, need=type(found).__name__)


def _sign_in_facts(grant: Grant) -> GrantFacts:
    return GrantFacts(
        connection=SIGN_IN,
        account=grant.account,
        capability=BUNDLE,
        scopes=grant.scopes,
        identity=grant.identity,
        linked=grant.linked,
        used=grant.used,
        dead=grant.dead,
        default=True,
    )


def led_back(wire: Wire, page: str) -> int | None:
    """Follow a page as a browser that agrees at once; None where that ends at this page's own server, else the status
    of the page it ends at. Raises Unreachable, TooSlow, Oversized.
    """
    at = page
    for _ in range(MOST_STEPS):
        answer = wire.send("GET", at, body=None, headers={}, cut=Cut())
        location = answer.headers.get("location", "")
        if not location:
            return None if urlsplit(at).netloc == urlsplit(page).netloc else answer.status
        at = urljoin(at, location)
    raise Unreachable("the consent pages lead in a circle")
