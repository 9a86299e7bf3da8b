"""The checklist as the doctor shows it: each step that is missing is found, and nothing is asked for or changed."""

from __future__ import annotations

import pytest

from app.demo.auth0.tenant import ITEMS
from app.demo.faults import Fault
from auth.auth0.auth0_broker import Auth0Broker
from auth.auth0.inspection import Seen
from tests.auth.auth0.tenant_world import BY_ACCESS_TOKEN, BY_OWN_CLIENT, BY_SIGN_IN, World, link
from tests.auth.local.linking import ME

ELSEWHERE = {"provider:redirect_uri", "slack:token_rotation", "connection:offline_access"}
WITHOUT_SIGN_IN = {"tasks_api:offline_access"}
"""What shows at the provider, or only where an account was connected."""


def missing(broker: Auth0Broker) -> list[Seen]:
    return [step for step in broker.inspection.seen(ME) if step.state == "missing"]


@pytest.mark.parametrize("item", [item for item in ITEMS if item not in ELSEWHERE | WITHOUT_SIGN_IN])
def test_the_doctor_finds_each_step_that_is_missing(world: World, item: str) -> None:
    link(world.broker(BY_SIGN_IN))
    pages = world.asked("/connected-accounts/connect")
    world.without(item)
    found = missing(world.broker(BY_SIGN_IN))
    assert found, item
    assert all(step.what and step.next for step in found)
    assert world.asked("/connected-accounts/connect") == pages
    world.without()
    assert missing(world.broker(BY_SIGN_IN)) == []


def test_nobody_signed_in_is_said_and_not_mended(world: World) -> None:
    steps = {step.name: step for step in world.broker().inspection.seen(ME)}
    assert steps["signed in"].state == "unknown"
    assert "connection google" not in steps
    assert world.kept["auth0"].of(ME) == ()


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("tasks_api:registered", "there is no API https://tasks.valet.invalid"),
        ("tasks_api:client_grant", "has no grant for it"),
        ("tasks_api:policy", "not good for the API https://tasks.valet.invalid"),
        ("tasks_api:permissions", "does not give all that is asked of it"),
    ],
)
def test_the_doctor_names_what_the_tasks_lack(world: World, item: str, expected: str) -> None:
    link(world.broker(BY_SIGN_IN))
    world.without(item)
    told = {step.name: step for step in missing(world.broker(BY_SIGN_IN))}
    assert any(expected in step.what for step in told.values()), told
    assert all(name.startswith("tasks") for name in told), "and nothing else is said to be wrong"


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("tasks_api:registered", "there is no API"),
        ("tasks_api:client_grant", "has no grant for it"),
        ("client:callbacks", "does not lead back to Valet from the application that signs in for"),
        ("grant:refresh_token", "lacks a grant type"),
    ],
)
def test_an_application_for_the_tasks_alone_is_looked_at_too(world: World, item: str, expected: str) -> None:
    world.without(item)
    told = [step.what for step in missing(world.broker(BY_OWN_CLIENT)) if step.name.startswith("tasks")]
    assert any(expected in what for what in told), told
    world.without()
    seen = {step.name: step for step in world.broker(BY_OWN_CLIENT).inspection.seen(ME)}
    assert seen["tasks API"].state == seen["tasks refresh tokens"].state == "ok"
    assert seen["tasks API's permissions"].state == "unknown"


def test_the_other_way_of_exchange_is_gone_through_too(world: World) -> None:
    link(world.broker(BY_ACCESS_TOKEN))
    assert missing(world.broker(BY_ACCESS_TOKEN)) == []
    world.without("grant:token_vault")
    assert {step.name for step in missing(world.broker(BY_ACCESS_TOKEN))} >= {"token vault"}


def test_a_tenant_that_does_not_answer_is_asked_nothing_more(world: World) -> None:
    world.running.faults.add(Fault("/.well-known/*", status=404))
    [step] = world.broker().inspection.seen(ME)
    assert (step.name, step.state) == ("domain", "missing")
    assert "VALET_AUTH0_DOMAIN" in step.next
