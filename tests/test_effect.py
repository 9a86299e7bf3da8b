"""How an approved write may end, and what is said of it."""

from __future__ import annotations

import asyncio

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from graphs.effect import Carrier, Done
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
        assert "the person said no" in last.text
        assert liar.events[-1]["event"] == "record"

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
