"""Listing and reading files: files.list, files.get, files.export."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from app.demo.drive.access import file_not_found, found_file, looks_into, lookup_of, may_read
from app.demo.drive.lookup import DriveLookup, StoredFile
from app.demo.drive.media import download, export
from app.demo.drive.query import Query, read_query
from app.demo.drive.view import DEFAULT_FILE, DriveView, brief
from app.demo.drive_store import FOLDER
from app.demo.google_call import Call
from app.demo.google_errors import GoogleError, insufficient_scope, invalid_value
from app.demo.mail_lookup import EVERYTHING, Condition
from app.demo.page_token import next_page, this_page
from app.demo.wire import Response
from app.demo.workspace import Workspace

CORPORA = ("user", "domain", "drive", "allDrives")
_PARTS = re.compile(r"(\d+)")
_Key = Callable[[StoredFile], Any]
_KEYS: Mapping[str, _Key] = {
    "createdTime": lambda file: file.created,
    "folder": lambda file: file.mime != FOLDER,
    "modifiedByMeTime": lambda file: file.modified,
    "modifiedTime": lambda file: file.modified,
    "name": lambda file: file.name.casefold(),
    "name_natural": lambda file: _natural(file.name),
    "quotaBytesUsed": lambda file: file.size,
    "recency": lambda file: max(file.modified, file.viewed),
    "sharedWithMeTime": lambda file: file.created,
    "starred": lambda file: not file.starred,
    "viewedByMeTime": lambda file: file.viewed,
}


class FilesApi:
    """The methods of the resource `files` that read."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def list_files(self, call: Call) -> dict[str, Any]:
        lookup = lookup_of(call, self._workspace)
        query = read_query(call.text("q"), call.account)
        _check_full_text(call, query)
        found = _ordered(lookup.files(query.condition & _corpus(call, lookup, query)), call.text("orderBy"))
        start, size = int(this_page(call) or 0), call.number("pageSize", 100, 1000)
        view = DriveView(self._workspace, lookup)
        shown = [view.file(file) for file in found[start : start + size]]
        answer: dict[str, Any] = {"kind": "drive#fileList", "incompleteSearch": False}
        answer["files"] = shown if call.fields else [brief(file, DEFAULT_FILE) for file in shown]
        if start + size < len(found):
            answer["nextPageToken"] = next_page(call, start + size)
        return answer

    def get_file(self, call: Call) -> dict[str, Any] | Response:
        lookup = lookup_of(call, self._workspace)
        file = found_file(call, lookup)
        if call.text("alt") == "media":
            may_read(call, file)
            return download(call, lookup, file)
        shown = DriveView(self._workspace, lookup).file(file)
        return shown if call.fields else brief(shown, DEFAULT_FILE)

    def export_file(self, call: Call) -> Response:
        lookup = lookup_of(call, self._workspace)
        # Export takes no supportsAllDrives: it reaches files of shared drives without.
        file = lookup.file(call.path["fileId"])
        if file is None:
            raise file_not_found(call.path["fileId"])
        may_read(call, file)
        return export(call, lookup, file)


def _check_full_text(call: Call, query: Query) -> None:
    if not query.full_text:
        return
    if not looks_into(call):
        raise insufficient_scope(call.method.id, "www.googleapis.com", _content_scopes(call))
    if call.text("orderBy"):
        raise GoogleError(
            403,
            "forbidden",
            "Sorting is not supported for queries with fullText terms. Results are always in descending relevance "
            "order.",
        )


def _content_scopes(call: Call) -> list[str]:
    return [scope for scope in call.method.scopes if scope.endswith(("/drive", "/drive.readonly", "/drive.file"))]


def _corpus(call: Call, lookup: DriveLookup, query: Query) -> Condition:
    """Which of the visible files a list is about: by default the person's own and those shared with them."""
    corpora, drive = call.text("corpora") or "user", call.text("driveId") or call.text("teamDriveId")
    if corpora not in CORPORA:
        raise invalid_value("corpora", "Invalid Value", "invalid")
    all_drives = call.flag("includeItemsFromAllDrives") or call.flag("includeTeamDriveItems")
    if all_drives and not (call.flag("supportsAllDrives") or call.flag("supportsTeamDrives")):
        raise GoogleError(403, "teamDrivesNotSupported", "The supportsAllDrives parameter must be set to true.")
    _check_drive(corpora, drive, all_drives)
    if drive:
        if drive not in {known.id for known in lookup.drives()}:
            raise GoogleError(404, "notFound", f"Shared drive not found: {drive}", location="driveId")
        return Condition("f.drive = ?", (drive,))
    if not all_drives:
        return Condition("f.drive = ''")
    if corpora == "allDrives" or query.parents:
        return EVERYTHING
    # The corpus `user` knows of a shared drive only what the person has opened or changed.
    return Condition("(f.drive = '' OR f.viewed > 0 OR f.author = ?)", (call.account,))


def _check_drive(corpora: str, drive: str, all_drives: bool) -> None:
    if (corpora == "drive") != bool(drive):
        raise GoogleError(
            400, "invalid", "The driveId parameter must be specified if and only if corpora is set to drive."
        )
    if corpora in ("drive", "allDrives") and not all_drives:
        raise GoogleError(
            400,
            "invalid",
            "The includeItemsFromAllDrives parameter must be set to true when corpora contains drive or allDrives.",
        )


def _ordered(files: list[StoredFile], order: str) -> list[StoredFile]:
    """Sorted as asked; the last key first, as sorting is stable."""
    for part in reversed([part.split() for part in order.split(",")] if order.strip() else []):
        descending = part[1:] == ["desc"]
        if not part or part[0] not in _KEYS or not (len(part) == 1 or descending):
            raise invalid_value("orderBy", "Invalid Value", "invalid")
        files = sorted(files, key=_KEYS[part[0]], reverse=descending)
    return files


def _natural(name: str) -> list[tuple[int, str]]:
    """1, 2, 12 and not 1, 12, 2."""
    parts = _PARTS.split(name.casefold())
    return [(int(part[:18]), "") if place % 2 else (0, part) for place, part in enumerate(parts)]
