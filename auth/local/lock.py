"""Alone with something among threads and processes. Law: a lock dies with its holder, and every wait has an end.

The lock is the kernel's, of an open file (flock), on POSIX systems: it is gone when the holder ends, however that is.
The file stays, because one that is removed can be locked twice; in it is the number of the process that had it last.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from auth.local.vault_error import Busy, Unwritable

PATIENCE_SECONDS = 90.0
PAUSE_SECONDS = 0.02
LONGEST = 20
Waits = Callable[[str], None]


@contextmanager
def held(path: Path, seconds: float = 0.0, waits: Waits | None = None) -> Iterator[bool]:
    """Hold the lock file while the block runs; False where nobody let go within `seconds`. Not reentrant.

    Raises Unwritable.
    """
    handle = _open(path)
    try:
        mine = _taken(handle, path, 0.0)
        if not mine and seconds:
            if waits is not None:
                waits(holder(path))
            mine = _taken(handle, path, seconds)
        if mine:
            _sign(handle)
        yield mine
    finally:
        os.close(handle)


@contextmanager
def alone(path: Path, seconds: float = PATIENCE_SECONDS, waits: Waits | None = None) -> Iterator[None]:
    """Hold the lock file while the block runs; `waits` is told the holder where somebody has it already.

    Raises Busy where nobody let go within `seconds`, Unwritable.
    """
    with held(path, seconds, waits) as mine:
        if not mine:
            raise Busy(
                f"{holder(path)} is at work on the same account or vault, and does not finish.",
                "Wait for it or end it (it may be stopped in another terminal), and try again.",
            )
        yield


def holder(path: Path) -> str:
    """Who has the lock, in words."""
    try:
        with path.open("rb") as file:
            number = file.read(LONGEST)
    except OSError:
        number = b""
    return f"Another Valet (process {int(number)})" if number.isdigit() else "Another Valet"


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Unwritable(
            f"{str(path)!r} cannot be written: {error.strerror}.",
            "Free some disk space, make the folder writable, or name another one in VALET_HOME.",
        ) from error


def _sign(handle: int) -> None:
    """Leave the number of this process, for who comes next and has to wait; a full disk holds nobody up."""
    with suppress(OSError):
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)


def _taken(handle: int, path: Path, seconds: float) -> bool:
    """Of the open file, and not of the process, so that threads of one process exclude each other too."""
    import fcntl  # here, so that where there is none every module can still be imported

    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(PAUSE_SECONDS)
        except OSError as error:
            raise Unwritable(
                f"{str(path)!r} cannot be locked: {error.strerror}.", "Name a folder on a local disk in VALET_HOME."
            ) from error
        else:
            return True
