"""Tokens for Valet's own services: authorization code with PKCE, and a refresh token that is new at every refresh.

Law: the same against the embedded authorization server and against Auth0; whoever logs in once is not asked again.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from auth.callback import Place
from auth.capability import Capability
from auth.errors import Unreachable
from auth.lease import Lease, Secret
from auth.local.grants import Challenge, Client, Grant
from auth.local.local_broker import LocalBroker
from auth.local.token_endpoint import (
    BROKEN,
    FORM,
    Body,
    Issued,
    TokenEndpoint,
    TokenError,
    Who,
    read_rfc6749,
)
from auth.need import Misconfigured, Need, Reauth, StepUp, Unavailable
from auth.wire import Cut, Wire

PATH = "/tasks/callback"
REDIRECT = f"http://127.0.0.1{PATH}"
LOGIN = frozenset({"openid", "offline_access"})
_NOT_OURS = LOGIN | {"profile", "email"}
NO_REFRESH = "no_refresh_token"
"""Our own word: the server gave nothing lasting."""
_CLIENT = frozenset({NO_REFRESH, "invalid_client", "unauthorized_client", "access_denied", "invalid_target"})


@dataclass(frozen=True)
class Tenant:
    """An authorization server and the service its tokens are for. `issuer` is as in `iss`, with a slash at its end."""

    issuer: str
    audience: str


class FirstPartyBroker(LocalBroker):
    """Leases for one of Valet's own services. `locate` maps real addresses to where they are served."""

    connection = "tasks"
    place = Place(PATH)
    redirect_at_once = REDIRECT
    single_use = True
    parting = ("Forgotten here; the login itself still stands.", "the authorization server, by revoking its grants")

    def __init__(
        self, *, wire: Wire, client: Client, tenant: Tenant, locate: Callable[[str], str] = str, **common: Any
    ) -> None:
        super().__init__(**common)
        self.issuer = tenant.issuer
        self._wire, self._client, self._tenant, self._locate = wire, client, tenant, locate
        self._endpoint = TokenEndpoint(wire, locate(f"{tenant.issuer}oauth/token"), client.id, client.secret, _read)

    def lease(self, user: str, account: str, capability: Capability) -> Lease | Need:
        """Where the login is of no use any more and someone is at hand who logs in at once, they do so again."""
        outcome = super().lease(user, account, capability)
        if isinstance(outcome, Reauth) and self._consent is not None:
            return super().lease(user, account, capability)
        return outcome

    def onward(self, account: str, capability: Capability, challenge: Challenge, redirect: str) -> str:
        asked = {
            "client_id": self._client.id,
            "redirect_uri": redirect,
            "response_type": "code",
            "scope": " ".join(sorted(capability.scopes | LOGIN)),
            "audience": self._tenant.audience,
            "state": challenge.state,
            "code_challenge": challenge.digest,
            "code_challenge_method": "S256",
        }
        return f"{self._locate(f'{self.issuer}authorize')}?{urlencode(asked)}"

    def redeem(self, code: str, challenge: Challenge, redirect: str) -> Issued:
        issued = self._endpoint.ask(
            grant_type="authorization_code", code=code, code_verifier=challenge.verifier, redirect_uri=redirect
        )
        if issued.refresh_token is None:
            raise TokenError(NO_REFRESH, "no refresh token came: offline access is not allowed")
        return _told(issued)

    def refresh(self, grant: Grant, scopes: frozenset[str]) -> Issued:
        token = grant.refresh_token.reveal() if grant.refresh_token else ""
        asked = " ".join(sorted(scopes))
        return _told(self._endpoint.ask(grant_type="refresh_token", refresh_token=token, scope=asked))

    def who(self, token: Secret) -> Who:
        """The subject of the access token, which came straight from the endpoint that signed it."""
        claims = self.claims(token)
        subject, issuer = claims.get("sub"), claims.get("iss")
        if not isinstance(subject, str) or not subject or issuer != self.issuer:
            raise Unreachable(BROKEN)
        return Who(subject, subject)

    @staticmethod
    def claims(token: Secret) -> dict[str, Any]:
        """What an access token says of itself, unverified. Raises Unreachable."""
        return _claims(token)

    def revoke(self, grant: Grant) -> None:
        fields = {"token": grant.refresh_token.reveal() if grant.refresh_token else "", "client_id": self._client.id}
        if self._client.secret:
            fields["client_secret"] = self._client.secret
        url = self._locate(f"{self.issuer}oauth/revoke")
        answer = self._wire.send("POST", url, body=urlencode(fields).encode(), headers=FORM, cut=Cut())
        if answer.status != 200:  # RFC 7009: also for a token that is not known
            raise TokenError(f"HTTP {answer.status}", "the token was not revoked")

    def canonical(self, scopes: frozenset[str]) -> frozenset[str]:
        return scopes - _NOT_OURS

    def end_of(self, issued: Issued, grant: Grant | None, now: float) -> float | None:
        if issued.refresh_seconds is not None:
            return now + issued.refresh_seconds
        return grant.expires if grant else None

    def is_name_of(self, account: str, who: Who) -> bool:
        return True

    def death(self, error: TokenError) -> str:
        return error.description if error.code == "invalid_grant" else ""

    def refusal(self, capability: Capability, error: TokenError) -> Need:
        if error.code == "invalid_scope":
            return StepUp(self.connection, capability.scopes, capability.reason)
        if error.code in _CLIENT:
            missing = f"{self.issuer} refuses the client ({error.code}: {error.description})"
            return Misconfigured(self.connection, missing, "Check the client and the API at the authorization server.")
        return Unavailable(self.connection, str(error), error.retry_after)


def _read(body: Body) -> Issued:
    """As RFC 6749 section 5.1, where the scope may be left out when it is the one that was asked for."""
    return read_rfc6749({"scope": "", **body})


def _told(issued: Issued) -> Issued:
    """Where the answer left the scope out, the token itself tells it."""
    if issued.scopes:
        return issued
    scope = _claims(issued.access_token).get("scope")
    return replace(issued, scopes=frozenset(scope.split()) if isinstance(scope, str) else frozenset())


def _claims(token: Secret) -> dict[str, Any]:
    """The claims of a JWT, unverified. Raises Unreachable."""
    try:
        part = token.reveal().split(".")[1]
        claims = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, IndexError, RecursionError):
        raise Unreachable(BROKEN) from None
    return claims if isinstance(claims, dict) else {}
