"""What a person consented to, and where it is kept. Law: a grant's refresh token is a secret of its own kind."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from auth.errors import Unreachable
from auth.lease import Secret
from auth.local.token_endpoint import TokenError
from auth.wire import Cut, Wire


@dataclass(frozen=True)
class Client:
    """The app's registration. The secret of an installed app is not confidential; "" for a public client."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, eq=False)
class Grant:
    """What a person consented to: a refresh token for one capability of one account."""

    account: str
    scopes: frozenset[str]
    refresh_token: Secret


class Grants(Protocol):
    """Where grants are kept."""

    def find(self, user: str, account: str, capability: str) -> Grant | None: ...
    def keep(self, user: str, capability: str, grant: Grant) -> None: ...
    def drop(self, user: str, account: str, capability: str) -> None: ...


class MemoryGrants:
    """Grants for the life of the process: the demo workspace consents anew each time."""

    def __init__(self) -> None:
        self._grants: dict[tuple[str, str, str], Grant] = {}

    def find(self, user: str, account: str, capability: str) -> Grant | None:
        return self._grants.get((user, account, capability))

    def keep(self, user: str, capability: str, grant: Grant) -> None:
        self._grants[(user, grant.account, capability)] = grant

    def drop(self, user: str, account: str, capability: str) -> None:
        self._grants.pop((user, account, capability), None)


Consent = Callable[[str], str]
"""Takes the address of the consent page, returns the address the browser was sent back to."""


@dataclass(frozen=True)
class Challenge:
    """State and PKCE verifier of one consent (RFC 7636)."""

    state: str
    verifier: str

    @classmethod
    def new(cls) -> Challenge:
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(48))

    @property
    def digest(self) -> str:
        """The code challenge of method S256."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()

    def code(self, back: str) -> str | None:
        """The code in the address the browser was sent back to; None where the person declined.

        Raises TokenError where the state is not the one sent out.
        """
        query = parse_qs(urlsplit(back).query)
        if not hmac.compare_digest(query.get("state", [""])[0].encode(), self.state.encode()):
            raise TokenError("invalid_grant", "the answer to the consent carries another state")
        return query.get("code", [None])[0]


def consent_at_once(wire: Wire) -> Consent:
    """The demo workspace's person, who agrees at once: fetch the page, take the redirect it answers with."""

    def consent(page: str) -> str:
        redirect = parse_qs(urlsplit(page).query).get("redirect_uri", [""])[0]
        answer = wire.send("GET", page, body=None, headers={}, cut=Cut())
        location = answer.headers.get("location", "")
        if answer.status not in (302, 303) or not redirect or not location.startswith(redirect):
            raise Unreachable(f"the consent page did not send the browser back (HTTP {answer.status})")
        return location

    return consent
