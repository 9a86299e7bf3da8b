"""A Google service account: an organisation's own program, which signs for itself and asks nobody (RFC 7523).

Law: there is no consent here; whatever is wrong is for the operator, and the key of the account leaves no signature but
one for its own token service.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from auth.audit import Audit
from auth.capability import Capability
from auth.errors import Oversized, TooSlow, Unreachable
from auth.lease import Lease
from auth.local.google import TOKEN
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


class ServiceAccountBroker:
    """Leases in the name of `person`, for whom the organisation lets the account act. `locate` maps addresses."""

    def __init__(
        self,
        *,
        wire: Wire,
        key: ServiceKey,
        person: str,
        audit: Audit,
        clock: Callable[[], float],
        locate: Callable[[str], str] = str,
    ) -> None:
        self._wire, self._key, self._person = wire, key, person
        self._audit, self._clock, self._locate = audit, clock, locate
        self._held: dict[tuple[str, str, frozenset[str]], tuple[Lease, float]] = {}
        self._lock = threading.Lock()

    def account(self, user: str, connection: str) -> str:
        return self._person

    def lease(self, user: str, account: str, capability: Capability) -> Lease | Need:
        if account not in ("", self._person):
            return Misconfigured("google", f"the service account acts for {self._person}, not for {account}", NEXT)
        key = (user, capability.name, capability.scopes)
        with self._lock:
            lease, until = self._held.get(key, (None, 0.0))
            if lease is not None and until > self._clock():
                return lease
            outcome = self._fresh(user, capability)
            if isinstance(outcome, tuple):
                self._held[key] = outcome
        found = outcome[0] if isinstance(outcome, tuple) else outcome
        facts = {"account": self._person, "capability": capability.name, "scopes": " ".join(sorted(capability.scopes))}
        self._audit.record(user, "lease" if isinstance(found, Lease) else "need", **facts, what=type(found).__name__)
        return found

    def invalidate(self, lease: Lease) -> None:
        with self._lock:
            self._held = {key: held for key, held in self._held.items() if held[0] is not lease}

    def _fresh(self, user: str, capability: Capability) -> tuple[Lease, float] | Need:
        scope = " ".join(sorted(capability.scopes))
        try:
            body = post(self._wire, self._locate(TOKEN), grant_type=JWT_BEARER, assertion=self._signed(scope))
            issued = read_rfc6749({"scope": scope} | body)  # left out where it is what was asked (RFC 6749, 5.1)
        except TokenError as error:
            if error.code in REFUSED:
                return Misconfigured("google", f"Google refuses the service account ({error})", NEXT)
            return Unavailable("google", str(error), error.retry_after)
        except (Unreachable, TooSlow, Oversized) as error:
            return Unavailable("google", str(error))
        except (KeyError, ValueError):
            return Unavailable("google", BROKEN)
        if issued.scopes != capability.scopes:
            return Misconfigured("google", "a token came back for other scopes than were asked for", NEXT)
        access = access_of(issued, issued.scopes, self._clock())
        lease = Lease(user, self._person, capability.name, issued.scopes, access.expires, access.token)
        return lease, access.until

    def _signed(self, scope: str) -> str:
        from joserfc import jwt
        from joserfc.jwk import RSAKey

        now = int(self._clock())
        claims = {
            "iss": self._key.address,
            "sub": self._person,
            "aud": TOKEN,
            "scope": scope,
            "iat": now,
            "exp": now + SIGNED_SECONDS,
        }
        return jwt.encode({"alg": "RS256", "kid": self._key.id}, claims, RSAKey.import_key(self._key.pem))
