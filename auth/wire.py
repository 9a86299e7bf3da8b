"""One pooled urllib3 whose requests another thread can cut off. Law: no redirect, no silent repeat, whole answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.util import parse_url

from auth.arena import one_arena
from auth.cut import Cut
from auth.lines import LinesHTTP, LinesHTTPS
from auth.underway import Answer, Patience, Request, Sending, Underway, fault, soonest
from auth.wire_log import without_queries

__all__ = ["Answer", "Cut", "Wire"]

READ_SECONDS = 30.0
WHOLE_SECONDS = 300.0


class Wire:
    """The pool. Connections are kept alive and shared by all threads; TLS is verified against the system's roots.

    `read_seconds` bounds the wait for the next bytes, `whole_seconds` the body as a whole. No proxy is used.
    """

    def __init__(
        self, *, connections: int = 16, read_seconds: float = READ_SECONDS, whole_seconds: float = WHOLE_SECONDS
    ) -> None:
        without_queries()
        one_arena()
        self._patience = Patience(read_seconds, whole_seconds)
        self._pool = urllib3.PoolManager(num_pools=12, maxsize=connections, block=False)
        self._pool.pool_classes_by_scheme = {"http": LinesHTTP, "https": LinesHTTPS}

    def send(self, method: str, url: str, *, body: bytes | None, headers: Mapping[str, str], cut: Cut) -> Answer:
        """One request, one answer, redirects returned as they are.

        Raises Cancelled, TooSlow, Unreachable (also for an answer that breaks off) or Oversized.
        """
        sent = self._underway(method, url, body, headers, cut)
        sent.start()
        return sent.answer()

    def begin(self, method: str, url: str, *, body: bytes | None, headers: Mapping[str, str], cut: Cut) -> Sending:
        """Send without waiting: the answer is read by whoever asks for it, and what went wrong is told then.

        Where a connection has to be opened first, a thread opens it and sends.
        """
        sent = self._underway(method, url, body, headers, cut)
        sent.start(beside=True)
        return sent

    def soonest(self, sent: Sequence[Sending]) -> Sending:
        """Of several that were begun, the one to ask next: its answer begins to come first. Waits for it."""
        return soonest(sent, self._patience.read)

    def _underway(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], cut: Cut) -> Underway:
        lines, target = self._lines(url)
        request = Request(method, url, target, {"accept-encoding": "gzip", **headers}, body)
        return Underway(lines, request, cut, self._patience)

    def _lines(self, url: str) -> tuple[Any, str]:  # LinesHTTP or LinesHTTPS, and what its request line names
        try:
            place = parse_url(url)
            return self._pool.connection_from_host(place.host, place.port, place.scheme), place.request_uri
        except HTTPError as error:
            raise fault(error, url) from error

    def warm(self, url: str, connections: int, cut: Cut) -> None:
        """Begin to open so many connections to the host of `url`, unless they are open; nothing is sent over them."""
        if not cut.made:
            lines, _ = self._lines(url)
            lines.warmed(connections, cut)

    def close(self) -> None:
        self._pool.clear()
