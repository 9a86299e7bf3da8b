"""Sending under failures before and after the work: once, or not at all, or said to be unknown."""

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
from graphs.effect import Carrier, Done, NotDone
from tests.demo.little_office import AUTH, DANA, Client, sign_in
from tests.mail.post import asked, listed, mails, post
from tests.write_world import Desk, last
from tools.mail.outgoing import Outgoing

DAY = timedelta(days=1)
SEND, CREATE = "POST /gmail/v1/users/me/drafts/send", "POST /gmail/v1/users/me/drafts"
CHECK = "Look into Sent at Gmail"


@pytest.fixture
def world(running: Running, tmp_path: Path) -> Iterator[Desk]:
    with post(tmp_path, running) as made:
        yield made


OUTCOMES = [
    ("429 at the draft", Fault(CREATE, status=429), "failed", 0, 0),
    ("503 at the draft", Fault(CREATE), "done", 1, 0),
    ("lost at the draft", Fault(CREATE, kind="reset", after=True), "done", 1, 0),
    ("reset at the draft", Fault(CREATE, kind="reset"), "done", 1, 0),
    ("cut at the draft", Fault(CREATE, kind="truncate"), "done", 1, 0),
    ("garbage at the draft", Fault(CREATE, kind="garbage"), "done", 1, 0),
    ("down at the draft", Fault(CREATE, times=None), "failed", 0, 0),
    ("429 at sending", Fault(SEND, status=429), "failed", 0, 1),
    ("503 at sending", Fault(SEND), "done", 1, 0),
    ("503 after sending", Fault(SEND, after=True), "done", 1, 0),
    ("lost at sending", Fault(SEND, kind="reset", after=True), "done", 1, 0),
    ("reset at sending", Fault(SEND, kind="reset"), "done", 1, 0),
    ("cut at sending", Fault(SEND, kind="truncate"), "done", 1, 0),
    ("garbage at sending", Fault(SEND, kind="garbage"), "done", 1, 0),
    ("down at sending", Fault(SEND, times=None), "failed", 0, 1),
    ("lost and lost again", Fault(SEND, kind="reset", after=True, times=2), "done", 1, 0),
]


@pytest.mark.parametrize(("fault", "stage", "count", "kept"), [o[1:] for o in OUTCOMES], ids=[o[0] for o in OUTCOMES])
def test_a_mail_goes_out_once_whatever_happens_on_the_way(
    world: Desk, office: Workspace, running: Running, fault: Fault, stage: str, count: int, kept: int
) -> None:
    asked(office)

    async def go() -> str:
        await listed(world)
        await world.propose("send_reply", conversation="mail:1", body="Yes.")
        running.faults.add(fault)
        return (await world.resume(True))[-2].text

    text = asyncio.run(go())
    row = world.row()
    assert (row.stage, len(sent_mail(office))) == (stage, count)
    assert ("was sent to" in text) == (stage == "done")
    assert len(mails(office, "DRAFT")) == kept
    assert ("unsent" in row.why) == (stage == "failed" and kept > 0)
    assert [ref.kind for ref in row.left] == ["draft"] * kept


def test_a_draft_that_is_left_is_told_and_is_sent_by_its_handle(
    world: Desk, office: Workspace, running: Running
) -> None:
    async def go() -> str:
        await world.propose("send_mail", to=[DANA], subject="Hi", body="Hello.")
        running.faults.add(Fault(SEND, status=429))
        answer = last(await world.resume(True))
        assert "It lies among your drafts, unsent." in answer.text
        assert "What is left of it has a handle: draft:1." in answer.text
        assert answer.artifact["refs"][0]["handle"] == "draft:1"
        return (await world.do("send_draft", draft="draft:1")).text

    assert "was sent to" in asyncio.run(go())
    assert (len(sent_mail(office)), mails(office, "DRAFT")) == (1, [])


def test_where_the_lookup_fails_too_it_is_said_to_be_unknown(world: Desk, office: Workspace, running: Running) -> None:
    async def go() -> str:
        await world.propose("send_mail", to=[DANA], subject="Hi", body="Hello.")
        running.faults.add(Fault(SEND, kind="reset", after=True))
        running.faults.add(Fault("GET /gmail/v1/users/me/messages", times=None))
        return (await world.resume(True))[-2].text

    assert "not known" in asyncio.run(go())
    assert world.row().stage == "unknown"
    assert len(sent_mail(office)) == 1


def test_where_the_draft_is_gone_and_nothing_is_found_nothing_is_repeated(
    world: Desk, office: Workspace, running: Running
) -> None:
    async def go() -> None:
        await world.do("draft_mail", to=[DANA], subject="Hi", body="Hello.")
        await world.propose("send_draft", draft="draft:1")
        running.faults.add(Fault(SEND, kind="reset"))
        running.faults.add(Fault("GET /gmail/v1/users/me/messages", times=None))
        await world.resume(True)

    asyncio.run(go())
    assert world.row().stage == "unknown"
    running.faults.clear()
    drafts = DraftStore(office.mail())
    for message, draft in drafts.ids().items():
        drafts.remove(draft, message)
    ended = Carrier(world.parts).carry_out(world.row())
    assert isinstance(ended, NotDone)
    assert not ended.certain
    assert CHECK in ended.next
    assert sent_mail(office) == []


@pytest.mark.parametrize("reached", ["nothing", "draft", "noted", "sent"])
def test_a_process_that_ends_anywhere_between_is_taken_up_again(
    world: Desk, office: Workspace, running: Running, reached: str
) -> None:
    """The draft was made and not noted, noted and not sent, or sent and not written down."""
    asyncio.run(_proposed(world))
    row, now = world.row(), world.parts.now()
    assert world.parts.ledger.decide(row, "approved", by="test", why="", now=now)
    assert world.parts.ledger.intend(row, now=now)
    client = Client(running, sign_in(running, f"{AUTH}gmail.compose")["access_token"])
    if reached != "nothing":
        world.parts.ledger.note(row, began="draft")
        raw = Outgoing.model_validate(row.proposal.plan.body["mail"]).raw(row.key)
        draft = client.post("/gmail/v1/users/me/drafts", {"message": {"raw": raw}}).json["id"]
        if reached in ("noted", "sent"):
            world.parts.ledger.note(row, draft=draft)
        if reached == "sent":
            client.post("/gmail/v1/users/me/drafts/send", {"id": draft})
    client.close()
    assert isinstance(Carrier(world.parts).carry_out(row), Done)
    assert isinstance(Carrier(world.parts).carry_out(row), Done)
    assert (len(sent_mail(office)), mails(office, "DRAFT")) == (1, [])


async def _proposed(world: Desk) -> None:
    await world.propose("send_mail", to=[DANA], subject="Hi", body="Hello.")
