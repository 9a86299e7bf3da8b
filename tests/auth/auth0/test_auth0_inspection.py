"""The checklist as the doctor shows it: each step that is missing is found, and nothing is asked for or changed."""

from __future__ import annotations

import pytest

from app.demo.auth0.tenant import ITEMS
from app.demo.faults import Fault
from auth.auth0.auth0_broker import Auth0Broker
from auth.auth0.inspection import Seen
from tests.auth.auth0.tenant_world import BY_ACCESS_TOKEN, World, link
from tests.auth.local.linking import ME

ELSEWHERE = {"provider:redirect_uri", "slack:token_rotation", "connection:offline_access"}
"""What shows at the provider, or only where an account was connected."""


def missing(broker: Auth0Broker) -> list[Seen]:
    return [step for step in broker.inspection.seen(ME) if step.state == "missing"]


@pytest.mark.parametrize("item", [item for item in ITEMS if item not in ELSEWHERE])
def test_the_doctor_finds_each_step_that_is_missing(world: World, item: str) -> None:
    link(world.broker())
    pages = world.asked("/connected-accounts/connect")
    world.without(item)
    found = missing(world.broker())
    assert found, item
    assert all(step.what and step.next for step in found)
    assert world.asked("/connected-accounts/connect") == pages
    world.without()
    assert missing(world.broker()) == []


def test_nobody_signed_in_is_said_and_not_mended(world: World) -> None:
    steps = {step.name: step for step in world.broker().inspection.seen(ME)}
    assert steps["signed in"].state == "unknown"
    assert "connection google" not in steps
    assert world.kept["auth0"].of(ME) == ()


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
