"""Alone with something among threads and processes. Law: a lock dies with its holder, and every wait has an end."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from auth.local.vault_error import Busy, Unwritable

PATIENCE_SECONDS = 90.0
PAUSE_SECONDS = 0.02


@contextmanager
def alone(path: Path, seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the lock file. The kernel frees it when the holder ends, however that is. Not reentrant.

    Raises Busy where nobody let go within `seconds`, Unwritable.
    """
    handle = _open(path)
    try:
        _take(handle, seconds)
        yield
    finally:
        os.close(handle)


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Unwritable(
            f"{str(path)!r} cannot be written: {error.strerror}.",
            "Free some disk space, make the folder writable, or name another one in VALET_HOME.",
        ) from error


def _take(handle: int, seconds: float) -> None:
    """A lock of this open file (flock), so that threads of one process exclude each other too."""
    import fcntl

    end = time.monotonic() + seconds
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise Busy(
                    "Another Valet is at work on the same account or vault, and does not finish.",
                    "Wait for it or end it (it may be stopped in another terminal), and try again.",
                ) from None
            time.sleep(PAUSE_SECONDS)
