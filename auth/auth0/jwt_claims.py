"""What the tenant's tokens say. Law: who signed in is believed of a verified ID token alone (OpenID Connect Core,
3.1.3.7); what an access token says of itself only serves to explain why an API will not take it.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from typing import Any

from auth.auth0.tenant import Tenant
from auth.errors import AuthError, Unreachable
from auth.lease import Secret
from auth.local.token_endpoint import BROKEN, Who
from auth.wire import Cut, Wire

SKEW_SECONDS = 120.0
LONGEST, MOST_KEYS = 16 * 1024, 256 * 1024
"""Characters of an ID token, and bytes of a key set, that are looked at."""


class NotVerified(AuthError):
    """The ID token proves nothing; the text says why."""


class ForeignIssuer(NotVerified):
    """It names another issuer than the tenant."""


def told(token: Secret) -> dict[str, Any]:
    """The claims of a JWT, unverified; {} for a token that is opaque."""
    try:
        part = token.reveal().split(".")[1]
        claims = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, IndexError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def names(claims: dict[str, Any], audience: str) -> bool:
    """Whether an access token is for this audience."""
    stated = claims.get("aud")
    return audience in (stated if isinstance(stated, list) else [stated])


def verified(claims: dict[str, Any], tenant: Tenant, nonce: str, now: float) -> Who:
    """Whose sign-in the (signature-checked) claims prove. Raises NotVerified."""
    if claims.get("iss") != tenant.issuer:
        raise ForeignIssuer("the ID token names another issuer")
    alone = tenant.client.id if claims.get("aud") in (tenant.client.id, [tenant.client.id]) else None
    if not names(claims, tenant.client.id) or claims.get("azp", alone) != tenant.client.id:
        raise NotVerified("the ID token is for another application")
    if claims.get("nonce") != nonce:
        raise NotVerified("the ID token answers another sign-in")
    end, subject = claims.get("exp"), claims.get("sub")
    if not isinstance(end, int | float) or not now <= end + SKEW_SECONDS:  # so that NaN does not pass
        raise NotVerified("the ID token has expired; check this computer's clock")
    if not isinstance(subject, str) or not subject:
        raise NotVerified("the ID token names nobody")
    name = claims.get("email") or claims.get("nickname") or subject
    return Who(subject, name if isinstance(name, str) else subject)


def signed(wire: Wire, key_set: str, token: str) -> dict[str, Any]:
    """The claims of a token that a key of the published set (JWKS) signed. Raises NotVerified, Unreachable, TooSlow."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    if len(token) > LONGEST:
        raise NotVerified("the ID token is longer than any that is taken")
    answer = wire.send("GET", key_set, body=None, headers={"Accept": "application/json"}, cut=Cut())
    if answer.status != 200 or len(answer.body) > MOST_KEYS:
        raise Unreachable(f"{BROKEN} (HTTP {answer.status})")
    try:
        keys = KeySet.import_key_set(json.loads(answer.body))
        return dict(jwt.decode(token, keys, algorithms=["RS256"]).claims)
    except (JoseError, ValueError, KeyError, TypeError, RecursionError):
        raise NotVerified("the ID token is not signed by the tenant") from None  # the cause could hold the token
