"""What a person can answer to a card: yes, no, another way, or something unclear."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from graphs.card import in_view
from graphs.state import Handled
from tests.bell_world import answers, asked, ring, rings, two, world_of
from tests.scripted import calling
from tests.small_graph import OUTSIDE


@pytest.fixture(autouse=True)
def _quiet() -> None:
    OUTSIDE.__init__()  # type: ignore[misc]  # a new day


def test_the_card_says_all_of_it_and_a_yes_does_it_once() -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("Rung."))
        card = await asked(world)
        assert [a["name"] for a in card["action_requests"]] == ["ring_bell"]
        assert "times: 2" in card["action_requests"][0]["description"]
        assert card["review_configs"][0]["allowed_decisions"] == ["approve", "edit", "reject", "respond"]
        assert rings() == []
        messages = await world.resume({"decisions": [{"type": "approve"}]})
        assert rings() == [2]
        told = answers(messages)[0]
        assert told.status == "success"
        assert "receipt" in told.text
        [row] = world.parts.ledger.rows("local:test", "done")
        assert row.receipt is not None
        assert row.receipt.id == row.key == OUTSIDE.rung[0][0]

    asyncio.run(go())


@pytest.mark.parametrize(
    "answer",
    [
        True,
        "yes",
        "OK.",
        {"type": "approve"},
        [{"type": "approve"}],
        [True],
        {"decisions": ["approve"]},
        {"type": "accept", "args": None},
    ],
)
def test_every_shape_of_a_yes_is_understood(answer: Any) -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("Rung."))
        await asked(world)
        await world.resume(answer)
        assert rings() == [2]

    asyncio.run(go())


@pytest.mark.parametrize(
    "answer",
    [False, "no", {"type": "reject", "message": "too loud"}, {"type": "ignore"}, {"decisions": [{"type": "reject"}]}],
)
def test_every_shape_of_a_no_is_understood(answer: Any) -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("As you like."))
        await asked(world)
        messages = await world.resume(answer)
        assert rings() == []
        assert "the person said no" in answers(messages)[0].text
        assert world.parts.ledger.rows("local:test", "rejected")

    asyncio.run(go())


@pytest.mark.parametrize(
    "answer",
    [
        "maybe",
        17,
        [],
        {"decisions": []},
        {"decisions": [{"type": "approve"}, {"type": "approve"}]},
        {"decisions": [{"type": "allow"}]},
        {"type": "respond"},
        {"zzzzzz": "approve"},
        {"type": "edit", "edited_action": {"name": "echo", "args": {"words": "x"}}},
        {"type": "edit", "edited_action": {"name": "ring_bell", "args": {"times": 99}}},
        {"type": "edit", "edited_action": {"name": "ring_bell"}},
        ["approve", {"type": "approve"}],
    ],
)
def test_an_unclear_answer_approves_nothing_is_asked_again_and_poisons_nothing(answer: Any) -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("Rung."))
        await asked(world)
        await world.resume(answer)
        assert rings() == []
        card = await world.card()
        assert card["valet"]["problem"]
        await world.resume({"decisions": [{"type": "approve"}]})
        assert rings() == [2]

    asyncio.run(go())


def test_two_writes_are_one_card_and_each_is_decided_for_itself() -> None:
    async def go() -> None:
        world = world_of(two(), AIMessage("One of them."))
        card = await asked(world)
        first, second = (item["id"] for item in card["valet"]["items"])
        messages = await world.resume({first: {"type": "reject", "message": "no"}, second: {"type": "approve"}})
        assert rings() == [3]
        assert [m.status for m in answers(messages)] == ["error", "success"]

    asyncio.run(go())


def test_a_part_of_a_card_may_be_decided_and_the_rest_is_asked_again() -> None:
    async def go() -> None:
        world = world_of(two(), AIMessage("Both."))
        card = await asked(world)
        first, second = (item["id"] for item in card["valet"]["items"])
        await world.resume({second: True})
        assert rings() == []
        again = await world.card()
        assert [item["id"] for item in again["valet"]["items"]] == [first]
        await world.resume(True)
        assert sorted(rings()) == [2, 3]

    asyncio.run(go())


def test_an_edit_is_shown_again_before_it_is_done() -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("Rung."))
        await asked(world)
        edit = {"type": "edit", "edited_action": {"name": "ring_bell", "args": {"times": 5}}}
        await world.resume({"decisions": [edit]})
        assert rings() == []
        card = await world.card()
        assert card["action_requests"][0]["args"] == {"times": 5}
        messages = await world.resume({"decisions": [{"type": "approve"}]})
        assert rings() == [5]
        assert next(m for m in messages if isinstance(m, AIMessage)).tool_calls[0]["args"] == {"times": 5}

    asyncio.run(go())


def test_feedback_goes_back_to_the_model_and_nothing_is_done() -> None:
    async def go() -> None:
        again = calling(("ring_bell", {"times": 1}))
        world = world_of(ring(), again, AIMessage("Rung once."))
        await asked(world)
        await world.resume({"decisions": [{"type": "respond", "message": "once is enough"}]})
        assert "once is enough" in answers(await world.messages())[0].text
        assert rings() == []
        await world.resume(True)
        assert rings() == [1]

    asyncio.run(go())


def test_reads_run_first_and_the_writes_are_asked_with_what_they_found_in_view() -> None:
    async def go() -> None:
        world = world_of(calling(("list_letters", {}), ("ring_bell", {"times": 2})), AIMessage("Both done."))
        card = await asked(world)
        assert card["valet"]["items"][0]["sources"] == ["letter Ana", "letter Li"]
        told = card["action_requests"][0]["description"]
        assert "  proposed after reading in this conversation: letter Ana, letter Li\n" in told
        assert [m.name for m in answers(await world.messages())] == ["list_letters"]

    asyncio.run(go())


def test_what_was_in_view_is_named_while_it_is_little_and_counted_when_it_is_much() -> None:
    handles = {"mail:1": Handled(id="a", label="Offer")}
    assert in_view(["mail a", "event b c"], handles) == ("mail Offer", "event b c")
    assert in_view([f"mail {n}" for n in range(97)] + ["file x"], handles) == ("97 mails", "1 file")
    assert in_view([f"person {n}" for n in range(8)], handles) == ("8 people",)
