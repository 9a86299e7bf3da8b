"""Ends requests from any thread. Law: a cut touches the sockets of its own requests, and no other call's."""

from __future__ import annotations

import contextlib
import socket
import threading

from auth.errors import Cancelled

STOPPED = "the turn was stopped"


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
