"""A request under way over one connection. Law: its answer arrives whole, or an error says that it did not.

Sending and reading are two steps, so that one thread can have several requests under way: threads of one interpreter
would hand it from core to core for every answer, which costs a fifth of the processor's time.
"""

from __future__ import annotations

import errno
import logging
import selectors
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, NamedTuple, Protocol

from urllib3.exceptions import ConnectTimeoutError, HTTPError
from urllib3.exceptions import TimeoutError as HTTPTimeout

from auth.body import whole
from auth.cut import STOPPED, Cut
from auth.errors import AuthError, Cancelled, NoConnection, TooSlow, Unreachable

_log = logging.getLogger(__name__)
_ANSWERED_EARLY = frozenset({errno.EPIPE, errno.ECONNRESET, errno.EPROTOTYPE})
"""What sending meets where the service closed before it had read all; its answer may still be there."""
_AT_ONCE = 0.001


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer, content decoded; header names in lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Patience(NamedTuple):
    """Seconds: for the next bytes, and for a body as a whole."""

    read: float
    whole: float


class Sending(Protocol):
    """A request whose answer is still to come. It is asked for once, or dropped."""

    def answer(self) -> Answer:
        """Wait for it. Raises Cancelled, TooSlow, Unreachable (also for one that breaks off) or Oversized."""
        ...

    def drop(self) -> None:
        """Nobody wants it any more."""

    def settled(self) -> bool:
        """Whether there is nothing to wait for before it is asked for."""
        ...

    def fileno(self) -> int:
        """The socket it will come from, unless it is settled."""
        ...


@dataclass(frozen=True, eq=False, repr=False)
class Later:
    """A request that is sent when its answer is asked for."""

    answer: Callable[[], Answer]

    def drop(self) -> None:
        """It was never sent."""

    def settled(self) -> bool:
        return True

    def fileno(self) -> int:
        return -1


@dataclass(frozen=True, eq=False)
class Request:
    """What is sent; `target` is the part of `url` that a request line names. Shown without what may hold a secret."""

    method: str
    url: str = field(repr=False)
    target: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)


@dataclass(eq=False, repr=False)
class Underway:
    """One request. Once started, its answer is read or it is dropped: until then nobody else has the connection."""

    _lines: Any  # the pool the connection is of
    _request: Request
    _cut: Cut
    _patience: Patience
    _line: Any = None
    _sock: socket.socket | None = None
    _opening: Future[None] | None = None
    _fault: Exception | None = None
    _sent_at: float = 0.0

    def start(self, *, beside: bool = False) -> None:
        """Send; with `beside`, in a thread where a connection has to be opened first. Faults are for `answer`."""
        if self._cut.made:
            self._fault = Cancelled(STOPPED)
            return
        self._line = self._lines.taken()
        if not beside or self._line.sock is not None:
            self._send()
            return
        pool = ThreadPoolExecutor(1, thread_name_prefix="opening")
        self._opening = pool.submit(self._send)
        pool.shutdown(wait=False)

    def answer(self) -> Answer:
        try:
            self.settled()
            return self._read()
        except (HTTPError, HTTPException, OSError) as error:
            self.drop()
            if self._cut.made:
                raise Cancelled(STOPPED) from None
            if isinstance(error, AuthError):
                raise
            raise fault(error, self._request.url) from error
        except BaseException:
            self.drop()
            raise

    def drop(self) -> None:
        if self._opening:
            wait([self._opening])
        self._over(close=True)

    def settled(self) -> bool:
        """Whether it failed before an answer could come; waits until it is sent."""
        if self._opening:
            self._opening.result()
        return self._fault is not None

    def fileno(self) -> int:
        return self._sock.fileno() if self._sock else -1

    def _send(self) -> None:
        try:
            if self._line.sock is None:
                self._line.connect()
            self._sock = self._line.sock
            self._cut.hold(self._sock)
            self._written()
        except (HTTPError, HTTPException, OSError) as error:
            self._fault = error
        except BaseException:  # a bug, or Ctrl-C: nobody is given what could be dropped
            self._over(close=True)
            raise
        self._sent_at = time.monotonic()

    def _written(self) -> None:
        request = self._request
        try:
            self._line.request(
                request.method,
                request.target,
                body=request.body,
                headers=request.headers,
                preload_content=False,
                decode_content=False,
            )
        except OSError as error:
            if error.errno not in _ANSWERED_EARLY:
                raise

    def _read(self) -> Answer:
        if self._fault:
            raise self._fault
        due = self._sent_at + self._patience.read - time.monotonic()
        self._line.timeout = max(due, _AT_ONCE)  # what came meanwhile is there at once
        response = self._line.getresponse()
        _log.debug("%s %s: %s", self._request.method, self._request.url.partition("?")[0], response.status)
        if response.status < 200:  # the real answer follows, and would go to the connection's next call
            raise Unreachable(f"the service sent an interim answer alone (HTTP {response.status})")
        if response.length_remaining is None and not response.chunked:
            raise Unreachable("the service did not say how long its answer is")  # so it may have broken off
        self._wait_for_bytes()
        content = whole(response, time.monotonic() + self._patience.whole)
        self._over()
        lowered = {name.lower(): value for name, value in response.headers.items()}
        lowered.pop("content-encoding", None)  # decoded above
        return Answer(response.status, lowered, content)

    def _wait_for_bytes(self) -> None:
        if self._sock and self._sock.fileno() >= 0:
            self._sock.settimeout(self._patience.read)

    def _over(self, *, close: bool = False) -> None:
        """Out of the cut's reach first: another call may have the connection as soon as it is put back."""
        line, self._line = self._line, None
        if line is None:
            return
        if self._sock is not None:
            self._cut.release(self._sock)
        if close:
            line.close()
        lines, self._lines = self._lines, None  # a pool closes when nobody holds it any more
        lines.put(line)


def soonest(underway: Sequence[Sending], seconds: float) -> Sending:
    """The one that is settled, or whose answer begins to come first; the first one where none comes in time."""
    settled = next((one for one in underway if one.settled()), None)
    if settled or len(underway) == 1:
        return settled or underway[0]
    with selectors.DefaultSelector() as selector:
        for one in underway:
            selector.register(one.fileno(), selectors.EVENT_READ, one)
        ready = selector.select(seconds)
    first = {key.data for key, _ in ready}
    return next((one for one in underway if one in first), underway[0])


def fault(error: Exception, url: str) -> AuthError:
    """What a connection's error means to the call."""
    host = url.partition("://")[2].partition("/")[0]
    if isinstance(error, ConnectTimeoutError):  # and what urllib3 derives from it: refused, no such name
        return NoConnection(f"no connection to {host} could be made")
    if isinstance(error, HTTPTimeout | TimeoutError):
        return TooSlow(f"no answer from {host} in time")
    return Unreachable(f"the connection to {host} failed or broke off ({type(error).__name__})")
