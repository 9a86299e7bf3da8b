"""The pool against a server that misbehaves: a whole answer or an error, each request sent once, no redirect."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from auth.errors import AuthError, TooSlow, Unreachable
from auth.wire import Answer, Cut, Wire
from tests.loopback import PATIENCE, Got, Hostile, Line, Play, ok, once_each, whole


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire()
    yield made
    made.close()


def send(wire: Wire, server: Hostile, path: str = "/", *, method: str = "GET", cut: Cut | None = None) -> Answer:
    body = b"{}" if method == "POST" else None
    return wire.send(method, server.origin + path, body=body, headers={}, cut=cut or Cut())


def test_an_answer_is_given_as_it_came(wire: Wire) -> None:
    with Hostile(lambda got, line: line.reply(404, b"gone", X_Where="There")) as server:
        answer = send(wire, server, "/a?b=c")
    assert (answer.status, answer.headers["x-where"], answer.body) == (404, "There", b"gone")
    assert server.got[0].target == "/a?b=c"


def reset(got: Got, line: Line) -> None:
    line.reset()


def silent_end(got: Got, line: Line) -> None:
    line.hang_up()


def cut_in_headers(got: Got, line: Line) -> None:
    line.send(b"HTTP/1.1 200 OK\r\nContent-Le")
    line.hang_up()


def short_body(got: Got, line: Line) -> None:
    line.send(whole(200, b'{"half": 1}', Content_Length="400"))
    line.hang_up()


def reset_in_body(got: Got, line: Line) -> None:
    line.send(whole(200, b'{"half": 1}', Content_Length="400"))
    line.reset()


def chunks(*pieces: bytes, ended: bool) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in pieces) + (b"0\r\n\r\n" if ended else b"")


def cut_between_chunks(got: Got, line: Line) -> None:
    line.send(chunks(b"one", b"two", ended=False))
    line.hang_up()


def cut_in_a_chunk(got: Got, line: Line) -> None:
    line.send(chunks(b"one", ended=False) + b"ff\r\nonly this")
    line.hang_up()


def no_length(got: Got, line: Line) -> None:
    line.send(b'HTTP/1.1 200 OK\r\n\r\n{"perhaps": "half"}')
    line.hang_up()


def no_http(got: Got, line: Line) -> None:
    line.send(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
    line.hang_up()


def two_lengths(got: Got, line: Line) -> None:
    line.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc")


def interim_alone(got: Got, line: Line) -> None:
    line.send(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")


BROKEN: list[Play] = [
    reset,
    silent_end,
    cut_in_headers,
    short_body,
    reset_in_body,
    cut_between_chunks,
    cut_in_a_chunk,
    no_length,
    no_http,
    two_lengths,
    interim_alone,
]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("play", BROKEN, ids=lambda play: play.__name__)
def test_an_answer_that_is_not_whole_is_an_error_and_nothing_is_sent_twice(wire: Wire, play: Play, method: str) -> None:
    with Hostile(play) as server:
        with pytest.raises(Unreachable, match=r"127\.0\.0\.1|interim|how long"):
            send(wire, server, method=method)
        assert len(server.got) == 1


@pytest.mark.parametrize("play", BROKEN, ids=lambda play: play.__name__)
def test_the_next_call_gets_its_own_answer_after_a_broken_one(wire: Wire, play: Play) -> None:
    with Hostile(once_each(play, ok)) as server:
        with pytest.raises(Unreachable):
            send(wire, server, "/first")
        assert b"/second" in send(wire, server, "/second").body


def test_nobody_listening_is_unreachable(wire: Wire) -> None:
    with Hostile(ok) as server:
        url = server.origin
    with pytest.raises(Unreachable, match="no connection to 127"):
        wire.send("GET", url, body=None, headers={}, cut=Cut())


@pytest.mark.parametrize("url", ["http://[nowhere/", "http://127.0.0.1:99999/", "gopher://127.0.0.1/", "http:///x"])
def test_an_address_that_is_none_is_an_auth_error(wire: Wire, url: str) -> None:
    with pytest.raises(AuthError):
        wire.send("GET", url, body=None, headers={}, cut=Cut())


def test_silence_is_too_slow_before_and_within_the_body() -> None:
    over = threading.Event()

    def silent(got: Got, line: Line) -> None:
        over.wait()

    def half(got: Got, line: Line) -> None:
        line.send(whole(200, b"half", Content_Length="8"))
        over.wait()

    with Hostile(once_each(silent, half)) as server:
        hasty = Wire(read_seconds=0.1)
        for _ in range(2):
            with pytest.raises(TooSlow, match="127"):
                send(hasty, server)
        over.set()
        hasty.close()


def test_a_body_that_drips_for_ever_is_too_slow() -> None:
    over = threading.Event()

    def drip(got: Got, line: Line) -> None:
        line.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not over.wait(0.01):
            line.send(b".")

    with Hostile(drip) as server:
        hasty = Wire(whole_seconds=0.1)
        with pytest.raises(TooSlow):
            send(hasty, server)
        over.set()
        hasty.close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_redirect_is_returned_and_not_followed(wire: Wire, status: int, method: str) -> None:
    with Hostile(ok) as other, Hostile(lambda got, line: line.reply(status, b"", Location=other.origin)) as server:
        answer = send(wire, server, method=method)
        assert (answer.status, answer.headers["location"]) == (status, other.origin)
        assert (len(server.got), len(other.got)) == (1, 0)


def test_a_connection_the_server_closed_while_idle_is_replaced(wire: Wire) -> None:
    with Hostile(ok) as server:
        for connection in (1, 1):
            send(wire, server)
            assert server.got[-1].connection == connection

    ended = threading.Semaphore(0)

    def last(got: Got, line: Line) -> None:
        ok(got, line)
        line.hang_up()
        ended.release()

    with Hostile(last) as server:
        for connection in (1, 2, 3):
            assert send(wire, server, method="POST").status == 200
            assert server.got[-1].connection == connection
            assert ended.acquire(timeout=PATIENCE)
        assert len(server.got) == 3


def test_a_connection_the_server_breaks_under_the_next_request_fails_that_request_alone(wire: Wire) -> None:
    with Hostile(once_each(ok, reset, ok)) as server:
        send(wire, server)
        with pytest.raises(Unreachable):
            send(wire, server, "/write", method="POST")
        assert send(wire, server).status == 200
        assert [(got.connection, got.method) for got in server.got] == [(1, "GET"), (1, "POST"), (2, "GET")]


def test_many_threads_share_the_connections_and_answers_never_swap(wire: Wire) -> None:
    with Hostile(ok) as server, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: send(wire, server, f"/{n}").body, range(200)))
        assert [f'"/{n}"'.encode() in answer for n, answer in enumerate(answers)] == [True] * 200
        assert len(server.got) == 200
        assert server.connections <= 8


def test_a_large_body_arrives_whole(wire: Wire) -> None:
    body = bytes(range(256)) * 4096
    with Hostile(ok) as server:
        wire.send("PUT", f"{server.origin}/upload", body=body, headers={}, cut=Cut())
        assert server.got[0].body == body


PROXIED = """
import sys
from auth.wire import Cut, Wire
wire = Wire()
print(wire.send("GET", sys.argv[1], body=None, headers={}, cut=Cut()).status)
wire.close()
"""


def test_a_proxy_of_the_environment_is_not_used() -> None:
    """Where a token travels is Valet's own setting, never a variable some other program needed."""
    with Hostile(ok) as server, Hostile(lambda got, line: line.reply(502)) as proxy:
        names = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
        done = subprocess.run(
            [sys.executable, "-c", PROXIED, server.origin],
            env=dict.fromkeys(names, proxy.origin),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.stdout.strip(), done.stderr) == ("200", "")
        assert (len(server.got), len(proxy.got)) == (1, 0)
