"""Slack's user tokens: OAuth v2 with PKCE for a public client, rotated with single-use refresh tokens.

Law: the new refresh token is kept before the access token that came with it is used. A Slack token cannot be narrowed
at refresh: there is one consent per capability, a wider scope is recorded in the lease, and the gateway narrows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from auth.capability import Capability
from auth.errors import Unreachable
from auth.lease import Lease, Secret
from auth.local.grants import Challenge, Client, Grant
from auth.local.local_broker import LocalBroker
from auth.local.token_endpoint import BROKEN, Body, Issued, TokenEndpoint, TokenError, text
from auth.need import Misconfigured, Need, Reauth, StepUp, Unavailable
from auth.wire import Wire

AUTHORIZE = "https://slack.com/oauth/v2_user/authorize"
TOKEN = "https://slack.com/api/oauth.v2.user.access"  # noqa: S105 - an address
REDIRECT = "http://localhost:53682/slack/callback"  # Slack wants the name and the registered port
DEAD = frozenset(
    {"invalid_refresh_token", "invalid_grant", "token_revoked", "token_expired", "account_inactive", "invalid_auth"}
)
MISCONFIGURED = frozenset(
    {
        "bad_client_secret",
        "bad_redirect_uri",
        "invalid_client_id",
        "oauth_authorization_url_mismatch",
        "pkce_not_allowed",
        "no_user_scopes",
    }
)


class SlackBroker(LocalBroker):
    """Leases for one Slack account. `locate` maps real addresses to where they are served."""

    connection = "slack"

    def __init__(self, *, wire: Wire, client: Client, locate: Callable[[str], str] = str, **common: Any) -> None:
        super().__init__(**common)
        self._endpoint = TokenEndpoint(wire, locate(TOKEN), client.id, client.secret, read_slack)
        self._client, self._locate = client, locate

    def _refresh(self, user: str, account: str, capability: Capability, grant: Grant) -> Lease | Need:
        if grant.refresh_token is None:
            return Reauth("slack", grant.dead)
        issued = self._endpoint.ask(grant_type="refresh_token", refresh_token=grant.refresh_token.reveal())
        scopes = issued.scopes or grant.scopes
        self._keep(user, account, capability, issued, scopes)
        if not capability.scopes <= scopes:
            return StepUp("slack", capability.scopes - scopes, capability.reason)
        return Lease(
            user=user,
            account=account,
            capability=capability.name,
            scopes=scopes,
            expires=self._clock() + issued.seconds,
            token=issued.access_token,
        )

    def _link(self, user: str, account: str, capability: Capability) -> Grant | None:
        """The authorization-code flow with PKCE, where someone is at hand to consent."""
        if self._consent is None:
            return None
        challenge = Challenge.new()
        code = challenge.code(self._consent(self._page(capability, challenge)))
        if code is None:
            return None
        issued = self._endpoint.ask(
            grant_type="authorization_code", code=code, code_verifier=challenge.verifier, redirect_uri=REDIRECT
        )
        return self._keep(user, account, capability, issued, issued.scopes)

    def _keep(self, user: str, account: str, capability: Capability, issued: Issued, scopes: frozenset[str]) -> Grant:
        if issued.refresh_token is None:
            raise Unreachable(BROKEN)
        grant = Grant(account, scopes, issued.refresh_token)
        self._grants.keep(user, capability.name, grant)
        return grant

    def _page(self, capability: Capability, challenge: Challenge) -> str:
        query = urlencode(
            {
                "client_id": self._client.id,
                "redirect_uri": REDIRECT,
                "scope": ",".join(sorted(capability.scopes)),
                "state": challenge.state,
                "code_challenge": challenge.digest,
                "code_challenge_method": "S256",
            }
        )
        return f"{self._locate(AUTHORIZE)}?{query}"

    def _need(self, user: str, account: str, capability: Capability, error: TokenError) -> Need:
        if error.code in DEAD:
            self._grants.drop(user, account, capability.name)
            return Reauth("slack", error.code.replace("_", " "))
        if error.code in MISCONFIGURED:
            return Misconfigured("slack", f"Slack refuses the app ({error.code})", "Check the Slack app's settings.")
        return Unavailable("slack", error.code, error.retry_after)


def read_slack(body: Body) -> Issued:
    """Slack's answer: fields at the top level or under `authed_user`, scopes by comma, errors as `ok: false`.

    Raises TokenError for those, KeyError or ValueError where something is missing or odd.
    """
    if body.get("ok") is not True:
        raise TokenError(text(body.get("error", "unknown_error")), "Slack said no")
    inner = body.get("authed_user")
    fields = body if "access_token" in body else inner if isinstance(inner, dict) else {}
    refresh = fields.get("refresh_token")
    return Issued(
        access_token=Secret(text(fields["access_token"])),
        refresh_token=None if refresh is None else Secret(text(refresh)),
        scopes=frozenset(scope for scope in text(fields.get("scope", "")).split(",") if scope),
        seconds=float(str(fields["expires_in"])),
    )
