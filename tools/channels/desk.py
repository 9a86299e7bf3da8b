"""Calls of the Web API, page by page and side by side, within bounds.

Law: a method that asked us to wait is not called again in this scan; what was not read for it is named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from tools.base import ToolContext
from tools.errors import RateLimited, ToolError, Unreadable
from tools.slack_client import slack

IN_FLIGHT = 8
A = TypeVar("A")
B = TypeVar("B")


class Desk:
    """The Slack client of one call, and which methods asked to wait."""

    def __init__(self, context: ToolContext) -> None:
        self._client = slack(context.transport)
        self.progress = context.progress
        self._waiting: dict[str, RateLimited] = {}

    def ask(self, method: str, **arguments: Any) -> dict[str, Any]:
        """One call of a method of the sdk ("conversations_history"). Raises ToolError."""
        if method in self._waiting:
            raise self._waiting[method]
        try:
            answer = getattr(self._client, method)(**arguments).data
        except RateLimited as error:
            self._waiting[method] = error
            raise
        if not isinstance(answer, dict):
            raise Unreadable("Slack sent an answer that is not JSON.", "Try again in a minute.")
        return answer

    def pages(self, method: str, key: str, most: int, **arguments: Any) -> tuple[list[dict[str, Any]], bool]:
        """The objects under `key` of at most `most` pages, and whether there are more.

        Raises ToolError when the first page cannot be read; when a later one cannot, there are more.
        """
        found: list[dict[str, Any]] = []
        cursor = ""
        for _ in range(most):
            try:
                answer = self.ask(method, **arguments, **({"cursor": cursor} if cursor else {}))
            except ToolError:
                if not cursor:
                    raise
                return found, True
            rows = answer.get(key)
            found += [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
            more = answer.get("response_metadata")
            following = more.get("next_cursor") if isinstance(more, dict) else ""
            if not isinstance(following, str) or not following:
                return found, False
            cursor = following
        return found, True


def each(
    items: Sequence[A], work: Callable[[A], B], tell: Callable[[int, int], None] = lambda done, total: None
) -> list[B | ToolError]:
    """`work` on every item in threads, in the order of `items`; a ToolError stands in its item's place."""

    def attempt(item: A) -> B | ToolError:
        try:
            return work(item)
        except ToolError as error:
            return error

    done: list[B | ToolError] = []
    if not items:
        return done
    with ThreadPoolExecutor(max_workers=min(IN_FLIGHT, len(items)), thread_name_prefix="slack") as pool:
        for answer in pool.map(attempt, items):
            done.append(answer)
            tell(len(done), len(items))
    return done
