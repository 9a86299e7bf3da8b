"""Why what Valet keeps cannot be used. Law: what happened and what to do next."""

from __future__ import annotations


class StorageError(Exception):
    """The data folder cannot be used. `what` happened and what to do `next`."""

    def __init__(self, what: str, next: str) -> None:  # noqa: A002 - the house word for the next action
        super().__init__(f"{what} {next}")
        self.what = what
        self.next = next
