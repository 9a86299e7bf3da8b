"""Lists files of Drive, shared drives included."""

from __future__ import annotations

from dataclasses import dataclass

from tools import clients
from tools.base import ToolContext
from tools.documents.file import LISTED, ONE, File, file_of
from tools.errors import Unreadable

SERVICE = "Drive"
PAGE = 100


@dataclass(frozen=True)
class Listed:
    """Files in the service's order. `more` were not fetched; `incomplete`: the service did not search everywhere."""

    files: tuple[File, ...]
    more: bool = False
    incomplete: bool = False


def listed(context: ToolContext, q: str, *, limit: int, order: str = "") -> Listed:
    """Up to `limit` files for a query, in as many pages as that takes. Raises ToolError."""
    found: list[File] = []
    token: str | None = None
    incomplete = False
    while True:
        given = {"orderBy": order} if order else {}
        request = (
            clients.google("drive", "v3")
            .files()
            .list(
                q=q,
                pageSize=min(PAGE, limit - len(found)),
                pageToken=token,
                corpora="allDrives",
                includeItemsFromAllDrives=True,
                supportsAllDrives=True,
                fields=f"nextPageToken,incompleteSearch,files({LISTED})",
                **given,
            )
        )
        answer = clients.run(request, context.transport, service=SERVICE)
        found += [file_of(raw) for raw in answer.get("files", []) if isinstance(raw, dict) and raw.get("id")]
        incomplete = incomplete or bool(answer.get("incompleteSearch"))
        token = answer.get("nextPageToken")
        if not token or len(found) >= limit:
            return Listed(tuple(found[:limit]), bool(token), incomplete)


def one(context: ToolContext, file_id: str) -> File:
    """The file of that id; behind a shortcut, its target. Raises ToolError."""
    found = _one(context, file_id)
    return _one(context, found.target) if found.target else found


def _one(context: ToolContext, file_id: str) -> File:
    request = clients.google("drive", "v3").files().get(fileId=file_id, fields=ONE, supportsAllDrives=True)
    answer = clients.run(request, context.transport, service=SERVICE)
    try:
        return file_of(answer)
    except (KeyError, TypeError, AttributeError) as error:
        raise Unreadable("Drive described the file in a way Valet cannot read.", "Open it in Drive itself.") from error
