"""People and programs on one connection: who is meant by default, and that an account is reached in one way."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from auth.broker import Brokers, Linking, Unset
from auth.consent import Linked
from auth.lease import Lease, Secret
from auth.local.grants import Grant, MemoryGrants
from auth.local.machine import Given, MachineBroker
from auth.local.machine_proof import ClientSecret
from auth.local.vault_error import Busy
from auth.local.with_machines import WithMachines
from auth.need import Misconfigured
from tests.auth.local.google_world import ANA, HUSH, READ, READ_SCOPE, Make, World, issue
from tests.auth.local.machine_world import machines

ROBOT = ClientSecret("google", "https://oauth2.googleapis.com/token", "robot", HUSH)


@dataclass
class Both:
    world: World
    broker: WithMachines


def both(world_of: Make, people: Linking | None = None, given: Given | None = None) -> Both:
    world = world_of(issue())
    apart = World(world.server, world.wire, audit=world.audit)
    found = machines(apart, "google", lambda url: world.server.origin + urlsplit(url).path, given)
    return Both(world, WithMachines(people or world.broker(), found))


def test_a_person_s_account_is_meant_unless_a_program_is_named(world_of: Make) -> None:
    here = both(world_of)
    here.world.grants.keep("me", READ.name, Grant(ANA, frozenset({READ_SCOPE}), Secret("1//x")))
    assert isinstance(here.broker.take("me", ROBOT), Linked)
    assert here.broker.accounts("me", "google") == (ANA, "robot")
    leases = [here.broker.lease("me", name, READ) for name in ("", ANA, "robot")]
    assert [lease.account for lease in leases if isinstance(lease, Lease)] == [ANA, ANA, "robot"]
    assert [(facts.account, facts.default) for facts in here.broker.grants("me")] == [(ANA, True), ("robot", False)]


def test_a_program_is_meant_where_there_is_nobody_else_or_the_settings_say_so(world_of: Make) -> None:
    nobody = Unset(Misconfigured("google", "it is not set up", "Set it up."))
    alone = both(world_of, nobody)
    alone.broker.take("me", ROBOT)
    assert isinstance(alone.broker.lease("me", "", READ), Lease)
    named = both(world_of, given=Given(ROBOT, "A_SETTING"))
    assert named.broker.account("me", "google") == "robot"
    assert named.broker.accounts("me", "google") == ("robot",)


def test_nobody_consents_for_a_program(world_of: Make) -> None:
    here = both(world_of, given=Given(ROBOT, "A_SETTING"))
    asked = Brokers({"google": here.broker}).ask("me", "", READ)
    assert isinstance(asked, Misconfigured)
    assert asked.missing == "a program acts for robot, and nobody can consent to it"


def test_an_account_is_not_linked_in_two_ways(world_of: Make) -> None:
    here = both(world_of)
    here.world.grants.keep("me", READ.name, Grant("robot", frozenset({READ_SCOPE}), Secret("1//x")))
    refused = here.broker.take("me", ROBOT)
    assert isinstance(refused, Misconfigured)
    assert refused.missing == "robot is linked by a person's consent"
    assert here.broker.disconnect("me", "google", "robot").capabilities == (READ.name,)
    assert isinstance(here.broker.take("me", ROBOT), Linked)
    assert here.broker.disconnect("me", "google", "robot").capabilities == ("client",)


def test_a_refused_token_is_forgotten_by_whoever_gave_it(world_of: Make) -> None:
    here = both(world_of, given=Given(ROBOT, "A_SETTING"))
    first = here.broker.lease("me", "", READ)
    assert isinstance(first, Lease)
    here.broker.invalidate(first)
    assert here.broker.lease("me", "", READ) is not first


class Locked(MemoryGrants):
    """A vault that another process does not let go of."""

    def of(self, user: str) -> tuple[()]:
        raise Busy("Another Valet is writing the vault.", "End it.")


@pytest.mark.parametrize("account", ["", "robot"])
def test_a_vault_that_does_not_answer_is_told_and_breaks_nothing(world_of: Make, account: str) -> None:
    here = both(world_of)
    locked = MachineBroker("google", here.world.wire, Locked(), here.world.audit, lambda: here.world.now)
    found = WithMachines(here.broker.people, locked).lease("me", account, READ)
    assert found == Misconfigured("google", "Another Valet is writing the vault.", "End it.")
