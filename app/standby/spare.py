"""A child forked ahead, so that the next caller waits neither for the fork nor for the memory every request writes to.

Law: until a caller is given to it, it is of nobody, as the standby is. It ends with the standby.
"""

from __future__ import annotations

import os
import signal
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from app.standby import loading, place
from app.standby.child import live

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.standby.freshness import Freshness

READY = b"r"
LONGEST_STATE = 1 << 12


@dataclass(frozen=True)
class Spare:
    """`cord` leads to it, and keeps messages apart; its caller is given to it over that."""

    pid: int
    cord: socket.socket

    def takes(self, line: socket.socket, state: Sequence[bytes]) -> bool:
        """Give it the caller at the end of `line`; False where it is not ready, or is no more."""
        try:
            if self.cord.recv(1, socket.MSG_DONTWAIT) != READY:
                return False
            socket.send_fds(self.cord, [place.packed(state)], [line.fileno()])
        except OSError:
            return False
        return True

    def has_ended(self) -> bool:
        """Did it end by itself? Then it is buried, too."""
        return bool(os.waitpid(self.pid, os.WNOHANG)[0])

    def end(self) -> None:
        """It is not needed any more: nothing of anybody's is under way in it."""
        self.cord.close()
        os.kill(self.pid, signal.SIGKILL)  # until it is buried, its number is nobody else's
        os.waitpid(self.pid, 0)


def wait(cord: socket.socket, fresh: Freshness) -> NoReturn:
    """What it does: rehearse, wait for a caller at the other end of `cord`, and live as their child."""
    loading.rehearse()
    cord.sendall(READY)
    message, files, _, _ = socket.recv_fds(cord, LONGEST_STATE, 1, socket.MSG_CMSG_CLOEXEC)
    if not files:
        os._exit(0)
    live(socket.socket(fileno=files[0]), cord, place.unpacked(message[place.HEAD :]), fresh)
