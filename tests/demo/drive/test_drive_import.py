"""Importing a folder of documents: folders, times and names kept, each file accounted for, nothing taken twice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.demo.importing import ImportReport
from app.demo.seed.office_files import docx, pptx, workbook
from app.demo.seed.pdf_pages import text_pdf
from app.demo.server import serve
from app.demo.workspace import Person, Workspace
from tests.demo.drive.conftest import READ, Caller
from tests.demo.imports import KIM, only, take
from tests.demo.little_office import Client, sign_in

WHEN = datetime(2025, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    found = Workspace.create(tmp_path / "w.db", owner=Person(KIM, "Kim Doe"), zone="Europe/Lisbon")
    yield found
    found.close()


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """A folder with one document of each kind, and some that are none."""
    root = tmp_path / "papers"
    contents = {
        "lease.pdf": text_pdf("The lease"),
        "home/letter.docx": docx("# Dear Kim"),
        "home/budget.xlsx": workbook({"A": [["x", "1"]]}),
        "home/deep/talk.pptx": pptx("# Talk\n- one"),
        "home/deep/notes.txt": "Besuch im Café, Käse".encode("cp1252"),
        "todo.md": b"To: do\n\n- water the ficus",
        "list.csv": b"plant,water\nmonstera,weekly\n",
        "page.html": b"<html><script>var hidden = 1</script><p>Sourdough &amp; salt</p></html>",
        "wide.txt": "anchovies".encode("utf-16"),
        "empty.txt": b"",
        "blank.md": b" \n",
        "fake.pdf": b"<html>please log in</html>",
        "fake.docx": b"\xd0\xcf\x11\xe0 an old one",
        "noise.csv": b"a\0\0b\x01",
        "picture.png": b"\x89PNG",
    }
    for name, content in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (WHEN.timestamp(), WHEN.timestamp()))
    return root


def test_each_file_is_accounted_for(workspace: Workspace, papers: Path) -> None:
    report = take(workspace, papers)
    assert report.documents == 9
    assert {found.path.name: found.reason for found in report.of("refused")} == {
        "empty.txt": "the file is empty",
        "blank.md": "the file is empty",
        "fake.pdf": "it is not a PDF, whatever its name says, or it is damaged",
        "fake.docx": "it is not an Office file, whatever its name says, or it is damaged",
        "noise.csv": "it is not a text, whatever its name says",
        "picture.png": "not a kind Valet can import yet",
    }
    by_name = {found.path.name for found in report.files if "found by its name, not by its words" in found.notes}
    assert by_name == {"lease.pdf", "letter.docx", "budget.xlsx", "talk.pptx"}


def test_what_was_taken_is_served(workspace: Workspace, papers: Path) -> None:
    take(workspace, papers)
    with serve(workspace) as running:
        kim = Caller(Client(running, sign_in(running, READ)["access_token"]))
        assert set(kim.names("'root' in parents")) == {"papers"}
        found = {file["name"]: file for file in kim.get("files", fields="*").json["files"]}
        for name, folder in (("lease.pdf", "papers"), ("talk.pptx", "deep"), ("deep", "home"), ("home", "papers")):
            assert found[name]["parents"] == [found[folder]["id"]]
        lease = found["lease.pdf"]
        assert (lease["mimeType"], lease["modifiedTime"]) == ("application/pdf", "2025-05-06T07:08:09.000Z")
        assert lease["owners"][0]["emailAddress"] == KIM
        assert kim.get(f"files/{lease['id']}", alt="media").body == (papers / "lease.pdf").read_bytes()
        for word, name in (
            ("Käse", "notes.txt"),
            ("ficus", "todo.md"),
            ("monstera", "list.csv"),
            ("salt", "page.html"),
            ("anchovies", "wide.txt"),
        ):
            assert kim.names(f"fullText contains '{word}'") == [name]
        assert kim.names("fullText contains 'hidden'") == []
        kim.client.close()


def test_nothing_is_taken_twice(workspace: Workspace, papers: Path) -> None:
    take(workspace, papers)
    again = take(workspace, papers)
    assert (again.documents, again.duplicates) == (0, 9)
    (papers / "todo.md").write_bytes(b"- water the fern")
    third = take(workspace, papers)
    assert (third.documents, third.duplicates) == (1, 8)
    assert workspace.database.value("SELECT count(*) FROM drive_files WHERE name = 'papers'") == 1


def test_a_file_by_itself(workspace: Workspace, papers: Path) -> None:
    report: ImportReport = take(workspace, papers / "home" / "letter.docx")
    assert (only(report).kind, only(report).outcome) == ("document", "loaded")
    assert workspace.database.rows("SELECT name, parent FROM drive_files") == [("letter.docx", "")]


def test_names_that_are_not_text(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text("latte")
    except OSError:
        pytest.skip("this file system takes UTF-8 names alone")
    assert only(take(workspace, folder)).loaded == 1
    assert workspace.database.value("SELECT name FROM drive_files WHERE name LIKE 'caf%'") == "caf?.txt"


def test_a_large_file_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    with large.open("wb") as out:
        out.write(b"words")
        out.truncate(50 * 1024 * 1024 + 1)
    assert only(take(workspace, large)).reason == "it is larger than 50 MB"
