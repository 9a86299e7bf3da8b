"""Drafts: in their conversation, sent as they stand, taken back into the bin, made once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.demo.faults import Fault
from app.demo.mail_drafts import DraftStore
from app.demo.mail_outgoing import sent_mail
from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.little_office import DANA
from tests.mail.desk import deliver
from tests.mail.post import ME, ROTH, asked, listed, mails, post, recipients
from tests.write_world import Desk, rows

DAY = timedelta(days=1)
CREATE = "POST /gmail/v1/users/me/drafts"


@pytest.fixture
def world(running: Running, tmp_path: Path) -> Iterator[Desk]:
    with post(tmp_path, running) as made:
        yield made


def test_a_draft_of_a_reply_lies_in_the_thread_and_can_be_sent_or_taken_back(world: Desk, office: Workspace) -> None:
    asked(office)

    async def go() -> None:
        await listed(world)
        answer = await world.do("draft_reply", conversation="mail:1", body="Yes.")
        assert "lies in Drafts, unsent" in answer.text
        assert (answer.artifact["refs"][0]["handle"], answer.artifact["status"]) == ("draft:1", "ok")
        assert sent_mail(office) == []
        item = await world.propose("send_draft", draft="draft:1")
        assert recipients(item) == [("to", DANA)]
        assert rows(item)["body"] == "Yes."
        await world.resume(True)
        again = await world.refused("send_draft", draft="draft:1")
        assert "not there any more" in again

    asyncio.run(go())
    assert [record.subject for record in sent_mail(office)] == ["Re: Budget"]
    assert not mails(office, "DRAFT")


def test_a_draft_is_taken_back_into_the_bin_and_out_of_it(world: Desk, office: Workspace) -> None:
    deliver(office, "Hello.", by=ME, to=ROTH, subject="Earlier", ago=DAY, labels=("SENT",))

    async def go() -> None:
        await world.do(
            "draft_mail", to=["daniel roth", "Dana <dana.okafor@northwind.example>"], subject="Lunch", body="?"
        )
        drafted = world.row()
        [draft] = mails(office, "DRAFT")
        assert ("".join(draft["To"].splitlines()), draft["Subject"]) == (f"{ROTH}, Dana <{DANA}>", "Lunch")
        assert "TRASH" not in _labels(office)
        await world.undo(drafted.id)
        assert "TRASH" in _labels(office)
        await world.undo(world.row().id)
        assert "TRASH" not in _labels(office)
        assert "sent to" in (await world.do("send_draft", draft="draft:1")).text

    asyncio.run(go())


def _labels(office: Workspace) -> set[str]:
    return {label for (label,) in office.database.rows("SELECT label FROM message_labels")}


def test_a_draft_that_was_changed_meanwhile_is_not_sent(world: Desk, office: Workspace, running: Running) -> None:
    async def go() -> str:
        await world.do("draft_mail", to=[DANA], subject="Lunch", body="At one?")
        await world.propose("send_draft", draft="draft:1")
        store = office.mail()
        [(old,)] = office.database.rows("SELECT message FROM mail_drafts")
        [draft] = DraftStore(store).ids().values()
        DraftStore(store).replace(draft, old, b"To: x@far.example\r\nSubject: Other\r\n\r\nOther.\r\n", None)
        return (await world.resume(True))[-2].text

    assert "the draft changed since this was shown" in asyncio.run(go())
    assert sent_mail(office) == []


@pytest.mark.parametrize(
    ("fault", "stage", "count"),
    [
        (Fault(CREATE, status=429), "failed", 0),
        (Fault(CREATE), "done", 1),
        (Fault(CREATE, after=True), "done", 1),
        (Fault(CREATE, kind="reset"), "unknown", 0),
        (Fault(CREATE, kind="reset", after=True), "done", 1),
        (Fault(CREATE, kind="truncate"), "done", 1),
        (Fault(CREATE, kind="garbage"), "unknown", 0),
        (Fault(CREATE, times=None), "failed", 0),
    ],
)
def test_a_draft_is_made_once_whatever_happens(
    world: Desk, office: Workspace, running: Running, fault: Fault, stage: str, count: int
) -> None:
    async def go() -> None:
        await world.propose("draft_mail", to=[DANA], subject="Lunch", body="At one?")
        running.faults.add(fault)
        await world.resume(True)

    asyncio.run(go())
    assert (world.row().stage, len(mails(office, "DRAFT")), sent_mail(office)) == (stage, count, [])
