"""Faults on demand, as the client sees them: on the socket, not as a number in a test."""

from __future__ import annotations

import http.client
import json
import socket
import struct
from urllib.parse import urlsplit

import pytest
import urllib3

from app.demo.faults import Fault, FaultError, Faults
from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.little_office import READONLY, Client, file, letter, sign_in

ROUTES = {"gmail": ("/gmail/", "/batch"), "calendar": ("/calendar/v3/",)}


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("gmail:503", [Fault("/gmail/*|/batch")]),
        ("gmail:503*2", [Fault("/gmail/*|/batch", times=2)]),
        ("gmail:500*", [Fault("/gmail/*|/batch", status=500, times=None)]),
        ("calendar:429", [Fault("/calendar/v3/*", status=429, retry_after=1)]),
        ("calendar:delay=0.5*3", [Fault("/calendar/v3/*", kind="delay", seconds=0.5, times=3)]),
        (
            "gmail:reset, calendar:truncate,gmail:garbage",
            [
                Fault("/gmail/*|/batch", kind="reset"),
                Fault("/calendar/v3/*", kind="truncate"),
                Fault("/gmail/*|/batch", kind="garbage"),
            ],
        ),
        ("", []),
    ],
)
def test_the_short_form(text: str, faults: list[Fault]) -> None:
    queue = Faults(ROUTES)
    assert queue.parse(text) == faults == queue.waiting()


@pytest.mark.parametrize(
    "text",
    ["slack:503", "gmail", "gmail:", "gmail:explode", "gmail:200", "gmail:delay", "gmail:reset=3", "gmail:503*0",
     "gmail:503,calendar:nope"],
)  # fmt: skip
def test_what_is_no_fault_is_refused_whole(text: str) -> None:
    queue = Faults(ROUTES)
    with pytest.raises(FaultError):
        queue.parse(text)
    assert queue.waiting() == []


def test_the_first_that_concerns_a_request_is_taken_and_counted_down() -> None:
    queue = Faults(ROUTES)
    queue.add(Fault("GET /gmail/v1/users/*/threads*", times=2))
    queue.add(Fault("/gmail/*", status=500, times=None))
    path = "/gmail/v1/users/me/threads/1"
    taken = [queue.take("GET", path) for _ in range(3)]
    assert [fault.status for fault in taken if fault] == [503, 503, 500]
    assert queue.take("POST", path) is not None
    assert queue.take("GET", "/calendar/v3/colors") is None
    queue.clear()
    assert queue.take("GET", path) is None


def test_a_status_once_and_then_all_is_well(running: Running, alex: Client) -> None:
    running.faults.parse("gmail:503,gmail:429")
    answers = [alex.mail("profile") for _ in range(3)]
    assert [answer.status for answer in answers] == [503, 429, 200]
    assert answers[0].json["error"]["status"] == "UNAVAILABLE"
    assert (answers[1].reason, answers[1].headers["Retry-After"]) == ("rateLimitExceeded", "1")


def test_a_reset_is_a_reset(running: Running, alex: Client) -> None:
    assert alex.mail("profile").status == 200
    running.faults.parse("gmail:reset")
    with pytest.raises(ConnectionResetError) as reset:
        alex.mail("profile")
    assert not isinstance(reset.value, http.client.RemoteDisconnected), "an orderly close is no reset"
    alex.close()
    assert alex.mail("profile").status == 200


def test_a_truncated_body_is_shorter_than_it_says(running: Running, alex: Client, office: Workspace) -> None:
    file(office, letter(body="long " * 500))
    running.faults.parse("gmail:truncate")
    with pytest.raises(http.client.IncompleteRead) as cut:
        alex.mail("messages")
    assert cut.value.partial
    running.faults.parse("gmail:truncate")
    with urllib3.PoolManager(retries=False) as pool:
        url = f"{running.origin}/gmail/v1/users/me/messages"
        with pytest.raises(urllib3.exceptions.ProtocolError):
            pool.request("GET", url, headers={"Authorization": f"Bearer {alex.token}"})


def test_garbage_is_a_success_that_is_no_json(running: Running, alex: Client) -> None:
    running.faults.parse("calendar:garbage")
    answer = alex.send("GET", "/calendar/v3/users/me/settings?fields=kind")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.body)


def test_a_delay_can_outlast_a_client(running: Running, alex: Client) -> None:
    running.faults.add(Fault("GET /gmail/*/profile", kind="delay", seconds=30))
    alex.connection.timeout = 0.05
    alex.close()
    with pytest.raises(TimeoutError):
        alex.mail("profile")
    alex.close()
    alex.connection.timeout = 20
    assert alex.mail("profile").status == 200


@pytest.mark.parametrize("kind", ["status", "reset", "truncate", "garbage", "delay"])
def test_after_means_that_the_work_was_done(running: Running, stranger: Client, kind: str) -> None:
    """What the client cannot know: its grant was revoked although the answer never came."""
    tokens = sign_in(running, READONLY)
    fault = Fault("POST /revoke", kind=kind, after=True)  # type: ignore[arg-type]
    running.faults.add(fault)
    try:
        stranger.form("/revoke", token=tokens["access_token"])
    except (ConnectionError, http.client.HTTPException):
        stranger.close()
    assert running.log[-1].path == "/revoke"
    assert stranger.form("/revoke", token=tokens["access_token"]).json["error"] == "invalid_token"


def test_before_means_that_nothing_was_done(running: Running, stranger: Client) -> None:
    tokens = sign_in(running, READONLY)
    running.faults.add(Fault("POST /revoke", kind="reset"))
    with pytest.raises(ConnectionError):
        stranger.form("/revoke", token=tokens["access_token"])
    stranger.close()
    assert stranger.form("/revoke", token=tokens["access_token"]).status == 200


def test_the_token_endpoint_fails_in_its_own_words(running: Running, stranger: Client) -> None:
    running.faults.parse("oauth:503")
    answer = stranger.form("/token", grant_type="refresh_token")
    assert (answer.status, answer.json) == (503, {"error": "internal_failure"})


def test_a_client_that_leaves_in_the_middle_harms_nobody(running: Running, alex: Client) -> None:
    address = urlsplit(running.origin)
    with socket.create_connection((address.hostname, address.port)) as rude:
        rude.sendall(b"POST /token HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf")
        rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert alex.mail("profile").status == 200
