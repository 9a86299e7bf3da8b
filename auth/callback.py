"""Where a provider sends the browser back to: a listener on this machine, open only while a question is.

Law (RFC 8252, RFC 9700): one path, one state, GET alone; whatever else knocks is turned away and changes nothing. The
query is never logged, and the address of the provider's page stands in a redirect only.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from auth import callback_page as pages
from auth.errors import Unreachable

SECONDS_TO_SPEAK = 10


@dataclass(frozen=True)
class Place:
    """Where a provider may send the browser: a path of its own (against mix-up), a host and the ports to try.

    Port 0 is any free one. "localhost" is listened for on IPv4 and IPv6 alike.
    """

    path: str
    host: str = "127.0.0.1"
    ports: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Taken:
    """What came of the answer: the page for the browser, and what to do once it has been sent.

    With `onward` the browser is led on to that address instead: the question has a further leg.
    """

    page: str
    then: Callable[[], None]
    onward: str = field(default="", repr=False)


@dataclass(frozen=True)
class Door:
    """What an open question expects. `take` gives None where it was answered before; `issuer` is as in RFC 9207."""

    question: str
    onward: str = field(repr=False)
    state: str = field(repr=False)
    issuer: str
    take: Callable[[Mapping[str, str]], Taken | None]


def fitting(query: str, door: Door) -> dict[str, str] | None:
    """The parameters of an answer to this question; None for anything else."""
    pairs = parse_qsl(query, keep_blank_values=True)
    found = dict(pairs)
    if len(found) != len(pairs) or not hmac.compare_digest(found.get("state", "").encode(), door.state.encode()):
        return None
    if found.get("iss", door.issuer) != door.issuer:
        return None
    return found if {"code", "connect_code", "error"} & found.keys() else None


class Callback:
    """Listens from `open` to `close`. `redirect` is the address to register with the provider's page."""

    def __init__(self, place: Place) -> None:
        """Bind. Raises Unreachable where every port is taken."""
        self._place = place
        self._listeners = _bound(place)
        self._open = False
        self.port = int(self._listeners[0].server_address[1])
        self.origin = f"http://{place.host}:{self.port}"
        self.redirect = f"{self.origin}{place.path}"

    def page(self, question: str) -> str:
        """The address of ours that leads on to the provider's page."""
        return f"{self.origin}/connect/{question}"

    def open(self, door: Door) -> None:
        self.turn(door)
        self._open = True
        for listener in self._listeners:
            threading.Thread(target=listener.serve_forever, args=(0.1,), daemon=True).start()

    def turn(self, door: Door) -> None:
        """From now on expect this."""
        for listener in self._listeners:
            listener.reply = lambda knock: self._reply(door, knock)

    def close(self) -> None:
        """Stop listening; an answer on its way out is finished."""
        for listener in self._listeners:
            if self._open:
                listener.shutdown()
            listener.server_close()

    def _reply(self, door: Door, knock: Knock) -> Reply:
        hosts = {f"{host}:{self.port}" for host in ("127.0.0.1", "localhost", "[::1]")}
        target = urlsplit(knock.target)
        if knock.host.lower() not in hosts or knock.prefetch:
            return Reply(404, pages.stranger())
        if hmac.compare_digest(target.path.encode(), f"/connect/{door.question}".encode()):
            return Reply(302, "", location=door.onward)
        query = fitting(target.query, door) if target.path == self._place.path else None
        if query is None:
            late = target.path == self._place.path or target.path.startswith("/connect/")
            return Reply(404, pages.over() if late else pages.stranger())
        taken = door.take(query)
        if taken is None:
            return Reply(409, pages.answered())
        return Reply(302 if taken.onward else 200, taken.page, taken.then, taken.onward)


@dataclass(frozen=True)
class Knock:
    """A GET as it came. `prefetch`: a browser that only wants to be fast, with nobody looking."""

    target: str = field(repr=False)
    host: str
    prefetch: bool


def _nothing() -> None:
    pass


@dataclass(frozen=True)
class Reply:
    """What a knock is answered with; `then` is called when it has been sent, or could not be."""

    status: int
    page: str
    then: Callable[[], None] = _nothing
    location: str = field(default="", repr=False)


class _Listener(ThreadingHTTPServer):
    allow_reuse_address = os.name == "posix"  # elsewhere it would let another program take the port as well
    daemon_threads = True
    reply: Callable[[Knock], Reply]

    def __init__(self, host: str, port: int) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Visit)

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor that hangs up is none of the terminal's business; anything else is a bug and is shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typeshed names private types

    def server_bind(self) -> None:
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        super().server_bind()


class _Visit(BaseHTTPRequestHandler):
    server: _Listener
    timeout = SECONDS_TO_SPEAK
    server_version, sys_version = "Valet", ""

    def do_GET(self) -> None:
        hints = f"{self.headers.get('sec-purpose', '')} {self.headers.get('purpose', '')}"
        reply = self.server.reply(Knock(self.path, self.headers.get("host", ""), "prefetch" in hints))
        try:
            with contextlib.suppress(OSError):  # the browser has gone: what it answered counts all the same
                self._send(reply)
        finally:
            reply.then()

    def _refuse(self) -> None:
        self._send(Reply(405, ""))

    do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = _refuse  # noqa: N815 - the base class's names

    def _send(self, reply: Reply) -> None:
        body = reply.page.encode()
        self.send_response(reply.status)
        for name, value in pages.HEADERS.items():
            self.send_header(name, value)
        if reply.location:
            self.send_header("Location", reply.location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name the base class gives it
        """Nothing: the line would hold the code."""


def _bound(place: Place) -> list[_Listener]:
    for port in place.ports:
        with contextlib.suppress(OSError):  # taken: the next one may be free
            return list(_on(place.host, port))
    ports = ", ".join(map(str, place.ports))
    raise Unreachable(f"other programs hold the ports the browser could be sent back to ({ports}); close one of them")


def _on(host: str, port: int) -> Iterator[_Listener]:
    """The listeners of one port. Raises OSError where another program holds one of its addresses."""
    listeners = [_Listener("127.0.0.1", port)]
    if host == "localhost" and speaks_ipv6():
        try:
            listeners.append(_Listener("::1", int(listeners[0].server_address[1])))
        except OSError:
            listeners[0].server_close()
            raise
    return iter(listeners)


def speaks_ipv6() -> bool:
    """Whether this machine has the address ::1."""
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False
