"""Whose account a provider's token is of, as the provider says: the tenant only names its own ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from auth.errors import Unreachable
from auth.lease import Secret
from auth.local import google as at_google
from auth.local import slack as at_slack
from auth.local.google import TOKEN_INFO
from auth.local.slack import DEAD, WHO, agreed
from auth.local.token_endpoint import BROKEN, Who, post, text
from auth.wire import Wire

Identify = Callable[[Secret], Who]
"""Raises TokenError for a token that is not taken, and Unreachable, TooSlow or Oversized."""

ASKS_WHO: Mapping[str, str] = {"google": at_google.ASKS_WHO, "slack": at_slack.ASKS_WHO}
"""The operation it is asked with, for the audit."""
REFUSED_TOKEN = DEAD | {"invalid_token"}
"""The services' words for a token they no longer take."""
IDENTITY_SCOPES: Mapping[str, frozenset[str]] = {"google": frozenset({"openid", "profile", "email"})}
"""Without them the tenant could not tell whose account was connected."""
_NOT_ASKED = frozenset(
    {
        "openid",
        "profile",
        "email",
        "offline_access",
        "identify",
        "https://www.googleapis.com/auth/userinfo.email",
        "https://www.googleapis.com/auth/userinfo.profile",
    }
)


def canonical(scopes: frozenset[str]) -> frozenset[str]:
    """The scopes without those of the identity."""
    return scopes - _NOT_ASKED


def identities(wire: Wire, locate: Callable[[str], str]) -> dict[str, Identify]:
    """Who is asked about a token, by connection."""

    def google(token: Secret) -> Who:
        found = post(wire, locate(TOKEN_INFO), access_token=token.reveal())
        try:
            return Who(text(found["sub"]), text(found["email"]))
        except (KeyError, ValueError):
            raise Unreachable(BROKEN) from None

    def slack(token: Secret) -> Who:
        found = agreed(post(wire, locate(WHO), token=token.reveal()))
        try:
            team, user, name = (text(found[key]) for key in ("team_id", "user_id", "user"))
            domain = urlsplit(text(found["url"])).hostname or text(found["team"])
        except (KeyError, ValueError):
            raise Unreachable(BROKEN) from None
        return Who(f"{team}/{user}", f"{name}@{domain}")

    return {"google": google, "slack": slack}
