"""The process on standby: forks a child per caller, and ends by itself when nobody needs it or it is out of date.

Law: of a caller it reads who they are, and nothing else; what they send is read in the child. One thread.
"""

# ruff: noqa: PTH108, PTH118 - what is done here is done by the name the socket was bound to

from __future__ import annotations

import os
import select
import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass

from app.standby import place
from app.standby.child import alone, live
from app.standby.children import GRACE_SECONDS, Children
from app.standby.freshness import Freshness

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
        self._woken, self._wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def serve(self) -> str:
        """Gives the reason it ended for."""
        self._hear_signals()
        self.listener.setblocking(False)
        for handle in (self.listener.fileno(), self._woken):
            self._poll.register(handle, select.POLLIN)
        while not self.ended or self._children.by_pid:
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
        return self._out_of_date() if now - self._checked >= CHECK_SECONDS else ""

    def _out_of_date(self) -> str:
        self._checked = time.monotonic()
        changed = self.fresh.changed()
        return f"{changed} has changed since it was loaded" if changed else ""

    def _accept(self) -> None:
        """One caller. The child gets ready while the sources are looked at, and begins only if they are as loaded."""
        try:
            line, _ = self.listener.accept()
        except BlockingIOError:
            return
        credentials = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, place.CREDENTIALS)
        if place.owner(credentials)[1] != os.getuid():
            line.close()
            return
        try:
            pid, cord = self._forked(line)
        except OSError:  # no room for another process here
            line.close()
            return
        child = self._children.add(pid, line, cord)
        if reason := self._out_of_date():
            self._end(reason)
            child.let_go()
        else:
            self._children.clear(child)

    def _forked(self, line: socket.socket) -> tuple[int, socket.socket]:
        """The child's number, and our end of the cord to it. Raises OSError."""
        ours, theirs = socket.socketpair()
        parent, state = os.getpid(), self._state()
        pid = os.fork()
        if not pid:
            try:
                alone(parent)
                ours.close()
                self._abandon()
                live(line, theirs, state)
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
