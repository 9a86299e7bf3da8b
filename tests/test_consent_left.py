"""A permission that is asked for and left: by another request, by Ctrl-C, by the end of the process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from app.connect import listens
from graphs.consent import AGAIN, ANEW
from tests.consent_world import Office, click, end, office, told, whose
from tests.loopback import PATIENCE


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as opened:
        yield opened


def test_a_question_of_a_process_that_ended_is_asked_anew(world: Office) -> None:
    async def go() -> None:
        [old] = await world.begin(whose()).needs()
        talk = world.begin(end(), desk=world.another_process())
        await talk.resume({old["id"]: True})
        [new] = await talk.items()
        assert (await talk.card())["valet"]["problem"] == ANEW
        assert new["page"] != old["page"]
        assert "Mail of" in told(await talk.answered({new["id"]: True}, new["page"]))[0]

    asyncio.run(go())


@pytest.mark.parametrize("answer", [False, "no", {"decisions": [{"type": "reject"}]}])
def test_a_no_to_a_question_of_a_process_that_ended_is_a_no(world: Office, answer: Any) -> None:
    async def go() -> None:
        await world.begin(whose()).needs()
        talk = world.begin(end(), desk=world.another_process())
        assert "You did not connect google." in told(await talk.resume(answer))[0]

    asyncio.run(go())


def test_who_shows_an_old_question_has_it_asked_anew(world: Office) -> None:
    async def go() -> None:
        [old] = await world.begin(whose()).needs()
        talk = world.begin(end(), desk=world.another_process())
        await talk.resume(AGAIN)
        [new] = await talk.items()
        assert new["id"] != old["id"]
        await talk.resume(AGAIN)
        assert await talk.items() == [new], "the page stays the same while it is open"
        assert "Mail of" in told(await talk.answered(True, new["page"]))[0]

    asyncio.run(go())


def test_who_agrees_after_the_page_has_closed_is_asked_again_with_a_fresh_one(world: Office) -> None:
    talk = world.begin(whose(), end())

    async def go() -> None:
        [old] = await talk.needs()
        world.desk.clock.forward(seconds=world.desk.open_seconds)
        await talk.resume(True)
        [new] = await talk.items()
        assert (await talk.card())["valet"]["problem"] == ANEW
        assert new["page"] != old["page"]
        assert [listens(item["page"]) for item in (old, new)] == [False, True]
        assert "Mail of" in told(await talk.answered(True, new["page"]))[0]

    asyncio.run(go())


@pytest.mark.parametrize("answer", [False, "no"])
def test_a_no_after_the_page_has_closed_is_a_no(world: Office, answer: Any) -> None:
    talk = world.begin(whose(), end())

    async def go() -> None:
        await talk.needs()
        world.desk.clock.forward(minutes=20)
        assert "You did not connect google." in told(await talk.resume(answer))[0]

    asyncio.run(go())


def test_what_was_linked_elsewhere_meanwhile_needs_no_page(world: Office) -> None:
    talk = world.begin(whose(), end())

    async def go() -> None:
        [item] = await talk.needs()
        await asyncio.to_thread(click, item["page"])
        assert "Mail of" in told(await talk.resume(False))[0]

    asyncio.run(go())


def test_another_request_leaves_the_question_and_the_next_turn_is_right(world: Office) -> None:
    talk = world.begin(whose(), AIMessage("Two."), whose(), end())

    async def go() -> None:
        [first] = await talk.needs()
        messages = await talk.ask("what is one and one?")
        assert messages[-1].text == "Two."
        assert "Not executed" in told(messages)[0]
        [again] = await talk.needs("whose mail is this?")
        assert again["page"] == first["page"], "the page is still open"
        assert "Mail of" in told(await talk.answered(True, again["page"]))[1]

    asyncio.run(go())


def test_a_turn_that_is_stopped_while_it_waits_ends_at_once_and_the_next_one_is_right(world: Office) -> None:
    talk = world.begin(whose(), whose(), end(), seconds=600)

    async def go() -> None:
        await talk.needs()
        turn = asyncio.create_task(talk.resume(True))
        assert await asyncio.to_thread(talk.heard.waits.wait, PATIENCE)
        turn.cancel()
        with pytest.raises(asyncio.CancelledError):
            await turn
        [again] = await talk.needs("whose mail is this?")
        messages = await talk.answered(True, again["page"])
        assert "Mail of" in told(messages)[-1]

    asyncio.run(go())
