"""Writing files: files.generateIds, files.create, files.update. Law: for drive.file only what the app made is there."""

from collections.abc import Callable, Mapping
from typing import Any

from app.demo.drive.access import APP_FILES, AUTH, file_not_found, found_file, lookup_of
from app.demo.drive.converting import content_of
from app.demo.drive.lookup import DriveLookup, StoredFile
from app.demo.drive.view import DEFAULT_FILE, WRITERS, DriveView, brief
from app.demo.drive.written import Draft, Written
from app.demo.drive_store import FOLDER, NATIVE, top_of
from app.demo.google_call import Call
from app.demo.google_errors import GoogleError, bad_request, insufficient_scope, invalid_value
from app.demo.workspace import Workspace

MOST_IDS = 1000
LONGEST_PROPERTY = 124  # bytes, key and value together
MOST_PROPERTIES = 30
_CONTENT = frozenset({f"{AUTH}drive", APP_FILES})
_FACTS = frozenset({"name", "description", "starred", "mimeType", "appProperties"})
_COLUMNS = ("name", "description", "starred", "trashed")
_WRITABLE = {"create": _FACTS | {"id", "parents"}, "update": _FACTS | {"trashed"}}


class ChangingApi:
    """The methods of the resource `files` that write."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def endpoints(self) -> dict[str, Callable[[Call], Any]]:
        return {
            "drive.files.generateIds": self.generate_ids,
            "drive.files.create": self.create,
            "drive.files.update": self.update,
        }

    def generate_ids(self, call: Call) -> dict[str, Any]:
        space, count = call.text("space") or "drive", call.number("count", 10, MOST_IDS)
        if space != "drive" or call.text("type") not in ("", "files"):
            raise invalid_value("space", "Invalid Value", "invalid")
        return {"kind": "drive#generatedIds", "space": space, "ids": self._written(call).give_ids(count)}

    def create(self, call: Call) -> dict[str, Any]:
        _check_scopes(call)
        body = _body(call, "create")
        name = str(body.get("name") or "Untitled")
        content = content_of(call.media, str(body.get("mimeType", "")), name)
        lookup = lookup_of(call, self._workspace)
        draft = Draft(
            name,
            content,
            parent=_parent(call, lookup, body.get("parents") or []),
            description=str(body.get("description", "")),
            starred=bool(body.get("starred")),
            id=self._chosen(call, str(body.get("id", "")), content.mime),
            properties={key: value for key, value in _properties(body).items() if value is not None},
        )
        with self._workspace.transaction():
            made = self._written(call).create(draft)
            self._workspace.freeze()
        return self._shown(call, lookup, made)

    def update(self, call: Call) -> dict[str, Any]:
        _check_scopes(call)
        body = _body(call, "update")
        lookup = lookup_of(call, self._workspace)
        file = found_file(call, lookup)
        _check_role(lookup, file, body)
        if call.text("addParents") or call.text("removeParents"):
            raise GoogleError(501, "notImplemented", "Moving files is not implemented in the demo workspace.")
        content = None
        if call.media is not None:
            wanted = file.mime if file.mime.startswith(NATIVE) else str(body.get("mimeType", ""))
            content = content_of(call.media, wanted, str(body.get("name", file.name)))
        facts: dict[str, object] = {name: body[name] for name in _COLUMNS if name in body}
        with self._workspace.transaction():
            self._written(call).update(file, content=content, facts=facts, properties=_properties(body))
            self._workspace.freeze()
        return self._shown(call, lookup, file.id)

    def _written(self, call: Call) -> Written:
        return Written(self._workspace.drive, call.account)

    def _chosen(self, call: Call, identity: str, mime: str) -> str:
        """An id the client has chosen, of those it was given."""
        if not identity:
            return ""
        written = self._written(call)
        if mime.startswith(NATIVE) and mime != FOLDER:
            raise bad_request("Generated IDs are not supported for Docs Editors formats.")
        if written.exists(identity):
            raise GoogleError(409, "fileIdInUse", "A file already exists with the provided ID.", location="file.id")
        if not written.gave(identity):
            raise GoogleError(400, "invalid", "The provided file ID is not usable.", location="file.id")
        return identity

    def _shown(self, call: Call, lookup: DriveLookup, identity: str) -> dict[str, Any]:
        file = lookup.file(identity)
        if file is None:
            raise file_not_found(identity)
        shown = DriveView(self._workspace, lookup).file(file)
        return shown if call.fields else brief(shown, DEFAULT_FILE)


def _check_scopes(call: Call) -> None:
    """The discovery document admits scopes that reach facts or other spaces alone."""
    if call.scopes & _CONTENT:
        return
    if f"{AUTH}drive.metadata" in call.scopes and call.media is None:
        return
    raise insufficient_scope(call.method.id, "www.googleapis.com", sorted(_CONTENT))


def _body(call: Call, act: str) -> dict[str, Any]:
    body: dict[str, Any] = call.body or {}
    if unwritable := sorted(body.keys() - _WRITABLE[act]):
        raise GoogleError(
            403,
            "fieldNotWritable",
            f"The resource body includes fields which are not directly writable ({', '.join(unwritable)}).",
        )
    return body


def _parent(call: Call, lookup: DriveLookup, parents: list[str]) -> str:
    """The folder a new file goes to, "" for the top of the person's own drive."""
    if len(parents) > 1:
        raise GoogleError(403, "cannotAddParent", "Increasing the number of parents is not allowed")
    if not parents or parents[0] in ("root", top_of(call.account)):
        return ""
    folder = lookup.file(parents[0])
    if folder is None or (folder.drive and not call.flag("supportsAllDrives")):
        raise file_not_found(parents[0])
    if folder.mime != FOLDER:
        raise GoogleError(403, "parentNotAFolder", "The specified parent is not a folder.")
    if dict(lookup.access(folder)).get(call.account) not in WRITERS:
        raise GoogleError(403, "insufficientParentPermissions", "Insufficient permissions for the specified parent.")
    return folder.id


def _check_role(lookup: DriveLookup, file: StoredFile, body: Mapping[str, Any]) -> None:
    role = dict(lookup.access(file)).get(lookup.viewer)
    needed = ("owner", "organizer", "fileOrganizer") if "trashed" in body else WRITERS
    if role not in needed:
        raise GoogleError(
            403, "insufficientFilePermissions", "The user does not have sufficient permissions for this file."
        )


def _properties(body: Mapping[str, Any]) -> dict[str, str | None]:
    given: dict[str, str | None] = dict(body.get("appProperties") or {})
    longest = max((len(f"{key}{value or ''}".encode()) for key, value in given.items()), default=0)
    if longest > LONGEST_PROPERTY or len(given) > MOST_PROPERTIES:
        raise GoogleError(403, "propertyLimitExceeded", "The properties are too many, or one of them is too long.")
    return given
