"""What surrounds the files: about.get, drives, permissions."""

from typing import Any

from app.demo.drive.access import file_not_found, found_file, lookup_of
from app.demo.drive.converting import IMPORTS
from app.demo.drive.view import DEFAULT_PERMISSION, EXPORTS, WRITERS, DriveView, brief
from app.demo.google_call import Call
from app.demo.google_errors import GoogleError
from app.demo.mail_lookup import Condition
from app.demo.page_token import next_page, this_page
from app.demo.workspace import Workspace

ROOM = 30 * 1024**3  # bytes
_DEFAULT_DRIVE = ("kind", "id", "name")


class AboutApi:
    """The resources `about`, `drives` and `permissions`."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def about(self, call: Call) -> dict[str, Any]:
        if not call.fields:
            raise GoogleError(400, "required", "The 'fields' parameter is required for this method.", location="fields")
        lookup = lookup_of(call, self._workspace)
        own = lookup.files(Condition("(f.drive = '' AND f.owner = ?)", (call.account,)))
        used, trashed = sum(file.size for file in own), sum(file.size for file in own if file.trashed)
        return {
            "kind": "drive#about",
            "user": DriveView(self._workspace, lookup).user(call.account),
            "storageQuota": {
                "limit": str(ROOM),
                "usage": str(used),
                "usageInDrive": str(used),
                "usageInDriveTrash": str(trashed),
            },
            "exportFormats": {mime: list(forms) for mime, forms in EXPORTS.items()},
            "importFormats": IMPORTS,
            "maxImportSizes": {},
            "maxUploadSize": str(5 * 1024**4),
            "appInstalled": False,
            "canCreateDrives": False,
            "canCreateTeamDrives": False,
            "driveThemes": [],
            "folderColorPalette": [],
        }

    def list_drives(self, call: Call) -> dict[str, Any]:
        lookup = lookup_of(call, self._workspace)
        found = lookup.drives()
        start, size = int(this_page(call) or 0), call.number("pageSize", 10, 100)
        view = DriveView(self._workspace, lookup)
        shown = [view.drive(drive) for drive in found[start : start + size]]
        drives = shown if call.fields else [brief(drive, _DEFAULT_DRIVE) for drive in shown]
        answer: dict[str, Any] = {"kind": "drive#driveList", "drives": drives}
        return answer | ({"nextPageToken": next_page(call, start + size)} if start + size < len(found) else {})

    def get_drive(self, call: Call) -> dict[str, Any]:
        lookup = lookup_of(call, self._workspace)
        wanted = call.path["driveId"]
        found = next((drive for drive in lookup.drives() if drive.id == wanted), None)
        if found is None:
            raise GoogleError(404, "notFound", f"Shared drive not found: {wanted}", location="driveId")
        shown = DriveView(self._workspace, lookup).drive(found)
        return shown if call.fields else brief(shown, _DEFAULT_DRIVE)

    def list_permissions(self, call: Call) -> dict[str, Any]:
        """Who may see a file; told only to those who may change it, as Drive does."""
        shown = [brief(one, DEFAULT_PERMISSION) if not call.fields else one for one in self._permissions(call)]
        return {"kind": "drive#permissionList", "permissions": shown}

    def get_permission(self, call: Call) -> dict[str, Any]:
        wanted = call.path["permissionId"]
        found = next((one for one in self._permissions(call) if one["id"] == wanted), None)
        if found is None:
            raise GoogleError(404, "notFound", f"Permission not found: {wanted}.", location="permissionId")
        return found if call.fields else brief(found, DEFAULT_PERMISSION)

    def _permissions(self, call: Call) -> list[dict[str, Any]]:
        lookup = lookup_of(call, self._workspace)
        file = found_file(call, lookup)
        access = dict(lookup.access(file))
        if call.account not in access:
            raise file_not_found(file.id)
        if access[call.account] not in WRITERS:
            raise GoogleError(
                403, "insufficientFilePermissions", "The user does not have sufficient permissions for this file."
            )
        view = DriveView(self._workspace, lookup)
        return [view.permission(address, role) for address, role in access.items()]
