"""Storage: private from the first byte, linear in turns, whole again after a restart."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from app.storage import DATABASE, StorageError, private_file
from graphs.assistant import assistant
from graphs.parts import Result
from tests.scripted import calling
from tests.small_graph import parts_of
from tests.storage_world import opened
from tools.view import Note


async def converse(home: Path, turns: int, thread: str = "t") -> None:
    """`turns` turns of one call each, on a real database."""
    replies: list[Any] = []
    for turn in range(turns):
        replies += [calling(("echo", {"words": f"{turn} " + "word " * 200})), AIMessage(f"answer {turn}")]
    parts = parts_of(replies)
    async with opened(home, "local:test") as kept, kept.checkpoints() as saver:
        graph = assistant(parts).compile(checkpointer=saver)
        for turn in range(turns):
            config: Any = {"configurable": {"thread_id": thread}, "recursion_limit": parts.limits.recursion}
            await graph.ainvoke({"messages": [HumanMessage(f"request {turn}")]}, config, durability="sync")


def used(home: Path) -> tuple[int, int]:
    """Checkpoints kept, and bytes in them."""
    with sqlite3.connect(home / DATABASE) as connection:
        row = connection.execute("SELECT count(*), sum(length(checkpoint)) FROM checkpoints").fetchone()
    connection.close()
    return int(row[0]), int(row[1])


def test_checkpoints_grow_by_lines_and_not_by_the_square(tmp_path: Path) -> None:
    sizes = {}
    for turns in (10, 20, 40):
        home = tmp_path / str(turns)
        asyncio.run(converse(home, turns))
        sizes[turns] = used(home)
    kept = {count for count, _ in sizes.values()}
    assert len(kept) == 1, "the steps of one turn and the end of the one before it, however long the thread"
    first, second = sizes[20][1] - sizes[10][1], sizes[40][1] - sizes[20][1]
    assert second < 2.4 * first, f"twice the turns, about twice the growth: {sizes}"


def test_every_file_is_private(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        asyncio.run(converse(tmp_path / "home", 1))

        async def while_open() -> dict[str, int]:
            async with opened(tmp_path / "home", "local:test") as kept:
                kept.threads.touch("t", "hello")
                return {p.name: stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "home").iterdir()}

        modes = asyncio.run(while_open())
    finally:
        os.umask(old)
    assert {f"{DATABASE}", f"{DATABASE}-wal"} <= set(modes)
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_a_thread_goes_on_after_a_restart(tmp_path: Path) -> None:
    async def messages() -> list[Any]:
        async with opened(tmp_path, "local:test") as kept, kept.checkpoints() as saver:
            graph = assistant(parts_of([])).compile(checkpointer=saver)
            config: Any = {"configurable": {"thread_id": "t"}}
            found: list[Any] = (await graph.aget_state(config)).values["messages"]
            return found

    asyncio.run(converse(tmp_path, 2))
    assert [m.text for m in asyncio.run(messages()) if m.type == "ai" and m.text] == ["answer 0", "answer 1"]


def test_results_come_back_as_they_were(tmp_path: Path) -> None:
    result = Result("echo", "echo_node", "read", "ok", "lead", view=(Note(text="hi"),), data={"n": 1})

    async def round_trip() -> tuple[Result | None, Result | None]:
        async with opened(tmp_path, "local:test") as kept:
            kept.results.put("t", "call-1", result)
            return kept.results.get("t", "call-1"), kept.results.get("other", "call-1")

    assert asyncio.run(round_trip()) == (result, None)


def test_what_nodes_remember_is_apart_by_user_account_node_and_workspace(tmp_path: Path) -> None:
    async def remembered(scope: str, user: str, node: str, put: bytes | None = None) -> bytes | None:
        async with opened(tmp_path, user, scope) as kept:
            memory = kept.memories.of(user, "ana@x.example", node)
            if put is not None:
                memory.put("history", put)
            return memory.get("history")

    assert asyncio.run(remembered("demo ", "a", "gmail_summary", b"41")) == b"41"
    assert asyncio.run(remembered("demo ", "a", "gmail_summary", b"42")) == b"42"
    assert asyncio.run(remembered("demo ", "a", "gmail_summary")) == b"42"
    for scope, user, node in (("own ", "a", "gmail_summary"), ("demo ", "b", "gmail_summary"), ("demo ", "a", "x")):
        assert asyncio.run(remembered(scope, user, node)) is None


def test_threads_are_listed_newest_first_and_by_user(tmp_path: Path) -> None:
    async def listed(user: str, touch: list[str]) -> list[str]:
        async with opened(tmp_path, user) as kept:
            for name in touch:
                kept.threads.touch(name, f"about {name}")
            assert all(kept.threads.knows(name) for name in touch)
            return [t.title for t in kept.threads.list()]

    assert asyncio.run(listed("a", ["one", "two", "one"])) == ["about one", "about two"]
    assert asyncio.run(listed("b", [])) == []


def test_a_folder_that_cannot_be_used_is_told_with_the_next_action(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match="VALET_HOME"):
        private_file(tmp_path / "file" / "valet.db")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / DATABASE).write_bytes(b"not a database, but long enough to look at" * 30)

    async def use() -> None:
        async with opened(broken, "u"):
            pass

    with pytest.raises(StorageError, match="move the file away"):
        asyncio.run(use())
