"""Which requests may go out, and in what form. Law: what is sent is written anew from what was checked.

So a server cannot read a batch, a header or an override in another way than the check did.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from auth.capability import Address, Capability
from auth.errors import Refused

FORM = "application/x-www-form-urlencoded"
HEADERS = frozenset(
    {
        "accept",
        "content-range",
        "content-type",
        "idempotency-key",
        "if-match",
        "if-none-match",
        "range",
        "user-agent",
        "x-goog-api-client",
        "x-http-method-override",
        "x-upload-content-length",
        "x-upload-content-type",
    }
)
OURS = frozenset({"accept-encoding", "content-length", "mime-version"})
"""Headers that clients send and the wire decides; what the client says of them is not used."""

_VALUE = re.compile(r"[\t\x20-\x7e]*")
_MIXED = re.compile(r"multipart/mixed\s*;\s*boundary=(\"?)([0-9A-Za-z'()+_,./:=?-]{1,70})\1", re.IGNORECASE)
_HTTP = re.compile(r"application/http\s*(?:;.*)?", re.IGNORECASE)
_PLAIN = frozenset({"", "binary", "7bit", "8bit"})
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_REQUEST_LINE = re.compile(r"([A-Z]+) (/\S*) HTTP/1\.1")
_BARE = re.compile(
    rb"\r?\nContent-Type: application/http\r\nContent-ID: (<[A-Za-z0-9.+_-]{1,64}>)\r\n\r\n"
    rb"([A-Z]+) (/[\x21-\x7e]*) HTTP/1\.1(?:\r\n)?"
)


@dataclass(frozen=True)
class Admitted:
    """A request that may be sent, exactly so. `operation` is the pattern that admits it."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None = field(repr=False)
    operation: str


def admit(
    capability: Capability, method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes | None
) -> Admitted:
    """Check a request and every part of a batch. Raises Refused; nothing has been sent then."""
    kept = _kept(headers)
    address, operation = _admitting(capability, *_as_meant(method, url, kept, body))
    if not _is_batch(address, kept):
        return Admitted(method, url, kept, body, operation)
    boundary = secrets.token_hex(16)
    parts = [_part(capability, address.host, part) for part in _split(kept.get("content-type", ""), body or b"")]
    pieces = [f"--{boundary}\r\n".encode() + piece + b"\r\n" for piece, _ in parts]
    inner = "; ".join(sorted({pattern for _, pattern in parts}))
    return Admitted(
        method,
        url,
        kept | {"content-type": f"multipart/mixed; boundary={boundary}"},
        b"".join([*pieces, f"--{boundary}--\r\n".encode()]),
        f"{operation} ({len(parts)} x {inner})",
    )


def _kept(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The headers a tool may set, by lower-case name."""
    kept: dict[str, str] = {}
    for given, value in headers:
        name = given.lower()
        if name in OURS:
            continue
        if name not in HEADERS or name in kept or not _VALUE.fullmatch(value):
            raise Refused(f"A tool may not send the header {given!r} like this; nothing was sent")
        kept[name] = value
    return kept


def _as_meant(method: str, url: str, headers: dict[str, str], body: bytes | None) -> tuple[str, str]:
    """The method and URL a service will act on: clients turn a GET with a long query into a POST of that query."""
    override = headers.get("x-http-method-override")
    if override is None:
        return method, url
    if (method, override, headers.get("content-type")) != ("POST", "GET", FORM) or "?" in url:
        raise Refused("A method may be overridden only to send a GET with a long query; nothing was sent")
    return "GET", f"{url}?{(body or b'').decode('ascii', 'replace')}"


def _admitting(capability: Capability, method: str, url: str) -> tuple[Address, str]:
    address = Address.of(url)
    found = capability.admitting_at(method, address) if address else None
    if address is None or found is None:
        shown = f"{address.host}{address.path}" if address else "an address in no plain https form"
        raise Refused(f"The capability {capability.name!r} does not admit {method!r} to {shown}; nothing was sent")
    return address, found.pattern


def _is_batch(address: Address, headers: dict[str, str]) -> bool:
    mixed = headers.get("content-type", "").strip().lower().startswith("multipart/mixed")
    return mixed or address.path == "/batch" or address.path.startswith("/batch/")


def _split(content_type: str, body: bytes) -> list[bytes]:
    """The parts of a multipart body (RFC 2046 5.1), without what stands before the first and after the last."""
    found = _MIXED.fullmatch(content_type.strip())
    line = rb"(?:\A|\r?\n)--%b(--)?[ \t]*(?=\r?\n|\Z)" % re.escape(found[2].encode()) if found else b""
    # One piece before, then by turns whether the delimiter was the last one, and what follows it.
    pieces = re.split(line, body) if line else []
    ends = pieces[1::2]
    if b"--" not in ends:
        raise Refused("The batch cannot be read; nothing was sent")
    return pieces[2 : 2 * ends.index(b"--") + 1 : 2]


def _part(capability: Capability, host: str, part: bytes) -> tuple[bytes, str]:
    """One request of a batch, written anew, and the pattern that admits it."""
    inner = _bare(part) or _read(host, part)
    address, operation = _admitting(capability, inner.method, f"https://{host}{inner.target}")
    if _is_batch(address, inner.headers) or "x-http-method-override" in inner.headers:
        raise Refused("A part of the batch is no plain request; nothing was sent")
    return inner.written(), operation


class _Inner(NamedTuple):
    """One request of a batch, as it was read. `name` is its Content-ID."""

    name: str
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    def written(self) -> bytes:
        framed = self.headers | ({"content-length": str(len(self.body))} if self.body else {})
        lines = "".join(f"{field}: {value}\r\n" for field, value in framed.items())
        first = f"Content-Type: application/http\r\nContent-ID: {self.name}\r\n\r\n{self.method} {self.target} HTTP/1.1"
        return f"{first}\r\n{lines}\r\n".encode("ascii") + self.body


def _bare(part: bytes) -> _Inner | None:
    """A part in the one form that bulk reads are written in: a name and a request line, and nothing to misread."""
    found = _BARE.fullmatch(part)
    return _Inner(found[1].decode(), found[2].decode(), found[3].decode(), {}, b"") if found else None


def _read(host: str, part: bytes) -> _Inner:
    """A part in any form that clients write. Raises Refused."""
    outer, payload = _halves(part)
    envelope = _envelope(outer)
    head, body = _halves(payload)
    line, *lines = head.strip(b"\r\n").decode("latin-1").replace("\r\n", "\n").split("\n")
    found = _REQUEST_LINE.fullmatch(line)
    name = " ".join(envelope.get("content-id", "").split())
    if not _HTTP.fullmatch(envelope.get("content-type", "")) or found is None or not _VALUE.fullmatch(name):
        raise Refused("A part of the batch cannot be read; nothing was sent")
    pairs = [(field.strip(), value.strip()) for field, _, value in (text.partition(":") for text in lines)]
    kept = _kept(pair for pair in pairs if (pair[0].lower(), pair[1]) != ("host", host))
    return _Inner(name, found[1], found[2], kept, body)


def _envelope(outer: bytes) -> dict[str, str]:
    """The headers around a request, by lower-case name. Raises Refused for an encoding that hides what it is."""
    lines = _FOLD.sub("", outer.decode("latin-1").strip("\r\n")).splitlines()
    found = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if found.get("content-transfer-encoding", "").lower() not in _PLAIN:
        raise Refused("A part of the batch cannot be read; nothing was sent")
    return found


def _halves(payload: bytes) -> tuple[bytes, bytes]:
    """What stands before and after the first blank line."""
    blank = _BLANK_LINE.search(payload)
    return (payload[: blank.start()], payload[blank.end() :]) if blank else (payload, b"")
