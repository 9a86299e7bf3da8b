"""Slack's way of saying no: HTTP 200 with `ok: false` and one machine word; only rate limits have a status."""

from collections.abc import Collection
from typing import Any

from app.demo.wire import Response, json_response


class SlackRefused(Exception):
    """`error` is Slack's word; `more` are further fields of the answer."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more

    def response(self, *headers: tuple[str, str]) -> Response:
        return json_response(200, {"ok": False, "error": self.error, **self.more}, *headers)


class TooFast(SlackRefused):
    """`seconds` are to be waited."""

    def __init__(self, seconds: int) -> None:
        super().__init__("ratelimited")
        self.seconds = seconds

    def response(self, *headers: tuple[str, str]) -> Response:
        return rate_limited(self.seconds)


def invalid_arguments(*complaints: str) -> SlackRefused:
    """`complaints` as Slack has them: "missing required field: channel"."""
    messages = [f"[ERROR] {complaint}" for complaint in complaints]
    return SlackRefused("invalid_arguments", response_metadata={"messages": messages})


def missing_scope(needed: Collection[str], provided: Collection[str]) -> SlackRefused:
    return SlackRefused("missing_scope", needed=",".join(needed), provided=",".join(provided))


def rate_limited(seconds: int) -> Response:
    return json_response(429, {"ok": False, "error": "ratelimited"}, ("Retry-After", str(seconds)))


def failure(status: int) -> Response:
    """What Slack says when it fails by itself with that status."""
    error = {429: "ratelimited", 503: "service_unavailable"}.get(status, "internal_error")
    return json_response(status, {"ok": False, "error": error})
