"""Reads the Drive as one person sees it: files by condition, bytes, roles, shared drives, changes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from app.demo.database import Row
from app.demo.drive_store import DriveStore
from app.demo.mail_lookup import Condition

_COLUMNS = (
    "f.number, f.id, f.name, f.mime, f.owner, f.author, f.parent, f.drive, f.description, f.created, f.modified, "
    "f.viewed, f.size, f.trashed, f.starred, f.app, f.digests, f.sequence"
)
_FILES = f"SELECT {_COLUMNS} FROM drive_files f WHERE "  # noqa: S608 - constants only
_MINE = (
    "(f.number IN (SELECT number FROM drive_access WHERE address = ?) "
    "OR f.drive IN (SELECT drive FROM shared_drive_members WHERE address = ?))"
)


@dataclass(frozen=True)
class StoredFile:
    """One file or folder. Times are milliseconds since the epoch (0 = never), `size` in bytes.

    `drive` is its shared drive, "" for a file of somebody's own; `parent` a folder, "" at the top.
    """

    number: int
    id: str
    name: str
    mime: str
    owner: str
    author: str
    parent: str
    drive: str
    description: str
    created: int
    modified: int
    viewed: int
    size: int
    trashed: bool
    starred: bool
    app: bool
    digests: Mapping[str, str]
    sequence: int


@dataclass(frozen=True)
class SharedDrive:
    """A shared drive; `created` in milliseconds since the epoch."""

    id: str
    name: str
    created: int


@dataclass(frozen=True)
class Gone:
    """A file that was deleted for good, at a time in milliseconds since the epoch."""

    sequence: int
    id: str
    at: int


class DriveLookup:
    """What `viewer` sees; with `app_only`, of that only what the app made (the scope drive.file)."""

    def __init__(self, store: DriveStore, viewer: str, *, app_only: bool = False) -> None:
        self.store = store
        self.viewer = viewer
        self.visible = Condition(_MINE, (viewer, viewer))
        if app_only:
            self.visible &= Condition("f.app")

    def files(self, condition: Condition) -> list[StoredFile]:
        """The files that fit, the last changed first."""
        wanted = self.visible & condition
        rows = self.store.database.rows(f"{_FILES}{wanted.sql} ORDER BY f.modified DESC, f.id", *wanted.values)
        return [_file(row) for row in rows]

    def file(self, identity: str) -> StoredFile | None:
        return next(iter(self.files(Condition("f.id = ?", (identity,)))), None)

    def sees(self, identity: str) -> bool:
        return self.file(identity) is not None

    def content(self, file: StoredFile, mime: str = "") -> bytes | None:
        """The bytes, or (with a media type) those of one export; None when there are none."""
        found: bytes | None = self.store.database.value(
            "SELECT content FROM drive_bytes WHERE number = ? AND mime = ?", file.number, mime
        )
        return found

    def forms(self, file: StoredFile) -> list[str]:
        """The media types a google-apps file is exported to."""
        rows = self.store.database.rows(
            "SELECT mime FROM drive_bytes WHERE number = ? AND mime <> '' ORDER BY mime", file.number
        )
        return [mime for (mime,) in rows]

    def access(self, file: StoredFile) -> list[tuple[str, str]]:
        """Everybody who may see the file, with the role: of the file's own, else of its shared drive."""
        members = self.store.database.rows("SELECT address, role FROM shared_drive_members WHERE drive = ?", file.drive)
        named = self.store.database.rows("SELECT address, role FROM drive_access WHERE number = ?", file.number)
        found: dict[str, str] = {**dict(members), **dict(named)}
        return sorted(found.items(), key=lambda one: (one[1] != "owner", one[0]))

    def drives(self) -> list[SharedDrive]:
        """The shared drives the viewer is a member of."""
        rows = self.store.database.rows(
            "SELECT d.id, d.name, d.created FROM shared_drives d JOIN shared_drive_members m ON m.drive = d.id "
            "WHERE m.address = ? ORDER BY d.name, d.id",
            self.viewer,
        )
        return [SharedDrive(*row) for row in rows]

    def latest(self) -> int:
        """The highest sequence number that was given out."""
        return int(self.store.database.value("SELECT max(number) FROM drive_sequence") or 0)

    def gone(self, since: int) -> list[Gone]:
        """The files the viewer could see that were deleted from that sequence number on."""
        rows = self.store.database.rows(
            "SELECT sequence, id, at FROM drive_gone WHERE address = ? AND sequence >= ?", self.viewer, since
        )
        return [Gone(*row) for row in rows]


def _file(row: Row) -> StoredFile:
    *facts, trashed, starred, app, digests, sequence = row
    return StoredFile(*facts, bool(trashed), bool(starred), bool(app), json.loads(digests), sequence)  # type: ignore[call-arg]
