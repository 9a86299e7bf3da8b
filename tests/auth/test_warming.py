"""Connections opened before they are needed: nothing is sent over them, and what asks next finds them open."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from auth.errors import Refused, Unreachable
from auth.wire import Answer, Cut, Wire
from tests.auth.signed import GMAIL, GOOGLE, signed
from tests.loopback import PATIENCE, Got, Hostile, Line, ok


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire()
    yield made
    made.close()


def send(wire: Wire, origin: str) -> Answer:
    return wire.send("GET", f"{origin}/", body=None, headers={}, cut=Cut())


def settle() -> None:
    """Until every connection that was begun is open, or has failed."""
    for thread in threading.enumerate():
        if thread.name == "warming":
            thread.join(PATIENCE)


def test_connections_are_opened_without_a_request_and_the_next_ones_use_them(wire: Wire) -> None:
    together = threading.Barrier(3)

    def at_once(got: Got, line: Line) -> None:
        together.wait(PATIENCE)
        ok(got, line)

    with Hostile(at_once) as server:
        wire.warm(server.origin, 3, Cut())
        server.wait_for_connections(3)
        settle()
        assert server.got == []
        with ThreadPoolExecutor(3) as threads:
            answers = list(threads.map(lambda _: send(wire, server.origin), range(3)))
        assert [answer.status for answer in answers] == [200, 200, 200]
        assert {got.connection for got in server.got} == {1, 2, 3}


def test_what_is_open_already_is_not_opened_again(wire: Wire) -> None:
    with Hostile(ok) as server:
        send(wire, server.origin)
        wire.warm(server.origin, 1, Cut())
        settle()
        send(wire, server.origin)
        assert server.connections == 1


def test_a_host_that_cannot_be_reached_is_told_of_by_the_request_that_needs_it(wire: Wire) -> None:
    with Hostile(ok) as server:
        gone = server.origin
    wire.warm(gone, 2, Cut())
    with pytest.raises(Unreachable, match="no connection"):
        send(wire, gone)


def test_under_a_cut_nothing_is_opened(wire: Wire) -> None:
    cut = Cut()
    cut.make()
    with Hostile(ok) as server:
        wire.warm(server.origin, 3, cut)
        settle()
        send(wire, server.origin)
        assert server.connections == 1


def test_only_hosts_the_capability_reaches_are_connected_to() -> None:
    with signed(ok) as world:
        world.transport.warm(f"https://{GMAIL}/batch", 2)
        world.server.wait_for_connections(2)
        settle()
        assert (world.server.got, world.audit.rows) == ([], [])
        for url in (f"https://{GOOGLE}/x", "https://evil.example/", f"http://{GMAIL}/batch"):
            with pytest.raises(Refused, match="nothing was opened"):
                world.transport.warm(url, 1)
