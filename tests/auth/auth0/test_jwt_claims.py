"""Who signed in: what an ID token has to be, against whoever makes one up (OpenID Connect Core 3.1.3.7, RFC 8725)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from auth.auth0.jwt_claims import LONGEST, MOST_KEYS, ForeignIssuer, NotVerified, signed, verified
from auth.auth0.tenant import Tenant
from auth.errors import Unreachable
from auth.local.grants import Client
from auth.local.token_endpoint import Who
from auth.wire import Wire
from tests.loopback import Hostile

TENANT = Tenant("name.auth0.example", Client("us", ""), {})
NOW = 1_800_000_000.0
CLAIMS: dict[str, Any] = {
    "iss": TENANT.issuer, "sub": "auth0|1", "aud": "us", "nonce": "n", "exp": NOW + 60, "email": "ana@example.org",
}  # fmt: skip
OURS, ANOTHER = RSAKey.generate_key(2048), RSAKey.generate_key(2048)


def key_set() -> dict[str, Any]:
    return {"keys": [dict(OURS.as_dict(private=False)) | {"kid": "k1", "use": "sig", "alg": "RS256"}]}


@pytest.fixture
def wire() -> Iterator[Wire]:
    opened = Wire()
    yield opened
    opened.close()


def judged(wire: Wire, token: str, published: dict[str, Any] | None = None) -> dict[str, Any]:
    body = key_set() if published is None else published
    with Hostile(lambda got, line: line.reply(200, body)) as server:
        return signed(wire, f"{server.origin}/jwks", token)


def token(key: RSAKey = OURS, **header: str) -> str:
    return jwt.encode({"alg": "RS256", "kid": "k1", **header}, CLAIMS, key, algorithms=["RS256", "PS256", "RS512"])


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def by_public_key() -> str:
    """Signed with HS256, and the published key for its secret."""
    message = f"{part({'alg': 'HS256', 'kid': 'k1'})}.{part(CLAIMS)}"
    mark = hmac.digest(OURS.as_pem(private=False), message.encode(), hashlib.sha256)
    return f"{message}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"


def test_a_token_the_tenant_signed_says_who_signed_in(wire: Wire) -> None:
    claims = judged(wire, token())
    assert verified(claims, TENANT, "n", NOW) == Who("auth0|1", "ana@example.org")


@pytest.mark.parametrize(
    "made_up",
    [
        f"{part({'alg': 'none'})}.{part(CLAIMS)}.",
        by_public_key(),
        token(alg="RS512"),
        token(alg="PS256"),
        token(ANOTHER),
        token(kid="k2"),
        token()[:-8] + "AAAAAAAA",
        "no.token",
        "",
    ],
    ids=["none", "HS256", "RS512", "PS256", "another key", "another kid", "altered", "broken", "empty"],
)
def test_a_token_that_is_made_up_proves_nothing_and_is_not_repeated(wire: Wire, made_up: str) -> None:
    with pytest.raises(NotVerified, match="not signed by the tenant") as raised:
        judged(wire, made_up)
    assert raised.value.__cause__ is None


def test_a_token_that_brings_its_own_key_proves_nothing(wire: Wire) -> None:
    bringing = {"alg": "RS256", "jwk": dict(ANOTHER.as_dict(private=False)), "jku": "https://evil.example/jwks"}
    message = f"{part(bringing)}.{part(CLAIMS)}"
    with pytest.raises(NotVerified):
        judged(wire, f"{message}.{token(ANOTHER).rpartition('.')[2]}")


def test_neither_a_huge_token_nor_a_huge_key_set_is_looked_at(wire: Wire) -> None:
    with pytest.raises(NotVerified, match="longer than any"):
        judged(wire, "e" * (LONGEST + 1))
    with pytest.raises(Unreachable):
        judged(wire, token(), key_set() | {"more": "x" * MOST_KEYS})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"iss": "https://evil.example/"}, "another issuer"),
        ({"iss": TENANT.issuer.rstrip("/")}, "another issuer"),
        ({"aud": "them"}, "another application"),
        ({"aud": []}, "another application"),
        ({"aud": ["us", "them"]}, "another application"),
        ({"aud": ["us", "them"], "azp": "them"}, "another application"),
        ({"azp": "them"}, "another application"),
        ({"nonce": "another"}, "another sign-in"),
        ({"nonce": None}, "another sign-in"),
        ({"exp": NOW - 121}, "expired"),
        ({"exp": float("nan")}, "expired"),
        ({"exp": "2099"}, "expired"),
        ({"exp": None}, "expired"),
        ({"sub": ""}, "names nobody"),
        ({"sub": 1}, "names nobody"),
    ],
)
def test_claims_that_are_not_of_this_sign_in_prove_nothing(change: dict[str, Any], why: str) -> None:
    with pytest.raises(NotVerified, match=why) as raised:
        verified(CLAIMS | change, TENANT, "n", NOW)
    assert isinstance(raised.value, ForeignIssuer) is (why == "another issuer")


def test_several_audiences_are_taken_where_it_was_made_for_us() -> None:
    assert verified(CLAIMS | {"aud": ["us", "them"], "azp": "us"}, TENANT, "n", NOW).id == "auth0|1"
