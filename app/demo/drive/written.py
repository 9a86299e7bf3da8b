"""The side of the Drive that apps write. Law: what one request changes is changed in one transaction, and recorded."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.demo.drive.lookup import StoredFile
from app.demo.drive_store import DriveStore, measures

LONGEST_ID = 33


@dataclass(frozen=True)
class Content:
    """The bytes of a file or, for a google-apps file, its exports; `text` is what fullText searches."""

    mime: str
    data: bytes = b""
    exports: Mapping[str, bytes] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True)
class Draft:
    """A file to be made. `parent` is a folder's id, "" for the top; `id` one given ahead, "" for a new one."""

    name: str
    content: Content
    parent: str = ""
    description: str = ""
    starred: bool = False
    id: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Write:
    """One write as it was carried out; `at` in seconds since the epoch."""

    at: float
    address: str
    act: str
    file: str
    name: str


class Written:
    """What the app writes for `address`."""

    def __init__(self, store: DriveStore, address: str) -> None:
        self._store, self._database, self._address = store, store.database, address

    def give_ids(self, count: int) -> list[str]:
        """New ids that only this person can use."""
        found = [f"1{secrets.token_urlsafe(LONGEST_ID)[: LONGEST_ID - 1]}" for _ in range(count)]
        self._database.many("INSERT INTO drive_given_ids VALUES (?, ?)", [(one, self._address) for one in found])
        return found

    def gave(self, identity: str) -> bool:
        row = self._database.row("SELECT 1 FROM drive_given_ids WHERE id = ? AND address = ?", identity, self._address)
        return row is not None

    def exists(self, identity: str) -> bool:
        return self._database.row("SELECT 1 FROM drive_files WHERE id = ?", identity) is not None

    def create(self, draft: Draft) -> str:
        """File it; answer its id."""
        now = datetime.fromtimestamp(self._store.clock(), UTC)
        content = draft.content
        # An id would otherwise follow from what the file is: two files alike are two files.
        identity = draft.id or self.give_ids(1)[0]
        with self._database.transaction():
            self._store.add_file(
                draft.name,
                mime=content.mime,
                content=content.data,
                exports=content.exports,
                text=content.text,
                owner=self._address,
                created=now,
                modified=now,
                viewed=now,
                parent=draft.parent,
                description=draft.description,
                starred=draft.starred,
                id=identity,
                app=True,
            )
            number = self._database.value("SELECT number FROM drive_files WHERE id = ?", identity)
            self._set_properties(number, draft.properties)
            self._record("create", identity, draft.name)
        return identity

    def update(
        self,
        file: StoredFile,
        *,
        content: Content | None,
        facts: Mapping[str, object],
        properties: Mapping[str, str | None],
    ) -> None:
        """Change what is given; `facts` are columns of the file: name, description, starred, trashed."""
        now = datetime.fromtimestamp(self._store.clock(), UTC)
        with self._database.transaction():
            if content is not None:
                self._replace(file, content)
            for column in ("description", "starred"):
                if column in facts:
                    sql = f"UPDATE drive_files SET {column} = ? WHERE number = ?"  # noqa: S608 - a constant
                    self._database.run(sql, facts[column], file.number)
            self._set_properties(file.number, properties)
            trashed = facts.get("trashed")
            self._store.change(
                file.id,
                by=self._address,
                modified=now if content is not None else datetime.fromtimestamp(file.modified / 1000, UTC),
                name=str(facts.get("name", "")),
                trashed=bool(trashed) if trashed is not None else None,
            )
            self._record("update", file.id, str(facts.get("name", file.name)))

    def _replace(self, file: StoredFile, content: Content) -> None:
        forms = content.exports or {"": content.data}
        self._database.run("DELETE FROM drive_bytes WHERE number = ?", file.number)
        rows = [(file.number, *form) for form in forms.items()]
        self._database.many("INSERT INTO drive_bytes VALUES (?, ?, ?)", rows)
        size, digests = measures(content.data, content.exports)
        self._database.run(
            "UPDATE drive_files SET mime = ?, size = ?, digests = ? WHERE number = ?",
            *(content.mime, size, digests, file.number),
        )
        self._store.index_again(file.number, content.text)

    def _set_properties(self, number: int, properties: Mapping[str, str | None]) -> None:
        for key, value in properties.items():
            if value is None:
                self._database.run("DELETE FROM drive_properties WHERE number = ? AND key = ?", number, key)
            else:
                self._database.run("INSERT OR REPLACE INTO drive_properties VALUES (?, ?, ?)", number, key, value)

    def _record(self, act: str, file: str, name: str) -> None:
        sql = "INSERT INTO drive_writes VALUES (?, ?, ?, ?, ?)"
        self._database.run(sql, self._store.clock(), self._address, act, file, name)


def properties_of(store: DriveStore, file: StoredFile) -> dict[str, str]:
    """The app's own properties of a file."""
    return dict(store.database.rows("SELECT key, value FROM drive_properties WHERE number = ?", file.number))


def writes(store: DriveStore) -> list[Write]:
    """Every write of an app, in the order they were carried out."""
    rows = store.database.rows("SELECT at, address, act, file, name FROM drive_writes ORDER BY rowid")
    return [Write(*row) for row in rows]
