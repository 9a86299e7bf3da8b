"""The Drive API as a service; a method that has no endpoint here is refused as not implemented."""

from collections.abc import Callable
from typing import Any

from app.demo.drive.about import AboutApi
from app.demo.drive.changes import ChangesApi
from app.demo.drive.changing import ChangingApi
from app.demo.drive.files import FilesApi
from app.demo.google_api import GoogleApi, Shared
from app.demo.google_call import Call
from app.demo.quota import DRIVE_OTHER, DRIVE_UNITS, Limits, Quota
from app.demo.routes import load
from app.demo.workspace import Workspace

ROUTES = ("/drive/v3/", "/upload/drive/v3/", "/resumable/upload/drive/v3/", "/batch/drive/v3")


def drive_api(workspace: Workspace, shared: Shared, limits: Limits) -> GoogleApi:
    """The Drive service at www.googleapis.com."""
    files, changes, about = FilesApi(workspace), ChangesApi(workspace), AboutApi(workspace)
    endpoints: dict[str, Callable[[Call], Any]] = {
        "drive.files.list": files.list_files,
        "drive.files.get": files.get_file,
        "drive.files.export": files.export_file,
        "drive.about.get": about.about,
        "drive.changes.getStartPageToken": changes.start,
        "drive.changes.list": changes.list_changes,
        "drive.drives.list": about.list_drives,
        "drive.drives.get": about.get_drive,
        "drive.permissions.list": about.list_permissions,
        "drive.permissions.get": about.get_permission,
        **ChangingApi(workspace).endpoints(),
    }
    quota = Quota(limits.drive_units_per_minute, limits, DRIVE_UNITS, other=DRIVE_OTHER)
    return GoogleApi("drive", lambda: load("drive.v3"), endpoints, ROUTES, shared, quota)
