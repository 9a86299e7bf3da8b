"""The product's own Slack broker against the demo workspace: consent, rotation, and each way it can end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from app.demo.google_oauth import Consent
from app.demo.server import Running
from app.demo.slack.oauth import SLACK_CLIENT_ID, SlackApp
from app.demo.workspace import Workspace
from auth.capability import Capability
from auth.gateway import Gateway
from auth.lease import Lease
from auth.local.grants import Client as Registered
from auth.local.grants import Consent as Consenting
from auth.local.grants import MemoryGrants, consent_at_once
from auth.local.slack import SlackBroker
from auth.need import Connect, Misconfigured, Need, Reauth, Unavailable
from auth.wire import Wire
from tests.auth.signed import Rows
from tests.demo.little_office import ALEX, Clock
from tests.demo.slack.team import Team, web

READ = Capability("slack", "slack.read", frozenset({"channels:read"}), ("POST slack.com/api/*",), "read", "read Slack")
FIND = Capability("slack", "slack.find", frozenset({"search:read"}), ("POST slack.com/api/*",), "read", "search Slack")
DAY = 86_400


@dataclass(frozen=True)
class Pair:
    """Two brokers on the same grants: someone is at hand who agrees at once, or nobody is."""

    broker: SlackBroker
    alone: SlackBroker


@pytest.fixture
def pair(running: Running, team: Team, clock: Clock) -> Iterator[Pair]:
    wire, audit, grants = Wire(), Rows(), MemoryGrants()
    locate = Gateway(wire, audit, origins={"slack.com": running.origin}).locate

    def make(consent: Consenting | None) -> SlackBroker:
        return SlackBroker(
            wire=wire,
            client=Registered(SLACK_CLIENT_ID, ""),
            grants=grants,
            audit=audit,
            clock=clock,
            default_account=ALEX,
            locate=locate,
            consent=consent,
        )

    yield Pair(make(consent_at_once(wire)), make(None))
    wire.close()


@pytest.fixture
def broker(pair: Pair) -> SlackBroker:
    return pair.broker


def outcome(broker: SlackBroker, capability: Capability = READ) -> Lease | Need:
    return broker.lease("me", "", capability)


def token(outcome: Lease | Need) -> str:
    assert isinstance(outcome, Lease), outcome
    assert outcome.token is not None
    return outcome.token.reveal()


@pytest.mark.parametrize("nested", [False, True])
def test_a_lease_is_taken_by_consent_and_works(running: Running, broker: SlackBroker, nested: bool) -> None:
    running.slack_app = SlackApp(nested=nested)
    client = web(running, token(outcome(broker)))
    names = {channel["name"] for channel in client.conversations_list(exclude_archived=True)["channels"]}
    assert names == {"general", "others"}


def test_tokens_are_rotated_for_weeks(running: Running, broker: SlackBroker, clock: Clock) -> None:
    seen = set()
    for _ in range(5):
        seen.add(token(outcome(broker)))
        clock.forward(days=20)
    assert len(seen) == 5
    assert web(running, token(outcome(broker))).auth_test()["ok"]


def test_a_refresh_token_that_lay_too_long_asks_for_consent_anew(pair: Pair, clock: Clock) -> None:
    token(outcome(pair.broker))
    clock.forward(seconds=31 * DAY)
    assert isinstance(outcome(pair.alone), Reauth)
    assert isinstance(outcome(pair.broker), Lease)


def test_a_revoked_token_asks_for_consent_anew(running: Running, pair: Pair, clock: Clock) -> None:
    web(running, token(outcome(pair.broker))).auth_revoke()
    clock.forward(seconds=DAY)
    assert isinstance(outcome(pair.alone), Reauth)
    assert isinstance(outcome(pair.broker), Lease)


def test_a_wider_token_is_recorded_as_wider(broker: SlackBroker) -> None:
    outcome(broker)
    found = outcome(broker, FIND)
    assert isinstance(found, Lease)
    assert found.scopes == {"channels:read", "search:read"}


def test_who_says_no_is_asked_again(running: Running, broker: SlackBroker) -> None:
    running.consent = Consent("deny")
    assert isinstance(outcome(broker), Connect)


def test_settings_and_outages_are_told_apart(running: Running, broker: SlackBroker, clock: Clock) -> None:
    token(outcome(broker))
    clock.forward(days=1)
    running.slack_app = SlackApp(pkce=False)
    assert isinstance(outcome(broker), Misconfigured)
    running.slack_app = SlackApp()
    running.faults.parse("slack-oauth:503*")
    assert isinstance(outcome(broker), Unavailable)
    running.faults.clear()
    assert isinstance(outcome(broker), Lease)


def test_another_process_sees_the_same_grants(office: Workspace, running: Running, broker: SlackBroker) -> None:
    held = token(outcome(broker))
    other = Workspace.open(office.path)
    assert other.database.value("SELECT count(*) FROM slack_grants WHERE NOT revoked") == 1
    other.close()
    assert web(running, held).auth_test()["ok"]
