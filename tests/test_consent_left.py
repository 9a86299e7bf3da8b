"""A permission that is asked for and left: by another request, by Ctrl-C, by the end of the process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from app.connect import listens
from app.demo.consent import Consent
from auth.consent import ConsentError
from auth.local.slack import PORTS
from graphs.consent import AGAIN, ANEW
from tests.auth.local.linking import ME, sent_back
from tests.consent_world import Office, channels, click, end, is_open, office, told, whose
from tests.loopback import PATIENCE
from tests.scripted import calling


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


def test_another_request_closes_the_page_and_the_next_turn_is_right(world: Office) -> None:
    talk = world.begin(whose(), AIMessage("Two."), whose(), end())

    async def go() -> None:
        [first] = await talk.needs()
        messages = await talk.ask("what is one and one?")
        assert messages[-1].text == "Two."
        assert "Not executed" in told(messages)[0]
        assert not is_open(first["page"])
        [again] = await talk.needs("whose mail is this?")
        assert again["page"] != first["page"]
        assert "Mail of" in told(await talk.answered(True, again["page"]))[1]

    asyncio.run(go())


def test_a_turn_that_is_stopped_while_it_waits_ends_at_once_and_the_next_one_is_right(world: Office) -> None:
    talk = world.begin(whose(), whose(), end(), seconds=600)

    async def go() -> None:
        [first] = await talk.needs()
        turn = asyncio.create_task(talk.resume(True))
        assert await asyncio.to_thread(talk.heard.waits.wait, PATIENCE)
        turn.cancel()
        with pytest.raises(asyncio.CancelledError):
            await turn
        assert not is_open(first["page"])
        [again] = await talk.needs("whose mail is this?")
        messages = await talk.answered(True, again["page"])
        assert "Mail of" in told(messages)[-1]

    asyncio.run(go())


def test_who_says_no_has_the_page_closed_and_its_port_free_for_the_next(world: Office) -> None:
    talk = world.begin(*(reply for _ in range(len(PORTS) + 1) for reply in (channels(), end())))

    async def go() -> None:
        pages = set()
        for _ in range(len(PORTS) + 1):
            [item] = await talk.needs("who am I in Slack?")
            pages.add(item["page"])
            assert "You did not connect slack." in told(await talk.resume(False))[-1]
            assert not is_open(item["page"])
        assert len(pages) == len(PORTS) + 1, "each had a port, so those before had left it"

    asyncio.run(go())


def test_a_no_to_one_of_two_closes_that_page_while_the_other_is_waited_for(world: Office) -> None:
    talk = world.begin(calling(("whose_mail", {}), ("who_in_slack", {})), end())

    async def go() -> None:
        google, slack = await talk.needs()
        turn = asyncio.create_task(talk.resume({google["id"]: True, slack["id"]: False}))
        assert await asyncio.to_thread(talk.heard.waits.wait, PATIENCE)
        assert [is_open(item["page"]) for item in (google, slack)] == [True, False]
        await asyncio.to_thread(click, google["page"])
        assert "Mail of" in told(await turn)[0]

    asyncio.run(go())


def test_a_no_in_one_conversation_leaves_the_page_to_another_that_shows_it(world: Office) -> None:
    one = world.begin(whose(), whose(), end(), end())
    other = replace(one, thread="other")

    async def go() -> None:
        [shown], [too] = await one.needs(), await other.needs()
        assert shown["page"] == too["page"], "it is the same person and the same permission"
        assert "You did not connect google." in told(await one.resume(False))[0]
        assert "Mail of" in told(await other.answered(True, too["page"]))[0]
        assert not is_open(too["page"])

    asyncio.run(go())


def test_the_last_of_two_conversations_closes_the_page(world: Office) -> None:
    one = world.begin(whose(), whose(), end(), end())
    other = replace(one, thread="other")

    async def go() -> None:
        [shown], _ = await one.needs(), await other.needs()
        for talk, open_still in ((one, True), (other, False)):
            await talk.resume(False)
            assert is_open(shown["page"]) is open_still

    asyncio.run(go())


def test_an_address_pasted_after_the_no_is_of_no_question_any_more(world: Office) -> None:
    talk = world.begin(whose(), end())
    world.desk.running.consent = Consent("grant")

    async def go() -> None:
        [item] = await talk.needs()
        back = await asyncio.to_thread(sent_back, item["page"])
        await talk.resume(False)
        with pytest.raises(ConsentError, match="no longer open"):
            await asyncio.to_thread(talk.parts.consents.paste, ME, item["id"], back)
        assert talk.desk.brokers.grants(ME) == ()

    asyncio.run(go())


def test_a_page_that_nobody_answered_in_time_is_closed_with_the_turn(world: Office) -> None:
    talk = world.begin(whose(), end(), seconds=0.01)

    async def go() -> None:
        [item] = await talk.needs()
        assert "no answer came from the browser" in told(await talk.resume(True))[0]
        assert not is_open(item["page"])

    asyncio.run(go())
