"""Tokens for Valet's own service, which the tenant issues: by its sign-in, or by a Native application for that alone.

Law: nobody can leave out a tick here, so what a token lacks is the operator's to mend and never becomes a consent.
"""

from __future__ import annotations

from typing import Any

from auth.auth0.around import Around
from auth.auth0.preflight import REDIRECTS, Preflight
from auth.auth0.tenant import PLACE, FirstParty
from auth.callback import Place as Callbacks
from auth.capability import Capability
from auth.consent import Asking, Declined, Linked, Outcome
from auth.lease import Lease, Secret
from auth.local.consent import declined
from auth.local.first_party import NO_REFRESH, FirstPartyBroker, Tenant
from auth.local.grants import Challenge, Client
from auth.local.token_endpoint import Issued, TokenError, Who
from auth.need import Connect, Misconfigured, Need, Reauth, StepUp, Unavailable

FOREIGN = "foreign_issuer"
PARTING = ("Forgotten here; the login itself still stands.", "the tenant, among the person's authorized applications")


def leased(around: Around, user: str, capability: Capability) -> Lease | Need:
    """A lease by the sign-in (MRRT). Raises Needed, and Unreachable, TooSlow or Oversized."""
    account = around.signed_in(user)
    if not account and around.login.current(user) is None:
        return Connect(capability.connection, capability.scopes, capability.reason)
    access = around.login.own(user, capability.connection, capability.scopes)
    return Lease(user, account, capability.name, access.scopes & capability.scopes, access.expires, access.token)


class SigningIn:
    """The consent to Valet's own service where the sign-in serves it: the sign-in, and nothing else; see `Flow`."""

    place: Callbacks = PLACE

    def __init__(self, around: Around, user: str, connection: str) -> None:
        self.connection, self.issuer = connection, around.tenant.issuer
        self.silent = f"no answer came from {around.tenant.domain}"
        self._around, self._user = around, user

    def onward(self, account: str, capability: Capability, challenge: Challenge, redirect: str) -> str | Need:
        def page() -> str:
            preflight = Preflight(self._around)
            preflight.check(self.connection)
            preflight.check_own(self.connection)
            return self._around.login.page(challenge, redirect)

        found = self._around.answered(self.connection, page)
        return Reauth(self.connection, found.why) if isinstance(found, Declined) else found

    def refused(self, connection: str, error: str) -> Outcome:
        """The tenant's error in the browser's answer: a person's no, or an operator's work."""
        step = self._around.refusals.step("authorize", error)
        return self._around.checklist.missing(connection, step) if step else declined(connection, error)

    def link(
        self, user: str, account: str, capability: Capability, code: str, challenge: Challenge, redirect: str
    ) -> Outcome:
        def signed_in() -> Outcome:
            around = self._around
            around.login.redeem(self.connection, self._user, code, challenge, redirect)
            around.vault.forget(self._user)
            around.login.own(self._user, self.connection, capability.scopes)
            return Linked(self.connection, around.signed_in(self._user), capability.scopes)

        return self._around.answered(self.connection, signed_in)


class OwnSignIn(FirstPartyBroker):
    """Leases by a Native application of the tenant: its own sign-in, and refresh tokens that rotate."""

    place = PLACE
    redirect_at_once = REDIRECTS[0]
    parting = PARTING

    def __init__(self, around: Around, own: FirstParty, client: Client, **common: Any) -> None:
        tenant = Tenant(around.tenant.issuer, own.audience)
        super().__init__(wire=around.wire, client=client, tenant=tenant, locate=around.locate, **common)
        self._around = around

    def ask(self, user: str, account: str, capability: Capability) -> Asking | Need:
        return self._missing() or super().ask(user, account, capability)

    def lease(self, user: str, account: str, capability: Capability) -> Lease | Need:
        outcome = super().lease(user, account, capability)
        if isinstance(outcome, StepUp):
            return self._around.checklist.missing(self.connection, "tasks_api:permissions")
        if isinstance(outcome, Connect | Reauth | Unavailable) and self._consent is not None:
            return self._missing() or outcome
        return outcome

    def link(
        self, user: str, account: str, capability: Capability, code: str, challenge: Challenge, redirect: str
    ) -> Outcome:
        wanted = self._bundle(capability).scopes
        return self._links.link(
            user, account, capability, lambda: self._whole(wanted, self.redeem(code, challenge, redirect))
        )

    def who(self, token: Secret) -> Who:
        """Whose the token is, under the name it goes by here: an access token has no better one."""
        found = super().who(token)
        return Who(found.id, f"{self.connection} at {self._around.tenant.domain}")

    def refusal(self, capability: Capability, error: TokenError) -> Need:
        checklist = self._around.checklist
        if error.code == NO_REFRESH:
            return checklist.missing(self.connection, "tasks_api:offline_access")
        if error.code == FOREIGN:
            return checklist.missing(self.connection, "domain:consistent")
        return self._around.refusals.need("own_client", self.connection, error, fresh=False)

    def _whole(self, wanted: frozenset[str], issued: Issued) -> Issued:
        """What the consent gave, where that is all; nobody could leave out a part of it. Raises TokenError."""
        claims = self.claims(issued.access_token)
        if claims.get("iss") != self.issuer:
            raise TokenError(FOREIGN, "the token is issued under another name")
        if not wanted <= self.canonical(issued.scopes):
            raise TokenError("invalid_scope", "")
        return issued

    def _missing(self) -> Misconfigured | None:
        """What can be seen from outside to be set up wrongly; an outage shows itself where it matters."""

        def look() -> None:
            Preflight(self._around).check_own(self.connection)

        found = self._around.answered(self.connection, look)
        return found if isinstance(found, Misconfigured) else None
