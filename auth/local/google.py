"""Google's tokens: one refresh token per bundle, narrowed to a capability at every refresh (RFC 6749 section 6).

Law: the scope that came back is what a lease claims; more than was asked for is refused, not used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from auth.callback import Place
from auth.capability import Capability
from auth.errors import Unreachable
from auth.lease import Secret
from auth.local.grants import Challenge, Client, Grant
from auth.local.local_broker import LocalBroker
from auth.local.token_endpoint import BROKEN, Issued, TokenEndpoint, TokenError, Who, post
from auth.need import Misconfigured, Need, StepUp, Unavailable
from auth.wire import Wire

AUTHORIZE = "https://accounts.google.com/o/oauth2/v2/auth"
TOKEN = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
REVOKE = "https://oauth2.googleapis.com/revoke"
TOKEN_INFO = "https://oauth2.googleapis.com/tokeninfo"  # noqa: S105 - an address
ASKS_WHO = "POST oauth2.googleapis.com/tokeninfo"
REDIRECT = "http://127.0.0.1/google/callback"
EMAIL = "https://www.googleapis.com/auth/userinfo.email"
IDENTITY = frozenset({"openid", EMAIL})
SIGN_IN_AGAIN = "the organisation asks for a new sign-in at Google from time to time"


class GoogleBroker(LocalBroker):
    """Leases for Google accounts. `locate` maps real addresses to where they are served."""

    connection = "google"
    issuer = "https://accounts.google.com"
    place = Place("/google/callback")
    redirect_at_once = REDIRECT
    asks_who = ASKS_WHO
    parting = (
        "Forgotten here. Google revokes all or nothing and still lists Valet: disconnect the whole account for that.",
        "https://myaccount.google.com/connections",
    )

    def __init__(self, *, wire: Wire, client: Client, locate: Callable[[str], str] = str, **common: Any) -> None:
        super().__init__(**common)
        self._endpoint = TokenEndpoint(wire, locate(TOKEN), client.id, client.secret)
        self._wire, self._client, self._locate = wire, client, locate

    def onward(self, account: str, capability: Capability, challenge: Challenge, redirect: str) -> str:
        asked = {
            "client_id": self._client.id,
            "redirect_uri": redirect,
            "response_type": "code",
            "scope": " ".join(sorted(capability.scopes | IDENTITY)),
            "state": challenge.state,
            "code_challenge": challenge.digest,
            "code_challenge_method": "S256",
            "access_type": "offline",
            "prompt": "consent",
        }
        hint = {"login_hint": account} if "@" in account else {}
        return f"{self._locate(AUTHORIZE)}?{urlencode(asked | hint)}"

    def redeem(self, code: str, challenge: Challenge, redirect: str) -> Issued:
        issued = self._endpoint.ask(
            grant_type="authorization_code", code=code, code_verifier=challenge.verifier, redirect_uri=redirect
        )
        if issued.refresh_token is None:
            raise Unreachable(BROKEN)
        return issued

    def refresh(self, grant: Grant, scopes: frozenset[str]) -> Issued:
        token = grant.refresh_token.reveal() if grant.refresh_token else ""
        return self._endpoint.ask(grant_type="refresh_token", refresh_token=token, scope=" ".join(sorted(scopes)))

    def who(self, token: Secret) -> Who:
        found = post(self._wire, self._locate(TOKEN_INFO), access_token=token.reveal())
        identity, address, ours = found.get("sub"), found.get("email"), found.get("aud") == self._client.id
        if not (isinstance(identity, str) and isinstance(address, str) and identity and address and ours):
            raise Unreachable(BROKEN)
        return Who(identity, address)

    def revoke(self, grant: Grant) -> None:
        token = grant.refresh_token.reveal() if grant.refresh_token else ""
        try:
            post(self._wire, self._locate(REVOKE), token=token)
        except TokenError as error:
            if error.code != "invalid_token":
                raise

    def canonical(self, scopes: frozenset[str]) -> frozenset[str]:
        return scopes - IDENTITY - {"email"}

    def end_of(self, issued: Issued, grant: Grant | None, now: float) -> float | None:
        if issued.refresh_seconds is not None:
            return now + issued.refresh_seconds
        return grant.expires if grant else None

    def is_name_of(self, account: str, who: Who) -> bool:
        return "@" not in account or account.casefold() == who.name.casefold()

    def death(self, error: TokenError) -> str:
        if error.code != "invalid_grant":
            return ""
        return SIGN_IN_AGAIN if error.subtype in ("invalid_rapt", "rapt_required") else error.description

    def refusal(self, capability: Capability, error: TokenError) -> Need:
        match error.code:
            case "invalid_scope":
                return StepUp("google", capability.scopes, capability.reason)
            case "invalid_client" | "unauthorized_client" | "redirect_uri_mismatch":
                return Misconfigured("google", f"Google refuses the client ({error.code})", "Check the client id.")
            case _:
                return Unavailable("google", str(error), error.retry_after)
