"""A request as the API reads it. Law: bounded, and refused where two readers could understand it differently."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.tasks.problem import Problem, invalid

LARGEST = 256 * 1024
JSON_TYPES = frozenset({"application/json", "application/merge-patch+json"})
PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_ETAG = re.compile(r'\s*(\*|(?:W/)?"[\x21\x23-\x7e]*")\s*(?:,|$)')
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Asked:
    """A whole request; header names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    identity: str = ""

    def read(self, model: type[M]) -> M:
        """The JSON body as a model. Raises Problem 400, 415 or 422."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in JSON_TYPES:
            raise Problem(415, "media-type", "Send the body as application/json.")
        try:
            return model.model_validate(_json(self.body))
        except ValidationError as error:
            raise invalid(error.errors(include_url=False, include_input=False, include_context=False)) from None

    def parameters(self, model: type[M]) -> M:
        """The query as a model. Raises Problem 400."""
        pairs = parse_qsl(self.query, keep_blank_values=True)
        given = dict(pairs)
        if len(given) != len(pairs):
            raise Problem(400, "repeated", "A query parameter was sent twice. Send each one once.")
        try:
            return model.model_validate(given)
        except ValidationError as error:
            raise invalid(error.errors(include_url=False, include_input=False, include_context=False), 400) from None

    @property
    def key(self) -> str | None:
        """The Idempotency-Key. Raises Problem 400."""
        key = self.headers.get("idempotency-key")
        if key is not None and not _KEY.fullmatch(key):
            raise Problem(400, "idempotency-key", "An Idempotency-Key is 1 to 255 visible ASCII characters.")
        return key

    @property
    def based_on(self) -> frozenset[str]:
        """The etags of If-Match; empty for none or `*`. A weak one, or what is no etag, matches no task."""
        text = self.headers.get("if-match")
        if text is None:
            return frozenset()
        found = [mark[1] for mark in _ETAG.finditer(text)]
        if "*" in found:
            return frozenset()
        return frozenset(found or [text])


@dataclass(frozen=True)
class Reply:
    """An answer. `body` is JSON, None for nothing."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        kind = "application/problem+json" if self.status >= 400 else "application/json"
        headers = {**PRIVATE, **self.headers}
        if self.body is None:
            return Response(status_code=self.status, headers=headers)
        return JSONResponse(self.body, self.status, headers, media_type=kind)


def endpoint(answer: Callable[[Asked], Reply]) -> Callable[[Request], Awaitable[Response]]:
    """A Starlette endpoint that reads the request whole and answers in a worker thread."""

    async def respond(request: Request) -> Response:
        try:
            asked = await _asked(request)
            return (await run_in_threadpool(answer, asked)).response()
        except Problem as problem:
            return refusal(problem)

    return respond


def refusal(problem: Problem) -> Response:
    """The problem as an answer."""
    return Reply(problem.status, problem.body(), problem.headers).response()


async def _asked(request: Request) -> Asked:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise Problem(413, "too-large", f"A request has at most {LARGEST} bytes. Send less.")
    return Asked(
        request.method,
        request.url.path,
        request.scope["query_string"].decode("latin-1"),
        dict(request.headers),
        body,
        request.path_params.get("id", ""),
    )


def _json(body: bytes) -> object:
    try:
        return json.loads(body.decode(), parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise Problem(400, "not-json", "The body is not JSON, or names a member twice. Send one JSON object.") from None


def _no_number(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member twice")
    return members
