"""One pooled urllib3 whose requests another thread can cut off. Law: no redirect, no silent repeat, whole answers."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError
from urllib3.exceptions import TimeoutError as HTTPTimeout

from auth.arena import one_arena
from auth.body import whole
from auth.errors import AuthError, Cancelled, NoConnection, TooSlow, Unreachable
from auth.wire_log import without_queries

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
WHOLE_SECONDS = 300.0
CHUNK = 64 * 1024
STOPPED = "the turn was stopped"


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer, content decoded; header names in lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


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
                    # Not SSLSocket.shutdown: it drops the TLS layer first, and a thread about to send its headers
                    # would send them in the clear.
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def pause(self, seconds: float) -> None:
        """Wait, unless cut. Raises Cancelled where it was."""
        if self._made.wait(seconds):
            raise Cancelled(STOPPED)

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
            self.sock = None


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

    def send(self, data: Any) -> None:
        # In slices: a socket's timeout is for all that one call sends, and an upload may be large and its line slow.
        for start in range(0, len(data), CHUNK):
            super().send(data[start : start + CHUNK])  # type: ignore[misc]  # likewise


class _HeldHTTP(_Held, HTTPConnection):
    pass


class _HeldHTTPS(_Held, HTTPSConnection):
    pass


class _Releasing:
    """Mixed into urllib3's pools: a connection that goes back is out of its cut's reach before another call has it."""

    def _put_conn(self, conn: Any) -> None:
        request = _current.get()
        if request is not None:
            request.over()
        super()._put_conn(conn)  # type: ignore[misc]  # supplied by the urllib3 class beside this one
        if getattr(self, "pool", None) is None and conn is not None:
            conn.close()  # the pool was closed meanwhile, and nobody empties it again

    def warmed(self, count: int, cut: Cut) -> None:
        """Take so many connections out, open in the background those that are not, and put each back."""
        taken = [self._get_conn() for _ in range(count)]  # type: ignore[attr-defined]  # likewise
        for conn in taken:
            if conn.is_connected:
                self._put_conn(conn)
            else:
                threading.Thread(target=self._opened, args=(conn, cut), name="warming", daemon=True).start()

    def _opened(self, conn: Any, cut: Cut) -> None:
        conn.timeout = CONNECT_SECONDS
        try:
            with contextlib.suppress(HTTPError, OSError):  # the request that needs it will meet the fault and say so
                if not cut.made:
                    conn.connect()
        finally:
            self._put_conn(conn)


class _PoolHTTP(_Releasing, HTTPConnectionPool):
    ConnectionCls = _HeldHTTP


class _PoolHTTPS(_Releasing, HTTPSConnectionPool):
    ConnectionCls = _HeldHTTPS


class Wire:
    """The pool. Connections are kept alive and shared by all threads; TLS is verified against the system's roots.

    `read_seconds` bounds the wait for the next bytes, `whole_seconds` the body as a whole. No proxy is used.
    """

    def __init__(
        self, *, connections: int = 16, read_seconds: float = READ_SECONDS, whole_seconds: float = WHOLE_SECONDS
    ) -> None:
        without_queries()
        one_arena()
        self._whole_seconds = whole_seconds
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
            raise Cancelled(STOPPED)
        request = _Request(cut)
        token = _current.set(request)
        try:
            return self._send(method, url, body, headers)
        except (HTTPError, OSError) as error:
            if cut.made:
                raise Cancelled(STOPPED) from None
            if isinstance(error, AuthError):
                raise
            raise _fault(error, url) from error
        finally:
            _current.reset(token)
            request.over()

    def warm(self, url: str, connections: int, cut: Cut) -> None:
        """Begin to open so many connections to the host of `url`, unless they are open; nothing is sent over them."""
        if not cut.made:
            pool: Any = self._pool.connection_from_url(url)  # one of the two classes above
            pool.warmed(connections, cut)

    def _send(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        response = self._pool.request(
            method,
            url,
            body=body,
            headers={"accept-encoding": "gzip", **headers},
            redirect=False,
            retries=False,
            preload_content=False,
        )
        try:
            if response.status < 200:  # the real answer follows, and would go to the connection's next call
                raise Unreachable(f"the service sent an interim answer alone (HTTP {response.status})")
            if response.length_remaining is None and not response.chunked:
                raise Unreachable("the service did not say how long its answer is")  # so it may have broken off
            content = whole(response, time.monotonic() + self._whole_seconds)
        except BaseException:
            response.close()
            raise
        response.release_conn()
        lowered = {name.lower(): value for name, value in response.headers.items()}
        lowered.pop("content-encoding", None)  # decoded above
        return Answer(response.status, lowered, content)

    def close(self) -> None:
        self._pool.clear()


def _fault(error: Exception, url: str) -> AuthError:
    host = url.partition("://")[2].partition("/")[0]
    if isinstance(error, ConnectTimeoutError):  # and what urllib3 derives from it: refused, no such name
        return NoConnection(f"no connection to {host} could be made")
    if isinstance(error, HTTPTimeout | TimeoutError):
        return TooSlow(f"no answer from {host} in time")
    return Unreachable(f"the connection to {host} failed or broke off ({type(error).__name__})")
