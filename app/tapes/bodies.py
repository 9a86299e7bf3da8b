"""Bodies of HTTP messages as readable values, and back. Law: what is read back means to a client what was written.

JSON stands as itself, text as text, the parts of a batch one by one; what Gmail carries in base64 is opened where it is
text. Boundaries of multipart bodies are drawn at random, and are all called "tape" here.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any

BOUNDARY = "tape"
_BOUNDARY = re.compile(r'boundary="?([^";,\s]+)"?', re.IGNORECASE)
_LENGTH = re.compile(rb"(?im)^(content-length:[ ]*)\d+")
_ENCODED = frozenset({"data", "raw"})
_OPENED = "$text"


OF_THE_CLIENT = frozenset({"accept", "user-agent", "x-goog-api-client"})
"""Headers that say which library asks, in which version: no part of what is asked."""


def asked(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of a request that say what is asked."""
    return {name: plain_type(value) for name, value in sorted(headers.items()) if name not in OF_THE_CLIENT}


def plain_type(content_type: str) -> str:
    """The content type under a boundary that is always the same."""
    return _BOUNDARY.sub(f"boundary={BOUNDARY}", content_type)


def readable(content: bytes | None, content_type: str) -> Any:
    """The body as a value of JSON; None for none."""
    if not content:
        return None
    found = _BOUNDARY.search(content_type)
    if found:
        content = content.replace(b"--" + found[1].encode(), b"--" + BOUNDARY.encode())
        parts = _parts(content)
        if parts is not None and found[0]:
            return {"parts": parts}
    return _value(content)


def raw(value: Any) -> bytes:
    """The bytes of such a value."""
    if value is None:
        return b""
    [(kind, inner)] = value.items()
    match kind:
        case "json":
            return json.dumps(_closed(inner), ensure_ascii=False, separators=(",", ":")).encode()
        case "text":
            return str(inner).encode()
        case "crlf":
            return str(inner).replace("\n", "\r\n").encode()
        case "parts":
            return _joined(inner)
        case _:
            return base64.b64decode(inner)


def _value(content: bytes) -> dict[str, Any]:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode()}
    if text[:1] in "{[":
        try:
            return {"json": _open(json.loads(text))}
        except ValueError:  # broken off, or no JSON at all: then it is kept letter by letter
            return {"text": text}
    lined = text.replace("\r\n", "\n")
    return {"crlf": lined} if "\r" in text and lined.replace("\n", "\r\n") == text else {"text": text}


def _open(value: Any) -> Any:
    if isinstance(value, list):
        return [_open(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {k: _text_in(v) if k in _ENCODED and isinstance(v, str) else _open(v) for k, v in value.items()}


def _text_in(encoded: str) -> Any:
    """What base64 hides, where that is text and nothing is lost; the key says how it was written."""
    try:
        text = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return encoded
    lined = text.replace("\r\n", "\n")
    crlf = "\r" in text and lined.replace("\n", "\r\n") == text
    bare = len(encoded) % 4 != 0  # without the signs that fill the last group
    opened = {_OPENED + ("-" if bare else "") + ("+crlf" if crlf else ""): lined if crlf else text}
    return opened if text and _closed(opened) == encoded else encoded


def _closed(value: Any) -> Any:
    if isinstance(value, list):
        return [_closed(item) for item in value]
    if not isinstance(value, dict):
        return value
    name = next(iter(value), "")
    if len(value) == 1 and name.startswith(_OPENED):
        text = value[name].replace("\n", "\r\n") if name.endswith("+crlf") else value[name]
        encoded = base64.urlsafe_b64encode(text.encode()).decode()
        return encoded.rstrip("=") if name.startswith(f"{_OPENED}-") else encoded
    return {k: _closed(v) for k, v in value.items()}


def _parts(content: bytes) -> list[dict[str, Any]] | None:
    """The parts of a whole multipart body whose boundary is ours; None for one that broke off."""
    line = b"--" + BOUNDARY.encode()
    pieces = re.split(rb"(?:\A|\r\n)" + line + rb"(?=\r\n|--)", content)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        return None
    return [_part(piece.removeprefix(b"\r\n")) for piece in pieces[1:-1]]


def _part(piece: bytes) -> dict[str, Any]:
    """What stands before the last blank line, and the body behind it."""
    start = 0
    for _ in range(2):
        blank = piece.find(b"\r\n\r\n", start)
        start = blank + 4 if blank >= 0 else start
        if piece[start : start + 1] in (b"{", b"["):
            break
    head = {"head": piece[:start].decode("latin-1").replace("\r\n", "\n")}
    return head | {"body": _value(piece[start:])} if piece[start:] else head


def _joined(parts: list[dict[str, Any]]) -> bytes:
    pieces = []
    for part in parts:
        body = raw(part.get("body"))
        head = part["head"].replace("\n", "\r\n").encode("latin-1")
        pieces.append(f"--{BOUNDARY}\r\n".encode() + _LENGTH.sub(rb"\g<1>%d" % len(body), head) + body + b"\r\n")
    return b"".join([*pieces, f"--{BOUNDARY}--\r\n".encode()])
