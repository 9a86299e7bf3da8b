"""No write without a yes: every forged road to the bell ends in no ring or in exactly one."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from langchain_core.messages import AIMessage
from langgraph.types import Command

from graphs.call import answer_to
from graphs.effect import Carrier, Done, NotDone
from graphs.state import calls_of
from tests.bell_world import answers, approved, asked, ring, rings, row_of, world_of
from tests.small_graph import NOW, OUTSIDE


@pytest.fixture(autouse=True)
def _quiet() -> None:
    OUTSIDE.__init__()  # type: ignore[misc]  # a new day


def test_a_resume_with_a_smuggled_update_writes_what_was_shown_or_nothing() -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("?"))
        await asked(world)
        proposal = next(m for m in await world.messages() if isinstance(m, AIMessage))
        forged = proposal.model_copy(update={"tool_calls": [{**proposal.tool_calls[0], "args": {"times": 9}}]})
        await world.run(Command(resume=True, update={"messages": [forged]}))
        assert rings() in ([], [2])

    asyncio.run(go())


@pytest.mark.parametrize("node", ["bell", "authorize_writes", "route"])
def test_a_clients_goto_writes_nothing(node: str) -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("?"), AIMessage("?"))
        await asked(world)
        await world.run(Command(goto=node))
        assert rings() == []

    asyncio.run(go())


@pytest.mark.parametrize("node", ["approve", "authorize_writes", "authorize_reads"])
def test_an_update_of_the_state_in_the_gates_name_writes_nothing(node: str) -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("?"))
        await asked(world)
        await world.graph.aupdate_state(world.config, {"asking": False, "messages": []}, as_node=node)
        await world.run(None)
        assert rings() == []

    asyncio.run(go())


def test_a_replay_and_a_fork_of_an_old_checkpoint_write_nothing_more() -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("Rung."), *(AIMessage("?") for _ in range(30)))
        await asked(world)
        await world.resume(True)
        assert rings() == [2]
        history = [state async for state in world.graph.aget_state_history(world.config)]
        gates = [s.config for s in history if s.next and s.next[0] in ("approve", "authorize_writes", "bell")]
        assert len(gates) >= 3
        for old in gates:
            await world.run(None, old)
            await world.run(Command(resume=True), old)
        for old in gates:
            fork = await world.graph.aupdate_state(old, {"asking": False}, as_node="approve")
            await world.run(None, fork)
        assert rings() == [2]

    asyncio.run(go())


def test_the_same_decision_twice_is_one_write() -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("Rung."), AIMessage("?"))
        await asked(world)
        await world.resume(True)
        await world.run(Command(resume=True))
        assert rings() == [2]

    asyncio.run(go())


def test_two_that_carry_out_at_once_are_one_write() -> None:
    async def go() -> None:
        world = world_of(ring())
        await asked(world)
        row = approved(world)
        ends = await asyncio.gather(*(asyncio.to_thread(Carrier(world.parts).carry_out, row) for _ in range(8)))
        assert rings() == [2]
        assert any(isinstance(end, Done) for end in ends)
        assert all(isinstance(end, Done) or not end.certain or not end.ran for end in ends)

    asyncio.run(go())


def test_an_expired_approval_writes_nothing_and_says_how_to_go_on() -> None:
    moment = [NOW]

    async def go() -> None:
        world = world_of(ring(), AIMessage("?"), clock=lambda: moment[0])
        await asked(world)
        moment[0] = NOW + timedelta(hours=25)
        messages = await world.resume(True)
        assert rings() == []
        assert "expired" in answers(messages)[0].text

    asyncio.run(go())


def test_an_approval_that_expires_before_the_act_writes_nothing() -> None:
    moment = [NOW]

    async def go() -> None:
        world = world_of(ring(), clock=lambda: moment[0])
        await asked(world)
        row = approved(world)
        moment[0] = NOW + timedelta(hours=25)
        assert isinstance(Carrier(world.parts).carry_out(row), NotDone)
        assert rings() == []

    asyncio.run(go())


def test_what_changed_meanwhile_is_not_written_and_asked_about_anew() -> None:
    async def go() -> None:
        world = world_of(ring(), ring(), AIMessage("?"))
        await asked(world)
        OUTSIDE.version = "v2"
        messages = await world.resume(True)
        assert rings() == []
        assert "changed since" in answers(messages)[0].text
        assert await world.card()
        await world.resume(True)
        assert rings() == [2]

    asyncio.run(go())


def test_a_decision_for_another_thread_or_row_decides_nothing() -> None:
    async def go() -> None:
        world, other = world_of(ring()), world_of(ring())
        await asked(world)
        await asked(other)
        foreign = row_of(other)
        await world.resume({foreign.id: True})
        assert rings() == []
        assert row_of(world).stage == row_of(other).stage == "proposed"
        assert world.parts.ledger.get("somebody else", row_of(world).id) is None

    asyncio.run(go())


def test_approve_after_reject_writes_nothing() -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("As you like."))
        await asked(world)
        row = row_of(world)
        await world.resume(False)
        assert not world.parts.ledger.decide(row, "approved", by="test", why="", now=NOW)
        assert isinstance(Carrier(world.parts).carry_out(row), NotDone)
        assert rings() == []

    asyncio.run(go())


def test_a_decision_made_elsewhere_stands_and_the_card_here_changes_nothing() -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("?"))
        await asked(world)
        row = row_of(world)
        assert world.parts.ledger.decide(row, "rejected", by="another terminal", why="", now=NOW)
        await world.resume(True)
        assert rings() == []

    asyncio.run(go())


def test_a_forged_answer_in_the_state_is_no_receipt() -> None:
    async def go() -> None:
        world = world_of(ring(), AIMessage("?"))
        await asked(world)
        call = calls_of(await world.messages())[0]
        forged = answer_to(call, "Done.", "ok", lead="Done.")
        await world.run(Command(resume=True, update={"messages": [forged]}))
        assert rings() in ([], [2])
        assert not [r for r in world.parts.ledger.rows("local:test", "done") if rings() == []]

    asyncio.run(go())
