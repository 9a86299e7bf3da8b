"""Raw messages as mail programs write them: encoded headers, transfer encodings, multiparts, CRLF line ends.

Written out by hand, because the standard library's writer takes milliseconds a message and looks like no client.
"""

import base64
import quopri
from collections.abc import Sequence
from dataclasses import dataclass
from email.header import Header
from hashlib import sha256
from urllib.parse import quote

LONGEST_LINE = 900
Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Part:
    """One MIME part: its Content-* headers and its encoded body."""

    headers: tuple[tuple[str, str], ...]
    body: bytes


def text(body: str, subtype: str = "plain", charset: str = "utf-8", parameters: str = "") -> Part:
    """A text part: 7bit if it can be, base64 for scripts that are mostly not ASCII, else quoted-printable."""
    data = body.replace("\n", "\r\n").encode(charset)
    encoding, encoded = _transfer(data)
    kind = f"text/{subtype}; charset={charset.upper()}{parameters}"
    return Part((("Content-Type", kind), ("Content-Transfer-Encoding", encoding)), encoded)


def attachment(name: str, kind: str, data: bytes, content_id: str = "") -> Part:
    """A file, attached; with a content id it is shown inside the HTML part (`cid:`)."""
    shown = f'"{name}"' if name.isascii() else Header(name, "utf-8").encode()
    saved = f'filename="{name}"' if name.isascii() else f"filename*=UTF-8''{quote(name)}"
    headers = [
        ("Content-Type", f"{kind}; name={shown}"),
        ("Content-Disposition", f"{'inline' if content_id else 'attachment'}; {saved}"),
        ("Content-Transfer-Encoding", "base64"),
    ]
    if content_id:
        headers.append(("Content-ID", f"<{content_id}>"))
    return Part(tuple(headers), _base64(data))


def multipart(subtype: str, parts: Sequence[Part], seed: str) -> Part:
    """Several parts in one; `seed` fixes the boundary, so that the same material gives the same bytes."""
    boundary = f"{sha256((seed + subtype).encode()).hexdigest()[:28]}"
    pieces = [b"--%s\r\n%s" % (boundary.encode(), written(part.headers, part)) for part in parts]
    body = b"\r\n".join([*pieces, b"--%s--\r\n" % boundary.encode()])
    return Part((("Content-Type", f'multipart/{subtype}; boundary="{boundary}"'),), body)


def written(headers: Headers, part: Part) -> bytes:
    """Headers and body as bytes."""
    lines = [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + part.body


def message(headers: Headers, part: Part) -> bytes:
    """A whole message; header values may hold any characters."""
    return written([*((name, encoded(value)) for name, value in headers), *part.headers], part)


def encoded(value: str) -> str:
    """A header value, folded, with RFC 2047 encoded words where it is not ASCII."""
    if value.isascii() and len(value) < 70:
        return value
    if value.isascii():
        return _folded(value)
    return Header(value, "utf-8", maxlinelen=72).encode(linesep="\r\n")


def address(name: str, mailbox: str) -> str:
    """`Ana Moreira <ana@…>`, the name quoted or encoded as it needs to be."""
    if not name:
        return mailbox
    if not name.isascii():
        return f"{Header(name, 'utf-8', maxlinelen=200).encode()} <{mailbox}>"
    plain = name.replace(" ", "").replace("-", "").isalnum()
    return f"{name} <{mailbox}>" if plain else f'"{name}" <{mailbox}>'


def _transfer(data: bytes) -> tuple[str, bytes]:
    longest = max(map(len, data.split(b"\r\n")))
    if data.isascii() and longest < LONGEST_LINE:
        return "7bit", data
    foreign = sum(byte > 127 for byte in data)
    if foreign * 3 > len(data):
        return "base64", _base64(data)
    encoded_text = quopri.encodestring(data.replace(b"\r\n", b"\n"))
    return "quoted-printable", encoded_text.replace(b"\n", b"\r\n")


def _base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def _folded(value: str) -> str:
    """Break at spaces so that no line is much longer than 76 characters."""
    lines, line = [], ""
    for word in value.split(" "):
        if line and len(line) + len(word) > 74:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\r\n ".join([*lines, line])
