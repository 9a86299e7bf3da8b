"""Reads the payload tree of a Gmail message: which parts are the text, which are attachments, each decoded.

Law: nothing here raises on a malformed tree; what cannot be decoded is read as well as it can be.
"""

import base64
import re
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message as Header
from functools import cache, lru_cache
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from tools.text.characters import one_line

BODY_LIMIT = 200_000
"""Bytes of one text part that are looked at; the rest is left out, and said."""
DEPTH_LIMIT = 12
PART_LIMIT = 200

_LEAF_HEADERS = frozenset(("content-disposition", "content-type"))
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9\-_]")
_CUT_CHARACTER = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{0,2}\Z")
_ESCAPED_CHARSETS = ("iso-2022", "utf-16", "utf-32", "utf-7", "hz-gb", "hz")


@dataclass(frozen=True)
class Attachment:
    """A file in a mail. `size` is in bytes, as the service reports it."""

    name: str
    kind: str
    size: int


@dataclass
class Body:
    """The text parts of one mail in order, still in their own markup, and what hangs beside them."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    calendar: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    enclosed: list["Body"] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    truncated: bool = False


def read_body(payload: object) -> Body:
    """Sort the parts of a payload (`users.messages#Message.payload`)."""
    body = Body()
    budget = [PART_LIMIT]
    _sort(payload, body, DEPTH_LIMIT, budget)
    return body


def headers_of(part: object, wanted: frozenset[str] = frozenset()) -> dict[str, str]:
    """Header values by lower-case name, all or those `wanted`; the first of a name wins."""
    found: dict[str, str] = {}
    lengths = {len(name) for name in wanted}
    for item in _items(part, "headers"):
        name, value = item.get("name"), item.get("value")
        if not isinstance(name, str) or not isinstance(value, str) or (wanted and len(name) not in lengths):
            continue
        lower = name.lower()
        if lower not in found and (not wanted or lower in wanted):
            found[lower] = value
    return found


def _sort(part: object, body: Body, depth: int, budget: list[int]) -> None:
    if not isinstance(part, dict) or depth <= 0 or budget[0] <= 0:
        body.truncated = body.truncated or bool(part)
        return
    budget[0] -= 1
    kind = str(part.get("mimeType") or "text/plain").lower()
    if kind == "message/rfc822":
        _enclose(part, body, depth, budget)
    elif kind.startswith("multipart/"):
        for child in _items(part, "parts"):
            _sort(child, body, depth - 1, budget)
    else:
        _leaf(part, kind, body)


def _enclose(part: dict[str, Any], body: Body, depth: int, budget: list[int]) -> None:
    inner = Body()
    for child in _items(part, "parts"):
        inner.headers.update(headers_of(child))
        _sort(child, inner, depth - 1, budget)
    body.enclosed.append(inner)
    body.attachments.append(_attachment(part, "message/rfc822"))


def _leaf(part: dict[str, Any], kind: str, body: Body) -> None:
    content = part.get("body")
    content = content if isinstance(content, dict) else {}
    headers = headers_of(part, _LEAF_HEADERS)
    disposition = headers.get("content-disposition", "").split(";")[0].strip().lower()
    is_file = bool(part.get("filename")) or disposition == "attachment"
    texts = {"text/plain": body.plain, "text/html": body.html, "text/calendar": body.calendar}
    if kind in texts and (not is_file or kind == "text/calendar") and content.get("data"):
        raw, whole = _bytes(str(content["data"]))
        body.truncated = body.truncated or not whole
        texts[kind].append(decode(raw, _declared(headers.get("content-type", "text/plain"))))
    if is_file or (kind not in texts and not kind.startswith("multipart/") and _size(content) > 0):
        body.attachments.append(_attachment(part, kind))


def _attachment(part: dict[str, Any], kind: str) -> Attachment:
    content = part.get("body")
    name = one_line(str(part.get("filename") or ""), 120) or f"unnamed {kind}"
    return Attachment(name=name, kind=kind, size=_size(content))


def _size(content: object) -> int:
    size = content.get("size") if isinstance(content, dict) else 0
    return size if isinstance(size, int) else 0


@lru_cache(maxsize=256)
def _declared(content_type: str) -> str:
    """The charset a Content-Type names, "" for none; a mailbox holds few different ones."""
    header = Header()
    header["Content-Type"] = " ".join(content_type.split())
    try:
        found = header.get_param("charset")
    except (LookupError, ValueError, TypeError):
        return ""
    return (found if isinstance(found, str) else "").strip().lower()


def _bytes(data: str) -> tuple[bytes, bool]:
    """Decode base64url (RFC 4648 section 5) without padding; also whether all of it was looked at."""
    limit = BODY_LIMIT * 4 // 3
    whole = len(data) <= limit
    with suppress(ValueError):  # what is no base64: read below as well as can be
        return _exact(data[:limit]), whole
    clean = _NOT_BASE64.sub("", data[:limit].replace("+", "-").replace("/", "_"))
    clean = clean[: len(clean) - 1] if len(clean) % 4 == 1 else clean
    return base64.urlsafe_b64decode(clean + "=" * (-len(clean) % 4)), whole


@cache
def _base64() -> TypeAdapter[bytes]:
    """Takes a JSON string of base64url, padded or not; five times as fast as binascii, which the bodies feel."""
    return TypeAdapter(bytes, config=ConfigDict(val_json_bytes="base64"))


def _exact(data: str) -> bytes:
    """Decode what is base64url and nothing else. Raises ValueError."""
    if "\\" in data:
        raise ValueError("an escape is no base64")
    found: bytes = _base64().validator.validate_json(f'"{data}"')
    return found


def decode(raw: bytes, charset: str) -> str:
    """Text of the bytes: as UTF-8 where they are that (the service converts many), else as declared, else Windows."""
    escaped = charset.startswith(_ESCAPED_CHARSETS)
    for candidate in (charset, "utf-8") if escaped else ("utf-8", charset):
        try:
            return raw.decode(candidate) if candidate else _reject()
        except (LookupError, UnicodeError, ValueError):
            continue
    return _without_tail(raw) or raw.decode("cp1252", "replace")


def _reject() -> str:
    raise ValueError("no charset was declared")


def _without_tail(raw: bytes) -> str:
    """The text when it is UTF-8 but for a last character that was cut in two; "" when it is not."""
    tail = _CUT_CHARACTER.search(raw)
    if tail is None or raw[: tail.start()].isascii():
        return ""
    try:
        return raw[: tail.start()].decode("utf-8")
    except UnicodeError:
        return ""


def _items(part: object, name: str) -> list[dict[str, Any]]:
    values = part.get(name) if isinstance(part, dict) else None
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
