"""Locks that hold against every other process and end with the one that holds them.

Law: a lock is tried, never waited for; its file stays, because a file that is removed can be locked twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout


class Busy(Exception):
    """Another process is at it. `what` it is at and what to do `next`."""

    def __init__(self, what: str, next: str) -> None:  # noqa: A002 - the house word for the next action
        super().__init__(f"{what} {next}")
        self.what = what
        self.next = next


@contextmanager
def held(folder: Path, name: str) -> Iterator[bool]:
    """Hold `name` while the block runs; False where another process or thread does."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"{sha256(name.encode()).hexdigest()[:16]}.lock"
    lock = FileLock(file, mode=0o600, thread_local=False, is_singleton=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


@contextmanager
def conversation(folder: Path, thread: str) -> Iterator[None]:
    """One turn of a conversation at a time, whoever takes it. Raises Busy."""
    with held(folder, f"thread {thread}") as mine:
        if not mine:
            raise Busy(
                f"Another Valet is at work on the conversation {thread}.", "Wait until it is done, or begin another."
            )
        yield
