"""A document that bears the name asked for is the one that was meant; what only speaks of it takes one line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.documents.desk import NOW, Desk, opened
from tests.saying import lead, text
from tools.documents import kinds
from tools.view import Note, Table


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path / "office.sqlite") as desk:
        yield desk


@pytest.mark.parametrize("query", ["lease contract", "Contract: lease"])
def test_a_document_of_that_name_is_the_one_that_was_meant(desk: Desk, query: str) -> None:
    for number in range(4):
        said = "The lease, a contract, and the PDF of it."
        desk.add(f"Notes of a meeting, number {number}", kinds.TEXT, b"x", text=said, modified=NOW)
    desk.add("Lease contract (old)", kinds.TEXT, b"x", modified=NOW, text="pdf")
    found = desk.call("find_documents", query=query)
    table, others = found.view(lambda ref: ref.label[-1])
    assert isinstance(table, Table)
    assert [row[1].text for row in table.rows] == ["Lease contract.pdf", "Lease contract (old)"]
    assert isinstance(others, Note)
    assert len(others.text) <= 100
    assert others.text.endswith(" more.")
    assert lead(found) == (
        "“Lease contract.pdf”, PDF by Tom Baker, changed Fri 20 Feb 09:00. 4 others have these words in the text."
    )
    assert len(found.refs()) == len(found.hits) == text(found).count("\n")  # the fifth may still be pointed at


def test_a_topic_that_names_no_document_keeps_every_row(desk: Desk) -> None:
    desk.add("Notes", kinds.TEXT, b"x", text="the lease", modified=NOW)
    (table,) = desk.call("find_documents", query="lease").view(lambda ref: "")
    assert [row[1].text for row in table.rows] == ["Lease contract.pdf", "Notes"]


@pytest.mark.parametrize(("query", "kind"), [("launch deck", "any"), ("launch", "any"), ("launch", "presentation")])
def test_a_word_for_the_kind_may_be_missing_in_the_request(desk: Desk, query: str, kind: str) -> None:
    desk.add("Rehearsal", kinds.SLIDES, b"", text="launch deck", modified=NOW)
    found = desk.call("find_documents", query=query, kind=kind)
    assert "“Launch deck”, Google Slides" in lead(found)
    assert "1 other has these words in the text." in lead(found)


def test_the_newest_is_told_where_the_newest_was_asked_for(desk: Desk) -> None:
    desk.add("Notes", kinds.TEXT, b"x", text="lease contract", modified=NOW)
    found = desk.call("find_documents", query="lease contract", latest=True)
    assert lead(found).startswith("2 documents about “lease contract”. The first: “Notes”")


def test_that_part_of_a_name_fits_nothing_is_said_before_the_nearest_is_taken_for_it(desk: Desk) -> None:
    desk.add("Floor plan (scanned).pdf", kinds.PDF, b"%PDF-1.7")
    found = desk.call("find_documents", query="scanned treaty")
    warning, table = found.view(lambda ref: "")
    said = "No document has all of these words, and none is called “treaty”; the nearest is “Floor plan (scanned).pdf”"
    assert isinstance(warning, Note)
    assert isinstance(table, Table)
    assert warning.text == f"{said}."
    assert lead(found) == f"{said}, PDF of yours, changed yesterday 10:00."


def test_of_words_that_several_names_share_none_is_said_to_name_nothing(desk: Desk) -> None:
    desk.add("Floor plan", kinds.TEXT, b"x", modified=NOW)
    found = desk.call("find_documents", query="floor contract")
    assert lead(found) == (
        "No document has all of these words; 2 have some, the nearest is “Floor plan”, text file of yours, "
        "changed today 10:20."
    )
    newest = desk.call("find_documents", query="floor contract", latest=True)
    assert "2 have some, the newest is “Floor plan”" in lead(newest)


def test_a_topic_is_not_told_as_a_name_that_nothing_has(desk: Desk) -> None:
    desk.add("Notes", kinds.TEXT, b"x", text="the moon", modified=NOW)
    found = desk.call("find_documents", query="moon treaty")
    assert lead(found).startswith("No document has all of these words; the nearest is “Notes”, text file of yours")
