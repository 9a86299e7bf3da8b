"""The documents Valet made: looked at with the permission for these alone, their text, and who can read them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools import clients
from tools.base import ToolContext
from tools.documents import kinds
from tools.documents.file import File, file_of
from tools.documents.listing import SERVICE
from tools.errors import BadArgument, NotFound, ServiceDown, Unreadable
from tools.text.characters import one_line
from tools.write import Recipient

FIELDS = (
    "id,name,mimeType,webViewLink,trashed,ownedByMe,appProperties,"
    "permissions(type,role,emailAddress,displayName,domain),owners(displayName,emailAddress,me)"
)
TEXTS = {kinds.DOC: kinds.MARKDOWN, kinds.MARKDOWN: kinds.MARKDOWN, kinds.TEXT: kinds.TEXT}
"""Kinds whose text Valet can write anew, and in which form it is sent."""
LONGEST = 200_000
READERS, TEXT, TRASH = "who can read it", "its text", "its place"


@dataclass(frozen=True)
class Own:
    """A file that Valet may see. `readers` are all but the person; None where the service does not say."""

    file: File
    readers: tuple[Recipient, ...] | None
    trashed: bool
    marks: Mapping[str, str]

    @property
    def readers_mark(self) -> str:
        """Changes when the readers do."""
        told = sorted((one.address, one.role) for one in self.readers or ())
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16] if self.readers is not None else "unknown"


def own(context: ToolContext, identity: str) -> Own:
    """Raises NotFound for a file that Valet did not make, ToolError."""
    files = clients.google("drive", "v3").files()
    request = files.get(fileId=identity, fields=FIELDS, supportsAllDrives=True)
    return own_of(clients.run(request, context.transport, service=SERVICE))


def own_of(raw: Mapping[str, Any]) -> Own:
    """Reads a File resource. Raises Unreadable."""
    try:
        file = file_of(raw)
        given = raw.get("permissions")
        readers = None if given is None else tuple(_reader(one) for one in given if not _is_owner(one, raw))
        return Own(file, readers, bool(raw.get("trashed")), dict(raw.get("appProperties") or {}))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unreadable("Drive described the file in a way Valet cannot read.", "Open it in Drive itself.") from error


def _is_owner(permission: Mapping[str, Any], raw: Mapping[str, Any]) -> bool:
    return permission.get("role") == "owner" and bool(raw.get("ownedByMe"))


def _reader(permission: Mapping[str, Any]) -> Recipient:
    everybody = {"anyone": "anyone who has the link", "domain": f"everyone at {permission.get('domain', '')}"}
    address = everybody.get(str(permission.get("type"))) or str(permission.get("emailAddress") or "somebody unnamed")
    name = one_line(str(permission.get("displayName") or ""), 60)
    return Recipient(address=one_line(address, 120), name=name, role=str(permission.get("role") or "reader"))


def made_by_valet(context: ToolContext, identity: str) -> Own:
    """Raises BadArgument where Valet did not make it: it has no permission for anything else."""
    try:
        return own(context, identity)
    except NotFound:
        raise BadArgument(
            "Valet changes only documents and folders that it made itself; it has no permission for others.",
            "Open that one in Drive, or let Valet create a document of its own.",
        ) from None


def text_of(context: ToolContext, own: Own) -> str:
    """The text as it can be written back. Raises BadArgument for what is no text, ToolError."""
    if own.file.mime not in TEXTS:
        raise BadArgument(
            f"“{own.file.name}” is a {own.file.kind}; Valet writes Google Docs, Markdown and text.",
            "Change it in Drive.",
        )
    files = clients.google("drive", "v3").files()
    identity = own.file.id
    exported = own.file.mime == kinds.DOC
    request = (
        files.export_media(fileId=identity, mimeType=kinds.MARKDOWN) if exported else files.get_media(fileId=identity)
    )
    try:
        reply = context.transport.request(request.method, request.uri, headers={"accept": "*/*"})
    except OSError as error:
        raise ServiceDown(f"{SERVICE} did not answer: {error}.", "Try again in a minute.") from error
    if reply.status >= 400:
        headers = {name.lower(): value for name, value in reply.headers.items()}
        raise clients.google_error(reply.status, headers, reply.body, service=SERVICE)
    try:
        text = reply.body.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise BadArgument(f"“{own.file.name}” is not text in UTF-8.", "Change it in Drive.") from None
    if len(text) > LONGEST:
        raise BadArgument(f"“{own.file.name}” is too long to be written anew.", "Change it in Drive.")
    return text


def text_mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
