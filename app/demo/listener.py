"""HTTP/1.1 on a loopback socket, small enough to own every byte: keep-alive, and connections that break on demand."""

import socket
import socketserver
import struct
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO, Any, Literal, cast
from urllib.parse import urlsplit

from app.demo.wire import Request, Response

LONGEST_LINE = 65_536
MOST_HEADERS = 200
LARGEST_BODY = 64 * 1024 * 1024
PATIENCE = 5.0  # seconds for the last answers when the server closes

Ending = Literal["whole", "truncated", "reset"]


@dataclass(frozen=True)
class Reply:
    """A response and how much of it the client gets to see."""

    response: Response
    ending: Ending = "whole"


class MalformedRequest(Exception):
    """The bytes are no HTTP request; the text goes to the client with status 400."""


class Listener(socketserver.ThreadingTCPServer):
    """Accepts on 127.0.0.1; one daemon thread a connection. `close()` ends every connection."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, port: int, reply: Callable[[Request], Reply]) -> None:
        self.reply = reply
        self._open: set[socket.socket] = set()
        self._ended = threading.Condition()
        super().__init__(("127.0.0.1", port), Connection)

    def start(self) -> None:
        threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.05}, name="demo-listener", daemon=True
        ).start()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._ended:
            self._open.add(request)
        super().process_request(request, client_address)

    def close_request(self, request: Any) -> None:
        super().close_request(request)
        with self._ended:
            self._open.discard(request)
            self._ended.notify_all()

    def close(self) -> None:
        """Stop accepting, break what is still open, and wait until the connections' threads are done."""
        self.shutdown()
        with self._ended:
            for connection in self._open:
                _break(connection)
            self._ended.wait_for(lambda: not self._open, timeout=PATIENCE)
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no error of the server; anything else must be seen."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Connection(socketserver.StreamRequestHandler):
    """One client connection: requests one after the other until either side has enough."""

    disable_nagle_algorithm = True
    rbufsize = 65_536
    server: Listener

    def handle(self) -> None:
        try:
            while self._exchange():
                pass
        except (ConnectionError, TimeoutError):
            return

    def _exchange(self) -> bool:
        """Answer one request; False when the connection is over."""
        try:
            request = read_request(cast(IO[bytes], self.rfile), self._continue)
        except MalformedRequest as error:
            self.wfile.write(_bytes(Response(400, str(error).encode(), "text/plain"), close=True))
            return False
        if request is None:
            return False
        reply = self.server.reply(request)
        if reply.ending == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        close = request.headers.get("connection", "").lower() == "close" or reply.ending == "truncated"
        data = _bytes(reply.response, close=close)
        if reply.ending == "truncated":
            data = data[: len(data) - max(1, len(reply.response.body) // 2)]
        self.wfile.write(data)
        return not close

    def _continue(self) -> None:
        self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def finish(self) -> None:
        """Close without a polite shutdown, so that a reset stays a reset."""
        for stream in (self.wfile, self.rfile):
            stream.close()
        self.connection.close()


def _break(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the client was faster


def read_request(stream: IO[bytes], proceed: Callable[[], None]) -> Request | None:
    """The next request, or None at the end of the stream. Raises MalformedRequest."""
    line = stream.readline(LONGEST_LINE)
    while line in (b"\r\n", b"\n"):
        line = stream.readline(LONGEST_LINE)
    if not line:
        return None
    words = line.decode("latin-1").split()
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise MalformedRequest("The request line is not METHOD TARGET HTTP/1.1.")
    headers = _read_headers(stream)
    if headers.get("expect", "").lower() == "100-continue":
        proceed()
    target = urlsplit(words[1])
    return Request(words[0].upper(), target.path, target.query, headers, _read_body(stream, headers))


def _read_headers(stream: IO[bytes]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(MOST_HEADERS):
        line = stream.readline(LONGEST_LINE)
        if line in (b"\r\n", b"\n", b""):
            return headers
        name, separator, value = line.decode("latin-1").partition(":")
        if not separator:
            raise MalformedRequest("A header line has no colon.")
        headers[name.strip().lower()] = value.strip()
    raise MalformedRequest("There are too many headers.")


def _read_body(stream: IO[bytes], headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return _read_chunks(stream)
    stated = headers.get("content-length", "0")
    if not stated.isdigit() or int(stated) > LARGEST_BODY:
        raise MalformedRequest("The Content-Length is no number, or too large.")
    return _exactly(stream, int(stated))


def _read_chunks(stream: IO[bytes]) -> bytes:
    body = bytearray()
    while True:
        try:
            size = int(stream.readline(LONGEST_LINE).partition(b";")[0], 16)
        except ValueError as error:
            raise MalformedRequest("A chunk has no size.") from error
        if size == 0:
            _read_headers(stream)
            return bytes(body)
        if len(body) + size > LARGEST_BODY:
            raise MalformedRequest("The body is too large.")
        body += _exactly(stream, size)
        stream.readline(LONGEST_LINE)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    body = stream.read(size) if size else b""
    if len(body) < size:
        raise ConnectionAbortedError("the client left in the middle of its request")
    return body


def _bytes(response: Response, *, close: bool) -> bytes:
    lines = [f"HTTP/1.1 {response.status} {reason(response.status)}", f"Content-Length: {len(response.body)}"]
    if response.body or response.status != 204:
        lines.append(f"Content-Type: {response.media_type}")
    lines += [f"{name}: {value}" for name, value in response.headers]
    if close:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + response.body


def reason(status: int) -> str:
    """The words after a status code."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
