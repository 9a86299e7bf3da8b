"""Programs that act in their own name and ask nobody: with client credentials (RFC 6749 section 4.4), or as a Google
service account, which signs for itself (RFC 7523).

Law: there is no consent here; whatever is wrong is for the operator, and the key of the account leaves no signature but
one for its own token service.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from auth.audit import Audit
from auth.capability import Capability
from auth.errors import Oversized, TooSlow, Unreachable
from auth.lease import Lease
from auth.local.google import TOKEN
from auth.local.grants import Client
from auth.local.links import access_of
from auth.local.token_endpoint import BROKEN, TokenError, post, read_rfc6749
from auth.need import Misconfigured, Need, Unavailable
from auth.wire import Wire

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SIGNED_SECONDS = 600
REFUSED = frozenset({"invalid_grant", "invalid_client", "unauthorized_client", "access_denied", "invalid_scope"})
NEXT = (
    "In the admin console give the service account's client id domain-wide delegation for these scopes, and set "
    "VALET_GOOGLE_ACCOUNT to the person it acts for."
)


@dataclass(frozen=True)
class ServiceKey:
    """The account as its key file names it; `pem` is its private key (PKCS #8)."""

    address: str
    id: str
    pem: str = field(repr=False)


class MachineBroker(ABC):
    """Leases in the name of one account, with a token from the service at `url`. `locate` maps addresses."""

    connection: str
    url: str
    what: str
    next: str

    def __init__(
        self,
        *,
        wire: Wire,
        account: str,
        audit: Audit,
        clock: Callable[[], float],
        locate: Callable[[str], str] = str,
    ) -> None:
        self._wire, self._account = wire, account
        self._audit, self._clock, self._locate = audit, clock, locate
        self._held: dict[tuple[str, str, frozenset[str]], tuple[Lease, float]] = {}
        self._lock = threading.Lock()

    @abstractmethod
    def _asked(self, scope: str) -> Mapping[str, str]:
        """The form that asks for a token of this scope."""

    def account(self, user: str, connection: str) -> str:
        return self._account

    def lease(self, user: str, account: str, capability: Capability) -> Lease | Need:
        if account not in ("", self._account):
            wrong = f"{self.what} acts for {self._account}, not for {account}"
            return Misconfigured(self.connection, wrong, self.next)
        key = (user, capability.name, capability.scopes)
        with self._lock:
            lease, until = self._held.get(key, (None, 0.0))
            if lease is not None and until > self._clock():
                return lease
            outcome = self._fresh(user, capability)
            if isinstance(outcome, tuple):
                self._held[key] = outcome
        found = outcome[0] if isinstance(outcome, tuple) else outcome
        facts = {"account": self._account, "capability": capability.name, "scopes": " ".join(sorted(capability.scopes))}
        self._audit.record(user, "lease" if isinstance(found, Lease) else "need", **facts, what=type(found).__name__)
        return found

    def invalidate(self, lease: Lease) -> None:
        with self._lock:
            self._held = {key: held for key, held in self._held.items() if held[0] is not lease}

    def _fresh(self, user: str, capability: Capability) -> tuple[Lease, float] | Need:
        scope = " ".join(sorted(capability.scopes))
        try:
            body = post(self._wire, self._locate(self.url), **self._asked(scope))
            issued = read_rfc6749({"scope": scope} | body)  # left out where it is what was asked (RFC 6749, 5.1)
        except TokenError as error:
            if error.code in REFUSED:
                return Misconfigured(self.connection, f"{self.what} is refused ({error})", self.next)
            return Unavailable(self.connection, str(error), error.retry_after)
        except (Unreachable, TooSlow, Oversized) as error:
            return Unavailable(self.connection, str(error))
        except (KeyError, ValueError):
            return Unavailable(self.connection, BROKEN)
        if issued.scopes != capability.scopes:
            return Misconfigured(self.connection, "a token came back for other scopes than were asked for", self.next)
        access = access_of(issued, issued.scopes, self._clock())
        lease = Lease(user, self._account, capability.name, issued.scopes, access.expires, access.token)
        return lease, access.until


class ClientCredentialsBroker(MachineBroker):
    """Leases for what a registered program may do by itself; `audience` where the authorization server wants one."""

    def __init__(self, *, connection: str, url: str, client: Client, audience: str = "", **common: Any) -> None:
        super().__init__(account=client.id, **common)
        self.connection, self.url, self._client, self._audience = connection, url, client, audience
        self.what = f"the client {client.id}"
        self.next = f"Check the client of {connection}, its secret and its scopes, at the authorization server."

    def _asked(self, scope: str) -> Mapping[str, str]:
        secret = {"client_id": self._client.id, "client_secret": self._client.secret}
        audience = {"audience": self._audience} if self._audience else {}
        return {"grant_type": "client_credentials", "scope": scope} | secret | audience


class ServiceAccountBroker(MachineBroker):
    """Leases in the name of `person`, for whom the organisation lets the account act."""

    connection, url, what, next = "google", TOKEN, "the service account", NEXT

    def __init__(self, *, key: ServiceKey, person: str, **common: Any) -> None:
        super().__init__(account=person, **common)
        self._key = key

    def _asked(self, scope: str) -> Mapping[str, str]:
        return {"grant_type": JWT_BEARER, "assertion": self._signed(scope)}

    def _signed(self, scope: str) -> str:
        from joserfc import jwt
        from joserfc.jwk import RSAKey

        now = int(self._clock())
        claims = {
            "iss": self._key.address,
            "sub": self._account,
            "aud": TOKEN,
            "scope": scope,
            "iat": now,
            "exp": now + SIGNED_SECONDS,
        }
        return jwt.encode({"alg": "RS256", "kid": self._key.id}, claims, RSAKey.import_key(self._key.pem))
