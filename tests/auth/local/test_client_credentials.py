"""A program that acts in its own name (RFC 6749 section 4.4): what it sends, and what each refusal means."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from auth.broker import Brokers, Linking
from auth.capability import Capability
from auth.lease import Lease
from auth.local.grants import Client
from auth.local.machine import ClientCredentialsBroker
from auth.need import Misconfigured, Unavailable
from tests.auth.local.google_world import ACCESS, HUSH, Make, World, form, issue, refuse, token
from tests.loopback import Play, once_each

LEDGER = Capability("ledger", "ledger.read", frozenset({"books:read"}), ("GET host/*",), "read", "read the books")
Build = Callable[..., tuple[ClientCredentialsBroker, World]]


@pytest.fixture
def broker_of(world_of: Make) -> Build:
    def make(play: Play, audience: str = "") -> tuple[ClientCredentialsBroker, World]:
        world = world_of(play)
        broker = ClientCredentialsBroker(
            connection="ledger",
            url=f"{world.server.origin}/oauth/token",
            client=Client("valet-robot", HUSH),
            audience=audience,
            wire=world.wire,
            audit=world.audit,
            clock=lambda: world.now,
        )
        return broker, world

    return make


@pytest.mark.parametrize("scope", ["books:read", None])
def test_it_asks_for_the_capability_alone_in_its_own_name(broker_of: Build, scope: str | None) -> None:
    broker, world = broker_of(issue(scope=scope))
    lease = broker.lease("me", "", LEDGER)
    assert token(lease) == ACCESS
    assert isinstance(lease, Lease)
    assert (lease.account, lease.scopes) == ("valet-robot", LEDGER.scopes)
    credentials = {"client_id": "valet-robot", "client_secret": HUSH}
    assert form(world.server.got[0]) == {"grant_type": "client_credentials", "scope": "books:read", **credentials}
    assert HUSH not in f"{world.audit.rows} {lease} {world.server.got[0].target}"


def test_an_audience_is_named_where_there_is_one(broker_of: Build) -> None:
    broker, world = broker_of(issue(scope=None), "https://ledger.example/")
    broker.lease("me", "", LEDGER)
    assert form(world.server.got[0])["audience"] == "https://ledger.example/"


def test_a_lease_is_kept_while_it_lives_and_until_it_is_refused(broker_of: Build) -> None:
    broker, world = broker_of(once_each(issue(scope=None), issue(scope=None, access_token="ya29.second")))
    first = broker.lease("me", "", LEDGER)
    assert isinstance(first, Lease)
    assert broker.lease("me", "valet-robot", LEDGER) is first
    broker.invalidate(first)
    assert token(broker.lease("me", "", LEDGER)) == "ya29.second"
    assert len(world.server.got) == 2


@pytest.mark.parametrize("code", ["invalid_client", "unauthorized_client", "invalid_scope"])
def test_a_refusal_is_for_the_operator_and_never_a_consent(broker_of: Build, code: str) -> None:
    broker, _ = broker_of(refuse(code, 401))
    found = broker.lease("me", "", LEDGER)
    assert isinstance(found, Misconfigured)
    assert (found.connection, "valet-robot is refused" in found.missing, HUSH in repr(found)) == ("ledger", True, False)
    asked = Brokers({"ledger": broker}).ask("me", "", LEDGER)
    assert (isinstance(asked, Misconfigured), isinstance(broker, Linking)) == (True, False)


@pytest.mark.parametrize("play", [refuse("internal_failure", 503), issue(access_token=None), issue(token_type="mac")])
def test_an_outage_is_unavailable(broker_of: Build, play: Play) -> None:
    assert isinstance(broker_of(play)[0].lease("me", "", LEDGER), Unavailable)


def test_a_wider_token_is_not_used_and_nobody_else_is_acted_for(broker_of: Build) -> None:
    broker, world = broker_of(issue(scope="books:read books:write"))
    assert isinstance(broker.lease("me", "ana", LEDGER), Misconfigured)
    assert world.server.got == []
    assert isinstance(broker.lease("me", "", LEDGER), Misconfigured)
