"""Documents of Valet's own, written: through the whole graph, the real client and gateway, to the demo Drive."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage

from app.demo.drive.lookup import DriveLookup
from tests.demo.little_office import ALEX
from tests.documents import desk as office_desk
from tests.documents.desk import ANA, NOW, TOM
from tests.documents.own import NOTES, acts, made, markdown, said, share, working
from tests.scripted import calling
from tests.write_world import Desk
from tests.write_world import last as answer_of
from tools.documents import kinds
from tools.documents.drafting import difference


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[office_desk.Desk]:
    with office_desk.opened(tmp_path / "office.sqlite") as drive:
        yield drive


@pytest.fixture
def person(tmp_path: Path, drive: office_desk.Desk) -> Iterator[Desk]:
    with working(tmp_path, drive) as person:
        yield person


async def found(person: Desk, query: str) -> None:
    """Search, so that there are handles."""
    person.say(calling(("find_documents", {"query": query})), AIMessage("Here."))
    await person.ask(f"find {query}")


def test_a_google_doc_unshared_and_binned_again(person: Desk, drive: office_desk.Desk) -> None:
    async def go() -> None:
        item = await person.propose("create_document", title="Launch notes", content=NOTES)
        assert said(item) == [
            ("title", "Launch notes", None),
            ("kind", "Google Doc", None),
            ("folder", "My Drive, in no folder", None),
            ("content", NOTES, None),
        ]
        assert item["effects"] == ["Nobody but you can see it: a new document is not shared."]
        assert item["account"] == ALEX
        assert made(drive) == []
        answer = answer_of(await person.resume(True))
        assert "Google Doc “Launch notes” created" in answer.text
        assert answer.artifact["refs"][0]["handle"] == "file:1"
        [doc] = made(drive)
        assert (doc.mime, markdown(drive, doc)) == (kinds.DOC, NOTES)
        assert DriveLookup(drive.workspace.drive, ALEX).access(doc) == [(ALEX, "owner")]
        receipt = person.row().receipt
        assert receipt is not None
        assert (receipt.id, receipt.link) == (doc.id, f"https://docs.google.com/document/d/{doc.id}/edit?usp=drivesdk")
        await person.undo(person.row().id)
        assert [file.trashed for file in made(drive)] == [True]
        await person.undo(person.row().id)
        assert [file.trashed for file in made(drive)] == [False]
        assert drive.workspace.note("frozen")

    asyncio.run(go())


@pytest.mark.parametrize(
    ("form", "name", "mime"), [("markdown", "Notes.md", kinds.MARKDOWN), ("text", "Notes.txt", kinds.TEXT)]
)
def test_a_file_of_text(person: Desk, drive: office_desk.Desk, form: str, name: str, mime: str) -> None:
    async def go() -> None:
        await person.do("create_document", title="Notes", content="héllo\u200b\n", format=form)
        [file] = made(drive)
        assert (file.name, file.mime, markdown(drive, file)) == (name, mime, "héllo\n")
        assert person.row().proposal.plan.body["file"] == file.id

    asyncio.run(go())


@pytest.mark.parametrize("form", ["doc", "markdown", "text"])
def test_a_document_without_a_text_is_empty(person: Desk, drive: office_desk.Desk, form: str) -> None:
    async def go() -> None:
        await person.do("create_document", title="Notes", format=form)
        rows = person.row().proposal.plan.rows
        assert {row.label: row.value for row in rows}["content"] == "nothing: an empty document"
        [file] = made(drive)
        assert markdown(drive, file).strip() == ""

    asyncio.run(go())


def test_in_a_folder_of_its_own_whose_readers_are_named(person: Desk, drive: office_desk.Desk) -> None:
    async def go() -> None:
        await person.do("create_folder", title="Launch")
        [folder] = made(drive)
        share(drive, folder, TOM)
        item = await person.propose("create_document", title="Notes", content=NOTES, folder="file:1")
        assert ("folder", f"Launch ({folder.id})", None) in said(item)
        assert [(one["address"], one["name"], one["role"]) for one in item["recipients"]] == [
            (TOM, "Tom Baker", "reader")
        ]
        assert item["effects"] == [f"“Launch”, and so what is in it, can be seen by Tom Baker <{TOM}> (reader)."]
        share(drive, folder, ANA)
        assert "who can read it changed" in answer_of(await person.resume(True)).text
        await person.do("create_document", title="Notes", content=NOTES, folder="file:1")
        assert [file.parent for file in made(drive)] == ["", folder.id]

    asyncio.run(go())


def test_what_valet_did_not_make_is_not_touched(person: Desk, drive: office_desk.Desk) -> None:
    async def go() -> None:
        await found(person, "offsite")
        for name, args in (
            ("update_document", {"document": "file:1", "content": "x", "mode": "append"}),
            ("trash_document", {"document": "file:1"}),
            ("create_document", {"title": "x", "content": "x", "folder": "file:1"}),
        ):
            assert "only documents and folders that it made itself" in await person.refused(name, **args)
        assert acts(drive) == []

    asyncio.run(go())


@pytest.mark.parametrize("form", ["doc", "markdown"])
def test_continued_and_written_anew_with_the_difference_and_back(
    person: Desk, drive: office_desk.Desk, form: str
) -> None:
    async def go() -> None:
        await person.do("create_document", title="Notes", content=NOTES, format=form)
        item = await person.propose("update_document", document="file:1", content="- and bronze\n", mode="append")
        assert item["title"] == "Continue a document"
        rows = {row["label"]: row["value"] for row in item["rows"]}
        assert rows["added at its end"] == "- and bronze\n"
        assert "what changes" not in rows
        assert ("may be lost" in " ".join(item["effects"])) == (form == "doc")
        await person.resume(True)
        assert markdown(drive, made(drive)[0]) == f"{NOTES.rstrip()}\n\n- and bronze\n"
        item = await person.propose("update_document", document="file:1", content="Short.\n", mode="replace")
        assert item["title"] == "Write a document anew"
        await person.resume(True)
        assert markdown(drive, made(drive)[0]) == "Short.\n"
        await person.undo(person.row().id)
        assert markdown(drive, made(drive)[0]) == f"{NOTES.rstrip()}\n\n- and bronze\n"
        assert acts(drive) == ["create", "update", "update", "update"]
        refusal = await person.refused(
            "update_document", document="file:1", content=markdown(drive, made(drive)[0]), mode="replace"
        )
        assert "says that already" in refusal

    asyncio.run(go())


def test_a_document_that_somebody_changed_meanwhile_is_left_alone(person: Desk, drive: office_desk.Desk) -> None:
    async def go() -> None:
        await person.do("create_document", title="Notes", content=NOTES, format="markdown")
        await person.propose("update_document", document="file:1", content="x", mode="replace")
        [file] = made(drive)
        drive.workspace.database.run("UPDATE drive_bytes SET content = ? WHERE number = ?", b"other", file.number)
        assert "its text changed" in answer_of(await person.resume(True)).text
        await person.propose("update_document", document="file:1", content="x", mode="replace")
        drive.workspace.drive.change(file.id, by=ALEX, modified=NOW + timedelta(minutes=1), trashed=True)
        assert "its place changed" in answer_of(await person.resume(True)).text
        assert "in the trash" in await person.refused("update_document", document="file:1", content="y", mode="append")
        assert acts(drive) == ["create"]

    asyncio.run(go())


def test_the_difference_of_two_texts() -> None:
    assert difference("a\nb\n", "a\nc\n") == "1 line added, 1 line removed:\n  a\n- b\n+ c"
    assert difference("Ship it\n", "Ship it\n\nOn Friday\n") == "2 lines added:\n  Ship it\n+ \n+ On Friday"
    old, new = ("".join(f"{line}\n" for line in lines) for lines in ("abcdefgh", "bcdefgx"))
    assert difference(old, new) == "1 line added, 2 lines removed:\n- a\n  b\n…\n  g\n- h\n+ x"
    assert difference("a\n", "a") == "only the line ends"
