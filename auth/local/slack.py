"""Slack's user tokens: OAuth v2 with PKCE for a public client, rotated with single-use refresh tokens.

Law: the new refresh token is kept before the access token that came with it is used. A Slack token cannot be narrowed
at refresh: a wider scope is recorded in the lease, and the gateway narrows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from auth.callback import Place
from auth.capability import Capability
from auth.errors import Unreachable
from auth.lease import Secret
from auth.local.grants import Challenge, Client, Grant
from auth.local.local_broker import LocalBroker
from auth.local.token_endpoint import BROKEN, Body, Issued, TokenEndpoint, TokenError, Who, post, span, text
from auth.need import Misconfigured, Need, Unavailable
from auth.wire import Wire

AUTHORIZE = "https://slack.com/oauth/v2_user/authorize"
TOKEN = "https://slack.com/api/oauth.v2.user.access"  # noqa: S105 - an address
WHO = "https://slack.com/api/auth.test"
REVOKE = "https://slack.com/api/auth.revoke"
ASKS_WHO = "POST slack.com/api/auth.test"
PORTS = (53682, 53683, 53684)
REDIRECT = f"http://localhost:{PORTS[0]}/slack/callback"  # Slack wants the name and a registered port
REFRESH_SECONDS = 30 * 86_400.0
"""How long a refresh token of a public client lives, which no answer says."""
DEAD = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "invalid_code",
        "invalid_code_verifier",
        "invalid_grant",
        "invalid_refresh_token",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)
MISCONFIGURED = frozenset(
    {
        "bad_client_secret",
        "bad_redirect_uri",
        "cannot_install_an_org_installed_app",
        "invalid_client_id",
        "no_user_scopes",
        "oauth_authorization_url_mismatch",
        "pkce_not_allowed",
    }
)


class SlackBroker(LocalBroker):
    """Leases for Slack accounts. `locate` maps real addresses to where they are served."""

    connection = "slack"
    issuer = "https://slack.com"
    place = Place("/slack/callback", "localhost", PORTS)
    single_use = True
    carries_more = True
    redirect_at_once = REDIRECT
    asks_who = ASKS_WHO
    parting = (
        "Forgotten here. Slack still lists Valet: disconnect the whole account for that.",
        "your workspace's page of connected apps",
    )

    def __init__(self, *, wire: Wire, client: Client, locate: Callable[[str], str] = str, **common: Any) -> None:
        super().__init__(**common)
        self._endpoint = TokenEndpoint(wire, locate(TOKEN), client.id, client.secret, read_slack)
        self._wire, self._client, self._locate = wire, client, locate

    def onward(self, account: str, capability: Capability, challenge: Challenge, redirect: str) -> str:
        asked = {
            "client_id": self._client.id,
            "redirect_uri": redirect,
            "scope": ",".join(sorted(capability.scopes)),
            "state": challenge.state,
            "code_challenge": challenge.digest,
            "code_challenge_method": "S256",
        }
        return f"{self._locate(AUTHORIZE)}?{urlencode(asked)}"

    def redeem(self, code: str, challenge: Challenge, redirect: str) -> Issued:
        return self._endpoint.ask(
            grant_type="authorization_code", code=code, code_verifier=challenge.verifier, redirect_uri=redirect
        )

    def refresh(self, grant: Grant, scopes: frozenset[str]) -> Issued:
        token = grant.refresh_token.reveal() if grant.refresh_token else ""
        issued = self._endpoint.ask(grant_type="refresh_token", refresh_token=token)
        if issued.refresh_token is None:
            raise Unreachable(BROKEN)
        return issued

    def who(self, token: Secret) -> Who:
        found = self._told(WHO, token=token.reveal())
        try:
            team, user, name = (text(found[key]) for key in ("team_id", "user_id", "user"))
            domain = urlsplit(text(found["url"])).hostname or text(found["team"])
        except (KeyError, ValueError):
            raise Unreachable(BROKEN) from None
        return Who(f"{team}/{user}", f"{name}@{domain}")

    def revoke(self, grant: Grant) -> None:
        """With its access token, or a fresh one where that has expired."""
        try:
            kept = grant.refresh_token if grant.fixed else grant.accesses[-1].token if grant.accesses else None
            if (kept is None or not self._revoked(kept)) and not grant.fixed:
                self._revoked(self.refresh(grant, grant.scopes).access_token)
        except TokenError as error:
            if error.code not in DEAD:
                raise

    def _revoked(self, token: Secret) -> bool:
        """False where the token itself has expired. Raises TokenError."""
        try:
            self._told(REVOKE, token=token.reveal())
        except TokenError as error:
            if error.code != "token_expired":
                raise
            return False
        return True

    def _told(self, url: str, **fields: str) -> Body:
        """A method of the Web API; the token goes in the form. Raises TokenError for `ok: false`."""
        return agreed(post(self._wire, self._locate(url), **fields))

    def canonical(self, scopes: frozenset[str]) -> frozenset[str]:
        return scopes - {"identify"}

    def end_of(self, issued: Issued, grant: Grant | None, now: float) -> float | None:
        return None if issued.refresh_token is None else now + REFRESH_SECONDS

    def is_name_of(self, account: str, who: Who) -> bool:
        return True  # a person's address at work says nothing of their name in Slack

    def death(self, error: TokenError) -> str:
        return error.code.replace("_", " ") if error.code in DEAD else ""

    def refusal(self, capability: Capability, error: TokenError) -> Need:
        if error.code in MISCONFIGURED:
            return Misconfigured("slack", f"Slack refuses the app ({error.code})", "Check the Slack app's settings.")
        return Unavailable("slack", error.code, error.retry_after)


def agreed(body: Body) -> Body:
    """The answer where it says `ok`. Raises TokenError with the error of the others, which come with HTTP 200 too."""
    if body.get("ok") is not True:
        error = body.get("error")
        raise TokenError(error if isinstance(error, str) else "unknown_error", "Slack said no")
    return body


def read_slack(body: Body) -> Issued:
    """Slack's answer: fields at the top level or under `authed_user`, scopes by comma, errors as `ok: false`.

    A workspace whose app does not rotate gives a token without an end. Raises TokenError for a refusal, KeyError or
    ValueError where something is missing or odd.
    """
    inner = agreed(body).get("authed_user")
    fields = body if "access_token" in body else inner if isinstance(inner, dict) else {}
    refresh = fields.get("refresh_token")
    return Issued(
        access_token=Secret(text(fields["access_token"])),
        refresh_token=None if refresh is None else Secret(text(refresh)),
        scopes=frozenset(scope for scope in text(fields.get("scope", "")).split(",") if scope),
        seconds=float("inf") if refresh is None and "expires_in" not in fields else span(fields["expires_in"]),
    )
