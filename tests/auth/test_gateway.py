"""The gateway: signed, audited, repeated only where that is safe, stopped when the person says so."""

from __future__ import annotations

import logging
import pickle
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from auth.begun import ATTEMPTS
from auth.capability import Capability
from auth.errors import Cancelled, Refused, TooSlow, Unreachable
from auth.gateway import Gateway
from auth.lease import Lease
from auth.wire import Cut, Wire
from tests.auth.signed import FRESH, GMAIL, ME, READ, TOKEN, WRITE, Rows, capability, lease_of, signed
from tests.loopback import PATIENCE, Got, Hostile, Line, Play, ok, once_each, whole

LIST = f"GET {GMAIL}/gmail/v1/users/me/threads"
SEND = f"POST {GMAIL}/gmail/v1/users/me/messages/send"
WRITTEN = f"{ME}/messages/send"


def status(code: int, **headers: str) -> Play:
    return lambda got, line: line.reply(code, b"{}", **headers)


def reset(got: Got, line: Line) -> None:
    line.reset()


def truncated(got: Got, line: Line) -> None:
    line.send(whole(200, b"half", Content_Length="8"))
    line.hang_up()


def test_a_request_goes_out_signed_and_is_audited_without_its_content() -> None:
    with signed(ok) as world:
        answer = world.transport.request("GET", f"{ME}/threads?q=secret+plans", headers={"Accept": "application/json"})
        assert answer.status == 200
        (got,) = world.server.got
    assert got.target == "/gmail/v1/users/me/threads?q=secret+plans"
    assert (got.headers["authorization"], got.headers["accept"]) == (f"Bearer {TOKEN}", "application/json")
    facts = {"account": "ana@example.org", "capability": "gmail.read", "operation": LIST, "outcome": "200"}
    assert world.audit.rows == [("me", "call", facts)]


def test_an_open_service_is_asked_without_a_token() -> None:
    with signed(ok, capability("GET www.googleapis.com/weather", connection="")) as world:
        assert world.transport.request("GET", "https://www.googleapis.com/weather?city=Oslo").status == 200
        assert "authorization" not in world.server.got[0].headers


@pytest.mark.parametrize("play", [status(429), status(500), status(502), status(503), status(504), reset, truncated])
def test_a_read_is_repeated_after_a_passing_fault(play: Play) -> None:
    with signed(once_each(play, ok)) as world:
        assert world.transport.request("GET", f"{ME}/threads").status == 200
        assert [got.target for got in world.server.got] == ["/gmail/v1/users/me/threads"] * 2
        assert [outcome for _, outcome in world.audit.outcomes][1] == "200"


def test_a_read_is_repeated_when_the_server_drops_a_kept_connection_under_it() -> None:
    with signed(once_each(ok, reset, ok)) as world:
        for _ in range(2):
            assert world.transport.request("GET", f"{ME}/threads").status == 200
        assert [got.connection for got in world.server.got] == [1, 1, 2]


@pytest.mark.parametrize("play", [status(429), status(503, Retry_After="0"), status(500), reset, truncated])
def test_a_write_is_sent_once_whatever_comes_back(play: Play) -> None:
    with signed(once_each(ok, play, ok), WRITE) as world:
        assert world.transport.request("POST", WRITTEN, body=b"{}").status == 200
        try:
            assert world.transport.request("POST", WRITTEN, body=b"{}").status >= 400
        except Unreachable:
            assert world.audit.outcomes[-1] == (SEND, "no answer")
        assert len(world.server.got) == 2
        assert world.server.connections == 1, "the second one met the connection the first one left"


def test_a_read_gives_up_after_a_few_times_and_gives_the_last_answer() -> None:
    with signed(status(503)) as world:
        assert world.transport.request("GET", f"{ME}/threads").status == 503
        assert len(world.server.got) == ATTEMPTS
        assert world.audit.outcomes == [(LIST, "503")] * ATTEMPTS


def test_a_read_that_never_gets_an_answer_is_unreachable() -> None:
    with signed(reset) as world:
        with pytest.raises(Unreachable):
            world.transport.request("GET", f"{ME}/threads")
        assert len(world.server.got) == ATTEMPTS


@pytest.mark.parametrize("asked", ["60", "86400", "9" * 400])
def test_a_service_that_asks_for_a_long_pause_is_not_asked_again(asked: str) -> None:
    with signed(status(429, Retry_After=asked)) as world:
        assert world.transport.request("GET", f"{ME}/threads").headers["retry-after"] == asked
        assert len(world.server.got) == 1


@pytest.mark.parametrize("asked", ["0", "Wed, 21 Oct 2026 07:28:00 GMT", "²", "-1", "0.1", ""])
def test_a_short_or_unreadable_pause_does_not_keep_a_read_from_its_repeat(asked: str) -> None:
    with signed(once_each(status(429, Retry_After=asked), ok)) as world:
        assert world.transport.request("GET", f"{ME}/threads").status == 200


@pytest.mark.parametrize("code", [400, 403, 404, 409, 501])
def test_an_answer_that_would_be_the_same_again_is_not_asked_for_again(code: int) -> None:
    with signed(status(code)) as world:
        assert world.transport.request("GET", f"{ME}/threads").status == code
        assert len(world.server.got) == 1


@pytest.mark.parametrize(("given", "method", "url"), [(READ, "GET", f"{ME}/threads"), (WRITE, "POST", WRITTEN)])
def test_a_401_is_met_with_one_fresh_lease(given: Capability, method: str, url: str) -> None:
    with signed(once_each(status(401), ok), given) as world:
        assert world.transport.request(method, url).status == 200
        world.transport.request(method, url)
        assert [got.headers["authorization"] for got in world.server.got] == [
            f"Bearer {TOKEN}",
            f"Bearer {FRESH}",
            f"Bearer {FRESH}",
        ]
        assert [type(lease) for lease in world.renewals] == [Lease]


@pytest.mark.parametrize("given", [READ, WRITE])
@pytest.mark.parametrize("error", ["token_expired", "token_revoked", "invalid_auth"])
def test_a_token_refused_in_a_200_is_met_with_one_fresh_lease(given: Capability, error: str) -> None:
    """Slack says it so; what is refused was not carried out."""
    method, url = ("GET", f"{ME}/threads") if given is READ else ("POST", f"{ME}/messages/send")
    with signed(once_each(lambda got, line: line.reply(200, {"ok": False, "error": error}), ok), given) as world:
        assert b"path" in world.transport.request(method, url).body
        assert (len(world.server.got), len(world.renewals)) == (2, 1)


def batched(*codes: int) -> Play:
    mail = '{"data": "' + "A" * 2_000 + '"}'
    parts = "".join(
        f"--r\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 {code} Said\r\n\r\n{mail}\r\n" for code in codes
    )
    return lambda got, line: line.reply(200, f"{parts}--r--".encode(), Content_Type="multipart/mixed; boundary=r")


@pytest.mark.parametrize(("given", "sent"), [(READ, 2), (WRITE, 1)], ids=["read", "write"])
def test_a_401_of_a_part_is_met_with_a_fresh_lease_and_a_repeat_if_nothing_can_have_been_written(
    given: Capability, sent: int
) -> None:
    path = "/gmail/v1/users/me/messages/send" if given is WRITE else "/gmail/v1/users/me/threads"
    inner = f"{'POST' if given is WRITE else 'GET'} {path} HTTP/1.1\r\n"
    body = f"--b\r\nContent-Type: application/http\r\n\r\n{inner}\r\n--b--".encode()
    headers = {"Content-Type": "multipart/mixed; boundary=b"}
    with signed(once_each(batched(200, 401), batched(200, 404), ok), given) as world:
        world.transport.request("POST", f"https://{GMAIL}/batch", body=body, headers=headers)
        assert (len(world.server.got), len(world.renewals)) == (sent, 1)
        world.transport.request("POST", f"https://{GMAIL}/batch", body=body, headers=headers)
        assert (len(world.server.got), len(world.renewals)) == (sent + 1, 1)
        assert world.server.got[-1].headers["authorization"] == f"Bearer {FRESH}"


def test_a_second_401_stands() -> None:
    with signed(status(401)) as world:
        assert world.transport.request("GET", f"{ME}/threads").status == 401
        assert (len(world.server.got), len(world.renewals)) == (2, 1)


def test_a_401_stands_where_there_is_no_fresh_lease() -> None:
    with signed(status(401), fresh=lambda dead: None) as world:
        assert world.transport.request("GET", f"{ME}/threads").status == 401
        assert len(world.server.got) == 1


def test_a_redirect_takes_no_token_anywhere() -> None:
    with Hostile(ok) as evil, signed(status(302, Location=f"{evil.origin}/take")) as world:
        assert world.transport.request("GET", f"{ME}/threads").status == 302
        assert evil.connections == 0


def test_an_echoed_token_is_taken_out() -> None:
    def echo(got: Got, line: Line) -> None:
        line.reply(200, got.headers["authorization"].encode(), X_Debug=got.headers["authorization"])

    with signed(echo) as world:
        answer = world.transport.request("GET", f"{ME}/threads")
        assert answer.body == b"Bearer [token removed]"
        assert TOKEN not in repr(answer)


def test_the_token_is_in_no_print_log_audit_or_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with signed(once_each(ok, reset), WRITE) as world:
        world.transport.request("POST", WRITTEN)
        with pytest.raises(Unreachable) as broken:
            world.transport.request("POST", WRITTEN)
        with pytest.raises(Refused) as refused:
            world.transport.request("DELETE", WRITTEN)
        shown = [repr(world.transport), repr(world.gateway), str(world.audit.rows), caplog.text]
        shown += ["".join(traceback.format_exception(error.value)) for error in (broken, refused)]
        with pytest.raises((TypeError, AttributeError, pickle.PicklingError)) as kept:
            pickle.dumps(world.transport)
    assert "messages/send" in caplog.text, "the log was on"
    assert TOKEN not in "".join([*shown, str(kept.value)])


def test_a_stopped_turn_is_cut_in_its_answer_and_not_repeated() -> None:
    over = threading.Event()

    def half(got: Got, line: Line) -> None:
        line.send(whole(200, b"half", Content_Length="8"))
        over.wait(PATIENCE)

    with signed(half) as world, ThreadPoolExecutor(1) as pool:
        call = pool.submit(world.transport.request, "GET", f"{ME}/threads")
        world.server.wait_for(1)
        world.cut.make()
        assert isinstance(call.exception(PATIENCE), Cancelled)
        over.set()
        assert len(world.server.got) == 1
        assert world.audit.outcomes == [(LIST, "no answer")]


@dataclass
class Stopping(Rows):
    """An audit that stops the turn as soon as an answer is written down."""

    stop: Callable[[], None] = lambda: None

    def record(self, user: str, kind: str, **facts: object) -> None:
        self.stop()


@pytest.mark.parametrize("answer", [status(503, Retry_After="5"), status(503), reset, status(401)])
def test_a_stopped_turn_waits_for_no_repeat_and_takes_no_fresh_lease(answer: Play) -> None:
    audit = Stopping()
    with signed(answer, audit=audit) as world:
        audit.stop = world.cut.make
        with pytest.raises(Cancelled):
            world.transport.request("GET", f"{ME}/threads")
        assert (len(world.server.got), world.renewals) == (1, [])


def test_many_threads_share_one_transport_and_answers_never_swap() -> None:
    with signed(ok) as world, ThreadPoolExecutor(8) as pool:
        url = f"{ME}/threads?n="
        answers = list(pool.map(lambda n: world.transport.request("GET", f"{url}{n}").body, range(200)))
        assert [f'?n={n}"'.encode() in answer for n, answer in enumerate(answers)] == [True] * 200
        assert (len(world.server.got), len(world.audit.rows)) == (200, 200)
        assert world.server.connections <= 8


def test_silence_of_a_read_is_too_slow_in_the_end() -> None:
    over = threading.Event()
    with Hostile(lambda got, line: assert_waited(over)) as server:
        wire = Wire(read_seconds=0.05)
        gateway = Gateway(wire, Rows(), origins={GMAIL: server.origin})
        transport = gateway.open(lease_of(WRITE, TOKEN), WRITE, cut=Cut(), renew=lambda dead: None)
        with pytest.raises(TooSlow):
            transport.request("POST", WRITTEN)
        server.wait_for(1)
        over.set()
        wire.close()


def assert_waited(event: threading.Event) -> None:
    assert event.wait(PATIENCE)
