"""What only one Valet may be at: a conversation, a write. Law: tried, never waited for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256
from pathlib import Path

from auth.local import lock


class Busy(Exception):
    """Another process is at it. `what` it is at and what to do `next`."""

    def __init__(self, what: str, next: str) -> None:  # noqa: A002 - the house word for the next action
        super().__init__(f"{what} {next}")
        self.what = what
        self.next = next


def held(folder: Path, name: str) -> AbstractContextManager[bool]:
    """Hold `name` while the block runs; False where another process or thread does. Raises Unwritable."""
    return lock.held(folder / f"{sha256(name.encode()).hexdigest()[:16]}.lock")


@contextmanager
def conversation(folder: Path, thread: str) -> Iterator[None]:
    """One turn of a conversation at a time, whoever takes it. Raises Busy, Unwritable."""
    with held(folder, f"thread {thread}") as mine:
        if not mine:
            raise Busy(
                f"Another Valet is at work on the conversation {thread}.", "Wait until it is done, or begin another."
            )
        yield
