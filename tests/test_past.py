"""Long threads: what the state holds is bounded, and nothing that counts is lost."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from app.storage import DATABASE
from graphs.assistant import assistant
from graphs.parts import Limits
from tests.scripted import calling
from tests.small_graph import BELL, ECHO, LETTERS, OUTSIDE, World
from tests.storage_world import opened

KEPT = 5


def talked(world: World, turns: int, said: str = "request {}") -> list[Any]:
    for turn in range(turns):
        messages = asyncio.run(world.ask(said.format(turn)))
    return messages


def replies(turns: int) -> list[Any]:
    return [r for n in range(turns) for r in (calling(("echo", {"words": f"found {n}"})), AIMessage(f"answer {n}"))]


def test_the_state_holds_the_newest_turns_and_the_rest_is_kept_outside() -> None:
    world = World.of(*replies(12), limits=Limits(kept_turns=KEPT))
    messages = talked(world, 12)
    assert [m.text for m in messages if isinstance(m, HumanMessage)] == [f"request {n}" for n in range(7, 12)]
    left = world.parts.results.left("t")
    assert [turn[0].text for turn in left] == [f"request {n}" for n in range(7)]
    assert [turn[-1].text for turn in left] == [f"answer {n}" for n in range(7)]


def test_the_model_is_told_a_line_of_each_turn_that_left() -> None:
    world = World.of(*replies(12), limits=Limits(kept_turns=KEPT))
    talked(world, 12)
    system = world.model.seen[-1][0].text
    assert "one line for each turn (6 turns" in system
    assert "Asked: request 3 | found: found 3 | answered: answer 3" in system
    assert "request 11" not in system


def test_what_is_told_of_the_past_is_bounded_and_fenced() -> None:
    limits = Limits(kept_turns=2, summary_tokens=100)
    world = World.of(*replies(30), limits=limits)
    talked(world, 30, "request {} " + "with many words " * 20)
    system = world.model.seen[-1][0].text
    told = system.partition("Earlier in this conversation")[2]
    assert len(told) < 4 * limits.summary_tokens + 300
    assert "Asked: request 26" in told
    assert "Asked: request 2 " not in told
    assert told.count("<data ") == told.count("</data ") == 1
    state = asyncio.run(world.graph.aget_state(world.config)).values
    assert state["past"]["turns"] == 28


def test_turns_that_do_not_fit_the_model_are_told_in_a_line_too() -> None:
    long = [AIMessage(f"answer {n} " + "word " * 400) for n in range(6)]
    world = World.of(*long, limits=Limits(history_tokens=1200))
    talked(world, 6)
    shown = world.model.seen[-1]
    assert [m.text for m in shown if isinstance(m, HumanMessage)] == ["request 3", "request 4", "request 5"]
    assert "Asked: request 2 " in shown[0].text


def test_a_handle_shown_long_ago_still_holds() -> None:
    script = [calling(("list_letters", {})), AIMessage("Two."), *(AIMessage(f"{n}") for n in range(8))]
    script += [calling(("read_letter", {"letter": "letter:2"})), AIMessage("Read.")]
    world = World.of(*script, limits=Limits(kept_turns=2))
    talked(world, 9)
    messages = asyncio.run(world.ask("read the second letter"))
    found = [m for m in messages if isinstance(m, ToolMessage)][-1]
    assert found.artifact["lead"].startswith("id-Li says")
    state = asyncio.run(world.graph.aget_state(world.config)).values
    assert state["sources"] == ["letter id-Ana", "letter id-Li"]
    assert "letter:2" in world.model.seen[-1][0].text


def test_a_link_typed_long_ago_may_still_be_shown() -> None:
    script = [
        *(AIMessage(f"{n}") for n in range(6)),
        AIMessage("See https://mine.example/ok and https://evil.example/"),
    ]
    world = World.of(*script, limits=Limits(kept_turns=2))
    asyncio.run(world.ask("my page is https://mine.example/ok"))
    talked(world, 5)
    last = asyncio.run(world.ask("where is my page?"))[-1].text
    assert "https://mine.example/ok" in last
    assert "https://evil" not in last


def test_a_call_id_of_a_turn_that_left_is_not_given_again() -> None:
    world = World.of(*replies(9), limits=Limits(kept_turns=2))
    talked(world, 9)
    kept = [m for turn in world.parts.results.left("t") for m in turn] + asyncio.run(world.messages())
    names = [m.tool_call_id for m in kept if isinstance(m, ToolMessage)]
    assert len(set(names)) == len(names) == 9
    leads = [result.lead for name in names if (result := world.parts.results.get("t", name))]
    assert leads == [f"found {n}" for n in range(9)]


def test_a_card_that_waits_in_a_long_thread_is_still_there() -> None:
    OUTSIDE.__init__()  # type: ignore[misc]  # the bell as it was at first
    script = [*(AIMessage(f"{n}") for n in range(6)), calling(("ring_bell", {"times": 3})), AIMessage("It rang.")]
    world = World.of(*script, limits=Limits(kept_turns=2), modules=(LETTERS, ECHO, BELL))
    talked(world, 6)
    asyncio.run(world.ask("ring"))
    assert asyncio.run(world.card())["action_requests"][0]["args"]["times"] == 3
    messages = asyncio.run(world.resume(True))
    assert "rang 3 times" in next(m.text for m in messages if isinstance(m, ToolMessage))
    assert len(OUTSIDE.rung) == 1


def test_what_a_turn_writes_does_not_grow_with_the_thread(tmp_path: Path) -> None:
    async def sizes(turns: int, marks: tuple[int, ...]) -> list[int]:
        world = World.of(*replies(turns))
        found = []
        async with opened(tmp_path, "local:test") as kept, kept.checkpoints() as saver:
            parts = replace(world.parts, results=kept.results)
            at = World(parts, assistant(parts).compile(checkpointer=saver))
            for turn in range(turns):
                await at.ask(f"request {turn:4}")
                if turn + 1 in marks:
                    found.append(_newest())
        return found

    def _newest() -> int:
        with closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
            return int(connection.execute("SELECT max(length(checkpoint)) FROM checkpoints").fetchone()[0])

    at_40, at_120 = asyncio.run(sizes(120, (40, 120)))
    assert at_120 < 1.35 * at_40, "but for the lines of the past, which are bounded"


def test_turns_that_left_are_ciphertext_and_come_back(tmp_path: Path) -> None:
    async def put_and_get() -> list[list[Any]]:
        async with opened(tmp_path, "local:test") as kept:
            kept.results.leave("t", 1, [HumanMessage("second"), AIMessage("b")])
            kept.results.leave("t", 0, [HumanMessage("a private request"), AIMessage("a")])
            return kept.results.left("t")

    turns = asyncio.run(put_and_get())
    assert [[m.text for m in turn] for turn in turns] == [["a private request", "a"], ["second", "b"]]
    assert b"private request" not in b"".join(p.read_bytes() for p in tmp_path.iterdir() if p.is_file())
