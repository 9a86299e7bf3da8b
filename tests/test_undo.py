"""Taking back what was done: once, until the taking back is itself taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.demo.server import Running
from app.demo.workspace import Workspace
from graphs.context import Context
from graphs.undo import taken_back
from tests.mail.desk import deliver
from tests.mail.post import labels, listed, post
from tests.write_world import USER, Desk


@pytest.fixture
def world(running: Running, tmp_path: Path) -> Iterator[Desk]:
    with post(tmp_path, running) as made:
        yield made


@pytest.fixture
def mail(office: Workspace) -> str:
    return deliver(office, "Is it you?", subject="Hello", ago=timedelta(hours=1))


def test_what_was_taken_back_is_not_taken_back_again(world: Desk, office: Workspace, mail: str) -> None:
    """Whoever proposed the undo; and an undo that was undone is offered anew."""

    async def go() -> None:
        await listed(world)
        await world.do("archive", conversations=["mail:1"])
        archived = world.row().id
        await world.do("restore_labels", change="relabelling:1")
        restored = world.row().id
        assert world.row().proposal.takes_back == archived
        said = (await world.ask("undo that", Context(undo=archived)))[-1].text
        assert "taken back already" in said
        assert f"valet undo {restored}" in said
        await world.undo(restored)
        assert world.row().proposal.takes_back == restored
        assert labels(office, mail) == ["UNREAD"]
        await world.undo(archived)
        assert world.row().proposal.takes_back == archived
        assert labels(office, mail) == ["INBOX", "UNREAD"]
        rows = world.parts.ledger.rows(USER, "done")
        assert taken_back(rows) == {archived: world.row().id, restored: rows[1].id}

    asyncio.run(go())


def test_the_same_done_again_stands_on_its_own(world: Desk, office: Workspace, mail: str) -> None:
    async def go() -> None:
        await listed(world)
        for _ in range(2):
            await world.do("archive", conversations=["mail:1"])
            archived = world.row().id
            await world.undo(archived)
            assert world.row().proposal.takes_back == archived
        assert labels(office, mail) == ["INBOX", "UNREAD"]

    asyncio.run(go())
