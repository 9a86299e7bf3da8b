"""Which files a call reaches: those its person may see, and of these what the token's scopes allow."""

from app.demo.drive.lookup import DriveLookup, StoredFile
from app.demo.google_call import Call
from app.demo.google_errors import GoogleError, insufficient_scope
from app.demo.workspace import Workspace

AUTH = "https://www.googleapis.com/auth/"
EVERY_CONTENT = frozenset({f"{AUTH}drive", f"{AUTH}drive.readonly"})
EVERY_FILE = EVERY_CONTENT | {f"{AUTH}drive.metadata", f"{AUTH}drive.metadata.readonly"}
APP_FILES = f"{AUTH}drive.file"


def lookup_of(call: Call, workspace: Workspace) -> DriveLookup:
    """What the call may see: without a scope for all files, only those the app made."""
    return DriveLookup(workspace.drive, call.account, app_only=not call.scopes & EVERY_FILE)


def looks_into(call: Call) -> bool:
    """Whether the scopes reach the contents of at least some files, and not only what is said about them."""
    return bool(call.scopes & (EVERY_CONTENT | {APP_FILES}))


def found_file(call: Call, lookup: DriveLookup) -> StoredFile:
    """The file the call names. Raises GoogleError 404, also for one of a shared drive when that is not supported."""
    identity = call.path["fileId"]
    file = lookup.file(identity)
    shared_drives = call.flag("supportsAllDrives") or call.flag("supportsTeamDrives")
    if file is None or (file.drive and not shared_drives):
        raise file_not_found(identity)
    return file


def may_read(call: Call, file: StoredFile) -> None:
    """Raise GoogleError unless the scopes reach this file's contents."""
    if call.scopes & EVERY_CONTENT or (file.app and APP_FILES in call.scopes):
        return
    raise insufficient_scope(call.method.id, "www.googleapis.com", [*EVERY_CONTENT, APP_FILES])


def file_not_found(identity: str) -> GoogleError:
    return GoogleError(404, "notFound", f"File not found: {identity}.", location="fileId")
