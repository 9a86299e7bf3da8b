"""Who is asking: a bearer token (RFC 6750) verified by algorithm, key, issuer, audience, time and scope.

Law: the algorithm is ours to choose, not the token's; whatever is odd is refused with the same words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError

from app.tasks.key_set import KeySet, KeysUnavailable
from app.tasks.problem import Problem

LEEWAY_SECONDS = 30.0
LONGEST = 8192
TYPES = frozenset({"at+jwt", "application/at+jwt", "jwt"})
_BEARER = re.compile(r"[Bb]earer +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*)")


@dataclass(frozen=True)
class Caller:
    """The person a token stands for, and what it permits."""

    user: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class Verifier:
    """Judges tokens of one issuer for one audience."""

    issuer: str
    audience: str
    keys: KeySet
    clock: Callable[[], float]

    def caller(self, authorization: str | None, scope: str) -> Caller:
        """Whose token this is. Raises Problem: 401 for no or no good token, 403 where `scope` is missing, 503."""
        if not authorization:
            raise Problem(401, "no-token", "Send an access token as `Authorization: Bearer …`.", headers=_challenge())
        found = _BEARER.fullmatch(authorization)
        claims = self._claims(found[1]) if found and len(found[1]) <= LONGEST else None
        user = self._user(claims) if claims is not None else None
        if claims is None or user is None:
            detail = "The access token is not valid here (any more). Get a new one."
            raise Problem(401, "invalid-token", detail, headers=_challenge(error="invalid_token"))
        scopes = frozenset(str(claims.get("scope", "")).split())
        if scope not in scopes:
            more = _challenge(error="insufficient_scope", scope=scope)
            raise Problem(403, "insufficient-scope", f"This needs a token with the scope {scope}.", headers=more)
        return Caller(user, scopes)

    def _claims(self, token: str) -> dict[str, Any] | None:
        """The claims where the signature is that of one of the issuer's keys."""
        try:
            header = jws.extract_compact(token.encode()).headers()
            if header.get("alg") != "RS256" or "crit" in header or str(header.get("typ", "jwt")).lower() not in TYPES:
                return None
            key = self.keys.key(header["kid"]) if isinstance(header.get("kid"), str) else None
            return jwt.decode(token, key, algorithms=["RS256"]).claims if key is not None else None
        except KeysUnavailable as error:
            detail = f"{error} Try again in a minute."
            raise Problem(503, "no-keys", detail, headers={"Retry-After": "10"}) from None
        except (JoseError, ValueError, TypeError, KeyError, RecursionError):
            return None

    def _user(self, claims: Mapping[str, Any]) -> str | None:
        """The subject, where issuer, audience and times are right."""
        audience = claims.get("aud")
        meant = audience if isinstance(audience, list) else [audience]
        if claims.get("iss") != self.issuer or self.audience not in meant or not self._timely(claims):
            return None
        user = claims.get("sub")
        return user if isinstance(user, str) and 0 < len(user) <= 255 else None

    def _timely(self, claims: Mapping[str, Any]) -> bool:
        now = self.clock()
        ends, begins, issued = (_moment(claims, name) for name in ("exp", "nbf", "iat"))
        begun = all(at is None or at <= now + LEEWAY_SECONDS for at in (begins, issued))
        return begun and ends is not None and now < ends + LEEWAY_SECONDS


def _moment(claims: Mapping[str, Any], name: str) -> float | None:
    """Seconds since the epoch; None where it is absent, NaN, which no comparison passes, where it is no number."""
    value = claims.get(name)
    if value is None and name not in claims:
        return None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan


def _challenge(**said: str) -> dict[str, str]:
    parts = ", ".join(f'{name}="{value}"' for name, value in {"realm": "tasks", **said}.items())
    return {"WWW-Authenticate": f"Bearer {parts}"}
