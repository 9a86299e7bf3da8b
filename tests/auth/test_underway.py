"""Several requests under way in one thread: each answer belongs to its request, and what is dropped disturbs nobody."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from auth.begun import Begun
from auth.cut import Cut
from auth.errors import Cancelled, NoConnection, TooSlow, Unreachable
from auth.underway import Sending
from auth.wire import Wire
from tests.auth.signed import FRESH, ME, TOKEN, Signed, signed
from tests.loopback import PATIENCE, Got, Hostile, Line, ok, once_each


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire()
    yield made
    made.close()


def begin(wire: Wire, origin: str, path: str, cut: Cut | None = None) -> Sending:
    return wire.begin("GET", origin + path, body=None, headers={}, cut=cut or Cut())


class Held:
    """A server that answers a path when it is told to."""

    def __init__(self, *paths: str) -> None:
        self.may = {path: threading.Event() for path in paths}

    def __call__(self, got: Got, line: Line) -> None:
        if got.path in self.may:
            assert self.may[got.path].wait(PATIENCE)
        ok(got, line)


def paths_of(answers: list[bytes]) -> list[str]:
    return [answer.decode().split('"')[3] for answer in answers]


def test_one_thread_has_several_requests_under_way_and_each_gets_its_own_answer(wire: Wire) -> None:
    play = Held("/1", "/2", "/3")
    with Hostile(play) as server:
        begun = [begin(wire, server.origin, path) for path in play.may]
        server.wait_for(3)
        for may in play.may.values():
            may.set()
        assert paths_of([one.answer().body for one in begun]) == ["/1", "/2", "/3"]
        assert [begin(wire, server.origin, "/4").answer().status for _ in range(3)] == [200] * 3
        assert server.connections == 3, "they are kept, and used again"


def test_the_soonest_is_the_one_that_is_answered_first(wire: Wire) -> None:
    play = Held("/1", "/2", "/3")
    with Hostile(play) as server:
        begun = {path: begin(wire, server.origin, path) for path in play.may}
        for path in ("/2", "/3", "/1"):
            play.may[path].set()
            first = wire.soonest(list(begun.values()))
            assert first is begun.pop(path)
            assert paths_of([first.answer().body]) == [path]


def test_over_open_connections_no_thread_is_begun(wire: Wire) -> None:
    play = Held("/held")
    with Hostile(play) as server:
        begin(wire, server.origin, "/open").answer()
        before = threading.active_count()
        later = begin(wire, server.origin, "/held")
        server.wait_for(2)
        assert [thread.name for thread in threading.enumerate() if thread.name.startswith("opening")] == []
        assert threading.active_count() == before
        play.may["/held"].set()
        assert later.answer().status == 200


def test_what_failed_is_the_soonest_and_says_so(wire: Wire) -> None:
    play = Held("/held")
    with Hostile(ok) as gone:
        nowhere = gone.origin
    with Hostile(play) as server:
        waits, fails = begin(wire, server.origin, "/held"), begin(wire, nowhere, "/")
        assert wire.soonest([waits, fails]) is fails
        with pytest.raises(NoConnection):
            fails.answer()
        play.may["/held"].set()
        assert waits.answer().status == 200


def test_what_is_dropped_leaves_the_connection_closed_and_the_others_alone(wire: Wire) -> None:
    play, mine, other = Held("/1", "/2"), Cut(), Cut()
    with Hostile(play) as server:
        dropped, kept = begin(wire, server.origin, "/1", mine), begin(wire, server.origin, "/2", other)
        server.wait_for(2)
        dropped.drop()
        dropped.drop()
        mine.make()
        for may in play.may.values():
            may.set()
        assert paths_of([kept.answer().body]) == ["/2"]
        assert paths_of([begin(wire, server.origin, "/3").answer().body]) == ["/3"], "never the answer nobody took"


def test_a_cut_ends_all_that_is_under_way(wire: Wire) -> None:
    play, cut = Held("/1", "/2"), Cut()
    with Hostile(play) as server, ThreadPoolExecutor(1) as pool:
        begun = [begin(wire, server.origin, path, cut) for path in play.may]
        server.wait_for(2)
        waiting = pool.submit(wire.soonest, begun)
        cut.make()
        assert waiting.result(PATIENCE) in begun
        for one in begun:
            with pytest.raises(Cancelled):
                one.answer()
        for may in play.may.values():
            may.set()


def test_an_answer_nobody_asked_for_yet_is_not_too_late() -> None:
    """The patience counts from the sending; what came within it is there, however late it is asked for."""
    wire, came, may = Wire(read_seconds=0.2), threading.Event(), threading.Event()

    def play(got: Got, line: Line) -> None:
        if got.path == "/silent":
            may.wait(PATIENCE)
        ok(got, line)
        came.set()

    with Hostile(play) as server:
        early, silent = begin(wire, server.origin, "/early"), begin(wire, server.origin, "/silent")
        assert came.wait(PATIENCE)
        with pytest.raises(TooSlow):
            silent.answer()
        assert early.answer().status == 200
        may.set()
    wire.close()


def test_where_nothing_comes_in_time_the_first_says_so() -> None:
    wire, play = Wire(read_seconds=0.1), Held("/1", "/2")
    with Hostile(play) as server:
        begun = [begin(wire, server.origin, path) for path in play.may]
        assert wire.soonest(begun) is begun[0]
        for one in begun:
            with pytest.raises(TooSlow):
                one.answer()
        for may in play.may.values():
            may.set()
    wire.close()


def test_what_is_under_way_shows_no_secret(wire: Wire) -> None:
    with Hostile(ok) as server:
        secret = {"authorization": f"Bearer {TOKEN}"}
        begun = wire.begin("GET", f"{server.origin}/?key={TOKEN}", body=None, headers=secret, cut=Cut())
        assert TOKEN not in repr(begun) + repr(vars(begun))
        assert begun.answer().status == 200


def test_headers_that_cannot_be_read_are_logged_without_what_they_and_the_query_hold(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    def play(got: Got, line: Line) -> None:
        line.send(f"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nno header {TOKEN}\r\n\r\nok".encode())

    with caplog.at_level(logging.DEBUG), Hostile(play) as server:
        assert begin(wire, server.origin, f"/sky?key={TOKEN}").answer().body == b"ok"
    assert "HeaderParsingError" in caplog.text
    assert "/sky" in caplog.text
    assert TOKEN not in caplog.text


def begun(world: Signed, *paths: str) -> list[Begun]:
    return [world.transport.begin("GET", f"{ME}/threads/{path}?format=full") for path in paths]


def last_of(got: Got) -> str:
    return got.path.rpartition("/")[2]


def test_what_was_begun_is_sent_once_by_whoever_may_repeat_it_with_others() -> None:
    with signed(once_each(ok, lambda got, line: line.reply(503), lambda got, line: line.reset(), ok)) as world:
        assert [one.answer().status for one in begun(world, "a")] == [200]
        assert [one.answer().status for one in begun(world, "b")] == [503]
        (broken,) = begun(world, "c")
        with pytest.raises(Unreachable):
            broken.answer()
        assert [last_of(got) for got in world.server.got] == ["a", "b", "c"]
        assert [outcome for _, outcome in world.audit.outcomes] == ["200", "503", "no answer"]


def test_a_dead_token_is_renewed_for_what_was_begun_with_it() -> None:
    def play(got: Got, line: Line) -> None:
        line.reply(401 if TOKEN in got.headers["authorization"] else 200)

    with signed(play) as world:
        assert [one.answer().status for one in begun(world, "a", "b")] == [200, 200]
        assert {got.headers["authorization"] for got in world.server.got} == {f"Bearer {TOKEN}", f"Bearer {FRESH}"}


def test_what_is_dropped_is_audited_as_unanswered() -> None:
    play = Held(f"{ME.removeprefix('https://gmail.googleapis.com')}/threads/a")
    with signed(play) as world:
        first, second = begun(world, "a", "b")
        assert world.transport.soonest([first, second]) is second
        assert second.answer().status == 200
        first.drop()
        assert [outcome for _, outcome in world.audit.outcomes] == ["200", "no answer"]
        for may in play.may.values():
            may.set()


class Counting(Cut):
    """Counts the sockets within its reach."""

    def __init__(self) -> None:
        super().__init__()
        self.held = 0

    def hold(self, sock: socket.socket) -> None:
        self.held += 1
        super().hold(sock)

    def release(self, sock: socket.socket) -> None:
        self.held -= 1
        super().release(sock)


def test_what_cannot_even_be_written_leaves_nothing_in_reach_of_the_cut(wire: Wire) -> None:
    cut = Counting()
    with Hostile(ok) as server:
        with pytest.raises(ValueError, match="header"):
            wire.send("GET", server.origin, body=None, headers={"x": "a\nb"}, cut=cut)
        assert cut.held == 0
        assert begin(wire, server.origin, "/next", cut).answer().status == 200
        assert cut.held == 0
