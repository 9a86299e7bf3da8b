"""How an approved write may end, and what is said of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from graphs.effect import Carrier, Done, NotDone
from tests.bell_world import answers, approved, asked, ring, rings, row_of, world_of
from tests.small_graph import NOW, OUTSIDE


@pytest.fixture(autouse=True)
def _quiet() -> None:
    OUTSIDE.__init__()  # type: ignore[misc]  # a new day


@pytest.mark.parametrize(
    ("faults", "rung", "stage"),
    [
        ([], [2], "done"),
        (["lost"], [2], "done"),
        (["down"], [2], "done"),
        (["down", "down"], [], "failed"),
        (["down", "lost"], [2], "done"),
        (["refused"], [], "failed"),
    ],
)
def test_an_open_outcome_is_looked_up_and_never_repeated_blindly(
    faults: list[str], rung: list[int], stage: str
) -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("?"))
        await asked(world)
        OUTSIDE.faults = list(faults)
        messages = await world.resume(True)
        assert rings() == rung
        [row] = world.parts.ledger.rows("local:test", "done", "failed", "unknown", "intended")
        assert row.stage == stage
        assert answers(messages)[0].status == ("success" if stage == "done" else "error")

    asyncio.run(go())


def test_what_cannot_be_looked_up_is_unknown_and_settled_later() -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("?"))
        await asked(world)
        OUTSIDE.faults, OUTSIDE.blind = ["lost"], True
        messages = await world.resume(True)
        assert "not known" in answers(messages)[0].text
        [row] = world.parts.ledger.rows("local:test", "unknown")
        assert row.next == "Go and listen."
        OUTSIDE.blind = False
        assert isinstance(Carrier(world.parts).carry_out(row), Done)
        assert rings() == [2]

    asyncio.run(go())


@pytest.mark.parametrize(("minutes", "stage"), [(1, "unknown"), (2, "failed")])
def test_what_was_not_answered_is_not_sent_again_and_is_certain_in_the_end(minutes: int, stage: str) -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("?"))
        await asked(world)
        OUTSIDE.faults = ["silent"]
        messages = await world.resume(True)
        assert "may come about late" in answers(messages)[0].text
        later = NOW + timedelta(minutes=minutes)
        ended = Carrier(replace(world.parts, clock=lambda: later)).carry_out(row_of(world))
        assert isinstance(ended, NotDone)
        assert ended.certain == (stage == "failed")
        [row] = world.parts.ledger.rows("local:test", "unknown", "failed")
        assert (row.stage, rings()) == (stage, [])

    asyncio.run(go())


def test_what_was_told_to_be_unknown_is_never_begun_again() -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("?"))
        await asked(world)
        OUTSIDE.faults, OUTSIDE.blind = ["down"], True
        assert "not known" in answers(await world.resume(True))[0].text
        OUTSIDE.blind = False  # and by now the person may have rung it by hand
        for _ in range(2):
            ended = Carrier(world.parts).carry_out(world.parts.ledger.rows("local:test", "unknown", "failed")[0])
            assert isinstance(ended, NotDone)
            assert ended.what == "It did not take place."
        assert rings() == []

    asyncio.run(go())


def test_a_write_that_was_cut_off_before_it_was_sent_is_done_once() -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("Hello."))
        await asked(world)
        row = approved(world)
        assert world.parts.ledger.intend(row, now=NOW)
        assert isinstance(Carrier(world.parts).carry_out(row), Done)
        assert rings() == [2]

    asyncio.run(go())


def test_a_new_request_withdraws_what_was_not_decided() -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("Hello."))
        await asked(world)
        row = row_of(world)
        messages = await world.ask("something else")
        assert "Not executed" in answers(messages)[0].text
        assert not world.parts.ledger.decide(row, "approved", by="test", why="", now=NOW)
        assert rings() == []

    asyncio.run(go())


def test_a_write_that_was_begun_and_cut_off_is_told_as_it_ended() -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("Hello."))
        await asked(world)
        row = approved(world)
        assert world.parts.ledger.intend(row, now=NOW)
        OUTSIDE.ring(row.key, 2)  # the process ended here
        messages = await world.ask("how did it go?")
        assert answers(messages)[0].status == "success"
        assert rings() == [2]
        assert isinstance(messages[0], HumanMessage)

    asyncio.run(go())


def test_what_a_model_claims_is_set_right_by_the_record() -> None:
    async def go() -> None:
        liar = world_of(ring(), AIMessage("I rang the bell for you."))
        await asked(liar)
        last = (await liar.resume(False))[-1]
        assert last.text.startswith("I rang the bell for you.")
        assert "On record:" in last.text
        assert "- ring bell: Not executed: you said no." in last.text
        assert liar.events[-1]["event"] == "record"

    asyncio.run(go())


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (False, "Not executed: you said no; nothing was changed."),
        ({"decisions": [{"type": "reject", "message": "too loud"}]}, "Not executed: you said no: too loud."),
        ({"decisions": [{"type": "respond", "message": "later."}]}, "You said “later”, so nothing was changed."),
    ],
)
def test_a_no_that_the_answer_says_is_not_said_again(answer: object, said: str) -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage(said))
        await asked(world)
        assert (await world.resume(answer))[-1].text == said

    asyncio.run(go())


def test_what_was_proposed_anew_with_a_change_is_told_once_as_it_ended() -> None:
    async def go() -> None:
        world = world_of(ring(), ring(), AIMessage("Well."))
        await asked(world)
        await world.resume({"decisions": [{"type": "respond", "message": "three times"}]})
        last = (await world.resume(False))[-1]
        assert last.text.startswith("Well.")
        assert "three times" not in last.text
        assert last.text.count("- ring bell: Not executed: you said no.") == 1

    asyncio.run(go())


def test_an_answer_that_quotes_its_receipt_needs_no_record() -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("?"))
        await asked(world)
        row = row_of(world)
        world.model.replies[0] = AIMessage(f"Rung (receipt {row.id}).")
        last = (await world.resume(True))[-1]
        assert last.text == f"Rung (receipt {row.id})."

    asyncio.run(go())
