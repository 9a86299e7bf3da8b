"""Somebody whose assistant writes documents: the graph over the demo Drive, and what the Drive holds afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.demo.drive.lookup import DriveLookup, StoredFile
from app.demo.drive.written import writes
from app.demo.mail_lookup import EVERYTHING
from tests.demo.little_office import ALEX, sign_in
from tests.documents import desk as office_desk
from tests.documents.desk import NOW, ZONE
from tests.small_graph import module
from tests.write_world import Desk, SignsIn, desk
from tools import drive_documents, drive_retrieval
from tools.documents import kinds

NOTES = "# Launch notes\n\n- gold & silver\n- ship it\n"


@contextmanager
def working(folder: Path, drive: office_desk.Desk, **options: Any) -> Iterator[Desk]:
    def token(scopes: tuple[str, ...]) -> str:
        return str(sign_in(drive.running, *scopes)["access_token"])

    modules = [module("drive_retrieval", drive_retrieval.NODE), module("drive_documents", drive_documents.NODE)]
    origins = {"www.googleapis.com": drive.running.origin}
    with desk(folder, modules, origins, SignsIn(token, ALEX), now=NOW, zone=ZONE, **options) as person:
        yield person


def made(drive: office_desk.Desk) -> list[StoredFile]:
    """What the app made, the oldest first."""
    found = DriveLookup(drive.workspace.drive, ALEX, app_only=True).files(EVERYTHING)
    return sorted(found, key=lambda file: file.number)


def markdown(drive: office_desk.Desk, file: StoredFile) -> str:
    form = kinds.MARKDOWN if file.mime == kinds.DOC else ""
    return (DriveLookup(drive.workspace.drive, ALEX).content(file, form) or b"").decode()


def share(drive: office_desk.Desk, file: StoredFile, address: str) -> None:
    """As the person would in Drive."""
    sql = "INSERT INTO drive_access VALUES (?, ?, 'reader')"
    drive.workspace.database.run(sql, file.number, address)


def acts(drive: office_desk.Desk) -> list[str]:
    return [write.act for write in writes(drive.workspace.drive)]


def said(item: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    return [(row["label"], row["value"], row["before"]) for row in item["rows"]]
