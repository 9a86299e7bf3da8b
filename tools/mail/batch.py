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
_BLANK = re.compile(rb"\r?\n(?:\r?\n)+")


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
    delimiter = b"--" + boundary[1].encode("latin-1")
    at = body.find(delimiter)
    while at >= 0:
        start, at = at + len(delimiter), body.find(delimiter, at + len(delimiter))
        number, reply = _answer(body, start, at)
        if 0 <= number < count:
            answers[number] = reply
    return answers


def _parsed(body: bytes) -> object:
    """What the faster parser would not take: half a surrogate pair, or a mail nested very deep; None for no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _answer(body: bytes, start: int, delimiter: int) -> tuple[int, PartReply | None]:
    """The answer between two places of a batch's body, copied once, and the number of its request (-1: no name).

    It is whole when the next delimiter follows. The last one of a body that broke off (-1) has to have the length it
    states; the others may not have it any more, when the gateway has taken a token out of them.
    """
    end = delimiter if delimiter >= 0 else len(body)
    outer = _BLANK.search(body, start, end)
    name = _NAME.search(body, start, outer.end() if outer else end)
    head = _BLANK.search(body, outer.end(), end) if outer else None
    status = _STATUS.match(body, outer.end(), end) if outer else None
    if name is None or head is None or status is None:
        return int(name[1]) if name else -1, None
    if delimiter < 0:
        length = _LENGTH.search(body, status.end(), head.end())
        if length is None or end - head.end() < int(length[1]):
            return int(name[1]), None
    wait = _RETRY.search(body, status.end(), head.end())
    headers = {"retry-after": wait[1].decode()} if wait else {}
    return int(name[1]), PartReply(int(status[1]), headers, body[head.end() : end].rstrip(b"\r\n"))
