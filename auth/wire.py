"""One pooled urllib3 whose requests another thread can cut off. Law: no redirect, no silent repeat, whole answers."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as HTTPTimeout

from auth.errors import Cancelled, Oversized, TooSlow, Unreachable

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
BODY_LIMIT = 64 * 1024 * 1024
CHUNK = 256 * 1024


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer, content decoded; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Cut:
    """Ends every request made under it, now and later, from any thread."""

    def __init__(self) -> None:
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._made = threading.Event()

    @property
    def made(self) -> bool:
        return self._made.is_set()

    def make(self) -> None:
        """Cut: open requests fail at once, further ones are not begun."""
        self._made.set()
        with self._lock:
            for sock in self._sockets:
                with contextlib.suppress(OSError):  # already closed by its peer: nothing left to cut
                    sock.shutdown(socket.SHUT_RDWR)

    def pause(self, seconds: float) -> None:
        """Wait, unless cut. Raises Cancelled where it was."""
        if self._made.wait(seconds):
            raise Cancelled("The turn was stopped.")

    def hold(self, sock: socket.socket) -> None:
        """This socket serves a request made under the cut."""
        with self._lock:
            self._sockets.add(sock)
        if self.made:
            self.make()

    def release(self, sock: socket.socket) -> None:
        """The request is over: the socket may serve another call, which this cut must not touch."""
        with self._lock:
            self._sockets.discard(sock)


@dataclass
class _Request:
    cut: Cut
    sock: socket.socket | None = None

    def use(self, sock: socket.socket) -> None:
        self.sock = sock
        self.cut.hold(sock)

    def over(self) -> None:
        if self.sock is not None:
            self.cut.release(self.sock)


_current: ContextVar[_Request | None] = ContextVar("current_request", default=None)


class _Held:
    """Mixed into urllib3's connections: tells the current cut which socket is in use."""

    sock: socket.socket | None

    def putrequest(self, *args: Any, **kwargs: Any) -> None:
        if getattr(self, "sock", None) is None:
            self.connect()  # type: ignore[attr-defined]  # supplied by the urllib3 class beside this one
        request = _current.get()
        if request is not None and self.sock is not None:
            request.use(self.sock)
        super().putrequest(*args, **kwargs)  # type: ignore[misc]  # likewise


class _HeldHTTP(_Held, HTTPConnection):
    pass


class _HeldHTTPS(_Held, HTTPSConnection):
    pass


class _PoolHTTP(HTTPConnectionPool):
    ConnectionCls = _HeldHTTP


class _PoolHTTPS(HTTPSConnectionPool):
    ConnectionCls = _HeldHTTPS


class Wire:
    """The pool. Connections are kept alive and shared by all threads; TLS is verified against the system's roots."""

    def __init__(self, *, connections: int = 16, read_seconds: float = READ_SECONDS) -> None:
        self._pool = urllib3.PoolManager(
            num_pools=12,
            maxsize=connections,
            block=False,
            retries=False,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=read_seconds),
        )
        self._pool.pool_classes_by_scheme = {"http": _PoolHTTP, "https": _PoolHTTPS}

    def send(self, method: str, url: str, *, body: bytes | None, headers: Mapping[str, str], cut: Cut) -> Answer:
        """One request, one answer, redirects returned as they are.

        Raises Cancelled, TooSlow, Unreachable (also for an answer that breaks off) or Oversized.
        """
        if cut.made:
            raise Cancelled("The turn was stopped.")
        request = _Request(cut)
        token = _current.set(request)
        try:
            return self._send(method, url, body, headers)
        except (HTTPError, OSError) as error:
            if cut.made:
                raise Cancelled("The turn was stopped.") from None
            raise _fault(error, url) from error
        finally:
            _current.reset(token)
            request.over()

    def _send(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        response = self._pool.request(
            method, url, body=body, headers=dict(headers), redirect=False, retries=False, preload_content=False
        )
        try:
            content = _whole(response)
        except BaseException:
            response.close()
            raise
        response.release_conn()
        lowered = {name.lower(): value for name, value in response.headers.items()}
        lowered.pop("content-encoding", None)  # decoded above
        return Answer(response.status, lowered, content)

    def close(self) -> None:
        self._pool.clear()


def _whole(response: urllib3.BaseHTTPResponse) -> bytes:
    parts: list[bytes] = []
    size = 0
    while chunk := response.read(CHUNK, decode_content=True):
        size += len(chunk)
        if size > BODY_LIMIT:
            raise Oversized(f"The answer is larger than {BODY_LIMIT // 2**20} MB. Ask for less.")
        parts.append(chunk)
    return b"".join(parts)


def _fault(error: Exception, url: str) -> Exception:
    host = urllib3.util.parse_url(url).host
    if isinstance(error, Oversized):
        return error
    if isinstance(error, HTTPTimeout | TimeoutError):
        return TooSlow(f"no answer from {host} in time")
    return Unreachable(f"the connection to {host} failed or broke off ({type(error).__name__})")
