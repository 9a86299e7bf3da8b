"""A cut ends its own call at once, from any thread, and never touches the socket that serves another."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from auth.errors import Cancelled, Unreachable
from auth.wire import Answer, Cut, Wire
from tests.loopback import PATIENCE, Got, Hostile, Line, ok, whole


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire()
    yield made
    made.close()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def get(wire: Wire, server: Hostile, path: str, cut: Cut) -> Answer:
    return wire.send("GET", server.origin + path, body=None, headers={}, cut=cut)


def outcome(call: Future[Answer]) -> BaseException | None:
    return call.exception(PATIENCE)


class Held:
    """A server that stops before, or in the middle of, the answer to "/held", and answers the rest."""

    def __init__(self, first: bytes) -> None:
        self.first = first
        self.reached, self.over = threading.Event(), threading.Event()

    def __call__(self, got: Got, line: Line) -> None:
        if got.path != "/held":
            ok(got, line)
            return
        line.send(self.first)
        self.reached.set()
        assert self.over.wait(PATIENCE)
        if not self.first:
            ok(got, line)


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        whole(200, b"half", Content_Length="8"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    ],
    ids=["before the headers", "in the headers", "in the body", "between chunks"],
)
def test_a_cut_ends_a_call_that_waits(wire: Wire, threads: ThreadPoolExecutor, first: bytes) -> None:
    play, cut = Held(first), Cut()
    with Hostile(play) as server:
        call = threads.submit(get, wire, server, "/held", cut)
        assert play.reached.wait(PATIENCE)
        cut.make()
        ended = outcome(call)
        play.over.set()
    assert isinstance(ended, Cancelled)


def test_nothing_is_sent_once_the_cut_is_made(wire: Wire) -> None:
    cut = Cut()
    cut.make()
    with Hostile(ok) as server:
        with pytest.raises(Cancelled):
            get(wire, server, "/", cut)
        assert server.connections == 0


def test_one_cut_ends_every_call_made_under_it(wire: Wire, threads: ThreadPoolExecutor) -> None:
    play, cut = Held(b""), Cut()
    with Hostile(play) as server:
        calls = [threads.submit(get, wire, server, "/held", cut) for _ in range(3)]
        server.wait_for(3)
        cut.make()
        assert [type(outcome(call)) for call in calls] == [Cancelled] * 3
        play.over.set()


def test_a_call_beside_the_cut_one_goes_on(wire: Wire, threads: ThreadPoolExecutor) -> None:
    play, mine, other = Held(b""), Cut(), Cut()
    with Hostile(play) as server:
        cut_off = threads.submit(get, wire, server, "/held", mine)
        assert play.reached.wait(PATIENCE)
        assert get(wire, server, "/beside", other).status == 200
        mine.make()
        assert isinstance(outcome(cut_off), Cancelled)
        assert get(wire, server, "/after", other).status == 200
        play.over.set()


def test_a_cut_made_after_its_call_leaves_the_kept_connection_alone(wire: Wire, threads: ThreadPoolExecutor) -> None:
    play, mine, other = Held(b""), Cut(), Cut()
    with Hostile(play) as server:
        assert get(wire, server, "/first", mine).status == 200
        second = threads.submit(get, wire, server, "/held", other)
        assert play.reached.wait(PATIENCE)
        assert server.got[1].connection == server.got[0].connection, "the second call uses the first one's connection"
        mine.make()
        play.over.set()
        assert second.result(PATIENCE).status == 200


class Watching(Cut):
    """A cut that makes another call at the moment its own lets go of its socket."""

    def __init__(self, wire: Wire, server: Hostile) -> None:
        super().__init__()
        self.wire, self.server = wire, server

    def release(self, sock: socket.socket) -> None:
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(get, self.wire, self.server, "/between", Cut()).result(PATIENCE).status == 200
        super().release(sock)


def test_a_connection_is_out_of_reach_before_another_call_can_have_it(wire: Wire) -> None:
    """Were it put back first, a cut between the two would hit the call that took it."""
    with Hostile(ok) as server:
        get(wire, server, "/first", Watching(wire, server))
        assert [(got.path, got.connection) for got in server.got] == [("/first", 1), ("/between", 2)]


def test_a_pause_ends_with_the_cut(threads: ThreadPoolExecutor) -> None:
    cut = Cut()
    waiting = threads.submit(cut.pause, 600)
    cut.make()
    assert isinstance(waiting.exception(PATIENCE), Cancelled)
    with pytest.raises(Cancelled):
        cut.pause(0)


def test_a_socket_taken_up_after_the_cut_is_cut_too() -> None:
    here, there = socket.socketpair()
    with here, there:
        cut = Cut()
        cut.make()
        cut.hold(here)
        assert there.recv(1) == b""


def certificate(folder: Path) -> Path:
    """A certificate for localhost that nobody trusts, with its key."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "localhost.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + pem)
    return path


def test_a_cut_leaves_the_encryption_on(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    """ssl's own shutdown takes it off first: a thread about to send would then send its token in the clear."""
    pem = certificate(tmp_path)
    serving, calling = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=str(pem))
    serving.load_cert_chain(pem)
    here, there = socket.socketpair()
    with here, there:
        answering = threads.submit(serving.wrap_socket, there, server_side=True)
        with calling.wrap_socket(here, server_hostname="localhost") as client, answering.result(PATIENCE) as server:
            cut = Cut()
            cut.hold(client)
            cut.make()
            assert client.version() is not None, "still a TLS connection"
            with pytest.raises((BrokenPipeError, ssl.SSLError)):
                client.sendall(b"Authorization: Bearer canary")
            assert server.version() is not None


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(tmp_path: Path, wire: Wire) -> None:
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate(tmp_path))
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        done = pool.submit(_hear, listener, serving, heard)
        url = f"https://localhost:{listener.getsockname()[1]}/"
        with pytest.raises(Unreachable, match="SSLCertVerificationError"):
            wire.send("GET", url, body=None, headers={"authorization": "Bearer canary"}, cut=Cut())
        done.result(PATIENCE)
    assert heard == []


def _hear(listener: socket.socket, context: ssl.SSLContext, heard: list[bytes]) -> None:
    sock, _ = listener.accept()
    with sock:
        try:
            with context.wrap_socket(sock, server_side=True) as secured:
                heard.append(secured.recv(1024))
        except OSError:
            return  # the client turned away, as it must
