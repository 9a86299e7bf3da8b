"""Documents of Valet's own, written: through the whole graph, the real client and gateway, to the demo Drive."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from app.demo.drive.lookup import DriveLookup, StoredFile
from app.demo.drive.written import writes
from app.demo.faults import Fault
from app.demo.mail_lookup import EVERYTHING
from graphs.effect import Carrier, Done
from tests.demo.little_office import ALEX, sign_in
from tests.documents import desk as office_desk
from tests.documents.desk import ANA, NOW, TOM, ZONE
from tests.scripted import calling
from tests.small_graph import module
from tests.write_world import Desk, SignsIn, desk
from tests.write_world import last as answer_of
from tools import drive_documents, drive_retrieval
from tools.documents import kinds
from tools.documents.drafting import difference

UPLOAD, PLAIN = "POST /upload/drive/v3/files", "POST /drive/v3/files"
CHANGE = "PATCH /upload/drive/v3/files/*"
NOTES = "# Launch notes\n\n- gold & silver\n- ship it\n"


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[office_desk.Desk]:
    with office_desk.opened(tmp_path / "office.sqlite") as drive:
        yield drive


@contextmanager
def working(folder: Path, drive: office_desk.Desk, **options: Any) -> Iterator[Desk]:
    def token(scopes: tuple[str, ...]) -> str:
        return str(sign_in(drive.running, *scopes)["access_token"])

    modules = [module("drive_retrieval", drive_retrieval.NODE), module("drive_documents", drive_documents.NODE)]
    origins = {"www.googleapis.com": drive.running.origin}
    with desk(folder, modules, origins, SignsIn(token, ALEX), now=NOW, zone=ZONE, **options) as person:
        yield person


@pytest.fixture
def person(tmp_path: Path, drive: office_desk.Desk) -> Iterator[Desk]:
    with working(tmp_path, drive) as person:
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
        assert rows["continue it with"] == "- and bronze\n"
        assert rows["difference"].splitlines()[1:] == [" - gold & silver", " - ship it", "+", "+- and bronze"]
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


LOST = [
    Fault("", "reset", after=True),
    Fault("", "status", status=503, after=True),
    Fault("", "truncate"),
    Fault("", "garbage", after=True),
]
OPEN = [Fault("", "reset"), Fault("", "status", status=500), *LOST]
CREATES = [
    ("create_document", {"title": "Notes", "content": NOTES}, UPLOAD),
    ("create_document", {"title": "Notes", "content": NOTES, "format": "markdown"}, UPLOAD),
    ("create_folder", {"title": "Launch"}, PLAIN),
]


def named(fault: Fault) -> str:
    return f"{fault.kind} {'after' if fault.after else ''}"


def order(drive: office_desk.Desk, fault: Fault, match: str, times: int = 1) -> None:
    facts = {"kind": fault.kind, "status": fault.status, "after": fault.after}
    drive.running.faults.add(Fault(match, times=times, **facts))  # type: ignore[arg-type]  # facts of a fault


@pytest.mark.parametrize("fault", OPEN, ids=named)
@pytest.mark.parametrize(("name", "args", "match"), CREATES)
def test_an_open_outcome_is_looked_up_and_it_is_made_once(
    person: Desk, drive: office_desk.Desk, name: str, args: dict[str, Any], match: str, fault: Fault
) -> None:
    async def go() -> None:
        order(drive, fault, match)
        assert (await person.do(name, **args)).status == "success"
        assert person.row().stage == "done"
        assert acts(drive) == ["create"]

    asyncio.run(go())


@pytest.mark.parametrize("fault", OPEN, ids=named)
def test_a_change_whose_answer_is_lost_is_found_by_its_mark(
    person: Desk, drive: office_desk.Desk, fault: Fault
) -> None:
    async def go() -> None:
        await person.do("create_document", title="Notes", content=NOTES)
        order(drive, fault, CHANGE)
        await person.do("update_document", document="file:1", content="- more", mode="append")
        assert person.row().stage == "done"
        assert acts(drive) == ["create", "update"]
        order(drive, fault, "PATCH /drive/v3/files/*")
        await person.do("trash_document", document="file:1")
        assert acts(drive) == ["create", "update", "update"]

    asyncio.run(go())


@pytest.mark.parametrize(("status", "text"), [(429, "slow down"), (403, "refused"), (400, "refused")])
def test_what_was_refused_is_said_to_be_not_done(person: Desk, drive: office_desk.Desk, status: int, text: str) -> None:
    async def go() -> None:
        order(drive, Fault("", status=status), UPLOAD)
        assert text in (await person.do("create_document", title="Notes", content=NOTES)).text
        assert (person.row().stage, acts(drive)) == ("failed", [])

    asyncio.run(go())


def test_a_service_that_stays_away_has_done_nothing(person: Desk, drive: office_desk.Desk) -> None:
    async def go() -> None:
        order(drive, Fault("", "reset"), UPLOAD, times=2)
        assert "did not answer" in (await person.do("create_document", title="Notes", content=NOTES)).text
        assert (person.row().stage, acts(drive)) == ("failed", [])

    asyncio.run(go())


def test_what_cannot_be_looked_up_is_not_known_until_it_can(person: Desk, drive: office_desk.Desk) -> None:
    async def go() -> None:
        await person.propose("create_document", title="Notes", content=NOTES)
        order(drive, LOST[0], UPLOAD)
        order(drive, Fault("", "reset"), "GET /drive/v3/files", times=3)
        assert "not known" in answer_of(await person.resume(True)).text
        assert person.row().stage == "unknown"
        assert isinstance(Carrier(person.parts).carry_out(person.row()), Done)
        assert acts(drive) == ["create"]

    asyncio.run(go())


@pytest.mark.parametrize(("form", "stage", "done"), [("doc", "unknown", ["create"]), ("markdown", "done", ["create"])])
def test_what_is_not_answered_in_time_and_comes_about_late_is_made_once(
    tmp_path: Path, drive: office_desk.Desk, form: str, stage: str, done: list[str]
) -> None:
    async def go(person: Desk) -> None:
        drive.running.faults.add(Fault(UPLOAD, "delay", seconds=600))
        await person.do("create_document", title="Notes", content=NOTES, format=form)
        assert person.row().stage == stage

    with working(tmp_path, drive, patience=3) as person:
        asyncio.run(go(person))
    drive.running.close()  # the request that waits is carried out now
    assert acts(drive) == done


def test_the_difference_of_two_texts() -> None:
    assert difference("a\nb\n", "a\nc\n").splitlines()[1:] == [" a", "-b", "+c"]
    assert difference("a\n", "a") == "only the line ends"
