"""Google's tokens: one refresh token per capability, narrowed again at every refresh (RFC 6749 section 6).

Law: the scope that came back is what a lease claims; more than was asked for is refused, not used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from auth.capability import Capability
from auth.errors import Unreachable
from auth.lease import Lease
from auth.local.grants import Challenge, Client, Grant
from auth.local.local_broker import LocalBroker
from auth.local.token_endpoint import BROKEN, TokenEndpoint, TokenError
from auth.need import Misconfigured, Need, Reauth, StepUp, Unavailable
from auth.wire import Wire

AUTHORIZE = "https://accounts.google.com/o/oauth2/v2/auth"
TOKEN = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
REDIRECT = "http://127.0.0.1/google/callback"


class GoogleBroker(LocalBroker):
    """Leases for one Google account. `locate` maps real addresses to where they are served."""

    connection = "google"

    def __init__(self, *, wire: Wire, client: Client, locate: Callable[[str], str] = str, **common: Any) -> None:
        super().__init__(**common)
        self._endpoint = TokenEndpoint(wire, locate(TOKEN), client.id, client.secret)
        self._client, self._locate = client, locate

    def _refresh(self, user: str, account: str, capability: Capability, grant: Grant) -> Lease | Need:
        if grant.refresh_token is None:
            return Reauth("google", grant.dead)
        asked = " ".join(sorted(capability.scopes))
        refresh_token = grant.refresh_token.reveal()
        issued = self._endpoint.ask(grant_type="refresh_token", refresh_token=refresh_token, scope=asked)
        if issued.refresh_token is not None:  # RFC 6749 section 6: the old one may be dead from now on
            self._grants.keep(user, capability.name, replace(grant, refresh_token=issued.refresh_token))
        if not issued.scopes <= capability.scopes:
            extra = " ".join(sorted(issued.scopes - capability.scopes))
            return Misconfigured("google", f"a token came back wider than asked for ({extra})", "Reconnect google.")
        if issued.scopes != capability.scopes:
            return StepUp("google", capability.scopes - issued.scopes, capability.reason)
        return Lease(
            user=user,
            account=account,
            capability=capability.name,
            scopes=issued.scopes,
            expires=self._clock() + issued.seconds,
            token=issued.access_token,
        )

    def _link(self, user: str, account: str, capability: Capability) -> Grant | None:
        """The authorization-code flow with PKCE (RFC 7636), where someone is at hand to consent."""
        if self._consent is None:
            return None
        challenge = Challenge.new()
        code = challenge.code(self._consent(self._page(capability, account, challenge)))
        if code is None:
            return None
        issued = self._endpoint.ask(
            grant_type="authorization_code", code=code, code_verifier=challenge.verifier, redirect_uri=REDIRECT
        )
        if issued.refresh_token is None:
            raise Unreachable(BROKEN)
        grant = Grant(account, issued.scopes, issued.refresh_token)
        self._grants.keep(user, capability.name, grant)
        return grant

    def _page(self, capability: Capability, account: str, challenge: Challenge) -> str:
        query = urlencode(
            {
                "client_id": self._client.id,
                "redirect_uri": REDIRECT,
                "response_type": "code",
                "scope": " ".join(sorted(capability.scopes)),
                "state": challenge.state,
                "code_challenge": challenge.digest,
                "code_challenge_method": "S256",
                "access_type": "offline",
                "prompt": "consent",
                "login_hint": account,
            }
        )
        return f"{self._locate(AUTHORIZE)}?{query}"

    def _need(self, user: str, account: str, capability: Capability, error: TokenError) -> Need:
        match error.code:
            case "invalid_grant":
                self._grants.drop(user, account, capability.name)
                return Reauth("google", error.description)
            case "invalid_scope":
                return StepUp("google", capability.scopes, capability.reason)
            case "invalid_client" | "unauthorized_client" | "redirect_uri_mismatch":
                return Misconfigured("google", f"Google refuses the client ({error.code})", "Check the client id.")
            case _:
                return Unavailable("google", str(error), error.retry_after)
