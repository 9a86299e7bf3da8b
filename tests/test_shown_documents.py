"""The cited summaries of every document of the workspace, each citation against the bytes in the workspace's file."""

from __future__ import annotations

import html
import io
import re
import sqlite3
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from app.demo.seed import fresh
from app.demo.server import serve
from tests.documents.desk import ZONE, Desk
from tests.saying import text
from tools.documents.summary import Claim
from tools.documents.summary_finding import SummaryFinding

KINDS = ("document", "spreadsheet", "presentation", "pdf", "text")
HEADING = re.compile(r"^#{1,6} ")
RUN = re.compile(r"<a:t>([^<]*)</a:t>")
Held = dict[str, dict[str, bytes]]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, SummaryFinding], Held]:
    """The summary of each document by its id, and its bytes by kind, read from the file."""
    path = tmp_path_factory.mktemp("documents") / "demo.sqlite"
    workspace = fresh(path, today=date(2026, 3, 3), zone=ZONE.key)
    with serve(workspace) as running:
        desk = Desk(running, workspace)
        found = [hit.file for kind in KINDS for hit in desk.call("find_documents", kind=kind, limit=50).hits]
        summed = {file.id: desk.call("summarise_document", file=file.id) for file in found}
    workspace.close()
    return summed, _held(path)


def _held(path: Path) -> Held:
    held: Held = {}
    with closing(sqlite3.connect(path)) as file:
        for identity, mime, content in file.execute(
            "SELECT id, b.mime, content FROM drive_bytes b JOIN drive_files USING (number)"
        ):
            held.setdefault(identity, {})[mime] = content
    return held


def words(said: str) -> str:
    """The words and numbers of a text, whatever marks stand between them."""
    return " ".join(re.findall(r"\w+", said))


def parts(forms: dict[str, bytes]) -> list[str] | None:
    """The places of a document in order: slides, pages of a PDF, sections of a text; None for workbooks and others."""
    for content in forms.values():
        if zipfile.is_zipfile(io.BytesIO(content)) and (slides := _slides(content)):
            return slides
    own = forms.get("", b"")
    if own.startswith(b"%PDF"):
        return [words(page.extract_text()) for page in PdfReader(io.BytesIO(own)).pages]
    written = forms.get("text/markdown") or (own if own.startswith(b"#") else b"")
    found: list[list[str]] = [[]]
    for line in written.decode().splitlines():
        if HEADING.match(line) and any(found[-1]):
            found.append([])
        found[-1].append(line)
    return [words("\n".join(lines)) for lines in found] if written else None


def _slides(content: bytes) -> list[str]:
    """What stands on each slide of a presentation and in its notes."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
        names.sort(key=lambda name: int(re.sub(r"\D", "", name)))
        return [words(html.unescape(" ".join(RUN.findall(archive.read(name).decode())))) for name in names]


def claims(one: SummaryFinding) -> list[Claim]:
    summary = one.summary
    assert summary is not None
    told = [claim for point in summary.points for claim in point.claims]
    return [*summary.gist, *summary.decisions, *summary.actions, *told]


def test_every_sentence_stands_at_the_place_that_is_cited(shown: tuple[dict[str, SummaryFinding], Held]) -> None:
    summaries, held = shown
    checked = 0
    for identity, one in summaries.items():
        places = parts(held[identity]) if one.summary else None
        if places is None or one.summary is None:
            continue
        cited = [(claim.text.rstrip("…"), int(re.sub(r"\D", "", claim.mark))) for claim in claims(one)]
        cited += [(figure.value, figure.number) for figure in one.summary.figures]
        assert [(said, at) for said, at in cited if words(said) not in places[at - 1]] == [], one.document.file.name
        checked += len(cited)
    assert checked > 100


def test_of_forty_articles_alike_those_that_say_something_are_told(
    shown: tuple[dict[str, SummaryFinding], Held],
) -> None:
    summaries, _ = shown
    [one] = [found for found in summaries.values() if found.document.file.name == "Contoso master agreement.pdf"]
    assert one.summary is not None
    told = text(one)
    for said, page in (("24 hours", 22), ("EUR 2,400,000", 31), ("within 30 days", 35), ("at least 90 days", 37)):
        assert said in told
        assert f"[p. {page}]" in told or f"p. {page} " in told
    assert {claim.mark for claim in one.summary.gist} <= {"p. 8", "p. 22", "p. 25", "p. 31", "p. 35", "p. 37"}
    assert [point.heading.partition(" · ")[0] for point in one.summary.points][:2] == [
        "Article 1. Definitions",
        "Article 4. Fees",
    ]
    assert "agreed on the subject of" not in " ".join(claim.text for claim in one.summary.decisions)


def test_what_the_screen_shows_is_cited_line_by_line(shown: tuple[dict[str, SummaryFinding], Held]) -> None:
    summaries, _ = shown
    long = [one for one in summaries.values() if one.summary and not one.summary.whole]
    assert long
    for one in long:
        assert one.summary is not None
        for claim in one.summary.gist:
            assert f"{claim.text} [{claim.mark}]" in text(one)


def test_a_document_that_fits_the_screen_is_told_whole(shown: tuple[dict[str, SummaryFinding], Held]) -> None:
    summaries, held = shown
    checked = 0
    for identity, one in summaries.items():
        places = parts(held[identity]) if one.summary else None
        if places is None or one.summary is None or not one.summary.whole or one.summary.addressed:
            continue
        told = set(words(text(one)).split())
        assert [word for place in places for word in place.split() if word not in told and not word.isdigit()] == []
        checked += 1
    assert checked > 20
