"""The documents of the seeded workspace: served as valid answers, and readable by the libraries people read with."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import docx
import openpyxl
import pptx
import pypdf
import pytest

from app.demo.quota import Limits
from app.demo.seed import fresh
from app.demo.seed.days import Days
from app.demo.seed.document_forms import DOCX, PDF, PPTX, XLSX
from app.demo.seed.documents import shelf
from app.demo.server import serve
from app.demo.workspace import Workspace
from tests.demo import truth
from tests.demo.drive.conftest import DOC, READ, SHEET, Caller
from tests.demo.little_office import ALEX, Client, sign_in

TODAY, ZONE = date(2026, 3, 4), "Europe/Zurich"
TROUBLE = {"Payslip.pdf", "Roadmap (recovered).docx", "Quayside floor plan (scan).pdf", "Untitled.txt"}
ALL = {"corpora": "allDrives", "includeItemsFromAllDrives": "true", "supportsAllDrives": "true"}


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = fresh(tmp_path_factory.mktemp("seed") / "demo.db", today=TODAY, zone=ZONE)
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def alex(seeded: Workspace) -> Iterator[Caller]:
    limits = Limits(drive_units_per_minute=None)
    with serve(seeded, limits=limits) as running:
        client = Client(running, sign_in(running, READ)["access_token"])
        yield Caller(client)
        client.close()


@pytest.fixture(scope="module")
def listed(alex: Caller) -> dict[str, dict[str, Any]]:
    """Every file the owner sees, by name."""
    found = alex.get("files", fields="*", pageSize=1000, q="trashed = false", **ALL).json["files"]
    names = Counter(file["name"] for file in found)
    assert names.most_common(1)[0][1] == 1, "names that are the same twice"
    return {file["name"]: file for file in found}


def bytes_of(alex: Caller, file: dict[str, Any], mime: str = "") -> bytes:
    place = f"files/{file['id']}"
    answer = (
        alex.get(f"{place}/export", mimeType=mime) if mime else alex.get(place, alt="media", supportsAllDrives="true")
    )
    assert answer.status == 200, answer.body
    return answer.body


def test_the_stock(listed: dict[str, dict[str, Any]]) -> None:
    kinds = Counter(file["mimeType"] for file in listed.values())
    assert sum(kinds.values()) - kinds["application/vnd.google-apps.folder"] >= 45
    for kind in (DOC, SHEET, DOCX, XLSX, PPTX, PDF, "text/plain", "text/markdown", "text/csv", "text/html"):
        assert kinds[kind], kind
    assert {"Aurora launch plan", "Aurora launch plan (old)"} <= set(listed)
    assert sum("driveId" in file for file in listed.values()) >= 12
    assert sum(file.get("owners", [{}])[0].get("emailAddress", "").startswith("ana.") for file in listed.values()) >= 3
    assert sum(file.get("owners", [{}])[0].get("emailAddress") == ALEX for file in listed.values()) >= 10


def test_every_document_opens(alex: Caller, listed: dict[str, dict[str, Any]]) -> None:
    opened: Counter[str] = Counter()
    for name, file in listed.items():
        mimes = list(file.get("exportLinks", {})) or [file["mimeType"]]
        if file["mimeType"].endswith("folder") or name in TROUBLE:
            continue
        for mime in mimes:
            content = bytes_of(alex, file, mime if "exportLinks" in file else "")
            assert words_of(mime, content).strip(), (name, mime)
            assert not re.search(rb"\{[a-z0-9.+-]+\|[a-z]+", content), name
            opened[mime] += 1
    assert all(opened[mime] >= 2 for mime in (DOCX, XLSX, PPTX, PDF)), opened


def words_of(mime: str, content: bytes) -> str:
    """What the usual library finds in a file."""
    source = io.BytesIO(content)
    if mime == DOCX:
        document = docx.Document(source)
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return " ".join([paragraph.text for paragraph in document.paragraphs] + cells)
    if mime == XLSX:
        sheets = openpyxl.load_workbook(source, read_only=True).worksheets
        return " ".join(str(value) for sheet in sheets for row in sheet.values for value in row)
    if mime == PPTX:
        slides = pptx.Presentation(source).slides
        assert all(slide.shapes.title is not None for slide in slides)
        return " ".join(shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame)
    if mime == PDF:
        return " ".join(page.extract_text() for page in pypdf.PdfReader(source).pages)
    return content.decode("utf-8")


def test_the_long_agreement(alex: Caller, listed: dict[str, dict[str, Any]]) -> None:
    reader = pypdf.PdfReader(io.BytesIO(bytes_of(alex, listed["Contoso master agreement.pdf"])))
    assert len(reader.pages) == 40
    assert "EUR 2,400,000" in reader.pages[30].extract_text()
    assert "90 days" in reader.pages[36].extract_text()


def test_files_that_make_trouble(alex: Caller, listed: dict[str, dict[str, Any]]) -> None:
    payslip = pypdf.PdfReader(io.BytesIO(bytes_of(alex, listed["Payslip.pdf"])))
    assert payslip.is_encrypted
    assert payslip.decrypt("") == 0
    scan = pypdf.PdfReader(io.BytesIO(bytes_of(alex, listed["Quayside floor plan (scan).pdf"])))
    assert [(page.extract_text(), len(page.images)) for page in scan.pages] == [("", 1), ("", 1)]
    assert bytes_of(alex, listed["Untitled.txt"]) == b""
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(bytes_of(alex, listed["Roadmap (recovered).docx"])))


def test_exports_are_as_the_service_makes_them(alex: Caller, listed: dict[str, dict[str, Any]]) -> None:
    plan, criteria = listed["Aurora launch plan"], listed["Go/no-go criteria"]
    assert bytes_of(alex, plan, "text/plain").startswith(b"\xef\xbb\xbfAurora launch plan\r\n")
    assert b"| No severity 1" in bytes_of(alex, plan, "text/markdown")
    assert b"<td>Li Wei</td>" in bytes_of(alex, plan, "text/html")
    rows = bytes_of(alex, criteria, "text/csv").decode()
    assert rows.startswith("Number,Criterion")
    assert "History" not in rows, "the CSV is of the first sheet alone"
    assert openpyxl.load_workbook(io.BytesIO(bytes_of(alex, criteria, XLSX))).sheetnames == ["Criteria", "History"]


def test_searches(alex: Caller) -> None:
    assert alex.names("name contains 'aurora launch plan' and trashed = false") == ["Aurora launch plan (old)"]
    assert set(alex.names("name contains 'aurora launch plan' and trashed = false", **ALL)) == {
        "Aurora launch plan",
        "Aurora launch plan (old)",
    }
    assert alex.names("fullText contains 'Brandt'") == ["Umzug Testlabor.docx"]
    assert alex.names("fullText contains '切换'") == ["运单接口切换方案"]
    assert "Board deck" in alex.names("fullText contains '96.4'")


@pytest.mark.parametrize("day", [date(2026, 3, 4), date(2026, 3, 7), date(2026, 12, 31)], ids=str)
def test_no_document_is_of_the_future(day: date) -> None:
    days = Days(day, ZONE)
    newest = days.at("d+0 08:00")
    for entry in shelf().entries:
        stamps = [days.at(stated) for stated in (entry.created or entry.modified, entry.modified)]
        assert stamps[0] <= stamps[1] <= newest, entry.key
        assert not entry.viewed or days.at(entry.viewed) <= newest, entry.key


def test_injections_are_planted_and_their_canaries_are_not() -> None:
    bodies = {entry.key: entry.body for entry in shelf().entries}
    planted = [found for found in truth.injections() if found.document]
    assert len(planted) == 2
    for injection in planted:
        stem = re.match(r"[A-Z]+", injection.canary)
        assert stem
        assert stem[0] in bodies[injection.document]
        assert not any(injection.canary in body for body in bodies.values())


def test_the_same_day_gives_the_same_drive(seeded: Workspace, tmp_path_factory: pytest.TempPathFactory) -> None:
    again = fresh(tmp_path_factory.mktemp("again") / "demo.db", today=TODAY, zone=ZONE)
    query = "SELECT id, name, modified, digests FROM drive_files ORDER BY id"
    exports = "SELECT number, mime, content FROM drive_bytes ORDER BY number, mime"
    assert again.database.rows(query) == seeded.database.rows(query)
    assert again.database.rows(exports) == seeded.database.rows(exports)
    again.close()
