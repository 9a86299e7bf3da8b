"""The children of a standby: each with its caller at one end of a line, and its end told there.

Law: no zombie, and no child without a caller. Of a caller, signals are read, and nothing else.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field

from app.standby import place

GRACE_SECONDS = 2.0
MAY_BE_PASSED_ON = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGTSTP, signal.SIGCONT}


@dataclass
class Child:
    """`line` leads to its caller, `cord` to itself until it begins.

    `killed_at`: when it is killed, if its caller is gone and it does not end.
    """

    pid: int
    line: socket.socket
    cord: socket.socket
    begun: bool = False
    killed_at: float | None = None

    def let_go(self) -> None:
        """The caller hears nothing more: before the child began, that means to run the command by itself."""
        self.line.close()
        self.cord.close()


@dataclass
class Children:
    """All of them. `served` counts who began, `last` is when one last began or ended.

    `gave_up`: one ended before it began, and may have found that the program has changed.
    """

    poll: select.poll
    by_pid: dict[int, Child] = field(default_factory=dict)
    served: int = 0
    gave_up: bool = False
    last: float = field(default_factory=time.monotonic)

    def add(self, pid: int, line: socket.socket, cord: socket.socket) -> Child:
        child = self.by_pid[pid] = Child(pid, line, cord)
        return child

    def clear(self, child: Child) -> None:
        """Nothing speaks against its beginning."""
        with suppress(OSError):  # it gave up already
            child.cord.sendall(place.CLEAR)
        child.cord.setblocking(False)
        self.poll.register(child.cord, select.POLLIN)

    @property
    def pressing(self) -> bool:
        """Is one to be killed soon?"""
        return any(child.killed_at for child in self.by_pid.values())

    def attend(self, ready: set[int]) -> None:
        """Do what is to be done about each; `ready` are the files with something to read."""
        for child in list(self.by_pid.values()):
            if child.cord.fileno() in ready:
                self._hear_begin(child)
            if child.begun and child.line.fileno() in ready:
                self._pass_on(child)
            if child.killed_at is not None and time.monotonic() >= child.killed_at:
                _signal(child, signal.SIGKILL)
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if pid:
                self._bury(child, status)

    def _hear_begin(self, child: Child) -> None:
        try:
            said = child.cord.recv(1)
        except BlockingIOError:
            return
        except OSError:
            said = b""
        self.poll.unregister(child.cord)
        child.cord.close()
        if said == place.BEGUN:
            child.begun = True
            self.served += 1
            self.last = time.monotonic()
            child.line.setblocking(False)
            self.poll.register(child.line, select.POLLIN)
        else:
            self.gave_up = True

    def _pass_on(self, child: Child) -> None:
        """The signals its caller sends; where there is no caller any more, it ends."""
        try:
            sent = child.line.recv(64)
        except BlockingIOError:
            return
        except OSError:
            sent = b""
        for number in sent:
            if number in MAY_BE_PASSED_ON:
                _signal(child, signal.SIGSTOP if number == signal.SIGTSTP else signal.Signals(number))
        if not sent:
            self.poll.unregister(child.line)
            _signal(child, signal.SIGTERM)
            _signal(child, signal.SIGCONT)
            child.killed_at = time.monotonic() + GRACE_SECONDS

    def _bury(self, child: Child, status: int) -> None:
        """Tell the caller how it ended."""
        del self.by_pid[child.pid]
        if child.cord.fileno() >= 0:
            self._hear_begin(child)
        if child.begun:
            self.last = time.monotonic()
            code = os.waitstatus_to_exitcode(status)
            with suppress(OSError):
                child.line.sendall(place.EXITED + bytes([code]) if code >= 0 else place.KILLED + bytes([-code]))
            with suppress(KeyError):  # its caller is gone
                self.poll.unregister(child.line)
        child.let_go()


def _signal(child: Child, number: signal.Signals) -> None:
    """To its group, as the terminal would. Until it is buried, its number is nobody else's."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)
