"""Documents of Valet's own when Drive fails: what is done, what is not, what nobody knows; and never anything twice."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.demo.faults import Fault
from graphs.effect import Carrier, Done
from tests.documents import desk as office_desk
from tests.documents.own import NOTES, acts, working
from tests.write_world import Desk
from tests.write_world import last as answer_of

UPLOAD, PLAIN = "POST /upload/drive/v3/files", "POST /drive/v3/files"
CHANGE = "PATCH /upload/drive/v3/files/*"


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[office_desk.Desk]:
    with office_desk.opened(tmp_path / "office.sqlite") as drive:
        yield drive


@pytest.fixture
def person(tmp_path: Path, drive: office_desk.Desk) -> Iterator[Desk]:
    with working(tmp_path, drive) as person:
        yield person


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
def test_an_open_outcome_is_looked_up_and_it_is_never_made_twice(
    person: Desk, drive: office_desk.Desk, name: str, args: dict[str, Any], match: str, fault: Fault
) -> None:
    async def go() -> None:
        order(drive, fault, match)
        await person.do(name, **args)
        gone = fault is OPEN[0] and not person.row().proposal.plan.body["file"]
        assert person.row().stage == ("unknown" if gone else "done")
        assert acts(drive) == ([] if gone else ["create"])

    asyncio.run(go())


@pytest.mark.parametrize("fault", OPEN[1:], ids=named)
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


def test_of_a_service_that_stays_away_nobody_knows_what_it_does(person: Desk, drive: office_desk.Desk) -> None:
    async def go() -> None:
        order(drive, Fault("", "reset"), UPLOAD, times=2)
        assert "did not answer" in (await person.do("create_document", title="Notes", content=NOTES)).text
        assert (person.row().stage, acts(drive)) == ("unknown", [])

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
