"""Messages to Slack, from what is proposed to what stands there: cards, mentions, undo, and once only."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from app.demo.faults import Fault
from app.demo.quota import Limits
from app.demo.server import Running, serve
from app.demo.slack_posts import slack_writes
from graphs.effect import Carrier, Done
from tests.channels.office import NOW, ZONE, Office, little
from tests.demo.slack.team import sign_in
from tests.scripted import calling
from tests.write_world import Desk, SignsIn, desk
from tools import slack_action_items, slack_post

POST, DELETE = "POST /api/chat.postMessage", "POST /api/chat.delete"
HISTORY, REPLIES = "POST /api/conversations.history", "POST /api/conversations.replies"
MINE = "message:1"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Ana asks in #launch; Alex has said something there."""
    made = little(tmp_path / "office.sqlite")
    made.say("launch", "ana", "{alex} can you review the <https://x.example|plan> by Friday?", 3)
    made.say("acme", "cleo", "Welcome everybody to this channel", 4)
    yield made
    made.workspace.close()


@pytest.fixture
def running(office: Office) -> Iterator[Running]:
    with serve(office.workspace, limits=Limits(clock=lambda: 1000.0), clock=lambda: NOW.timestamp()) as server:
        yield server


@pytest.fixture
def world(running: Running, tmp_path: Path) -> Iterator[Desk]:
    broker = SignsIn(lambda scopes: str(sign_in(running, *scopes)["access_token"]), "alex.rivera@northwind.example")
    modules = (slack_action_items, slack_post)
    with desk(tmp_path, modules, {"slack.com": running.origin}, broker, now=NOW, zone=ZONE) as made:
        yield made


async def looked(world: Desk) -> None:
    """Ask for what is to be done, so that Ana's request is message:1."""
    world.say(calling(("slack_action_items", {})), AIMessage("There."))
    await world.ask("what do I have to do?")


def said(office: Office, channel: str) -> list[str]:
    rows = office.workspace.database.rows(
        "SELECT text FROM slack_chats WHERE channel = ? AND NOT deleted ORDER BY moment", office.where[channel]
    )
    return [text for (text,) in rows]


def test_a_post_shows_who_reads_it_and_is_taken_back(world: Desk, office: Office) -> None:
    async def go() -> None:
        item = await world.propose("post_message", channel="#launch", text=" Ready: <b> & done, @Ben. @here ")
        assert item["title"] == "Post in #launch"
        assert [row["value"] for row in item["rows"]] == ["Ready: <b> & done, @Ben. @here"]
        [place] = item["recipients"]
        assert (place["address"], place["name"]) == (office.where["launch"], "#launch")
        assert item["effects"] == [
            "4 members can read it",
            "anybody of the workspace can read it",
            "Ben Okafor (@ben) is called by name",
            "@here stays plain text and calls nobody",
        ]
        assert slack_writes(office.workspace) == []
        await world.resume(True)
        assert said(office, "launch")[-1] == f"Ready: &lt;b&gt; &amp; done, <@{office.who['ben']}>. @here"
        receipt = world.row().receipt
        assert receipt is not None
        assert receipt.link == f"https://northwind.slack.com/archives/{office.where['launch']}/p" + receipt.id.replace(
            ".", ""
        )
        await world.undo(world.row().id)

    asyncio.run(go())
    assert len(said(office, "launch")) == 1
    assert [write.method for write in slack_writes(office.workspace)] == ["chat.postMessage", "chat.delete"]


def test_a_shared_channel_is_named_as_such(world: Desk, office: Office) -> None:
    async def go() -> None:
        item = await world.propose("post_message", channel="acme", text="Hello")
        assert item["title"] == "Post in #acme (external)"
        assert "people outside of the workspace are in there and read it" in item["effects"]
        await world.resume(False)
        near = await world.propose("post_message", channel="laun", text="Hello")
        assert near["effects"][0] == "you are in no #laun: this is the only channel with that in its name"
        await world.resume(False)
        assert "You are not in #elsewhere" in await world.refused("post_message", channel="elsewhere", text="Hello")

    asyncio.run(go())
    assert slack_writes(office.workspace) == []


def test_a_reply_stands_in_the_thread(world: Desk, office: Office) -> None:
    async def go() -> None:
        await looked(world)
        item = await world.propose("reply_in_thread", message=MINE, text="Yes, on Thursday")
        assert item["title"] == "Reply in a thread of #launch"
        assert item["rows"][0]["value"].startswith("Ana Torres: @Alex Rivera can you review the plan")
        await world.resume(True)

    asyncio.run(go())
    [write] = slack_writes(office.workspace)
    assert write.thread
    assert (write.text, write.channel) == ("Yes, on Thursday", office.where["launch"])


def test_a_thread_that_went_on_meanwhile_is_shown_anew(world: Desk, office: Office) -> None:
    async def go() -> None:
        await looked(world)
        await world.propose("reply_in_thread", message=MINE, text="Yes")
        head = str(world.row().proposal.plan.body["thread"])
        office.say("launch", "ben", "I have done it", 1, thread=head)
        assert "Not executed" in (await world.resume(True))[-2].text

    asyncio.run(go())
    assert slack_writes(office.workspace) == []


def test_a_person_is_written_to_alone(world: Desk, office: Office) -> None:
    async def go() -> None:
        item = await world.propose("message_person", person="Ben", text="Lunch?")
        assert item["recipients"] == [{"address": office.who["ben"], "name": "Ben Okafor (@ben)", "role": "to"}]
        assert item["effects"] == ["a direct conversation with them is opened"]
        await world.resume(True)
        known = await world.propose("message_person", person="ana torres", text="Lunch?")
        assert known["effects"] == []
        await world.resume(True)
        assert "Nobody in this Slack workspace" in await world.refused("message_person", person="Zed", text="Hi")

    asyncio.run(go())
    methods = [write.method for write in slack_writes(office.workspace)]
    assert methods == ["conversations.open", "chat.postMessage", "chat.postMessage"]
    assert said(office, "dm-ana") == ["Lunch?"]


def test_only_ones_own_message_is_deleted(world: Desk, office: Office) -> None:
    async def go() -> None:
        await looked(world)
        assert "Somebody else wrote that" in await world.refused("delete_message", message=MINE)

    asyncio.run(go())


LOST: list[dict[str, Any]] = [
    {"status": 503},
    {"kind": "reset"},
    {"status": 503, "after": True},
    {"kind": "reset", "after": True},
    {"kind": "truncate"},
    {"kind": "garbage"},
]
UNANSWERED: list[dict[str, Any]] = [{"kind": "reset"}, {"kind": "garbage"}]
"""Nothing came about, and nobody can know it yet: Slack has no key by which it would refuse a second message."""
WRITES: list[tuple[str, dict[str, Any]]] = [
    ("post_message", {"channel": "launch", "text": "Ready"}),
    ("reply_in_thread", {"message": MINE, "text": "Ready"}),
    ("message_person", {"person": "Ben", "text": "Ready"}),
]


def posts(office: Office) -> int:
    return sum(1 for write in slack_writes(office.workspace) if write.method == "chat.postMessage")


@pytest.mark.parametrize(("tool", "args"), WRITES)
@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_is_looked_up_and_the_message_never_posted_twice(
    world: Desk, office: Office, running: Running, tool: str, args: dict[str, Any], fault: dict[str, Any]
) -> None:
    async def go() -> str:
        await looked(world)
        await world.propose(tool, **args)
        running.faults.add(Fault(POST, **fault))
        return (await world.resume(True))[-2].text

    answer = asyncio.run(go())
    gone = fault in UNANSWERED
    assert world.row().stage == ("unknown" if gone else "done"), answer
    assert posts(office) == (0 if gone else 1)


@pytest.mark.parametrize("fault", LOST)
def test_a_message_is_deleted_once(world: Desk, office: Office, running: Running, fault: dict[str, Any]) -> None:
    async def go() -> None:
        await world.do("post_message", channel="launch", text="Oops")
        running.faults.add(Fault(DELETE, **fault))
        await world.undo(world.row().id)

    asyncio.run(go())
    assert world.row().stage == "done"
    assert [write.method for write in slack_writes(office.workspace)] == ["chat.postMessage", "chat.delete"]


@pytest.mark.parametrize(("tool", "args"), WRITES)
def test_what_is_refused_is_told_and_not_tried_again(
    world: Desk, office: Office, running: Running, tool: str, args: dict[str, Any]
) -> None:
    async def go() -> str:
        await looked(world)
        await world.propose(tool, **args)
        running.faults.add(Fault(POST, status=429, retry_after=7))
        return (await world.resume(True))[-2].text

    assert "7 seconds" in asyncio.run(go())
    assert world.row().stage == "failed"
    assert posts(office) == 0


def test_what_cannot_be_looked_up_is_unknown_until_it_can(world: Desk, office: Office, running: Running) -> None:
    async def go() -> None:
        await world.propose("post_message", channel="launch", text="Ready")
        running.faults.add(Fault(POST, kind="reset", after=True))
        running.faults.add(Fault(f"{HISTORY}|{REPLIES}", status=503, times=None))
        assert "not known" in (await world.resume(True))[-2].text

    asyncio.run(go())
    assert world.row().stage == "unknown"
    running.faults.clear()
    assert isinstance(Carrier(world.parts).carry_out(world.row()), Done)
    assert posts(office) == 1
