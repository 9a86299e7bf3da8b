"""How the process on standby begins: alone, then loaded, then listening. It tells its starter how far it came.

Law: its environment is empty but for VALET_HOME and the encoding, its files are its own.
"""

# only strings reach the system calls here, and none of it waits for a person:
# ruff: noqa: PTH101, PTH108, PTH118, PTH123, PTH208

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import suppress

from app.standby import place
from app.standby.freshness import Freshness, root

LISTENING, TAKEN = "listening", "taken"
BACKLOG = 16
_BEGIN = "import sys; sys.path[:0] = {*sys.argv[1:2]} - {*sys.path}; from app.standby.begin import main; main()"


def started(home: str) -> str:
    """Start it, and wait for what it says: LISTENING, TAKEN where another one is, what went wrong, or "".

    Raises OSError where no process can be started.
    """
    ours, theirs = os.pipe()
    try:
        subprocess.Popen(  # noqa: S603 - this interpreter, on a program of ours
            [sys.executable, "-P", "-c", _BEGIN, root(), home, str(theirs)],
            env={"VALET_HOME": home, "LANG": "C.UTF-8"}, cwd="/", umask=0o077, start_new_session=True,
            pass_fds=[theirs], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    finally:
        os.close(theirs)
    with open(ours, encoding="utf-8") as said:
        return said.read()


def main() -> None:
    """The process itself, from its arguments: where the program is, the home, and a file to report to."""
    home, report = sys.argv[2], int(sys.argv[3])
    try:
        lock = _alone(home)
        listener, fresh = _ready(home)
    except _Not as told:
        _say(report, str(told))
        return
    _say(report, LISTENING)
    from app.standby.server import Standby

    Standby(home, listener, lock, fresh).serve()
    os._exit(0)


class _Not(Exception):
    """It is not on standby, for the reason it says."""


def _say(report: int, text: str) -> None:
    with suppress(BrokenPipeError), open(report, "w", encoding="utf-8") as out:
        out.write(text)


def _alone(home: str) -> int:
    """The lock that only one has, for as long as it lives. Raises _Not."""
    import fcntl  # here, so that where there is none every module can still be imported

    try:
        lock = os.open(os.path.join(home, place.LOCK), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _Not(TAKEN) from None
    except OSError as error:
        raise _Not(f"{home!r} cannot be used: {error.strerror}") from error
    return lock


def _ready(home: str) -> tuple[socket.socket, Freshness]:
    """Everything loaded, and a socket that is listened on; one left by a killed process gives way. Raises _Not."""
    from app.later import put_off
    from app.standby import loading
    from tools.errors import DeclarationError

    fresh = Freshness.begun()
    put_off()
    try:
        loading.load()
    except (DeclarationError, ImportError) as error:
        raise _Not(f"the program cannot be loaded: {error}") from error
    fresh.loaded()
    if changed := fresh.changed():
        raise _Not(f"{changed} changed while it was loaded")
    if len(os.listdir("/proc/self/task")) > 1:
        raise _Not("something that was loaded has begun a thread")
    path = os.path.join(home, place.SOCKET)
    with suppress(FileNotFoundError):
        os.unlink(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(path)
        os.chmod(path, 0o600)
        listener.listen(BACKLOG)
    except OSError as error:
        raise _Not(f"{path!r} cannot be listened on: {error.strerror or error}") from error
    return listener, fresh
