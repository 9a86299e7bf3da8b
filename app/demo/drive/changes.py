"""Following the Drive: changes.getStartPageToken and changes.list, over the files' sequence numbers."""

from typing import Any

from app.demo.drive.access import lookup_of
from app.demo.drive.lookup import DriveLookup, Gone, StoredFile
from app.demo.drive.view import DEFAULT_FILE, DriveView, brief, stamp
from app.demo.google_call import Call
from app.demo.google_errors import invalid_value
from app.demo.mail_lookup import Condition
from app.demo.workspace import Workspace

_DEFAULT = ("kind", "changeType", "time", "removed", "fileId", "type", "file")


class ChangesApi:
    """The resource `changes`. A page token is the sequence number its page begins with."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def start(self, call: Call) -> dict[str, Any]:
        latest = lookup_of(call, self._workspace).latest()
        return {"kind": "drive#startPageToken", "startPageToken": str(latest + 1)}

    def list_changes(self, call: Call) -> dict[str, Any]:
        lookup = lookup_of(call, self._workspace)
        since = _token(call, lookup)
        changed: list[StoredFile | Gone] = [*lookup.files(_wanted(call, since))]
        if call.query.get("includeRemoved", [True])[0]:
            changed += lookup.gone(since)
        changed.sort(key=lambda change: change.sequence)
        size = call.number("pageSize", 100, 1000)
        view = DriveView(self._workspace, lookup)
        shown = [_change(change, view) for change in changed[:size]]
        answer: dict[str, Any] = {"kind": "drive#changeList"}
        answer["changes"] = shown if call.fields else [_briefly(change) for change in shown]
        if len(changed) > size:
            return answer | {"nextPageToken": str(changed[size].sequence)}
        return answer | {"newStartPageToken": str(lookup.latest() + 1)}


def _token(call: Call, lookup: DriveLookup) -> int:
    text = call.text("pageToken")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:18]) <= lookup.latest() + 1:
        raise invalid_value("pageToken", "Invalid Value", "invalid")
    return int(text)


def _wanted(call: Call, since: int) -> Condition:
    """The files changed from a sequence number on; those of shared drives only when they are asked for."""
    changed = Condition("f.sequence >= ?", (since,))
    if drive := call.text("driveId"):
        return changed & Condition("f.drive = ?", (drive,))
    if call.flag("restrictToMyDrive"):
        return changed & Condition("(f.drive = '' AND f.owner = ?)", (call.account,))
    all_drives = call.flag("includeItemsFromAllDrives") and call.flag("supportsAllDrives")
    return changed if all_drives else changed & Condition("f.drive = ''")


def _change(change: StoredFile | Gone, view: DriveView) -> dict[str, Any]:
    """One change; a file that is gone is only named."""
    removed = isinstance(change, Gone)
    shown: dict[str, Any] = {
        "kind": "drive#change",
        "changeType": "file",
        "type": "file",
        "time": stamp(change.at if isinstance(change, Gone) else change.modified),
        "removed": removed,
        "fileId": change.id,
    }
    return shown if isinstance(change, Gone) else shown | {"file": view.file(change)}


def _briefly(change: dict[str, Any]) -> dict[str, Any]:
    shown = brief(change, _DEFAULT)
    return shown | {"file": brief(shown["file"], DEFAULT_FILE)} if "file" in shown else shown
