"""What waits for a decision, and what waited too long."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from app.settings import load
from app.tapes.script import Unseen
from app.turn import answer_pause
from app.wiring import wire
from tests.terminal import piped, surroundings, terminal

NINE = {"VALET_NOW": "2026-11-18T09:30:00+00:00"}
TWO = 'post "hello" in #launch and create a task to call Ana'


@pytest.fixture
def asked(tmp_path: Path) -> dict[str, str]:
    """A post was proposed on Wednesday, and nobody has answered."""
    env = surroundings(tmp_path, VALET_ZONE="UTC")
    done = piped("ask", 'post "hello" in #launch', env=env | {"VALET_NOW": "2026-11-18T09:30:00+00:00"})
    assert done.returncode == 3, done.stdout + done.stderr
    return env


def told(env: dict[str, str], now: str) -> str:
    return " ".join(piped("approvals", env=env | {"VALET_NOW": now}).stdout.split())


def test_a_card_that_expired_is_named_for_a_week_and_no_longer(asked: dict[str, str]) -> None:
    assert "Post in #aurora-launch" in told(asked, "2026-11-18T12:00:00+00:00")
    late = told(asked, "2026-11-20T09:30:00+00:00")
    assert "Nothing waits for your decision." in late
    assert "Post in #aurora-launch (expired without an answer: ask for it again" in late
    assert told(asked, "2026-11-28T09:30:00+00:00") == "Nothing waits for your decision."


def waiting(env: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(piped("approvals", "--json", env=env | NINE).stdout)["approvals"]
    return found


def test_what_waits_is_listed_card_by_card_in_the_order_of_each(asked: dict[str, str]) -> None:
    with terminal("chat", env=asked | NINE, columns=100, rows=60) as screen:
        screen.expect("› ")
        screen.enter(TWO)
        card = screen.expect("say what to change")
    assert card.index("1 of 2  Post in") < card.index("2 of 2  Create a task")
    listed = piped("approvals", env=asked | NINE).stdout
    places = [listed.index(text) for text in ("  Post in", "  1 of 2  Post in", "  2 of 2  Create a task")]
    assert places == sorted(places), "the older card first, then that of two, numbered as it is"
    older, *two = waiting(asked)
    assert [one["tool"] for one in (older, *two)] == ["post_message", "post_message", "create_tasks"]
    assert older["thread"] != two[0]["thread"] == two[1]["thread"]


def test_what_was_changed_on_a_card_keeps_its_place(tmp_path: Path) -> None:
    """It is a new proposal, and the newest."""
    env = surroundings(tmp_path, VALET_ZONE="UTC")
    assert piped("ask", TWO, env=env | NINE).returncode == 3
    first, second = waiting(env)
    changed = {"name": "post_message", "args": {"channel": "launch", "text": "goodbye"}}

    async def edit() -> None:
        async with wire(load(env | NINE, cwd=tmp_path)) as valet:
            await answer_pause(
                valet, first["thread"], {first["id"]: {"type": "edit", "edited_action": changed}}, Unseen()
            )

    asyncio.run(edit())
    assert [one["tool"] for one in waiting(env)] == ["post_message", "create_tasks"]
    assert [one["id"] == before["id"] for one, before in zip(waiting(env), (first, second), strict=True)] == [
        False,
        True,
    ]


def test_a_write_that_failed_is_told_once(asked: dict[str, str]) -> None:
    [one] = waiting(asked)
    argv, down = ("approve", one["id"], "--yes"), asked | NINE | {"VALET_DEMO_FAULTS": "slack:429*99"}
    with terminal(*argv, env=down) as screen:
        assert screen.ended() == 4
    assert screen.text.count("ratelimited") == screen.text.count("doctor` tells more") == 1
