"""What an attacker reads off a trace, an error or the audit: no secret, however near to it one got."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest

from auth.auth0.login import REFRESH_SUBJECT, Subject
from auth.callback import Door, Knock, Taken
from auth.capability import Capability
from auth.consent import Linked
from auth.lease import Lease, Secret
from auth.local.consent import Onward
from auth.local.grants import Challenge, Client, Grant
from auth.local.keys import Environment, Passphrase
from auth.local.links import access_of
from auth.local.machine_proof import ClientSecret, ServiceAccount, sealed
from auth.local.slack import SlackBroker
from auth.local.token_endpoint import Issued, TokenEndpoint, TokenError, post
from auth.local.vault_cipher import DataKeys
from auth.need import Unavailable, told
from auth.wire import Answer, Wire
from tests.auth.local.google_world import ANA, READ, REFRESH, Make, World, issue, of
from tests.auth.signed import Rows
from tests.loopback import Hostile

CANARY = "canary-0123456789"
CLIENT, SECRET = Client("id", CANARY), Secret(CANARY)
ISSUED = Issued(SECRET, SECRET, frozenset(), 60.0)
CHALLENGE = Challenge(CANARY, CANARY)


@pytest.mark.parametrize(
    "held",
    [
        CHALLENGE,
        Onward(CANARY, CHALLENGE),
        Door("q", CANARY, CANARY, "iss", lambda query: None),
        Taken("page", lambda: None, CANARY),
        Knock(f"/google/callback?code={CANARY}", "127.0.0.1", prefetch=False),
        Answer(302, {"location": f"http://127.0.0.1/?code={CANARY}"}, CANARY.encode()),
        ISSUED,
        access_of(ISSUED, frozenset(), 0.0),
        CLIENT,
        Grant(ANA, frozenset(), SECRET, accesses=(access_of(ISSUED, frozenset(), 0.0),)),
        Lease("me", ANA, "mail.read", frozenset(), 0.0, SECRET),
        Subject(SECRET, REFRESH_SUBJECT, CLIENT, fresh=True),
        ClientSecret("tasks", "https://id.example/token", "robot", CANARY),
        ServiceAccount("robot@example.org", "k1", CANARY),
        sealed(ClientSecret("tasks", "https://id.example/token", "robot", CANARY)),
        Passphrase(CANARY),
        Environment(CANARY),
        DataKeys("k1", {b"id": CANARY.encode()}),
    ],
    ids=lambda held: type(held).__name__,
)
def test_what_holds_a_secret_does_not_show_it(held: object) -> None:
    assert CANARY not in f"{held!r} {held} {[held]}"


def test_a_refusal_that_repeats_what_it_was_sent_is_not_repeated() -> None:
    """Slack refuses with HTTP 200, so that its words do not come by the way of errors."""
    wire, answer = Wire(), {"ok": False, "error": f"no {CANARY}", "error_description": CANARY, "error_subtype": CANARY}
    with Hostile(lambda got, line: line.reply(200 if got.path == "/ok" else 400, answer)) as server:
        assert CANARY not in json.dumps(post(wire, f"{server.origin}/ok", token=CANARY)["error"])
        with pytest.raises(TokenError) as raised:
            TokenEndpoint(wire, f"{server.origin}/bad", "id", CANARY).ask(grant_type="refresh_token")
        assert CANARY not in f"{raised.value.code} {raised.value.description} {raised.value.subtype}"
    wire.close()


def test_slack_s_refusal_of_a_pasted_token_is_told_without_it() -> None:
    wire, rows = Wire(), Rows()
    with Hostile(lambda got, line: line.reply(200, {"ok": False, "error": f"odd {CANARY}"})) as server:

        def here(url: str) -> str:
            return server.origin + urlsplit(url).path

        known = World(server, wire).grants
        broker = SlackBroker(
            wire=wire, client=Client("id", ""), locate=here, grants=known, audit=rows, clock=lambda: 0.0
        )
        chat = Capability("slack", "slack.read", frozenset({"channels:read"}), (), "read", "read your channels")
        outcome = broker.take_token("me", "", chat, Secret(CANARY))
    wire.close()
    assert isinstance(outcome, Unavailable)
    assert CANARY not in " ".join(told(outcome))
    assert rows.outcomes == [("POST slack.com/api/auth.test", "refused")]


def test_whoever_is_asked_whose_a_token_is_stands_in_the_audit(world_of: Make) -> None:
    world = world_of(of(ANA, issue(refresh_token=REFRESH)))
    challenge = Challenge.new()
    assert isinstance(world.broker().link("me", "", READ, "code", challenge, "http://127.0.0.1/"), Linked)
    [call] = [facts for _, kind, facts in world.audit.rows if kind == "call"]
    assert call == {
        "account": "", "capability": READ.name, "operation": "POST oauth2.googleapis.com/tokeninfo", "outcome": "taken",
    }  # fmt: skip
    assert "canary" not in repr(world.audit.rows)


def test_nobody_who_answers_is_in_the_audit_too(world_of: Make) -> None:
    tokens = issue(refresh_token=REFRESH)
    world = world_of(lambda got, line: line.reply(503, {}) if got.path == "/tokeninfo" else tokens(got, line))
    outcome = world.broker().link("me", "", READ, "code", Challenge.new(), "http://127.0.0.1/")
    assert isinstance(outcome, Unavailable)
    assert [facts["outcome"] for _, kind, facts in world.audit.rows if kind == "call"] == ["no answer"]
