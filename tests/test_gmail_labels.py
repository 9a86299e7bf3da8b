"""Labels, archive, read and bin over several conversations at once: the card, the change, and its undo."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.demo.faults import Fault
from app.demo.server import Running
from app.demo.workspace import Workspace
from graphs.context import Context
from tests.demo.little_office import ALEX
from tests.mail.desk import deliver
from tests.mail.post import labels, listed, post
from tests.write_world import Desk
from tools.gmail_labels import NODE
from tools.mail.permissions import RELABEL

ME = f"Alex Rivera <{ALEX}>"
HOUR = timedelta(hours=1)
CHANGE, MAKE = "POST /gmail/v1/users/me/messages/batchModify", "POST /gmail/v1/users/me/labels"
BOTH = ["mail:1", "mail:2"]


@pytest.fixture
def world(running: Running, tmp_path: Path) -> Iterator[Desk]:
    with post(tmp_path, running) as made:
        yield made


@pytest.fixture
def ids(office: Workspace) -> list[str]:
    """mail:1 is one new mail; mail:2 are three, of which one was sent, one is archived, and a draft lies among them."""
    return [
        deliver(office, "Is it you?", subject="Hello", ago=HOUR),
        deliver(office, "First.", subject="Plan", ago=9 * HOUR, labels=("STARRED",)),
        deliver(office, "Second.", by=ME, to="dana.okafor@northwind.example", subject="Re: Plan", ago=8 * HOUR,
                labels=("SENT",)),
        deliver(office, "Third.", subject="Re: Plan", ago=2 * HOUR, labels=("INBOX", "UNREAD")),
        deliver(office, "Half.", by=ME, to="dana.okafor@northwind.example", subject="Re: Plan", ago=HOUR / 2,
                labels=("DRAFT",)),
    ]  # fmt: skip


def all_labels(office: Workspace, ids: list[str]) -> list[list[str]]:
    return [labels(office, one) for one in ids]


def rows(item: dict[str, object]) -> list[tuple[str, str]]:
    found = item["rows"]
    assert isinstance(found, list)
    return [(row["label"], row["value"]) for row in found]


def test_several_are_archived_at_once_and_come_back_as_they_were(
    world: Desk, office: Workspace, ids: list[str]
) -> None:
    before = all_labels(office, ids)

    async def go() -> None:
        await listed(world)
        item = await world.propose("archive", conversations=BOTH)
        assert item["title"] == "Archive “Hello” from Dana Okafor and 1 other"
        assert rows(item) == [
            ("2 conversations", "out of the inbox:\n“Hello” from Dana Okafor\n“Plan” from Dana Okafor, 3 mails")
        ]
        assert "1 draft(s) in them stay as they are" in item["effects"]
        assert all_labels(office, ids) == before
        await world.resume(True)
        assert all_labels(office, ids) == [["UNREAD"], ["STARRED"], ["SENT"], ["UNREAD"], ["DRAFT"]]
        assert world.row().receipt is not None
        named = "“Hello” from Dana Okafor and “Plan” from Dana Okafor"
        assert world.row().receipt.what == f"2 conversations archived (2 mails): {named}"  # type: ignore[union-attr]
        await world.undo(world.row().id)
        assert f"2 conversations put back as before (2 mails): {named}" in world.row().receipt.what  # type: ignore[union-attr]
        assert all_labels(office, ids) == before

    asyncio.run(go())


def test_the_bin_takes_them_and_gives_them_back(world: Desk, office: Workspace, ids: list[str]) -> None:
    before = all_labels(office, ids)

    async def go() -> None:
        await listed(world)
        await world.do("move_to_trash", conversations=BOTH)
        assert all_labels(office, ids) == [
            ["TRASH", "UNREAD"],
            ["STARRED", "TRASH"],
            ["SENT", "TRASH"],
            ["TRASH", "UNREAD"],
            ["DRAFT"],
        ]
        await world.ask("undo that", Context(undo=world.row().id))
        [item] = (await world.card())["valet"]["items"]
        assert item["title"] == "Put “Hello” from Dana Okafor and 1 other back as before"
        assert rows(item)[0][1].startswith("from the bin into the inbox:\n“Hello” from Dana Okafor\n“Plan” from")
        await world.resume(True)
        assert all_labels(office, ids) == before

    asyncio.run(go())


def test_read_and_unread(world: Desk, office: Workspace, ids: list[str]) -> None:
    async def go() -> None:
        await listed(world)
        await world.do("mark_read", conversations=BOTH)
        assert all_labels(office, ids)[:4] == [["INBOX"], ["STARRED"], ["SENT"], ["INBOX"]]
        assert "like that already" in await world.refused("mark_read", conversations=BOTH)
        await world.do("mark_unread", conversations=["mail:2"])
        assert all_labels(office, ids)[1:4] == [["STARRED"], ["SENT"], ["INBOX", "UNREAD"]]
        await world.undo(world.row().id)
        assert all_labels(office, ids)[3] == ["INBOX"]

    asyncio.run(go())


def test_a_new_label_is_named_and_made(world: Desk, office: Workspace, ids: list[str]) -> None:
    before = all_labels(office, ids)

    async def go() -> None:
        await listed(world)
        item = await world.propose("label_conversations", conversations=BOTH, label="Offers {x}")
        assert "the label “Offers {x}” is made" in item["effects"]
        assert item["title"].startswith("Put the label “Offers {x}” on “Hello” from Dana Okafor")
        assert rows(item)[0][1].startswith("label “Offers {x}” put on:")
        await world.resume(True)
        label = office.add_label("Offers {x}")
        assert label in labels(office, ids[0])
        again = await world.refused("label_conversations", conversations=["mail:1"], label="offers {x}")
        assert "like that already" in again
        await world.undo(world.row().id)
        assert all_labels(office, ids) == before

    asyncio.run(go())


def test_a_known_label_is_found_and_only_what_lacks_it_changes(world: Desk, office: Workspace, ids: list[str]) -> None:
    label = office.add_label("Projects/Aurora")
    office.mail().relabel(ids[1], add=[label])

    async def go() -> None:
        await listed(world)
        item = await world.propose("label_conversations", conversations=BOTH, label="aurora")
        assert not [effect for effect in item["effects"] if "is made" in effect]
        await world.resume(True)
        assert all(label in found for found in all_labels(office, ids)[:4])
        await world.undo(world.row().id)
        assert [label in found for found in all_labels(office, ids)] == [False, True, False, False, False]

    asyncio.run(go())


def test_a_label_s_name_that_fits_two_is_a_question(world: Desk, office: Workspace, ids: list[str]) -> None:
    office.add_label("Home/Offers")
    office.add_label("Work/Offers")

    async def go() -> str:
        await listed(world)
        return await world.refused("label_conversations", conversations=["mail:1"], label="offers")

    assert "Home/Offers, Work/Offers" in asyncio.run(go())


@pytest.mark.parametrize(
    ("label", "said"), [("Inbox", "Use archive"), ("sent", "Gmail alone"), ("bin", "Use move_to_trash")]
)
def test_what_is_no_label_to_give(world: Desk, ids: list[str], label: str, said: str) -> None:
    async def go() -> str:
        await listed(world)
        return await world.refused("label_conversations", conversations=["mail:1"], label=label)

    assert said in asyncio.run(go())


def test_only_shown_conversations_can_be_named(world: Desk, ids: list[str]) -> None:
    async def go() -> str:
        await listed(world)
        return await world.refused("archive", conversations=["mail:1", "mail:9"])

    assert "mail:9" in asyncio.run(go())


def test_what_was_filed_elsewhere_meanwhile_is_shown_anew(world: Desk, office: Workspace, ids: list[str]) -> None:
    async def go() -> str:
        await listed(world)
        await world.propose("archive", conversations=BOTH)
        office.mail().relabel(ids[0], remove=["INBOX"])
        return (await world.resume(True))[-2].text

    assert "the labels changed since this was shown" in asyncio.run(go())
    assert labels(office, ids[3]) == ["INBOX", "UNREAD"]


def test_what_was_read_meanwhile_is_archived_all_the_same(world: Desk, office: Workspace, ids: list[str]) -> None:
    async def go() -> None:
        await listed(world)
        await world.propose("archive", conversations=BOTH)
        office.mail().relabel(ids[0], remove=["UNREAD"])
        await world.resume(True)

    asyncio.run(go())
    assert all_labels(office, ids)[0] == []


OUTCOMES = [
    (Fault(CHANGE, status=429), "failed"),
    (Fault(CHANGE), "done"),
    (Fault(CHANGE, after=True), "done"),
    (Fault(CHANGE, kind="reset"), "done"),
    (Fault(CHANGE, kind="reset", after=True), "done"),
    (Fault(CHANGE, kind="truncate"), "done"),
    (Fault(CHANGE, times=None), "failed"),
    (Fault(MAKE, status=429), "failed"),
    (Fault(MAKE), "done"),
    (Fault(MAKE, after=True), "done"),
    (Fault(MAKE, kind="reset", after=True), "done"),
    (Fault(MAKE, kind="truncate"), "done"),
    (Fault(MAKE, times=None), "failed"),
]


@pytest.mark.parametrize(("fault", "stage"), OUTCOMES)
def test_a_change_ends_as_it_is_told(
    world: Desk, office: Workspace, running: Running, ids: list[str], fault: Fault, stage: str
) -> None:
    async def go() -> None:
        await listed(world)
        await world.propose("label_conversations", conversations=BOTH, label="Offers")
        running.faults.add(fault)
        await world.resume(True)

    asyncio.run(go())
    assert world.row().stage == stage
    made = office.database.rows("SELECT id FROM labels WHERE name = 'Offers'")
    assert len(made) <= 1
    label = made[0][0] if made else "none"
    assert [label in found for found in all_labels(office, ids)[:4]] == [stage == "done"] * 4
    added = office.database.rows("SELECT message FROM mail_history WHERE labels = ?", label)
    assert len(added) == (4 if stage == "done" else 0), "nothing is labelled twice"


def test_what_stands_although_the_rest_was_refused_is_told(
    world: Desk, office: Workspace, running: Running, ids: list[str]
) -> None:
    async def go() -> None:
        await listed(world)
        await world.propose("move_to_trash", conversations=BOTH)
        running.faults.add(Fault(CHANGE, kind="delay"))
        running.faults.add(Fault(CHANGE, status=429))
        await world.resume(True)

    asyncio.run(go())
    binned = sum("TRASH" in found for found in all_labels(office, ids))
    assert 0 < binned < 4
    assert world.row().stage == "failed"
    assert f" {binned} of 4 mails were changed before that." in world.row().why


def test_the_node_may_neither_send_nor_delete() -> None:
    assert {tool.access for tool in NODE.tools} == {RELABEL}
    assert not [one for one in RELABEL.operations if "send" in one or "DELETE" in one or "batchDelete" in one]
