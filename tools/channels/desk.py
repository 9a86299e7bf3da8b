"""Calls of the Web API, page by page, within bounds.

Law: a method that asked us to wait is not called again in this scan; what was not read for it is named.
"""

from __future__ import annotations

from typing import Any

from tools.base import ToolContext
from tools.errors import RateLimited, ToolError, Unreadable
from tools.slack_client import slack


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
