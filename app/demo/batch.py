"""Google's batch format: several HTTP requests in one multipart/mixed body, and their responses likewise."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.demo.listener import reason
from app.demo.wire import Request, Response

MOST_PARTS = 100
_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")


class BatchError(ValueError):
    """The batch as a whole cannot be read; the text goes to the client."""


@dataclass(frozen=True)
class Part:
    """One request of a batch, under the name the client gave it ("" for none)."""

    name: str
    request: Request


def split_parts(batch: Request) -> list[Part]:
    """The requests of a batch; each without a token of its own gets the batch's. Raises BatchError."""
    boundary = _BOUNDARY.search(batch.headers.get("content-type", ""))
    if batch.method != "POST" or batch.media_type != "multipart/mixed" or not boundary:
        raise BatchError("Failed to parse batch request, error: a batch is a POST of multipart/mixed.")
    pieces = re.split(rb"(?:^|\r?\n)--" + re.escape(boundary[1].encode()) + rb"(?:--)?[ \t]*", batch.body)
    found = [piece for piece in pieces[1:] if piece.strip()]
    if not found:
        raise BatchError("Failed to parse batch request, error: 0 items.")
    if len(found) > MOST_PARTS:
        raise BatchError(f"Inner request count exceeds the limit. Received: {len(found)}, Limit: {MOST_PARTS}")
    return [_part(piece, batch) for piece in found]


def _part(piece: bytes, batch: Request) -> Part:
    outer, _, inner = _halves(piece.lstrip(b"\r\n"))
    head, _, body = _halves(inner.lstrip(b"\r\n"))
    line, *lines = head.decode("latin-1").splitlines() or [""]
    words = line.split()
    if len(words) < 2:
        raise BatchError("Failed to parse batch request, error: a part has no request line.")
    target = urlsplit(words[1])
    headers = _headers(lines)
    if "authorization" in batch.headers:
        headers.setdefault("authorization", batch.headers["authorization"])
    request = Request(words[0].upper(), target.path, target.query, headers, body.strip(b"\r\n"))
    # A long name is folded (RFC 5322, section 2.2.3), as the client's mail library does from 78 characters on.
    unfolded = re.sub(r"\r?\n[ \t]+", " ", outer.decode("latin-1"))
    return Part(_headers(unfolded.splitlines()).get("content-id", ""), request)


def _halves(data: bytes) -> tuple[bytes, bytes, bytes]:
    """What stands before and after the first blank line."""
    blank = _BLANK_LINE.search(data)
    return (data[: blank.start()], blank.group(), data[blank.end() :]) if blank else (data, b"", b"")


def _headers(lines: Sequence[str]) -> dict[str, str]:
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def join_parts(parts: Sequence[Part], answers: Sequence[Response]) -> Response:
    """The batch's own response: one part for each request, in order and under its name."""
    boundary = f"batch_{secrets.token_urlsafe(16)}"
    pieces = []
    for part, answer in zip(parts, answers, strict=True):
        name = f"Content-ID: {_response_name(part.name)}\r\n" if part.name else ""
        extra = "".join(f"{header}: {value}\r\n" for header, value in answer.headers)
        head = (
            f"--{boundary}\r\nContent-Type: application/http\r\n{name}\r\n"
            f"HTTP/1.1 {answer.status} {reason(answer.status)}\r\nContent-Type: {answer.media_type}\r\n"
            f"{extra}Content-Length: {len(answer.body)}\r\n\r\n"
        )
        pieces += [head.encode(), answer.body, b"\r\n"]
    pieces.append(f"--{boundary}--\r\n".encode())
    return Response(200, b"".join(pieces), f"multipart/mixed; boundary={boundary}")


def _response_name(name: str) -> str:
    return f"<response-{name.strip('<>')}>"
