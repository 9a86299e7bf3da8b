"""What the graph itself can report.

ModelFailed         the chat model gave no usable answer; becomes the answer of the turn, never a made-up one
  ContextTooLong    what was sent does not fit the model; less is sent
  NoTools           the endpoint takes no tools; the menu is sent as text
"""

from __future__ import annotations


class ModelFailed(Exception):
    """`what` happened and what to do `next`, for the person."""

    def __init__(self, what: str, next: str) -> None:  # noqa: A002 - the house word for the next action
        super().__init__(f"{what} {next}")
        self.what = what
        self.next = next


class ContextTooLong(ModelFailed):
    """More was sent than the model takes."""


class NoTools(ModelFailed):
    """The endpoint refuses a request that has tools."""
