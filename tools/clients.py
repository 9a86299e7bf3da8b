"""The Google clients over a Transport that is already signed. Law: no credential, no retry and no socket lives here.

The clients always speak to the real host names; where those lead is the transport's affair.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import IO, Any, Protocol, runtime_checkable

from tools.errors import (
    AccessRefused,
    BadArgument,
    NotFound,
    Outdated,
    RateLimited,
    ScopeMissing,
    Taken,
    ToolError,
    Unreadable,
    failed_there,
    no_answer,
)


class Reply(Protocol):
    """An HTTP answer, whole."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> bytes: ...


class Transport(Protocol):
    """Sends a request that the call's capability admits; safe to use from many threads.

    Raises OSError (ConnectionError, TimeoutError) when no whole answer came.
    """

    def request(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply: ...


@runtime_checkable
class Warming(Protocol):
    """A transport that can open connections while another request is under way; nothing is sent over them."""

    def warm(self, url: str, connections: int) -> None: ...


class Begun(Protocol):
    """A request under way. Either its answer is asked for, or it is dropped."""

    def answer(self) -> Reply:
        """Waits for it. Raises OSError as `Transport.request` does."""
        ...

    def drop(self) -> None: ...


@runtime_checkable
class Overlapping(Protocol):
    """A transport that can have several requests under way in one thread."""

    def begin(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Begun: ...

    def soonest(self, begun: Sequence[Begun]) -> Begun:
        """The one whose answer begins to come first; waits for it."""
        ...


class GoogleHttp:
    """What googleapiclient takes for an httplib2.Http. `service` names it in errors ("Gmail")."""

    def __init__(self, transport: Transport, *, service: str) -> None:
        self._transport, self._service = transport, service
        self.status = 0
        """Of the last answer."""

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | IO[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        redirections: int = 0,
        connection_type: object = None,
    ) -> tuple[Any, bytes]:
        """Raises the ToolError of an error answer: the client would stumble over one in an unknown shape."""
        import httplib2

        reply = self._transport.request(method, uri, body=_bytes(body), headers=headers)
        self.status = reply.status
        lowered = {key.lower(): value for key, value in reply.headers.items()}
        if reply.status >= 400:
            raise google_error(reply.status, lowered, reply.body, service=self._service)
        return httplib2.Response({**lowered, "status": str(reply.status)}), reply.body

    def close(self) -> None:
        """Nothing to close: the transport belongs to the graph."""


def _bytes(body: str | bytes | IO[bytes] | None) -> bytes | None:
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes | None) else body.read()


@cache
def google(service: str, version: str) -> Any:
    """The client of a Google service from the bundled discovery document; one per process, safe to share.

    Pass what its methods return to `run`, which binds the request to a transport.
    """
    from googleapiclient.discovery import build
    from googleapiclient.http import HttpMock

    return build(service, version, http=HttpMock(), static_discovery=True, cache_discovery=False)


def gmail() -> Any:
    """Gmail API v1."""
    return google("gmail", "v1")


def calendar() -> Any:
    """Google Calendar API v3."""
    return google("calendar", "v3")


def run(request: Any, transport: Transport, *, service: str) -> dict[str, Any]:
    """Execute a googleapiclient request over `transport`; `service` names it in errors ("Gmail").

    Raises the ToolError that fits. A 200 whose body is not a JSON object is Unreadable (the client would return a str);
    of a method that answers with nothing (a deletion) the answer is an empty object.
    """
    from googleapiclient.errors import HttpError

    http = GoogleHttp(transport, service=service)
    try:
        answer = request.execute(http=http, num_retries=0)
    except HttpError as error:
        raise google_error(error.resp.status, dict(error.resp), error.content, service=service) from None
    except OSError as error:
        raise no_answer(service, error) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(f"{service} sent a broken answer.", "Try again in a minute.") from error
    if http.status == 204 or answer == b"":  # the client gives bytes where a method has no response, else a str
        return {}
    if not isinstance(answer, dict):
        raise Unreadable(f"{service} sent an answer that is not JSON.", "Try again in a minute.")
    return answer


def google_error(status: int, headers: Mapping[str, str], body: bytes, *, service: str) -> ToolError:
    """The ToolError for a Google error answer (`{"error": {"code", "message", "errors": [{"reason"}]}}`)."""
    reason, message = _google_reason(body)
    if status == 429 or reason in ("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"):
        wait = _seconds(headers.get("retry-after", ""))
        return RateLimited(f"{service} asks to slow down.", f"Try again in {spoken(wait or 60)}.", wait)
    if status == 403 and reason in ("insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"):
        return ScopeMissing(f"{service} refused access: {message}", f"Reconnect {service} and ask again.")
    if status in (401, 403):
        return AccessRefused(f"{service} refused access: {message}", f"Reconnect {service} and ask again.")
    if status in (404, 410):
        return NotFound(f"{service} has no such item: {message}", "List the items again; it may be gone.")
    if status == 412:
        return Outdated(f"{service} has another version of it by now.", "Look at it again, and ask again.")
    if status == 409:
        return Taken(f"{service} has something with this id already: {message}", "Look for it before asking again.")
    if status >= 500:
        return failed_there(service, status)
    return BadArgument(f"{service} refused the request: {message}", "Ask for it differently.")


def _google_reason(body: bytes) -> tuple[str, str]:
    try:
        error = json.loads(body)["error"]
        reasons = [str(item.get("reason", "")) for item in error.get("errors", [])]
        return (reasons or [""])[0], str(error.get("message", ""))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "", "no readable reason was given"


def spoken(seconds: float) -> str:
    """ "1 second", "30 seconds"."""
    whole = max(1, round(seconds))
    return f"{whole} second{'' if whole == 1 else 's'}"


def _seconds(value: str) -> float | None:
    return float(value) if value.isascii() and value.isdigit() else None
