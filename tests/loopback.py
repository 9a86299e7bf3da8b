"""A loopback HTTP/1.1 server on raw sockets that answers each request as a test says, and notes what it was sent."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

PATIENCE = 20.0
"""Seconds until a test that waits for something gives up."""


@dataclass(frozen=True)
class Got:
    """A request as it came. `connection` counts the connections of the server from 1."""

    connection: int
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


class Line:
    """The server's end of a connection."""

    def __init__(self, sock: socket.socket, stream: Any) -> None:
        self.sock, self.stream = sock, stream

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def reply(self, status: int = 200, body: bytes | dict[str, Any] = b"{}", **headers: str) -> None:
        """A whole answer on a connection that stays open; header names with _ for -."""
        self.send(whole(status, body, **headers))

    def hang_up(self) -> None:
        """End the connection in order (FIN)."""
        self.sock.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """Break the connection (RST)."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.stream.close()
        self.sock.close()


Play = Callable[[Got, Line], None]


def whole(status: int = 200, body: bytes | dict[str, Any] = b"{}", **headers: str) -> bytes:
    """The bytes of an answer with its length."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"Content-Type": "application/json", "Content-Length": str(len(raw))}
    given |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in given.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + raw


@dataclass
class Hostile:
    """`play` answers every request; what it leaves open serves the next. `got` holds the requests in order."""

    play: Play
    got: list[Got] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._lines: list[socket.socket] = []
        self._changed = threading.Condition()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._lines:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_for(self, count: int) -> None:
        """Until so many requests have come."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.got) >= count, PATIENCE), f"{len(self.got)} of {count} came"

    def wait_for_connections(self, count: int) -> None:
        """Until so many connections were made."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.connections >= count, PATIENCE), f"{self.connections} were made"

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            with self._changed:
                self.connections += 1
                self._lines.append(sock)
                self._changed.notify_all()
            thread = threading.Thread(target=self._serve, args=(sock, self.connections), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        stream = sock.makefile("rb")
        with contextlib.suppress(OSError), stream, sock:
            while not stream.closed and (got := _read(stream, number)) is not None:
                with self._changed:
                    self.got.append(got)
                    self._changed.notify_all()
                self.play(got, Line(sock, stream))


def _read(stream: Any, number: int) -> Got | None:
    words = stream.readline().decode("latin-1").split()
    if len(words) != 3:
        return None
    headers: dict[str, str] = {}
    while line := stream.readline().strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", "0")))
    return Got(number, words[0], words[1], headers, body)


def once_each(*plays: Play) -> Play:
    """The first request is answered by the first play, and so on; further ones by the last."""
    left = list(plays)

    def play(got: Got, line: Line) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(got, line)

    return play


def ok(got: Got, line: Line) -> None:
    """A whole JSON answer that names what was asked for."""
    line.reply(200, {"path": got.path, "target": got.target})
