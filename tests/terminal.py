"""Runs `valet` as a person does: on a terminal of its own, typed to and read from."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

START = "import fcntl, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); from app.cli import main; main()"
PLAIN = "from app.cli import main; main()"
SECONDS = 60.0
PRESS_AGAIN = 5.0
_CONTROL = re.compile(r"\x1b\[[?0-9;]*[A-Za-z]|\x1b\][^\x1b\x07]*(?:\x1b\\|\x07)|\r|\x01|\x02")


def surroundings(home: Path, **settings: str) -> dict[str, str]:
    """The environment of a run: this home and these settings, and nothing of the machine's."""
    return {
        "PATH": os.defpath,
        "HOME": str(home),
        "VALET_HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm",
    } | settings


def piped(*argv: str, env: Mapping[str, str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command in a pipe, to its end."""
    return subprocess.run(
        [sys.executable, "-c", PLAIN, *argv],
        input=stdin, capture_output=True, text=True, env=dict(env), cwd=env["HOME"], timeout=SECONDS, check=False,
    )  # fmt: skip


class Terminal:
    """A running program and what it has written; `raw` keeps the control sequences."""

    def __init__(self, process: subprocess.Popen[bytes], fd: int) -> None:
        self._process, self._fd = process, fd
        self.raw = ""
        self._seen = 0

    @property
    def text(self) -> str:
        return _CONTROL.sub("", self.raw)

    def expect(self, wanted: str) -> str:
        """Read until this text comes after what was expected before; gives what was read since."""
        while (at := self.text.find(wanted, self._seen)) < 0:
            self.raw += self._read(wanted)
        before, self._seen = self.text[self._seen : at], at + len(wanted)
        return before

    def type(self, text: str) -> None:
        os.write(self._fd, text.encode())

    def enter(self, text: str) -> None:
        self.type(text + "\r")

    def interrupt(self) -> None:
        """Ctrl-C; once more if nothing stirs, as a person would: CPython's readline misses a signal that comes in the
        few microseconds between the end of a key and the wait for the next, and takes both as one."""
        self.type("\x03")
        if not select.select([self._fd], [], [], PRESS_AGAIN)[0]:
            self.type("\x03")

    def leave(self) -> int:
        """Ctrl-D at the prompt, then read to the end; gives the exit code."""
        self.type("\x04")
        return self.ended()

    def ended(self) -> int:
        while True:
            try:
                chunk = self._read("the end")
            except OSError:
                break
            if not chunk:
                break
            self.raw += chunk
        return self._process.wait(SECONDS)

    def _read(self, wanted: str) -> str:
        ready, _, _ = select.select([self._fd], [], [], SECONDS)
        assert ready, f"{wanted!r} did not come; the screen says:\n{self.text[-2000:]}"
        return os.read(self._fd, 65536).decode("utf-8", "replace")


@contextmanager
def terminal(*argv: str, env: Mapping[str, str], columns: int = 80, rows: int = 24) -> Iterator[Terminal]:
    """Run a command on a new terminal; it is ended when the block ends."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-c", START, *argv],
        stdin=theirs, stdout=theirs, stderr=theirs, env=dict(env), cwd=env["HOME"], start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait(SECONDS)
        os.close(ours)
