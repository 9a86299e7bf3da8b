"""The Google broker against a token endpoint that misbehaves: no wider token, no wrong need, no leak."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from auth.capability import Capability
from auth.lease import Lease
from auth.local.google import SIGN_IN_AGAIN
from auth.need import Connect, Misconfigured, Need, Reauth, StepUp, Unavailable
from auth.wire import Wire
from tests.auth.local.google_world import (
    ACCESS,
    ANA,
    HUSH,
    READ,
    READ_SCOPE,
    REFRESH,
    SEND_SCOPE,
    Make,
    form,
    issue,
    refuse,
    token,
)
from tests.loopback import PATIENCE, Got, Line, Play, once_each, whole


def test_a_refresh_asks_for_the_capability_alone(world_of: Make) -> None:
    world = world_of(issue())
    lease = world.granted(READ_SCOPE, SEND_SCOPE).lease("me", "", READ)
    assert token(lease) == ACCESS
    assert isinstance(lease, Lease)
    assert (lease.account, lease.scopes, lease.expires) == (ANA, frozenset({READ_SCOPE}), world.now + 3599)
    (got,) = world.server.got
    assert (got.method, got.path) == ("POST", "/token")
    assert form(got) == {
        "grant_type": "refresh_token",
        "refresh_token": REFRESH,
        "scope": READ_SCOPE,
        "client_id": "valet.apps.example",
        "client_secret": HUSH,
    }


@pytest.mark.parametrize(("lives", "early"), [(3600, 360), (200, 60)])
def test_a_lease_is_kept_until_shortly_before_its_end(world_of: Make, lives: int, early: int) -> None:
    world = world_of(issue(expires_in=lives))
    broker = world.granted()
    first = broker.lease("me", "", READ)
    world.now += lives - early - 1
    assert broker.lease("me", ANA, READ) is first
    world.now += 1
    assert broker.lease("me", "", READ) is not first
    assert len(world.server.got) == 2


def test_another_process_uses_the_access_token_while_it_is_good(world_of: Make) -> None:
    world = world_of(issue())
    first = world.granted().lease("me", "", READ)
    assert token(world.broker().lease("me", "", READ)) == token(first)
    assert len(world.server.got) == 1
    world.now += 3300
    world.broker().lease("me", "", READ)
    assert len(world.server.got) == 2


def test_a_token_the_service_refused_is_no_other_process_s_either(world_of: Make) -> None:
    world = world_of(once_each(issue(), issue(access_token="ya29.second")))
    broker = world.granted()
    dead = broker.lease("me", "", READ)
    assert isinstance(dead, Lease)
    broker.invalidate(dead)
    assert token(world.broker().lease("me", "", READ)) == "ya29.second"


def test_a_lease_of_another_person_or_account_is_not_given_out(world_of: Make) -> None:
    broker = world_of(issue()).granted()
    assert isinstance(broker.lease("me", "", READ), Lease)
    assert isinstance(broker.lease("someone", "", READ), Connect)
    assert isinstance(broker.lease("me", "ben@example.org", READ), Connect)


def test_a_token_the_service_refused_is_forgotten_once(world_of: Make) -> None:
    world = world_of(once_each(issue(), issue(access_token="ya29.second")))
    broker = world.granted()
    dead = broker.lease("me", "", READ)
    assert isinstance(dead, Lease)
    broker.invalidate(dead)
    fresh = broker.lease("me", "", READ)
    assert token(fresh) == "ya29.second"
    broker.invalidate(dead)
    assert broker.lease("me", "", READ) is fresh, "a second report of the dead lease costs the fresh one nothing"


def test_a_token_that_came_back_wider_is_refused(world_of: Make) -> None:
    need = world_of(issue(scope=f"{READ_SCOPE} {SEND_SCOPE}")).granted().lease("me", "", READ)
    assert need == Misconfigured(
        "google", f"a token came back wider than asked for ({SEND_SCOPE})", "Reconnect google."
    )


def test_a_token_that_came_back_narrower_asks_for_the_rest(world_of: Make) -> None:
    both = Capability("google", READ.name, frozenset({READ_SCOPE, SEND_SCOPE}), (), "read", "read and send")
    need = world_of(issue()).granted(READ_SCOPE, SEND_SCOPE).lease("me", "", both)
    assert need == StepUp("google", frozenset({SEND_SCOPE}), "read and send")


def test_a_grant_that_lacks_a_scope_asks_for_it_without_a_word_to_google(world_of: Make) -> None:
    world = world_of(issue())
    assert world.granted(SEND_SCOPE).lease("me", "", READ) == StepUp("google", READ.scopes, "read your mail")
    assert world.server.got == []


def test_a_refresh_token_that_was_replaced_is_kept(world_of: Make) -> None:
    world = world_of(issue(refresh_token="1//canary-next", expires_in=30))
    broker = world.granted()
    for _ in range(2):
        broker.lease("me", "", READ)
    assert [form(got)["refresh_token"] for got in world.server.got] == [REFRESH, "1//canary-next"]


@pytest.mark.parametrize("description", ["Token has been expired or revoked.", "Bad Request"])
def test_a_dead_grant_is_kept_with_its_reason_and_never_tried_again(world_of: Make, description: str) -> None:
    world = world_of(refuse("invalid_grant", description=description))
    broker = world.granted()
    for _ in range(2):
        assert broker.lease("me", "", READ) == Reauth("google", description)
    assert len(world.server.got) == 1
    (facts,) = broker.grants("me")
    assert (facts.dead, facts.scopes) == (description, READ.scopes)


@pytest.mark.parametrize("subtype", ["invalid_rapt", "rapt_required"])
def test_a_session_that_is_to_be_renewed_is_told_in_plain_words(world_of: Make, subtype: str) -> None:
    body = {"error": "invalid_grant", "error_description": "reauth related error", "error_subtype": subtype}
    need = world_of(lambda got, line: line.reply(400, body)).granted().lease("me", "", READ)
    assert need == Reauth("google", SIGN_IN_AGAIN)


def refused_client(code: str) -> Need:
    return Misconfigured("google", f"Google refuses the client ({code})", "Check the client id.")


@pytest.mark.parametrize(
    ("play", "need"),
    [
        (refuse("invalid_scope"), StepUp("google", READ.scopes, "read your mail")),
        (refuse("invalid_client", 401), refused_client("invalid_client")),
        (refuse("unauthorized_client", 401), refused_client("unauthorized_client")),
        (refuse("rate_limit", 429, Retry_After="30"), Unavailable("google", "rate_limit: said Google", 30.0)),
        (refuse("admin_policy_enforced"), Unavailable("google", "admin_policy_enforced: said Google")),
        (refuse({"code": 400}), Unavailable("google", "HTTP 400: said Google")),
        (lambda got, line: line.reply(403, {}), Unavailable("google", "HTTP 403: no reason was given")),
    ],
)
def test_what_the_endpoint_refuses_becomes_the_need_that_fits(world_of: Make, play: Play, need: Need) -> None:
    broker = world_of(play).granted()
    assert broker.lease("me", "", READ) == need
    assert broker.lease("me", "", READ) == need, "the grant is kept"


def truncated(got: Got, line: Line) -> None:
    line.send(whole(200, b'{"access_token": "x', Content_Length="400"))
    line.hang_up()


def answer(status: int, body: bytes) -> Play:
    return lambda got, line: line.reply(status, body)


BROKEN: dict[str, Play] = {
    "reset": lambda got, line: line.reset(),
    "truncated": truncated,
    "HTTP 500": answer(500, b'{"error": "internal_failure"}'),
    "HTTP 503 as a page": answer(503, b"<html>"),
    "a page": answer(200, b"<html>Sign in to the airport network</html>"),
    "a list": answer(200, b"[]"),
    "depth": answer(200, b"[" * 100_000),
    "no text": answer(200, b"\xff\xfe"),
    "a redirect": lambda got, line: line.reply(302, b"", Location="https://evil.example"),
    "no token": issue(access_token=None),
    "an empty token": issue(access_token=""),
    "a number for a token": issue(access_token=7),
    "a token with a line end": issue(access_token=f"{ACCESS}\r\nX-Injected: 1"),
    "no scope": issue(scope=None),
    "a list of scopes": issue(scope=[READ_SCOPE]),
    "no end": issue(expires_in=None),
    "an end in the past": issue(expires_in=-5),
    "no number for an end": issue(expires_in="soon"),
    "an endless end": issue(expires_in="1e999"),
    "a nan for an end": issue(expires_in="nan"),
    "another kind of token": issue(token_type="mac"),
    "no kind of token": issue(token_type=None),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_answer_is_unavailable_and_leaks_nothing(world_of: Make, name: str) -> None:
    world = world_of(BROKEN[name])
    need = world.granted().lease("me", "", READ)
    assert isinstance(need, Unavailable)
    assert "canary" not in f"{need} {world.audit.rows}"
    assert isinstance(world.broker().lease("me", "", READ), Unavailable), "the grant is kept"


def test_silence_is_unavailable(world_of: Make) -> None:
    over = threading.Event()

    def silent(got: Got, line: Line) -> None:
        over.wait(PATIENCE)

    world = world_of(silent)
    world.wire = Wire(read_seconds=0.1)
    need = world.granted().lease("me", "", READ)
    over.set()
    assert isinstance(need, Unavailable)
    assert "in time" in need.why


def test_many_at_once_make_one_refresh(world_of: Make) -> None:
    world = world_of(issue())
    broker = world.granted()
    together = threading.Barrier(8)

    def lease(_: int) -> Lease | Need:
        together.wait()
        return broker.lease("me", "", READ)

    with ThreadPoolExecutor(8) as pool:
        leases = list(pool.map(lease, range(8)))
    assert all(lease is leases[0] for lease in leases)
    assert len(world.server.got) == 1


def test_leases_and_needs_are_audited_without_a_token(world_of: Make) -> None:
    world = world_of(once_each(issue(), refuse("invalid_grant")))
    broker = world.granted()
    broker.lease("me", "", READ)
    world.now += 3600
    broker.lease("me", "", READ)
    about = {"account": ANA, "capability": "mail.read", "scopes": READ_SCOPE}
    assert world.audit.rows == [
        ("me", "lease", about | {"expires": 1_800_000_000.0 + 3599}),
        ("me", "need", about | {"need": "Reauth"}),
    ]


def test_nothing_a_broker_shows_or_logs_holds_a_secret(world_of: Make, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world = world_of(once_each(issue(), BROKEN["truncated"]))
    broker = world.granted()
    shown = [repr(broker.lease("me", "", READ)), repr(broker), repr(vars(broker)), repr(world.grants.__dict__)]
    world.now += 3600
    shown.append(repr(broker.lease("me", "", READ)))
    assert "/token" in caplog.text, "the log was on"
    assert "canary" not in "".join([*shown, caplog.text, repr(world.audit.rows)])
