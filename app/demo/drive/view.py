"""How files, people, permissions and shared drives are shown to one person, as the API's resources."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.demo.drive.lookup import DriveLookup, SharedDrive, StoredFile
from app.demo.drive.written import properties_of
from app.demo.drive_store import FOLDER, NATIVE, top_of
from app.demo.wire import fingerprint
from app.demo.workspace import Workspace

Resource = dict[str, Any]
WRITERS = ("owner", "organizer", "fileOrganizer", "writer")
DEFAULT_FILE = ("kind", "id", "name", "mimeType", "driveId", "teamDriveId")
DEFAULT_PERMISSION = ("kind", "id", "type", "role")
_EDITORS: Mapping[str, str] = {
    f"{NATIVE}document": "document",
    f"{NATIVE}spreadsheet": "spreadsheets",
    f"{NATIVE}presentation": "presentation",
}
EXPORTS: Mapping[str, Mapping[str, str]] = {
    f"{NATIVE}document": {
        "text/plain": "txt",
        "text/markdown": "md",
        "text/html": "html",
        "application/pdf": "pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    },
    f"{NATIVE}spreadsheet": {
        "text/csv": "csv",
        "application/pdf": "pdf",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    },
    f"{NATIVE}presentation": {
        "text/plain": "txt",
        "application/pdf": "pdf",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    },
}


class DriveView:
    """What `lookup.viewer` gets to see of each thing."""

    def __init__(self, workspace: Workspace, lookup: DriveLookup) -> None:
        self._lookup = lookup
        self._viewer = lookup.viewer
        self._owns_workspace = lookup.viewer == workspace.owner.address
        self._names = {person.address: person.name for person in workspace.people()}

    def user(self, address: str) -> Resource:
        return {
            "kind": "drive#user",
            "displayName": self._names.get(address, address.partition("@")[0]),
            "me": address == self._viewer,
            "permissionId": permission_id(address),
            "emailAddress": address,
        }

    def file(self, file: StoredFile) -> Resource:
        """The file with everything the viewer may know of it."""
        access = dict(self._lookup.access(file))
        role = access.get(self._viewer, "reader")
        shown: Resource = {
            "kind": "drive#file",
            "id": file.id,
            "name": file.name,
            "mimeType": file.mime,
            "description": file.description,
            "starred": file.starred and self._owns_workspace,
            "trashed": file.trashed,
            "explicitlyTrashed": file.trashed,
            "parents": self._parents(file),
            "spaces": ["drive"],
            "version": str(file.sequence),
            "createdTime": stamp(file.created),
            "modifiedTime": stamp(file.modified),
            "modifiedByMe": file.author == self._viewer,
            "viewedByMe": self._owns_workspace and bool(file.viewed),
            "lastModifyingUser": self.user(file.author),
            "isAppAuthorized": file.app,
            "capabilities": _capabilities(file, role),
            "quotaBytesUsed": str(0 if file.mime == FOLDER else file.size),
            "webViewLink": web_link(file),
            "writersCanShare": True,
            "viewersCanCopyContent": True,
            "copyRequiresWriterPermission": False,
        }
        if not shown["description"]:
            del shown["description"]
        if properties := properties_of(self._lookup.store, file):
            shown["appProperties"] = properties
        return shown | self._times(file) | self._ownership(file, access) | _binary(file) | self._links(file)

    def _parents(self, file: StoredFile) -> list[str]:
        """The folder, as far as the viewer may see that."""
        if file.parent:
            return [file.parent] if self._lookup.sees(file.parent) else []
        if file.drive:
            return [file.drive]
        return [top_of(file.owner)] if file.owner == self._viewer else []

    def _times(self, file: StoredFile) -> Resource:
        times: Resource = {}
        if file.viewed and self._owns_workspace:
            times["viewedByMeTime"] = stamp(file.viewed)
        if file.author == self._viewer:
            times["modifiedByMeTime"] = stamp(file.modified)
        return times

    def _ownership(self, file: StoredFile, access: Mapping[str, str]) -> Resource:
        may_share = access.get(self._viewer) in WRITERS
        shown: Resource = {"permissionIds": [permission_id(address) for address in access]} if may_share else {}
        if may_share and not file.drive:
            shown["permissions"] = [self.permission(*one) for one in access.items()]
        if file.drive:
            return shown | {"driveId": file.drive, "teamDriveId": file.drive, "ownedByMe": False, "shared": True}
        shown |= {
            "owners": [self.user(file.owner)],
            "ownedByMe": file.owner == self._viewer,
            "shared": len(access) > 1,
        }
        if file.owner != self._viewer:
            shown |= {"sharedWithMeTime": stamp(file.created), "sharingUser": self.user(file.owner)}
        return shown

    def _links(self, file: StoredFile) -> Resource:
        forms = EXPORTS.get(file.mime, {})
        place = f"https://docs.google.com/{_EDITORS.get(file.mime)}/export?id={file.id}&exportFormat="
        links = {mime: f"{place}{forms[mime]}" for mime in self._lookup.forms(file) if mime in forms}
        return {"exportLinks": links} if links else {}

    def permission(self, address: str, role: str) -> Resource:
        return {
            "kind": "drive#permission",
            "id": permission_id(address),
            "type": "user",
            "role": role,
            "emailAddress": address,
            "displayName": self._names.get(address, address.partition("@")[0]),
            "deleted": False,
            "pendingOwner": False,
        }

    def drive(self, drive: SharedDrive) -> Resource:
        return {
            "kind": "drive#drive",
            "id": drive.id,
            "name": drive.name,
            "createdTime": stamp(drive.created),
            "hidden": False,
            "colorRgb": "#8430ce",
            "themeId": "abacus",
            "capabilities": {"canListChildren": True, "canReadRevisions": True, "canDownload": True, "canCopy": True},
            "restrictions": {"domainUsersOnly": False, "driveMembersOnly": False, "adminManagedRestrictions": False},
        }


def brief(resource: Resource, names: tuple[str, ...]) -> Resource:
    """What the API answers when no `fields` are asked for."""
    return {name: resource[name] for name in names if name in resource}


def permission_id(address: str) -> str:
    """Twenty digits, the same for the same person everywhere."""
    return f"{int(fingerprint(address.lower())[:16], 16):020d}"


def stamp(moment: int) -> str:
    """Milliseconds since the epoch as RFC 3339."""
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment % 1000:03d}Z"


def web_link(file: StoredFile) -> str:
    """The address of the file in the web interface."""
    if file.mime in _EDITORS:
        return f"https://docs.google.com/{_EDITORS[file.mime]}/d/{file.id}/edit?usp=drivesdk"
    if file.mime == FOLDER:
        return f"https://drive.google.com/drive/folders/{file.id}"
    return f"https://drive.google.com/file/d/{file.id}/view?usp=drivesdk"


def _capabilities(file: StoredFile, role: str) -> dict[str, bool]:
    writes = role in WRITERS
    return {
        "canDownload": file.mime != FOLDER,
        "canCopy": file.mime != FOLDER,
        "canEdit": writes,
        "canRename": writes,
        "canShare": writes,
        "canComment": writes or role == "commenter",
        "canTrash": role in ("owner", "organizer", "fileOrganizer"),
        "canListChildren": file.mime == FOLDER,
    }


def _binary(file: StoredFile) -> Resource:
    """What only a file with bytes of its own has."""
    if file.mime.startswith(NATIVE):
        return {}
    ending = file.name.rpartition(".")[2] if "." in file.name else ""
    return {
        "size": str(file.size),
        **file.digests,
        "originalFilename": file.name,
        "fileExtension": ending,
        "fullFileExtension": ending,
        "headRevisionId": f"0B{fingerprint(file.id + file.digests.get('md5Checksum', ''))[:20]}",
        "webContentLink": f"https://drive.google.com/uc?id={file.id}&export=download",
    }
