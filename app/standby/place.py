"""Where a standby listens, whom it takes for the same program, and how a message to it is written.

Law: both ends import this before anything else, so it costs next to nothing.
"""

# pathlib would cost the command 8 ms:
# ruff: noqa: PTH115, PTH116, PTH118

from __future__ import annotations

import os
import stat
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

SOCKET, LOCK, ENDED = "standby.sock", "standby.lock", "standby.ended"
LONGEST_PATH = 107
"""Bytes of the path of a unix socket (unix(7))."""
REQUEST, STATUS = b"request", b"status"
HERE, READY, GO, CLEAR, BEGUN = b"h", b"r", b"g", b"c", b"b"
EXITED, KILLED = b"e", b"k"
CREDENTIALS = 12
"""Bytes of a `struct ucred`: pid, uid, gid."""
HEAD = 4
_SPACES = ("mnt", "net", "pid", "user")


def private(home: str) -> bool:
    """Is this a folder of ours that nobody else can enter?"""
    try:
        found = os.stat(home)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


def listening(home: str) -> str | None:
    """The path of a socket that stands there and is ours; None where nobody can be on standby."""
    path = os.path.join(home, SOCKET)
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return path if stat.S_ISSOCK(found.st_mode) and found.st_uid == os.getuid() and private(home) else None


def identity() -> bytes:
    """What must be the same at both ends: the installation, the interpreter, who we are, what of the system is seen.

    Raises OSError where the system does not say.
    """
    root = os.stat("/")
    seen = [os.readlink(f"/proc/self/ns/{space}") for space in _SPACES]
    who = [os.getuid(), os.geteuid(), os.getgid(), os.getegid(), *sorted(os.getgroups()), root.st_dev, root.st_ino]
    program = [__file__, sys.prefix, sys.version, sys.getfilesystemencoding(), str(sys.flags.optimize)]
    return "\n".join([*program, *seen, *map(str, who)]).encode("utf-8", "surrogateescape")


def owner(credentials: bytes) -> tuple[int, int]:
    """The process and the user at the other end, of a `struct ucred`."""
    return int.from_bytes(credentials[:4], sys.byteorder), int.from_bytes(credentials[4:8], sys.byteorder)


def packed(fields: Sequence[bytes]) -> bytes:
    """Fields without a zero byte, as one message that says its length."""
    body = b"\0".join(fields)
    return len(body).to_bytes(HEAD, "big") + body


def unpacked(body: bytes) -> list[bytes]:
    """The fields of a message without its head."""
    return body.split(b"\0")
