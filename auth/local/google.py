"""Google's tokens: one refresh token per capability, narrowed again at every refresh (RFC 6749 section 6).

Law: the scope that came back is what a lease claims; more than was asked for is refused, not used.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

from auth.audit import Audit
from auth.capability import Capability
from auth.errors import Oversized, TooSlow, Unreachable
from auth.lease import Lease, Secret
from auth.local.token_endpoint import BROKEN, TokenEndpoint, TokenError
from auth.need import Connect, Misconfigured, Need, Reauth, StepUp, Unavailable
from auth.wire import Cut, Wire

AUTHORIZE = "https://accounts.google.com/o/oauth2/v2/auth"
TOKEN = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
REDIRECT = "http://127.0.0.1/google/callback"
EARLY_SECONDS = 60.0


@dataclass(frozen=True)
class Client:
    """The installed app's registration. Google's secret for desktop apps is not confidential."""

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


class GoogleBroker:
    """Leases for one Google account. `locate` maps real addresses to where they are served; `consent` is at hand
    where someone can agree at once (the demo workspace); without it a missing grant is a Connect."""

    def __init__(
        self,
        *,
        wire: Wire,
        client: Client,
        grants: Grants,
        audit: Audit,
        clock: Callable[[], float],
        default_account: str,
        locate: Callable[[str], str] = str,
        consent: Consent | None = None,
    ) -> None:
        self._endpoint = TokenEndpoint(wire, locate(TOKEN), client.id, client.secret)
        self._client, self._grants, self._audit = client, grants, audit
        self._clock, self._locate, self._consent = clock, locate, consent
        self._default = default_account
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
                return Connect("google", capability.scopes, capability.reason)
            if not capability.scopes <= grant.scopes:
                return StepUp("google", capability.scopes - grant.scopes, capability.reason)
            return self._refresh(user, account, capability, grant)
        except TokenError as error:
            return self._need(user, account, capability, error)
        except (Unreachable, TooSlow, Oversized) as error:
            return Unavailable("google", str(error))

    def _refresh(self, user: str, account: str, capability: Capability, grant: Grant) -> Lease | Need:
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
        state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        back = parse_qs(urlsplit(self._consent(self._page(capability, account, state, verifier))).query)
        if not hmac.compare_digest(back.get("state", [""])[0].encode(), state.encode()):
            raise TokenError("invalid_grant", "the answer to the consent carries another state")
        if "code" not in back:
            return None
        issued = self._endpoint.ask(
            grant_type="authorization_code", code=back["code"][0], code_verifier=verifier, redirect_uri=REDIRECT
        )
        if issued.refresh_token is None:
            raise Unreachable(BROKEN)
        grant = Grant(account, issued.scopes, issued.refresh_token)
        self._grants.keep(user, capability.name, grant)
        return grant

    def _page(self, capability: Capability, account: str, state: str, verifier: str) -> str:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = urlencode(
            {
                "client_id": self._client.id,
                "redirect_uri": REDIRECT,
                "response_type": "code",
                "scope": " ".join(sorted(capability.scopes)),
                "state": state,
                "code_challenge": challenge,
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


def consent_at_once(wire: Wire) -> Consent:
    """The demo workspace's person, who agrees at once: fetch the page, take the redirect it answers with."""

    def consent(page: str) -> str:
        answer = wire.send("GET", page, body=None, headers={}, cut=Cut())
        location = answer.headers.get("location", "")
        if answer.status not in (302, 303) or not location.startswith(REDIRECT):
            raise Unreachable(f"the consent page did not send the browser back (HTTP {answer.status})")
        return location

    return consent
