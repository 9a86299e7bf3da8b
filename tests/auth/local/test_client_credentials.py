"""A program that acts in its own name (RFC 6749 section 4.4): what it sends, and what each refusal means."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from auth.capability import Capability
from auth.consent import GrantFacts
from auth.lease import Lease
from auth.local.machine import Given
from auth.local.machine_proof import ClientSecret
from auth.need import Connect, Misconfigured, Unavailable
from tests.auth.local.google_world import ACCESS, HUSH, Make, form, issue, refuse, token
from tests.auth.local.machine_world import Machines, machines
from tests.loopback import Play, once_each

LEDGER = Capability("ledger", "ledger.read", frozenset({"books:read"}), ("GET host/*",), "read", "read the books")
AGAIN = "`valet connect ledger --client robot` takes another secret."
Build = Callable[..., Machines]


@pytest.fixture
def given(world_of: Make) -> Build:
    def make(play: Play, audience: str = "") -> Machines:
        world = world_of(play)
        proof = ClientSecret("ledger", f"{world.server.origin}/oauth/token", "robot", HUSH, audience)
        return Machines(world, machines(world, "ledger", str, Given(proof, "A_SETTING")))

    return make


@pytest.mark.parametrize("scope", ["books:read", None])
def test_it_asks_for_the_capability_alone_in_its_own_name(given: Build, scope: str | None) -> None:
    world, broker = given(issue(scope=scope))
    lease = broker.lease("me", "", LEDGER)
    assert token(lease) == ACCESS
    assert isinstance(lease, Lease)
    assert (lease.account, lease.scopes) == ("robot", LEDGER.scopes)
    credentials = {"client_id": "robot", "client_secret": HUSH}
    assert form(world.server.got[0]) == {"grant_type": "client_credentials", "scope": "books:read", **credentials}
    assert HUSH not in f"{world.audit.rows} {lease} {broker} {world.server.got[0].target}"


def test_an_audience_is_named_where_there_is_one(given: Build) -> None:
    world, broker = given(issue(scope=None), "https://ledger.example/")
    broker.lease("me", "", LEDGER)
    assert form(world.server.got[0])["audience"] == "https://ledger.example/"


def test_a_lease_is_kept_while_it_lives_and_until_it_is_refused(given: Build) -> None:
    world, broker = given(once_each(issue(scope=None), issue(scope=None, access_token="ya29.second")))
    first = broker.lease("me", "", LEDGER)
    assert isinstance(first, Lease)
    assert broker.lease("me", "robot", LEDGER) is first
    broker.invalidate(first)
    assert token(broker.lease("me", "", LEDGER)) == "ya29.second"
    assert len(world.server.got) == 2


@pytest.mark.parametrize(
    ("code", "said", "what", "following"),
    [
        ("invalid_client", "no", "the client robot is not known, or its secret is another", AGAIN),
        ("invalid_client", "The secret has EXPIRED.", "the secret of the client robot has expired", AGAIN),
        ("unauthorized_client", "no", "may not act in its own name", "Allow it the client credentials grant"),
        ("invalid_scope", "no", "the client robot may not do this (books:read)", "Give it that scope"),
        ("invalid_target", "no such API", "is refused (invalid_target: no such API)", "Check the client"),
    ],
)
def test_each_refusal_has_a_sentence_and_an_action_of_its_own(
    given: Build, code: str, said: str, what: str, following: str
) -> None:
    found = given(refuse(code, 401, said)).broker.lease("me", "", LEDGER)
    assert isinstance(found, Misconfigured)
    assert (found.connection, what in found.missing, following in found.next) == ("ledger", True, True), found
    assert HUSH not in repr(found)


@pytest.mark.parametrize("play", [refuse("internal_failure", 503), issue(access_token=None), issue(token_type="mac")])
def test_an_outage_is_unavailable(given: Build, play: Play) -> None:
    assert isinstance(given(play).broker.lease("me", "", LEDGER), Unavailable)


def test_a_wider_token_is_not_used_and_nobody_else_is_acted_for(given: Build) -> None:
    world, broker = given(issue(scope="books:read books:write"))
    assert isinstance(broker.lease("me", "ana", LEDGER), Connect)
    assert world.server.got == []
    found = broker.lease("me", "", LEDGER)
    assert isinstance(found, Misconfigured)
    assert "(books:read books:write)" in found.missing


def test_what_the_settings_name_is_listed_and_unset_there_alone(given: Build) -> None:
    broker = given(issue()).broker
    listed = GrantFacts("ledger", "robot", "client", frozenset(), "client robot (A_SETTING)", default=True)
    assert broker.grants("me") == (listed,)
    done = broker.disconnect("me", "ledger", "robot")
    assert (done.capabilities, done.note) == ((), "It is set by A_SETTING: unset it there.")


def test_a_linked_secret_takes_the_place_of_the_one_before(given: Build) -> None:
    world, broker = given(once_each(issue(scope=None), issue(scope=None, access_token="ya29.second")))
    url = f"{world.server.origin}/oauth/token"
    for secret in ("first-secret", "second-secret"):
        broker.take("me", ClientSecret("ledger", url, "robot", secret))
        broker.lease("me", "", LEDGER)
    assert [form(got)["client_secret"] for got in world.server.got] == ["first-secret", "second-secret"]
    assert len(broker.grants("me")) == 1


@pytest.mark.parametrize(("name", "secret"), [("", "x"), ("two words", "x"), ("robot", "")])
def test_half_a_client_is_not_linked(given: Build, name: str, secret: str) -> None:
    world, broker = given(issue())
    assert isinstance(broker.take("me", ClientSecret("ledger", "https://x/", name, secret)), Misconfigured)
    assert world.grants.of("me") == ()
