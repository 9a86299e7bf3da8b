"""The Drive tables: files with their bytes and exports, who may see them, shared drives.

Law: every change of a file gives it a new sequence number in the same transaction; numbers are never used twice.
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Literal, get_args

from app.demo.database import Database
from app.demo.drive import tables
from app.demo.mail_store import searchable
from app.demo.workspace_error import WorkspaceError

SCHEMA = tables.SCHEMA
FOLDER = "application/vnd.google-apps.folder"
NATIVE = "application/vnd.google-apps."
Role = Literal["owner", "organizer", "fileOrganizer", "writer", "commenter", "reader"]
_DRIVE_ROLES = ("organizer", "fileOrganizer", "writer", "commenter", "reader")


class DriveStore:
    """Everybody's files in the workspace, and the shared drives: the side that is written."""

    def __init__(self, database: Database, *, owner: str, clock: Callable[[], float]) -> None:
        self.database = database
        self.owner = owner
        self.clock = clock

    def add_file(
        self,
        name: str,
        *,
        mime: str,
        content: bytes,
        owner: str,
        created: datetime,
        modified: datetime,
        by: str = "",
        parent: str = "",
        shared: Collection[tuple[str, str]] = (),
        drive: str = "",
        description: str = "",
        trashed: bool = False,
        starred: bool = False,
        exports: Mapping[str, bytes] | None = None,
        text: str = "",
        id: str = "",  # noqa: A002 - the word of the Drive API
        viewed: datetime | None = None,
        app: bool = False,
    ) -> str:
        """File one document; answer its id.

        `by` changed it last; `parent` is a folder's id; `shared` grants (address, role) beyond what the folder
        grants; `exports` are the forms of a google-apps document (which has no `content`); `text` is what fullText
        searches; `viewed` is when the workspace's owner last opened it; `app`: the app made it (for drive.file).
        Raises WorkspaceError for an id that exists, an unknown role, folder or shared drive, a naive time.
        """
        identity = id or self._new_id(name, owner, parent, drive, content)
        place = self._place(identity, parent, drive)
        stamps = (_stamp(created), _stamp(modified), _stamp(viewed) if viewed else 0)
        facts = (identity, name, mime, owner, by or owner, parent, place, description, *stamps)
        with self.database.transaction():
            number = self._insert(*facts, *measures(content, exports or {}), trashed, starred, app)
            self._keep_bytes(number, mime, content, exports or {})
            self._index(number, name, description, text)
            self._grant(number, owner, parent, place, shared)
        return identity

    def _insert(self, *facts: object) -> int:
        slots = "?, " * (len(facts) + 1)
        columns = (
            "id, name, mime, owner, author, parent, drive, description, created, modified, viewed, size, digests, "
            "trashed, starred, app, sequence"
        )
        sql = f"INSERT INTO drive_files ({columns}) VALUES ({slots[:-2]})"  # noqa: S608 - constants only
        return self.database.insert(sql, *facts, self._next())

    def add_folder(
        self,
        name: str,
        *,
        owner: str,
        parent: str = "",
        drive: str = "",
        id: str = "",  # noqa: A002
        created: datetime | None = None,
        shared: Collection[tuple[str, str]] = (),
    ) -> str:
        """Make a folder; what is filed in it later is granted to those it is `shared` with. Raises WorkspaceError."""
        made = created or datetime.fromtimestamp(self.clock()).astimezone()
        identity = id or self._new_id(name, owner, parent, drive, b"folder")
        facts = {"owner": owner, "parent": parent, "drive": drive, "id": identity, "shared": shared}
        return self.add_file(name, mime=FOLDER, content=b"", created=made, modified=made, **facts)  # type: ignore[arg-type]

    def add_drive(
        self,
        name: str,
        *,
        members: Collection[str | tuple[str, str]],
        id: str = "",  # noqa: A002
        created: datetime | None = None,
    ) -> str:
        """Make a shared drive; members are addresses (writers) or (address, role). Raises WorkspaceError."""
        identity = id or f"0A{_letters('drive', name)[:15]}PVA"
        granted = [(member, "writer") if isinstance(member, str) else member for member in members]
        _check_roles(granted, _DRIVE_ROLES)
        if self.database.value("SELECT 1 FROM shared_drives WHERE id = ?", identity):
            raise WorkspaceError(f"The shared drive {identity!r} exists already: choose another id.")
        made = _stamp(created) if created else int(self.clock() * 1000)
        with self.database.transaction():
            self.database.run("INSERT INTO shared_drives VALUES (?, ?, ?)", identity, name, made)
            self.database.many(
                "INSERT INTO shared_drive_members VALUES (?, ?, ?)",
                [(identity, address, role) for address, role in granted],
            )
        return identity

    def change(self, file: str, *, by: str, modified: datetime, name: str = "", trashed: bool | None = None) -> None:
        """Rename a file, put it into the trash or take it out. Raises WorkspaceError for an unknown file."""
        number = self._number(file)
        with self.database.transaction():
            if name:
                self.database.run("UPDATE drive_files SET name = ? WHERE number = ?", name, number)
                self.database.run("UPDATE drive_words SET name = ? WHERE rowid = ?", _words_of_name(name), number)
            if trashed is not None:
                self.database.run("UPDATE drive_files SET trashed = ? WHERE number = ?", trashed, number)
            self.database.run(
                "UPDATE drive_files SET author = ?, modified = ?, sequence = ? WHERE number = ?",
                *(by, _stamp(modified), self._next(), number),
            )

    def remove(self, file: str) -> None:
        """Delete a file for good; those who could see it are told. Raises WorkspaceError for an unknown file."""
        number, now = self._number(file), int(self.clock() * 1000)
        with self.database.transaction():
            sequence = self._next()
            self.database.run(
                "INSERT INTO drive_gone SELECT ?, ?, address, ? FROM ("
                "SELECT address FROM drive_access WHERE number = ? UNION SELECT m.address FROM shared_drive_members m "
                "JOIN drive_files f ON f.drive = m.drive WHERE f.number = ?)",
                *(sequence, file, now, number, number),
            )
            for statement in (
                "DELETE FROM drive_words WHERE rowid = ?",
                "DELETE FROM drive_access WHERE number = ?",
                "DELETE FROM drive_properties WHERE number = ?",
                "DELETE FROM drive_bytes WHERE number = ?",
                "DELETE FROM drive_files WHERE number = ?",
            ):
                self.database.run(statement, number)

    def clear(self) -> None:
        """Take out every file and shared drive; sequence numbers go on, so that older change tokens stay true."""
        with self.database.transaction():
            for statement in tables.EMPTIED:
                self.database.run(statement)

    def _number(self, file: str) -> int:
        number = self.database.value("SELECT number FROM drive_files WHERE id = ?", file)
        if number is None:
            raise WorkspaceError(f"No file {file!r} in the Drive of the workspace.")
        return int(number)

    def _next(self) -> int:
        return self.database.insert("INSERT INTO drive_sequence VALUES (NULL)")

    def _place(self, identity: str, parent: str, drive: str) -> str:
        """The shared drive a new file belongs to ("" for none)."""
        if self.database.value("SELECT 1 FROM drive_files WHERE id = ?", identity):
            raise WorkspaceError(f"The file {identity!r} exists already: choose another id.")
        if drive and not self.database.value("SELECT 1 FROM shared_drives WHERE id = ?", drive):
            raise WorkspaceError(f"No shared drive {drive!r}: make it with add_drive first.")
        if not parent:
            return drive
        folder = self.database.row("SELECT drive FROM drive_files WHERE id = ? AND mime = ?", parent, FOLDER)
        if folder is None or (drive and folder[0] != drive):
            raise WorkspaceError(f"No folder {parent!r} there: make it with add_folder first.")
        return str(folder[0])

    def _keep_bytes(self, number: int, mime: str, content: bytes, exports: Mapping[str, bytes]) -> None:
        if mime.startswith(NATIVE) and content:
            raise WorkspaceError(f"A file of {mime} has no content of its own: give its exports.")
        forms = exports if mime.startswith(NATIVE) else {"": content}
        self.database.many("INSERT INTO drive_bytes VALUES (?, ?, ?)", [(number, *form) for form in forms.items()])

    def _index(self, number: int, name: str, description: str, text: str) -> None:
        words = (_words_of_name(name), searchable(description), searchable(text))
        self.database.run(
            "INSERT INTO drive_words (rowid, name, description, body) VALUES (?, ?, ?, ?)", number, *words
        )

    def index_again(self, number: int, text: str) -> None:
        """Let fullText search a new text."""
        self.database.run("UPDATE drive_words SET body = ? WHERE rowid = ?", searchable(text), number)

    def _grant(self, number: int, owner: str, parent: str, drive: str, shared: Collection[tuple[str, str]]) -> None:
        """Who may see a file of somebody's own drive: what its folder grants, what it grants itself, its owner."""
        _check_roles(shared, get_args(Role))
        inherited = self.database.rows(
            "SELECT a.address, iif(a.role = 'owner', 'writer', a.role) FROM drive_access a "
            "JOIN drive_files f USING (number) WHERE f.id = ?",
            parent,
        )
        granted = {**dict(inherited), **dict(shared)} | ({} if drive else {owner: "owner"})
        self.database.many("INSERT INTO drive_access VALUES (?, ?, ?)", [(number, *one) for one in granted.items()])

    def _new_id(self, name: str, owner: str, parent: str, drive: str, content: bytes) -> str:
        """Ids follow from the file, so that the same workspace made twice has the same ids."""
        seed = json.dumps([name, owner, parent, drive, hashlib.sha256(content).hexdigest()])
        for attempt in range(1000):
            identity = f"1{_letters(str(attempt), seed)[:32]}"
            if not self.database.value("SELECT 1 FROM drive_files WHERE id = ?", identity):
                return identity
        raise WorkspaceError("The same file was added a thousand times: add it once.")


def top_of(address: str) -> str:
    """The id of somebody's own drive: the parent of what is in no folder."""
    return f"0A{_letters('my drive', address)[:15]}PVA"


def _letters(kind: str, seed: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(f"{kind} {seed}".encode()).digest()).decode().rstrip("=")


def _words_of_name(name: str) -> str:
    return searchable(name.replace("_", " "))


def measures(content: bytes, exports: Mapping[str, bytes]) -> tuple[int, str]:
    """The size in bytes and, as JSON, the checksums the API tells."""
    if not content:
        return max(map(len, exports.values()), default=0), "{}"
    digests = {
        "md5Checksum": hashlib.md5(content, usedforsecurity=False).hexdigest(),
        "sha1Checksum": hashlib.sha1(content, usedforsecurity=False).hexdigest(),
        "sha256Checksum": hashlib.sha256(content).hexdigest(),
    }
    return len(content), json.dumps(digests)


def _stamp(moment: datetime) -> int:
    """Milliseconds since the epoch."""
    if moment.tzinfo is None:
        raise WorkspaceError(f"The time {moment} has no zone: give an aware one.")
    return int(moment.timestamp() * 1000)


def _check_roles(granted: Collection[tuple[str, str]], known: Collection[str]) -> None:
    for address, role in granted:
        if role not in known:
            raise WorkspaceError(f"{role!r} (of {address}) is no role here: give one of {', '.join(known)}.")
