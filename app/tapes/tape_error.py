"""What can be wrong with a tape."""

from __future__ import annotations


class TapeError(Exception):
    """A tape cannot be used. `what` names the file and the line, `next` what to do."""

    def __init__(self, what: str, next: str) -> None:  # noqa: A002 - the house word for the next action
        super().__init__(f"{what} {next}")
        self.what = what
        self.next = next


class Unexpected(Exception):
    """A replay asked for something the tape does not hold."""


class BrokenOff(BaseException):
    """The recorded run ended here, without an end: the process died, or the person stopped the turn.

    Not an Exception: nothing on the way may take it for a failure that can be told and survived.
    """
