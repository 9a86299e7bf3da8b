"""Valet's own service with tokens of the tenant: by the sign-in (MRRT), or by a Native application of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.demo.auth0.tenant import DOMAIN, ISSUER, TASKS
from app.demo.consent import Consent
from app.demo.faults import Fault
from app.storage_seal import VaultSeal
from app.tasks.application import Application, Trusted
from app.tasks.server import TasksServer
from auth.auth0.tenant import FirstParty, Tenant
from auth.consent import Declined, Linked
from auth.lease import Lease
from auth.local.grants import Client
from auth.need import Connect, Misconfigured, Reauth, Unavailable
from tests.auth.auth0.tenant_world import (
    BY_ACCESS_TOKEN,
    BY_OWN_CLIENT,
    BY_SIGN_IN,
    TO_ADD,
    TO_DO,
    World,
    browse,
    leased,
    link,
    linked,
    opened,
    settled,
)
from tests.auth.local.linking import ME
from tests.demo.little_office import ALEX, DANA
from tests.tasks.office import Office, vault_in

ROTATING = replace(BY_ACCESS_TOKEN, own=BY_SIGN_IN.own)


def reveal(lease: Lease) -> str:
    assert lease.token is not None
    return lease.token.reveal()


@pytest.fixture
def service(world: World, tmp_path: Path) -> Iterator[Office]:
    """The tasks API as it stands where the tenant issues its tokens."""
    trusted = Trusted(ISSUER, TASKS, f"{world.running.origin}/.well-known/jwks.json")
    with (
        vault_in(tmp_path) as vault,
        TasksServer(
            lambda origin: Application(tmp_path / "own.db", VaultSeal.of(vault, "tasks"), trusted, origin, world.clock)
        ) as server,
    ):
        yield Office(server.origin)


def test_one_sign_in_is_enough_for_the_tasks(world: World, service: Office) -> None:
    broker = world.broker(BY_SIGN_IN)
    assert broker.lease(ME, "", TO_DO) == Connect("tasks", TO_DO.scopes, "read your tasks")
    asking = opened(broker, TO_DO)
    assert "is linked" in browse(asking.page).text
    assert settled(broker, asking) == Linked("tasks", ALEX, TO_DO.scopes)
    lease = leased(broker, TO_DO)
    assert (lease.account, lease.scopes) == (ALEX, TO_DO.scopes)
    service.token = reveal(lease)
    assert service.send("GET", "/v1/tasks").json["tasks"] == []
    assert service.send("POST", "/v1/tasks", b'{"title": "call Lee"}', content_type="application/json").status == 403
    service.token = reveal(leased(broker, TO_ADD))
    assert service.send("POST", "/v1/tasks", b'{"title": "call Lee"}', content_type="application/json").status == 201
    assert world.asked("/connected-accounts/connect") == 0
    assert broker.account(ME, "tasks") == ALEX
    assert [facts.connection for facts in broker.grants(ME)] == ["auth0"]
    assert "disconnect auth0" in broker.disconnect(ME, "tasks", "").note


def test_a_token_for_anything_else_does_not_open_the_tasks(world: World, service: Office) -> None:
    broker = world.broker(BY_SIGN_IN)
    link(broker)
    service.token = broker.around.login.my_account(ME, "auth0").token.reveal()
    assert (service.send("GET", "/v1/tasks").status, service.send("GET", "/v1/tasks").kind) == (401, "invalid-token")
    service.token = reveal(leased(broker, TO_DO))
    assert service.send("GET", "/v1/tasks").status == 200
    world.clock.forward(days=2)
    assert service.send("GET", "/v1/tasks").status == 401
    service.token = reveal(leased(world.broker(BY_SIGN_IN), TO_DO))
    assert service.send("GET", "/v1/tasks").status == 200
    world.without("domain:consistent")
    need = world.broker(BY_SIGN_IN).lease(ME, "", TO_DO)
    assert isinstance(need, Misconfigured)
    assert "under another name" in need.missing


def test_a_lease_that_is_held_costs_no_request(world: World) -> None:
    broker = world.broker(BY_SIGN_IN)
    link(broker)
    first = leased(broker, TO_DO)
    before = len(world.running.log)
    assert reveal(leased(broker, TO_DO)) == reveal(first)
    assert len(world.running.log) == before
    broker.invalidate(first)
    assert reveal(leased(broker, TO_DO)) != reveal(first), "what the service refused is not handed out again"


def test_the_sign_in_of_a_native_application_rotates_and_is_kept(world: World) -> None:
    link(world.broker(ROTATING))
    kept = [world.kept["auth0"].of(ME)[0].grant.refresh_token]
    for _ in range(2):
        assert leased(world.broker(ROTATING), TO_DO).scopes == TO_DO.scopes
        kept.append(world.kept["auth0"].of(ME)[0].grant.refresh_token)
    assert len({token.reveal() for token in kept if token}) == 3


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("tasks_api:registered", "not good for the API"),
        ("tasks_api:client_grant", "no grant for it"),
        ("tasks_api:permissions", "does not give all"),
        ("tasks_api:policy", "not good for the API"),
        ("mrrt:policy", "not good for the API"),
        ("grant:refresh_token", "grant type Refresh Token"),
    ],
)
def test_what_the_sign_in_lacks_is_the_operators(world: World, item: str, expected: str) -> None:
    link(world.broker(BY_SIGN_IN))
    world.without(item)
    for at_once in (False, True):
        need = world.broker(BY_SIGN_IN, at_once=at_once).lease(ME, "", TO_DO)
        assert isinstance(need, Misconfigured), need
        assert expected in need.missing
        assert need.next


@pytest.mark.parametrize("item", ["tasks_api:registered", "tasks_api:client_grant"])
def test_nobody_signs_in_for_an_api_that_is_not_there(world: World, item: str) -> None:
    world.without(item)
    for need in (world.broker(BY_SIGN_IN).ask(ME, "", TO_DO), world.tasks().ask(ME, "", TO_DO)):
        assert isinstance(need, Misconfigured), need
        assert "there is no API https://tasks.valet.invalid" in need.missing
    assert isinstance(linked(world.broker(BY_SIGN_IN)), Linked), "the accounts do not suffer by it"


def test_an_application_of_its_own_signs_in_and_its_tokens_rotate(world: World, service: Office) -> None:
    broker = world.tasks()
    assert broker.lease(ME, "", TO_DO) == Connect("tasks", TO_DO.scopes, "read your tasks")
    assert link(broker, TO_DO).account == f"tasks at {DOMAIN}"
    kept = [world.kept["auth0.tasks"].of(ME)[0].grant.refresh_token]
    for _ in range(2):
        service.token = reveal(leased(world.tasks(), TO_DO))
        assert service.send("GET", "/v1/tasks").status == 200
        kept.append(world.kept["auth0.tasks"].of(ME)[0].grant.refresh_token)
        world.clock.forward(days=2)
    assert len({token.reveal() for token in kept if token}) == 3
    assert world.kept.keys() & {"auth0"} == set() or world.kept["auth0"].of(ME) == (), "no other sign-in was needed"
    before = len(world.running.log)
    reader = world.tasks()
    first, second = leased(reader, TO_DO), leased(reader, TO_DO)
    assert reveal(first) == reveal(second)
    assert len(world.running.log) - before == 1


def test_the_demos_person_signs_in_without_being_asked(world: World, service: Office) -> None:
    broker = world.tasks(at_once=True)
    for wanted in (TO_DO, TO_ADD):
        assert leased(broker, wanted).scopes == wanted.scopes
    assert {facts.capability for facts in broker.grants(ME)} == {"tasks.read", "tasks.write"}


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("tasks_api:offline_access", "lets nobody stay signed in"),
        ("tasks_api:permissions", "does not give all"),
        ("domain:consistent", "under another name"),
    ],
)
def test_what_a_sign_in_of_its_own_shows_is_the_operators(world: World, item: str, expected: str) -> None:
    world.without(item)
    need = linked(world.tasks(), TO_DO)
    assert isinstance(need, Misconfigured), need
    assert expected in need.missing
    again = world.tasks(at_once=True).lease(ME, "", TO_DO)
    assert isinstance(again, Misconfigured), again
    assert world.kept["auth0.tasks"].of(ME) == ()


def test_a_permission_taken_away_later_asks_nobody(world: World) -> None:
    link(world.tasks(), TO_DO)
    world.clock.forward(days=2)
    world.without("tasks_api:registered")
    need = world.tasks(at_once=True).ask(ME, "", TO_DO)
    assert isinstance(need, Misconfigured), need


@pytest.mark.parametrize("client", ["nobody-knows-it", "demo-vault-api-client"])
def test_an_application_that_is_none_is_named(world: World, client: str) -> None:
    at: Tenant = replace(BY_OWN_CLIENT, own=FirstParty("tasks", TASKS, ("tasks:read",), Client(client, "")))
    for need in (world.tasks(at).ask(ME, "", TO_DO), world.tasks(at, at_once=True).lease(ME, "", TO_DO)):
        assert isinstance(need, Misconfigured), need
        assert "VALET_AUTH0_TASKS_CLIENT_ID" in need.next


def test_a_no_and_an_ended_sign_in_are_the_persons(world: World) -> None:
    broker = world.tasks()
    asking = opened(broker, TO_DO)
    world.running.consent = Consent("deny")
    browse(asking.page)
    assert settled(broker, asking) == Declined("tasks", "the consent was declined")
    world.running.consent = Consent()
    link(broker, TO_DO)
    world.running.consent = Consent(account=DANA)
    wrong = linked(broker, TO_ADD, f"tasks at {DOMAIN}")
    assert isinstance(wrong, Declined), "the writes are not to be somebody else's"
    world.clock.forward(days=31)
    assert isinstance(world.tasks().lease(ME, "", TO_DO), Reauth)


def test_a_tenant_out_of_order_is_no_consent(world: World) -> None:
    link(world.tasks(), TO_DO)
    link(world.broker(BY_SIGN_IN))
    world.clock.forward(days=2)
    for broker in (world.tasks(), world.broker(BY_SIGN_IN)):
        world.running.faults.add(Fault("/oauth/token", status=503))
        assert isinstance(broker.lease(ME, "", TO_DO), Unavailable)
        assert isinstance(broker.lease(ME, "", TO_DO), Lease)
