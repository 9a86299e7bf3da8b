"""The process on standby: a forked child for each caller; it ends when nobody needs it, or when it is out of date.

Law: of a caller it reads who they are, and nothing else; what they send is read in the child. One thread.
"""

# ruff: noqa: PTH108, PTH118 - what is done here is done by the name the socket was bound to

from __future__ import annotations

import os
import select
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from app.standby import place
from app.standby.child import alone, live
from app.standby.children import GRACE_SECONDS, Children
from app.standby.freshness import ALL, HALVES, Freshness
from app.standby.spare import Spare, wait

IDLE_SECONDS = 30 * 60.0
LOOK_SECONDS, CHECK_SECONDS = 5.0, 60.0
"""How often the socket's place, and the program on the disk, are looked at while nobody calls."""


@dataclass
class Standby:
    """Serves until there is a reason to end, and its children have ended. `ended` is that reason."""

    home: str
    listener: socket.socket
    lock: int
    fresh: Freshness
    idle: float = IDLE_SECONDS
    look: float = LOOK_SECONDS
    ended: str = ""

    def __post_init__(self) -> None:
        self._since, self._checked = time.time(), time.monotonic()
        self._path = os.path.join(self.home, place.SOCKET)
        self._place, self._told_to_stop = _place(self._path), False
        self._poll = select.poll()
        self._children = Children(self._poll)
        self._spare: Spare | None = None
        self._spares = True
        self._woken, self._wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def serve(self) -> str:
        """Gives the reason it ended for."""
        self._hear_signals()
        self.listener.setblocking(False)
        for handle in (self.listener.fileno(), self._woken):
            self._poll.register(handle, select.POLLIN)
        while not self.ended or self._children.by_pid:
            self._keep_spare()
            pause = GRACE_SECONDS if self._children.pressing else self.look
            ready = {handle for handle, _ in self._poll.poll(pause * 1000)}
            with suppress(BlockingIOError):
                while self._woken in ready:
                    os.read(self._woken, 512)
            self._children.attend(ready)
            if not self.ended and self.listener.fileno() in ready:
                self._accept()
            if not self.ended and (reason := self._reason()):
                self._end(reason)
        return self.ended

    def _hear_signals(self) -> None:
        """One that comes ends the wait, and no more."""
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.signal(signal.SIGTERM, lambda number, frame: self._stop())
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)

    def _stop(self) -> None:
        self._told_to_stop = True

    def _end(self, reason: str) -> None:
        """Take no more callers; who has begun is served to the end."""
        self.ended = reason
        _leave_word(self.home, reason)
        with suppress(FileNotFoundError):
            if _place(self._path) == self._place:
                os.unlink(self._path)
        self._poll.unregister(self.listener)
        self.listener.close()
        os.close(self.lock)
        if self._spare:
            self._spare.end()
            self._spare = None

    def _reason(self) -> str:
        now = time.monotonic()
        if self._told_to_stop:
            return "it was stopped"
        if not self._children.by_pid and now - self._children.last >= self.idle:
            return f"there was no request for {self.idle / 60:.0f} minutes"
        try:
            if _place(self._path) != self._place:
                return "another file stands in the place of its socket"
        except OSError:
            return "its socket was removed"
        if now - self._checked < CHECK_SECONDS and not self._children.gave_up:
            return ""
        self._checked, self._children.gave_up = now, False
        return self._out_of_date()

    def _out_of_date(self, share: slice = ALL) -> str:
        changed = self.fresh.changed(share)
        return f"{changed} has changed since it was loaded" if changed else ""

    def _accept(self) -> None:
        """One caller. Their child looks at one half of what was loaded, we at the other: it begins only if all is as
        it was."""
        try:
            line, _ = self.listener.accept()
        except BlockingIOError:
            return
        credentials = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, place.CREDENTIALS)
        if place.owner(credentials)[1] != os.getuid():
            line.close()
            return
        try:
            pid, cord = self._child_of(line)
        except OSError:  # no room for another process here
            line.close()
            return
        child = self._children.add(pid, line, cord)
        if reason := self._out_of_date(HALVES[0]):
            self._end(reason)
            child.let_go()
        else:
            self._children.clear(child)

    def _keep_spare(self) -> None:
        """Have one ready while nobody is served. One that ended by itself is the last: something is amiss there."""
        if self._spare and self._spare.has_ended():
            self._spare.cord.close()
            self._spare, self._spares = None, False
        if self._spares and not (self._spare or self.ended or self._children.by_pid):
            with suppress(OSError):  # no room for another process here
                self._spare = Spare(*self._forked(lambda cord: wait(cord, self.fresh)))

    def _child_of(self, line: socket.socket) -> tuple[int, socket.socket]:
        """The number of the child for this caller, and our end of the cord to it. Raises OSError."""
        spare, state = self._spare, self._state()
        if spare and spare.takes(line, state):
            self._spare = None
            return spare.pid, spare.cord
        return self._forked(lambda cord: live(line, cord, state, self.fresh))

    def _forked(self, become: Callable[[socket.socket], NoReturn]) -> tuple[int, socket.socket]:
        """The same of a process that becomes this, given its end. Raises OSError."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        parent = os.getpid()
        pid = os.fork()
        if not pid:
            try:
                alone(parent)
                ours.close()
                self._abandon()
                become(theirs)
            finally:
                os._exit(1)
        theirs.close()
        return pid, ours

    def _state(self) -> list[bytes]:
        under_way = sum(1 for child in self._children.by_pid.values() if child.begun)
        return [str(part).encode() for part in (int(self._since), self._children.served, under_way)]

    def _abandon(self) -> None:
        """In a child: let go of what is the standby's own, and of other children's callers."""
        self.listener.close()
        for handle in (self.lock, self._woken, self._wake):
            os.close(handle)
        for child in self._children.by_pid.values():
            child.let_go()
        if self._spare:
            self._spare.cord.close()


def _place(path: str) -> tuple[int, int, int]:
    """What tells this file from another of its name."""
    found = os.lstat(path)
    return found.st_dev, found.st_ino, found.st_ctime_ns


def _leave_word(home: str, reason: str) -> None:
    """For whoever asks later why nobody is on standby; a full disk, or a folder that is gone, keeps nobody here."""
    with suppress(OSError):
        path = os.path.join(home, place.ENDED)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        os.write(handle, reason.encode("utf-8", "surrogateescape"))
        os.close(handle)
