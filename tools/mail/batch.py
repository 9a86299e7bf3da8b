"""Google's batch format (RFC 2046 multipart/mixed of application/http): several GETs in one POST.

Law: an answer is matched to its request by name, and only when it arrived whole; what is missing is None.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from tools.clients import Reply

BATCH_URL = "https://gmail.googleapis.com/batch/gmail/v1"
_BOUNDARY_OUT = "valet_batch"
_BOUNDARY = re.compile(r'boundary="?([^";,\s]+)"?', re.IGNORECASE)
_NAME = re.compile(rb"(?im)^content-id:\s*<?response-r(\d+)>?\s*$")
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
_LENGTH = re.compile(rb"(?im)^content-length:\s*(\d+)\s*$")
_RETRY = re.compile(rb"(?im)^retry-after:\s*(\d+)\s*$")
_BLANK = re.compile(rb"\n(?:\r?\n)+")
_GAP = b"\r\n\r\n"
"""At most this stands between the end of an answer and the delimiter."""


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


def request(paths: Sequence[str]) -> dict[str, Any]:
    """What a transport sends to GET every path ("/gmail/v1/users/me/threads/…") at once."""
    return {
        "method": "POST",
        "url": BATCH_URL,
        "body": written(paths),
        "headers": {"content-type": f"multipart/mixed; boundary={_BOUNDARY_OUT}"},
    }


def reply_of(answer: Reply, count: int) -> BatchReply:
    """The answer to a batch of so many."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    parts = read(headers.get("content-type", ""), answer.body, count) if answer.status == 200 else ()
    return BatchReply(answer.status, headers, answer.body if answer.status != 200 else b"", tuple(parts))


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
        number, reply, at = _answer(body, at + len(delimiter), delimiter)
        if 0 <= number < count:
            answers[number] = reply
    return answers


def _parsed(body: bytes) -> object:
    """What the faster parser would not take: half a surrogate pair, or a mail nested very deep; None for no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _answer(body: bytes, start: int, delimiter: bytes) -> tuple[int, PartReply | None, int]:
    """The answer that begins at a place of a batch's body, copied once; the number of its request (-1: no name), and
    where the delimiter after it stands (-1: nowhere).

    It is whole when that delimiter follows. The last one of a body that broke off has to have the length it states;
    the others may not have it any more, when the gateway has taken a token out of them.
    """
    outer = _BLANK.search(body, start)
    inner = _BLANK.search(body, outer.end()) if outer else None
    length = _LENGTH.search(body, outer.end(), inner.end()) if outer and inner else None
    stated = inner.end() + int(length[1]) if inner and length else -1
    at = _following(body, start, inner.end() if inner else start, stated, delimiter)
    end = at if at >= 0 else len(body)
    name = _NAME.search(body, start, min(outer.end(), end) if outer else end)
    status = _STATUS.match(body, outer.end(), end) if outer else None
    if name is None or inner is None or status is None or inner.end() > end:
        return int(name[1]) if name else -1, None, at
    if at < 0 and not 0 <= stated <= end:
        return int(name[1]), None, at
    wait = _RETRY.search(body, status.end(), inner.end()) if status[1] != b"200" else None
    headers = {"retry-after": wait[1].decode()} if wait else {}
    return int(name[1]), PartReply(int(status[1]), headers, body[inner.end() : end].rstrip(b"\r\n")), at


def _following(body: bytes, start: int, content: int, stated: int, delimiter: bytes) -> int:
    """Where the next delimiter stands. Right behind the stated end, if no other comes before the content begins: this
    spares a look through all that is encoded. Else wherever it is found first."""
    at = body.find(delimiter, start, content)
    if at < 0 and stated >= content:
        at = body.find(delimiter, stated, stated + len(delimiter) + len(_GAP))
    return at if at >= 0 else body.find(delimiter, start)
