"""A small Drive: the owner's folder and files, files of a colleague, a shared drive; and callers of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.discovery_schema import check_response
from tests.demo.little_office import ALEX, AUTH, DANA, NOW, Answer, Client, sign_in

READ, METADATA, APP = f"{AUTH}drive.readonly", f"{AUTH}drive.metadata.readonly", f"{AUTH}drive.file"
DOC, SHEET, FOLDER = (f"application/vnd.google-apps.{kind}" for kind in ("document", "spreadsheet", "folder"))
BYTES = bytes(range(256)) * 4


@dataclass(frozen=True)
class Shelf:
    """The ids of what is in the small Drive."""

    folder: str
    plan: str
    report: str
    shared_folder: str
    budget: str
    secret: str
    drive: str
    minutes: str
    made: str


def put(office: Workspace, name: str, *, days: float = 1, **more: Any) -> str:
    """File something, last changed `days` before NOW."""
    facts: dict[str, Any] = {"mime": "text/plain", "content": b"", "owner": ALEX, "created": NOW - timedelta(days=30)}
    return office.drive.add_file(name, **{**facts, "modified": NOW - timedelta(days=days), **more})


@pytest.fixture
def shelf(office: Workspace) -> Shelf:
    drive = office.drive
    folder = drive.add_folder("Plans", owner=ALEX, created=NOW - timedelta(days=40))
    shared = drive.add_folder("Dana's things", owner=DANA, shared=[(ALEX, "reader")], created=NOW - timedelta(days=40))
    team = drive.add_drive("Team", members=[DANA, (ALEX, "reader")], created=NOW - timedelta(days=90))
    exports = {"text/plain": b"Dear all, the launch", "text/markdown": b"# Dear all"}
    return Shelf(
        folder=folder,
        plan=put(office, "Aurora launch plan", mime=DOC, parent=folder, exports=exports, text="Dear all, the launch"),
        report=put(office, "report's 10.bin", days=2, mime="application/octet-stream", content=BYTES, starred=True),
        shared_folder=shared,
        budget=put(office, "Budget_2026.txt", days=3, owner=DANA, parent=shared, content=b"gold", text="gold bars"),
        secret=put(office, "Dana's secret", days=4, owner=DANA, content=b"no", text="gold"),
        drive=team,
        minutes=put(office, "Minutes", days=5, owner=DANA, by=DANA, drive=team, mime=DOC, exports=exports, text="gold"),
        made=put(office, "report's 9.txt", days=6, content=b"by the app", app=True, trashed=True, text="launch pad"),
    )


@dataclass(frozen=True)
class Caller:
    """Somebody with a token; every JSON answer is checked against its schema."""

    client: Client

    def get(self, path: str, **query: Any) -> Answer:
        answer = self.client.get(f"/drive/v3/{path}", **query)
        if answer.status == 200 and "alt" not in query and not path.endswith("/export"):
            check_response("GET", f"/drive/v3/{path}", answer.json)
        return answer

    def names(self, q: str = "", **query: Any) -> list[str]:
        """The names of the files a list answers, in its order."""
        asked = {"q": q} if q else {}
        answer = self.get("files", fields="files(name)", **asked, **query)
        assert answer.status == 200, answer.body
        return [file["name"] for file in answer.json["files"]]


Callers = Callable[..., Caller]


@pytest.fixture
def caller() -> Iterator[Callers]:
    """Makes a caller: of a server, with scopes, for the owner or whom `hint` names."""
    made: list[Caller] = []

    def make(running: Running, *scopes: str, hint: str = "") -> Caller:
        made.append(Caller(Client(running, sign_in(running, *scopes, hint=hint)["access_token"])))
        return made[-1]

    yield make
    for one in made:
        one.client.close()


@pytest.fixture
def reader(running: Running, shelf: Shelf, caller: Callers) -> Caller:
    """The owner of the workspace, who lets the app read everything."""
    return caller(running, READ)
