"""Fetches what is in a file: Google's own formats exported, any other in ranges. Law: never more than LIMIT."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tools import clients
from tools.base import ToolContext
from tools.clients import Reply
from tools.documents import kinds
from tools.documents.file import File
from tools.documents.kinds import Kind
from tools.documents.listing import SERVICE
from tools.documents.parsing.parsed import Unparsable
from tools.errors import AccessRefused, NotFound, ServiceDown, ToolError, Unreadable

LIMIT = 48 * 1024 * 1024
CHUNK = 8 * 1024 * 1024
EXPORTS: dict[str, tuple[tuple[str, Kind], ...]] = {
    kinds.DOC: ((kinds.MARKDOWN, "markdown"), (kinds.DOCX, "docx"), (kinds.TEXT, "text")),
    kinds.SHEET: ((kinds.XLSX, "xlsx"), (kinds.CSV, "csv")),
    kinds.SLIDES: ((kinds.PPTX, "pptx"), (kinds.TEXT, "text")),
}
"""For each of Google's formats what it is exported as, the best first; the next where that is too large."""


@dataclass(frozen=True)
class Content:
    """The bytes, which parser reads them, and what was lost on the way ("" for nothing)."""

    kind: Kind
    data: bytes
    lost: str = ""


def fetch(context: ToolContext, file: File) -> Content:
    """Raises Unparsable for what cannot be text, ToolError for what the service refuses."""
    if file.mime == kinds.FOLDER:
        raise NotFound(f"“{file.name}” is a folder, not a document.", "Find the documents in it by name or topic.")
    if file.locked:
        raise AccessRefused(
            f"The owner of “{file.name}” does not allow it to be downloaded.",
            "Open it in Drive, or ask them for a copy.",
        )
    if file.mime in EXPORTS:
        return _exported(context, file)
    if file.mime.startswith(kinds.GOOGLE):
        raise Unparsable("unknown_kind")
    if file.mime.startswith(("image/", "video/", "audio/")):
        raise Unparsable("unknown_kind", "picture" if file.mime.startswith("image/") else "binary")
    if (file.size or 0) > LIMIT:
        raise Unparsable("too_large", "long")
    data = _downloaded(context, file)
    kind = kinds.parser_for(file.mime, file.name, data)
    if kind is None:
        raise Unparsable("unknown_kind", "old_office" if file.mime in kinds.OLD_OFFICE else "binary")
    return Content(kind, data)


def _exported(context: ToolContext, file: File) -> Content:
    """The best export there is; a format the service does not offer for this file is passed over."""
    ways = [way for way in EXPORTS[file.mime] if not file.exports or way[0] in file.exports] or [EXPORTS[file.mime][-1]]
    for index, (mime, kind) in enumerate(ways):
        request = clients.google("drive", "v3").files().export_media(fileId=file.id, mimeType=mime)
        reply = _sent(context, request)
        if reply.status >= 400 and _reason(reply) == "exportSizeLimitExceeded":
            continue
        _refuse(reply, file)
        lost = "It is too large for Google to export whole: pictures and layout are left out." if index else ""
        return Content(kind, reply.body, lost)
    raise Unparsable("too_large", "long")


def _downloaded(context: ToolContext, file: File) -> bytes:
    """The bytes in ranges, checked against the size and the digest the service told."""
    request = clients.google("drive", "v3").files().get_media(fileId=file.id, supportsAllDrives=True)
    data = bytearray()
    total = file.size
    while True:
        reply = _sent(context, request, {"range": f"bytes={len(data)}-{len(data) + CHUNK - 1}"})
        if reply.status == 416 and not data:
            return b""
        _refuse(reply, file)
        data += reply.body
        if len(data) > LIMIT:
            raise Unparsable("too_large", "long")
        if reply.status == 200 or not reply.body or len(data) >= (_total(reply) or total or 0):
            break
        context.progress(len(data) // 1024, total // 1024 if total else None, f"kB of “{file.name}” fetched")
    whole = bytes(data)
    digest = hashlib.md5(whole, usedforsecurity=False).hexdigest()
    if (total is not None and len(whole) != total) or (file.checksum and digest != file.checksum):
        raise Unreadable(f"“{file.name}” came incomplete, or was changed just now.", "Try again in a moment.")
    return whole


def _sent(context: ToolContext, request: Any, headers: dict[str, str] | None = None) -> Reply:
    given = {name: value for name, value in request.headers.items() if name.lower() != "content-length"}
    try:
        return context.transport.request(request.method, request.uri, headers={**given, **(headers or {})})
    except OSError as error:
        raise ServiceDown(f"{SERVICE} did not answer: {error}.", "Try again in a minute.") from error


def _refuse(reply: Reply, file: File) -> None:
    """Raises the ToolError of an error answer."""
    if reply.status < 400:
        return
    known = REFUSED.get(_reason(reply))
    if known is not None:
        raise known(file)
    headers = {name.lower(): value for name, value in reply.headers.items()}
    raise clients.google_error(reply.status, headers, reply.body, service=SERVICE)


REFUSED: dict[str, Callable[[File], ToolError]] = {
    "cannotDownloadFile": lambda file: AccessRefused(
        f"“{file.name}” may not be downloaded.", "Open it in Drive, or ask its owner for a copy."
    ),
    "cannotDownloadAbusiveFile": lambda file: AccessRefused(
        f"Google holds “{file.name}” for malware or spam and does not hand it out.", "Do not open it; tell its owner."
    ),
    "fileNotDownloadable": lambda file: AccessRefused(
        f"“{file.name}” has no content that can be downloaded.", "Open it in Drive."
    ),
}


def _reason(reply: Reply) -> str:
    try:
        return str(json.loads(reply.body)["error"]["errors"][0]["reason"])
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return ""


def _total(reply: Reply) -> int | None:
    """The whole size, from Content-Range ("bytes 0-99/1234")."""
    headers = {name.lower(): value for name, value in reply.headers.items()}
    size = headers.get("content-range", "").rpartition("/")[2]
    return int(size) if size.isdigit() else None
