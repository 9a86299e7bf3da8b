"""What goes over the wire, as plain values: a request as it was sent, and the response to it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode

JSON = "application/json; charset=UTF-8"
HTML = "text/html; charset=UTF-8"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Request:
    """One HTTP request. `path` and `query` are percent-encoded as sent; header names are in lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @cached_property
    def parameters(self) -> list[tuple[str, str]]:
        """The query's names and values in order, decoded."""
        return parse_qsl(self.query, keep_blank_values=True)

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of a form body; empty when the body is no form."""
        if self.media_type != FORM:
            return {}
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def bearer(self) -> str | None:
        """The bearer token of the Authorization header, if there is one."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" and token.strip() else None


@dataclass(frozen=True)
class Response:
    """One HTTP response. `scopes` are those of the token it was given for; they go to the log, not the wire."""

    status: int
    body: bytes = b""
    media_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    scopes: tuple[str, ...] = ()


class Service(Protocol):
    """One of the services behind the server's origin.

    `name` is what the short form of a fault calls it; `routes` are the paths it answers: all below one that ends
    in a slash, else that path alone.
    """

    @property
    def name(self) -> str: ...

    @property
    def routes(self) -> tuple[str, ...]: ...

    def answer(self, request: Request) -> Response: ...

    def failure(self, status: int) -> Response:
        """What the service says when it fails with that status."""
        ...


def json_response(status: int, value: Any, *headers: tuple[str, str]) -> Response:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, body, headers=headers)


def redirect(target: str, parameters: Mapping[str, str]) -> Response:
    """Send the browser on, with these parameters; what they carry is for nobody's cache."""
    joint = "&" if "?" in target else "?"
    headers = (("Location", f"{target}{joint}{urlencode(parameters)}"), ("Cache-Control", "no-store"))
    return Response(302, b"", HTML, headers)


def fingerprint(secret: str) -> str:
    """What may be kept of a secret: enough of its hash to tell two apart."""
    return hashlib.sha256(secret.encode()).hexdigest()
