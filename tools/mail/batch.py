"""Google's batch format (RFC 2046 multipart/mixed of application/http): several GETs in one POST.

Law: an answer is matched to its request by name, and only when it arrived whole; what is missing is None.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from tools.clients import Transport

BATCH_URL = "https://gmail.googleapis.com/batch/gmail/v1"
_BOUNDARY_OUT = "valet_batch"
_BOUNDARY = re.compile(r'boundary="?([^";,\s]+)"?', re.IGNORECASE)
_NAME = re.compile(rb"(?im)^content-id:\s*<?response-r(\d+)>?\s*$")
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
_LENGTH = re.compile(rb"(?im)^content-length:\s*(\d+)\s*$")
_RETRY = re.compile(rb"(?im)^retry-after:\s*(\d+)\s*$")
_BLANK = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True)
class PartReply:
    """The answer to one request of a batch; `headers` holds what a retry needs to know."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any] | None:
        """The body as an object; None when it is no whole JSON object."""
        try:
            found = from_json(self.body)
        except ValueError:
            found = _parsed(self.body)
        return found if isinstance(found, dict) else None


@dataclass(frozen=True)
class BatchReply:
    """The answer to a batch. With a status other than 200 there are no parts, and `body` says why."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    parts: tuple[PartReply | None, ...]


def send(transport: Transport, paths: Sequence[str]) -> BatchReply:
    """GET every path ("/gmail/v1/users/me/threads/…") in one request. Raises OSError when no whole answer came."""
    reply = transport.request(
        "POST",
        BATCH_URL,
        body=written(paths),
        headers={"content-type": f"multipart/mixed; boundary={_BOUNDARY_OUT}"},
    )
    headers = {name.lower(): value for name, value in reply.headers.items()}
    parts = read(headers.get("content-type", ""), reply.body, len(paths)) if reply.status == 200 else ()
    return BatchReply(reply.status, headers, reply.body if reply.status != 200 else b"", tuple(parts))


def written(paths: Sequence[str]) -> bytes:
    """The body of the request."""
    pieces = [
        f"--{_BOUNDARY_OUT}\r\nContent-Type: application/http\r\nContent-ID: <r{number}>\r\n\r\n"
        f"GET {path} HTTP/1.1\r\n\r\n"
        for number, path in enumerate(paths)
    ]
    return "".join([*pieces, f"--{_BOUNDARY_OUT}--\r\n"]).encode("ascii")


def read(content_type: str, body: bytes, count: int) -> list[PartReply | None]:
    """The answers in the order of the requests; None for one that is missing or broken off."""
    answers: list[PartReply | None] = [None] * count
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        return answers
    for piece in body.split(b"--" + boundary[1].encode("latin-1"))[1:]:
        outer, _, inner = _halves(piece)
        name = _NAME.search(outer)
        if name and int(name[1]) < count:
            answers[int(name[1])] = _part(inner)
    return answers


def _parsed(body: bytes) -> object:
    """What the faster parser would not take: half a surrogate pair, or a mail nested very deep; None for no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _part(inner: bytes) -> PartReply | None:
    head, blank, body = _halves(inner.lstrip(b"\r\n"))
    status = _STATUS.match(head)
    if not status or not blank:
        return None
    if length := _LENGTH.search(head):
        if len(body) < int(length[1]):
            return None
        body = body[: int(length[1])]
    wait = _RETRY.search(head)
    return PartReply(int(status[1]), {"retry-after": wait[1].decode()} if wait else {}, body)


def _halves(data: bytes) -> tuple[bytes, bytes, bytes]:
    """What stands before and after the first blank line."""
    blank = _BLANK.search(data)
    return (data[: blank.start()], blank.group(), data[blank.end() :]) if blank else (data, b"", b"")
