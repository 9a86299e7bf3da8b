"""The connections of the wire, kept alive in urllib3's pools and shared by all threads.

Law: a connection serves one request at a time, and none once its pool is closed.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from auth.cut import Cut

CONNECT_SECONDS = 5.0
CHUNK = 64 * 1024


class _Sliced:
    """Mixed into urllib3's connections: a socket's timeout is for all that one call sends, and an upload may be large
    and its line slow."""

    def send(self, data: Any) -> None:
        for start in range(0, len(data), CHUNK):
            super().send(data[start : start + CHUNK])  # type: ignore[misc]  # supplied by the class beside this one


class _LineHTTP(_Sliced, HTTPConnection):
    pass


class _LineHTTPS(_Sliced, HTTPSConnection):
    pass


class _Lending:
    """Mixed into urllib3's pools: connections are taken out, and put back."""

    def taken(self) -> Any:
        """A connection that is open, or else a new one that is not yet."""
        conn = self._get_conn()  # type: ignore[attr-defined]  # likewise
        conn.timeout = CONNECT_SECONDS
        return conn

    def put(self, conn: Any) -> None:
        """The connection may serve another call. It is closed where its last answer was not read to the end."""
        self._put_conn(conn)  # type: ignore[attr-defined]  # likewise
        if getattr(self, "pool", None) is None:
            conn.close()  # the pool was closed meanwhile, and nobody empties it again

    def warmed(self, count: int, cut: Cut) -> None:
        """Take so many connections out, open in the background those that are not, and put each back."""
        for conn in [self.taken() for _ in range(count)]:
            if conn.is_connected:
                self.put(conn)
            else:
                threading.Thread(target=self._opened, args=(conn, cut), name="warming", daemon=True).start()

    def _opened(self, conn: Any, cut: Cut) -> None:
        try:
            with contextlib.suppress(HTTPError, OSError):  # the request that needs it will meet the fault and say so
                if not cut.made:
                    conn.connect()
        finally:
            self.put(conn)


class LinesHTTP(_Lending, HTTPConnectionPool):
    """To a service on this machine."""

    ConnectionCls = _LineHTTP


class LinesHTTPS(_Lending, HTTPSConnectionPool):
    """To any other."""

    ConnectionCls = _LineHTTPS
