"""What a forked child does: becomes what the caller's own process would be, carries the command out, and ends.

Law: it begins only at the caller's word. Until then it gives up in silence, and the caller runs the command by itself.
"""

from __future__ import annotations

import ctypes
import io
import locale
import os
import resource
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn, cast

from app import cli, settings
from app.standby import place
from app.standby.freshness import HALVES, Freshness

PATIENCE_SECONDS = 5.0
END_WITH_PARENT = 1
"""PR_SET_PDEATHSIG (prctl(2))."""
MOST = 8_000_000
"""Bytes of a message: an environment and arguments are at most a quarter of a stack of 8 MB (execve(2))."""
LIMITS = tuple(getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_"))


@dataclass(frozen=True)
class Request:
    """What the caller is: arguments, umask, environment, and encoding and error handling of the three streams."""

    identity: bytes
    umask: int
    streams: tuple[tuple[str, str], ...]
    words: tuple[str, ...]
    environment: dict[bytes, bytes]

    @classmethod
    def of(cls, fields: Sequence[bytes]) -> Request:
        """Raises ValueError, IndexError for what no client of ours sends."""
        identity, mask, *rest = fields[1:]
        texts = [text.decode() for text in rest[:6]]
        count = int(rest[6])
        words = tuple(os.fsdecode(word) for word in rest[7 : 7 + count])
        pairs = (field.partition(b"=") for field in rest[7 + count :])
        streams = tuple(zip(texts[::2], texts[1::2], strict=True))
        return cls(identity, int(mask, 8), streams, words, {name: value for name, _, value in pairs})


def live(line: socket.socket, cord: socket.socket, state: Sequence[bytes], fresh: Freshness) -> NoReturn:
    """Never returns. `line` leads to the caller, `cord` to the standby; `state` is what there is to say of it.

    Half of what was loaded is looked at here, while the standby looks at the other half.
    """
    try:
        words = _begun(line, cord, state, fresh)
    except (OSError, ValueError, LookupError):
        words = None  # the caller sees the line closed
    code = 1
    try:
        code = 0 if words is None else cli.completed(words)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        raise
    finally:
        if words is not None:
            _ended(line, code)
        os._exit(code)


def _ended(line: socket.socket, code: int) -> None:
    """Tell the caller, who need not wait for the memory to be given back: that takes 10 ms."""
    os.closerange(0, 3)
    with suppress(OSError):  # the caller is gone
        line.sendall(place.EXITED + bytes([code & 0xFF]))  # as the system cuts it


def _begun(line: socket.socket, cord: socket.socket, state: Sequence[bytes], fresh: Freshness) -> list[str] | None:
    """The arguments, once the caller has given its word; None where there is nothing to carry out.

    Raises OSError, ValueError, LookupError where this cannot be the place to do it.
    """
    line.settimeout(PATIENCE_SECONDS)
    line.sendall(place.HERE)
    fields, files = received(line)
    if fields[0] == place.STATUS:
        same = b"same" if fields[1] == place.identity() else b"other"
        line.sendall(place.packed([same, *state]))
    if fields[0] != place.REQUEST:
        return None
    words = _taken_over(Request.of(fields), files, _caller(line))
    return words if not fresh.changed(HALVES[1]) and _told_to_begin(line, cord) else None


def alone(parent: int) -> None:
    """Nothing of the standby's signals, and a group of its own, which ends when the standby does."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.setpgid(0, 0)
    ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


def received(line: socket.socket) -> tuple[list[bytes], list[int]]:
    """The fields of one message and the files that came with it. Raises OSError, ValueError."""
    data, files = b"", list[int]()
    while len(data) < place.HEAD or len(data) < place.HEAD + int.from_bytes(data[: place.HEAD], "big"):
        part, more, _, _ = socket.recv_fds(line, 1 << 16, 4, socket.MSG_CMSG_CLOEXEC)
        data, files = data + part, files + more
        if not part or len(data) > MOST:
            raise ValueError("the message breaks off")
    return place.unpacked(data[place.HEAD :]), files


def _caller(line: socket.socket) -> int:
    return place.owner(line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, place.CREDENTIALS))[0]


def _taken_over(request: Request, files: Sequence[int], caller: int) -> list[str]:
    """Become like the caller; gives the arguments. Raises OSError, ValueError where we cannot."""
    if request.identity != place.identity() or len(files) != 4:
        raise ValueError("another program, or another place")
    _like(caller)
    for number, file in enumerate(files[:3]):
        os.dup2(file, number)
    os.fchdir(files[3])
    for file in files:
        os.close(file)
    os.umask(request.umask)
    settings.take_over(request.environment)
    locale.setlocale(locale.LC_CTYPE, "")
    sys.argv[:] = request.words
    sys.dont_write_bytecode = bool(request.environment.get(b"PYTHONDONTWRITEBYTECODE"))
    at_once = bool(request.environment.get(b"PYTHONUNBUFFERED"))
    streams = [_stream(number, *form, at_once=at_once) for number, form in enumerate(request.streams)]
    sys.stdin, sys.stdout, sys.stderr = sys.__stdin__, sys.__stdout__, sys.__stderr__ = streams  # type: ignore[misc]
    return list(request.words[1:])


def _like(caller: int) -> None:
    """Limits, priority and processors as the caller has them, if we may. Raises OSError, ValueError."""
    for limit in LIMITS:
        theirs = resource.prlimit(caller, limit)
        if theirs != resource.getrlimit(limit):
            resource.setrlimit(limit, theirs)
    if (priority := os.getpriority(os.PRIO_PROCESS, caller)) != os.getpriority(os.PRIO_PROCESS, 0):
        os.setpriority(os.PRIO_PROCESS, 0, priority)
    if (processors := os.sched_getaffinity(caller)) != os.sched_getaffinity(0):
        os.sched_setaffinity(0, processors)


def _stream(number: int, encoding: str, errors: str, *, at_once: bool) -> io.TextIOWrapper:
    """As the interpreter opens it at its start."""
    if number == 0:
        return io.TextIOWrapper(open(number, "rb", closefd=False), encoding, errors, newline="\n")
    raw = open(number, "wb", 0 if at_once else -1, closefd=False)  # noqa: SIM115 - open as long as the process
    lines = number == 2 or raw.isatty()
    return io.TextIOWrapper(cast("io.BufferedWriter", raw), encoding, errors, "\n", lines, write_through=at_once)


def _told_to_begin(line: socket.socket, cord: socket.socket) -> bool:
    """Is the program still the one that was loaded, and does the caller give its word?"""
    cord.settimeout(PATIENCE_SECONDS)
    if cord.recv(1) != place.CLEAR:
        return False
    line.sendall(place.READY)
    if line.recv(1) != place.GO:
        return False
    cord.sendall(place.BEGUN)
    cord.close()
    return True
