"""A service account against a token service: what it signs, and what each refusal means."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from auth.lease import Lease
from auth.local.machine import JWT_BEARER, ServiceAccountBroker, ServiceKey
from auth.need import Misconfigured, Unavailable
from tests.auth.local.google_world import (
    ACCESS,
    ANA,
    READ,
    READ_SCOPE,
    SEND_SCOPE,
    Make,
    World,
    form,
    issue,
    refuse,
    token,
)
from tests.loopback import Play, once_each

ROBOT = "robot@project.example"


@pytest.fixture(scope="module")
def key() -> RSAKey:
    return RSAKey.generate_key(2048)


@pytest.fixture
def broker_of(key: RSAKey, world_of: Make) -> Callable[[Play], tuple[ServiceAccountBroker, World]]:
    def make(play: Play) -> tuple[ServiceAccountBroker, World]:
        world = world_of(play)
        broker = ServiceAccountBroker(
            wire=world.wire,
            key=ServiceKey(ROBOT, "key-1", key.as_pem(private=True).decode()),
            person=ANA,
            audit=world.audit,
            clock=lambda: world.now,
            locate=lambda url: world.server.origin + urlsplit(url).path,
        )
        return broker, world

    return make


Build = Callable[[Play], tuple[ServiceAccountBroker, World]]


def test_it_signs_for_one_person_one_service_and_the_capability_alone(broker_of: Build, key: RSAKey) -> None:
    broker, world = broker_of(issue(scope=None))
    lease = broker.lease("me", "", READ)
    assert token(lease) == ACCESS
    assert isinstance(lease, Lease)
    assert (lease.account, lease.scopes) == (ANA, READ.scopes)
    sent = form(world.server.got[0])
    assert (set(sent), sent["grant_type"]) == ({"grant_type", "assertion"}, JWT_BEARER)
    signed = jwt.decode(sent["assertion"], key, algorithms=["RS256"])
    assert signed.header["kid"] == "key-1"
    assert signed.claims == {
        "iss": ROBOT,
        "sub": ANA,
        "aud": "https://oauth2.googleapis.com/token",
        "scope": READ_SCOPE,
        "iat": int(world.now),
        "exp": int(world.now) + 600,
    }


def test_a_lease_is_kept_while_it_lives_and_until_it_is_refused(broker_of: Build) -> None:
    broker, world = broker_of(once_each(issue(), issue(access_token="ya29.second")))
    first = broker.lease("me", "", READ)
    assert isinstance(first, Lease)
    assert broker.lease("me", ANA, READ) is first
    broker.invalidate(first)
    assert token(broker.lease("me", "", READ)) == "ya29.second"
    world.now += 3600
    broker.lease("me", "", READ)
    assert len(world.server.got) == 3


@pytest.mark.parametrize("code", ["invalid_grant", "unauthorized_client", "access_denied", "invalid_scope"])
def test_a_refusal_is_for_the_operator_and_never_a_consent(broker_of: Build, code: str) -> None:
    broker, world = broker_of(refuse(code, 401))
    assert isinstance(broker.lease("me", "", READ), Misconfigured)
    assert [kind for _, kind, _ in world.audit.rows] == ["need"]


@pytest.mark.parametrize("play", [refuse("internal_failure", 503), refuse("slow", 429), issue(access_token=None)])
def test_an_outage_is_unavailable(broker_of: Build, play: Play) -> None:
    assert isinstance(broker_of(play)[0].lease("me", "", READ), Unavailable)


def test_it_acts_for_nobody_else_and_takes_no_wider_token(broker_of: Build) -> None:
    broker, world = broker_of(issue(scope=f"{READ_SCOPE} {SEND_SCOPE}"))
    assert isinstance(broker.lease("me", "ben@example.org", READ), Misconfigured)
    assert world.server.got == []
    assert isinstance(broker.lease("me", "", READ), Misconfigured)
