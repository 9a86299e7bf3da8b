"""HTTP/1.1 byte by byte: keep-alive, bodies, what is no request, closing."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from app.demo.faults import Fault
from app.demo.listener import MalformedRequest, read_request
from app.demo.server import Running, serve
from app.demo.wire import Request
from app.demo.workspace import Workspace
from tests.demo.little_office import NOW, Client


def read(data: bytes) -> Request | None:
    return read_request(io.BytesIO(data), lambda: None)


def test_a_request_is_read_to_its_last_byte_and_no_further() -> None:
    stream = io.BytesIO(
        b"\r\nPOST /a%20b?q=%C3%BC HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\n\r\n"
    )
    first = read_request(stream, lambda: None)
    assert first == Request("POST", "/a%20b", "q=%C3%BC", {"host": "h", "content-length": "3"}, b"abc")
    assert first.parameters == [("q", "ü")]
    second = read_request(stream, lambda: None)
    assert second
    assert (second.method, second.path) == ("GET", "/")
    assert read_request(stream, lambda: None) is None


def test_a_body_in_chunks() -> None:
    request = read(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: t\r\n\r\n")
    assert request
    assert request.body == b"abcde"


@pytest.mark.parametrize(
    "data",
    [
        b"hello\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET / SMTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 300 + b"\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n",
    ],
)
def test_what_is_no_request(data: bytes) -> None:
    with pytest.raises(MalformedRequest):
        read(data)


def test_a_body_that_stops_early_is_a_client_that_left() -> None:
    with pytest.raises(ConnectionAbortedError):
        read(b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc")


@pytest.fixture
def wire(running: Running) -> Iterator[socket.socket]:
    address = urlsplit(running.origin)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        yield connection


def receive(connection: socket.socket) -> bytes:
    data = b""
    while piece := connection.recv(65_536):
        data += piece
    return data


def test_a_malformed_request_is_told_so_and_ends_the_connection(wire: socket.socket) -> None:
    wire.sendall(b"hello\r\n\r\n")
    assert receive(wire).startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_requests_may_come_together_on_one_connection(wire: socket.socket) -> None:
    wire.sendall(b"GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\nConnection: close\r\n\r\n")
    data = receive(wire)
    assert data.count(b"HTTP/1.1 404 Not Found") == 2
    assert data.index(b">/a<") < data.index(b">/b<")


def test_a_client_may_wait_for_the_word_to_go_on(wire: socket.socket) -> None:
    wire.sendall(b"POST /x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n")
    assert wire.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    wire.sendall(b"{}")
    assert b"404" in receive(wire)


def test_closing_the_server_ends_idle_connections_and_frees_the_port(office: Workspace) -> None:
    running = serve(office)
    client = Client(running)
    assert client.get("/tokeninfo").status == 400
    running.close()
    with pytest.raises((ConnectionError, OSError)):
        client.get("/tokeninfo")
    client.close()
    port = urlsplit(running.origin).port or 0
    with serve(office, port=port) as again:
        assert again.origin == running.origin


def test_closing_waits_for_the_answers_being_made(office: Workspace) -> None:
    """A delay ends at once, and nobody touches the workspace when `close` has returned."""
    begun = threading.Event()

    def clock() -> float:
        begun.set()
        return NOW.timestamp()

    running = serve(office, clock=clock)
    running.faults.add(Fault("GET /tokeninfo", kind="delay", seconds=600, after=True))
    address = urlsplit(running.origin)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(b"GET /tokeninfo?access_token=x HTTP/1.1\r\n\r\n")
        assert begun.wait(20)
        running.close()
        assert [record.path for record in running.log] == ["/tokeninfo"]


def test_a_taken_port_is_an_error(office: Workspace, running: Running) -> None:
    with pytest.raises(OSError, match="in use"):
        serve(office, port=urlsplit(running.origin).port or 0)
