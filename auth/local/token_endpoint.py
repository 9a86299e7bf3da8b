"""An OAuth token endpoint (RFC 6749 sections 4.1.3, 5 and 6). Law: no text of an error holds a token."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from auth.audit import Audit
from auth.errors import Unreachable
from auth.lease import Secret
from auth.redaction import REMOVED, redacted
from auth.wire import Answer, Cut, Wire

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
BROKEN = "the token service gave a broken answer"
SECRETS = (
    "access_token",
    "assertion",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "refresh_token",
    "subject_token",
    "token",
)
"""The fields of a request whose values are nobody's to repeat: an error may quote what it was sent, and an opaque token
has no form to be known by.
"""


class TokenError(Exception):
    """The endpoint's own error (`{"error", "error_description", "error_subtype"}`)."""

    def __init__(self, code: str, description: str, retry_after: float | None = None, subtype: str = "") -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.subtype = subtype


@dataclass(frozen=True)
class Who:
    """Whose a token is: `id` for ever the same at the provider, `name` as a person would name the account."""

    id: str
    name: str


@dataclass(frozen=True)
class Issued:
    """What the endpoint gave, and for how many seconds; `refresh_seconds` None where no end was named.

    `seconds` is infinite for a token without an end.
    """

    access_token: Secret
    refresh_token: Secret | None
    scopes: frozenset[str]
    seconds: float
    refresh_seconds: float | None = None


Body = dict[str, object]
Reader = Callable[[Body], Issued]


def post(wire: Wire, url: str, **fields: str) -> Body:
    """Send a form, read JSON. Raises TokenError, and Unreachable, TooSlow or Oversized without a readable answer."""
    answer = wire.send("POST", url, body=urlencode(fields).encode(), headers=FORM, cut=Cut())
    body, sent = read(answer), [fields[name] for name in SECRETS if fields.get(name)]
    if answer.status != 200:
        raise _error(answer, body, sent)
    error = body.get("error")  # Slack's refusals come with HTTP 200
    return body | {"error": cleared(error, sent)} if isinstance(error, str) else body


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
        body = post(self.wire, self.url, **form)
        try:
            return self.read(body)
        except (KeyError, ValueError):
            raise Unreachable(BROKEN) from None  # the cause could hold a token


@contextmanager
def noted(audit: Audit, user: str, **facts: str) -> Iterator[None]:
    """Write down a call that sends a token in its form, and so does not go over the gateway, however it ends."""
    outcome = "no answer"
    try:
        yield
        outcome = "taken"
    except TokenError:
        outcome = "refused"
        raise
    finally:
        audit.record(user, "call", **facts, outcome=outcome)


def read(answer: Answer) -> Body:
    """The JSON object of an answer, a refusal included. Raises Unreachable where there is none."""
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict) or answer.status >= 500:
        raise Unreachable(f"{BROKEN} (HTTP {answer.status})") from None
    return body


def _error(answer: Answer, body: Body, sent: list[str]) -> TokenError:
    code, description, subtype = (body.get(name) for name in ("error", "error_description", "error_subtype"))
    return TokenError(
        cleared(code, sent) if isinstance(code, str) else f"HTTP {answer.status}",
        cleared(description, sent) if isinstance(description, str) else "no reason was given",
        wait(answer),
        cleared(subtype, sent) if isinstance(subtype, str) else "",
    )


def wait(answer: Answer) -> float | None:
    """The seconds after which to try again (RFC 9110 section 10.2.3), where the service says them."""
    told = answer.headers.get("retry-after", "")
    return float(told) if told.isascii() and told.isdigit() else None


def cleared(text: str, sent: list[str]) -> str:
    """The server's words without what it was sent, and without what looks like a token."""
    for secret in sorted(sent, key=len, reverse=True):
        for form in (secret, quote(secret, safe="")):
            text = text.replace(form, REMOVED)
    return redacted(text)


def read_rfc6749(body: Body) -> Issued:
    """The answer of RFC 6749 section 5.1. Raises KeyError or ValueError where something is missing or odd."""
    if text(body["token_type"]).lower() != "bearer":
        raise ValueError("no bearer token")
    refresh, limit = body.get("refresh_token"), body.get("refresh_token_expires_in")
    return Issued(
        access_token=Secret(text(body["access_token"])),
        refresh_token=None if refresh is None else Secret(text(refresh)),
        scopes=frozenset(text(body["scope"]).split()),
        seconds=span(body["expires_in"]),
        refresh_seconds=None if limit is None else span(limit),
    )


def span(value: object) -> float:
    """A number of seconds that ends. Raises ValueError."""
    seconds = float(str(value))
    if not 0 < seconds < math.inf:
        raise ValueError("no time with an end")
    return seconds


def text(value: object) -> str:
    """The value where it is a text. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError("no text")
    return value
