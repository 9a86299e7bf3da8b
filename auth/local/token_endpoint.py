"""An OAuth token endpoint (RFC 6749 sections 4.1.3, 5 and 6). Law: no text of an error holds a token."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from auth.errors import Unreachable
from auth.lease import Secret
from auth.wire import Answer, Cut, Wire

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
BROKEN = "the token service gave a broken answer"


class TokenError(Exception):
    """The endpoint's own error (`{"error", "error_description"}`)."""

    def __init__(self, code: str, description: str, retry_after: float | None = None) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after


@dataclass(frozen=True)
class Issued:
    """What the endpoint gave, and for how many seconds."""

    access_token: Secret
    refresh_token: Secret | None
    scopes: frozenset[str]
    seconds: float


Body = dict[str, object]
Reader = Callable[[Body], Issued]


@dataclass(frozen=True)
class TokenEndpoint:
    """The endpoint as one registered client uses it."""

    wire: Wire
    url: str
    client: str
    client_secret: str = field(repr=False)
    read: Reader = field(default_factory=lambda: read_rfc6749)

    def ask(self, **fields: str) -> Issued:
        """Raises TokenError, and Unreachable, TooSlow or Oversized where no readable answer came."""
        form = {**fields, "client_id": self.client}
        if self.client_secret:
            form["client_secret"] = self.client_secret
        answer = self.wire.send("POST", self.url, body=urlencode(form).encode(), headers=FORM, cut=Cut())
        body = _json(answer)
        if answer.status != 200:
            raise _error(answer, body)
        try:
            return self.read(body)
        except (KeyError, ValueError):
            raise Unreachable(BROKEN) from None  # the cause could hold a token


def _json(answer: Answer) -> dict[str, object]:
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict) or answer.status >= 500:
        raise Unreachable(f"{BROKEN} (HTTP {answer.status})") from None
    return body


def _error(answer: Answer, body: dict[str, object]) -> TokenError:
    code, description = body.get("error"), body.get("error_description")
    wait = answer.headers.get("retry-after", "")
    return TokenError(
        code if isinstance(code, str) else f"HTTP {answer.status}",
        description if isinstance(description, str) else "no reason was given",
        float(wait) if wait.isascii() and wait.isdigit() else None,
    )


def read_rfc6749(body: Body) -> Issued:
    """The answer of RFC 6749 section 5.1. Raises KeyError or ValueError where something is missing or odd."""
    seconds = float(str(body["expires_in"]))
    if not 0 < seconds < math.inf or text(body["token_type"]).lower() != "bearer":
        raise ValueError("no bearer token with an end")
    refresh = body.get("refresh_token")
    return Issued(
        access_token=Secret(text(body["access_token"])),
        refresh_token=None if refresh is None else Secret(text(refresh)),
        scopes=frozenset(text(body["scope"]).split()),
        seconds=seconds,
    )


def text(value: object) -> str:
    """The value where it is a text. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError("no text")
    return value
