"""Conversations at rest: ciphertext, older ones taken over, and after a wipe an error that says what to do."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from app.storage import DATABASE, UNREADABLE, Storage, StorageError
from app.storage_seal import Unreadable
from app.vault_opening import VAULT
from auth.local.keys import Beside, Ladder
from auth.local.vault import Vault
from auth.local.vault_rotation import wipe
from graphs.assistant import assistant
from graphs.parts import Result
from tests.auth.vault_world import everything
from tests.scripted import calling
from tests.small_graph import parts_of
from tests.storage_world import opened
from tools.view import Note

CANARY = "xyzzy-canary-word"
RESULT = Result("echo", "echo_node", "read", "ok", CANARY, view=(Note(text=CANARY),), data={"word": CANARY})


def config(thread: str = "t") -> Any:
    return {"configurable": {"thread_id": thread}, "recursion_limit": 30}


async def converse(kept: Storage, thread: str = "t") -> None:
    """One turn, in which the canary is asked, called with, found, answered, remembered and titled."""
    parts = parts_of([calling(("echo", {"words": CANARY})), AIMessage(f"It is {CANARY}.")])
    async with kept.checkpoints() as saver:
        graph = assistant(parts).compile(checkpointer=saver)
        await graph.ainvoke({"messages": [HumanMessage(f"What about {CANARY}?")]}, config(thread), durability="sync")
    kept.threads.touch(thread, f"About {CANARY}")
    kept.results.put(thread, "call", RESULT)
    kept.memories.of("local:test", f"{CANARY}@x.example", "echo").put(CANARY, CANARY.encode())


async def answers(kept: Storage, thread: str = "t") -> list[str]:
    async with kept.checkpoints() as saver:
        graph = assistant(parts_of([])).compile(checkpointer=saver)
        found = (await graph.aget_state(config(thread))).values["messages"]
    return [message.text for message in found if message.type == "ai" and message.text]


def using(home: Path, work: Callable[[Storage], Awaitable[Any]]) -> Any:
    async def use() -> Any:
        async with opened(home, "local:test") as kept:
            return await work(kept)

    return asyncio.run(use())


def sql(home: Path, statement: str) -> list[Any]:
    with closing(sqlite3.connect(home / DATABASE, isolation_level=None)) as db:
        return db.execute(statement).fetchall()


def test_no_word_of_a_conversation_is_on_the_disk(tmp_path: Path) -> None:
    async def while_open(kept: Storage) -> bytes:
        await converse(kept)
        return everything(tmp_path)

    assert CANARY.encode() not in using(tmp_path, while_open) + everything(tmp_path)
    assert using(tmp_path, answers) == [f"It is {CANARY}."]


def test_metadata_says_nothing_of_what_was_said(tmp_path: Path) -> None:
    using(tmp_path, converse)
    kinds = {row[0] for row in sql(tmp_path, "SELECT json_each.key FROM checkpoints, json_each(metadata)")}
    assert kinds <= {"source", "step", "parents"}
    types = {row[0] for row in sql(tmp_path, "SELECT type FROM checkpoints UNION SELECT type FROM writes")}
    assert types
    assert all(kind.endswith("+vault") for kind in types)


def test_after_a_rotation_old_and_new_are_readable(tmp_path: Path) -> None:
    using(tmp_path, converse)
    with closing(Vault.open(tmp_path / VAULT, Ladder((Beside(tmp_path),)))) as vault:
        vault.rotate()

    async def both(kept: Storage) -> list[list[str]]:
        await converse(kept, "second")
        return [await answers(kept), await answers(kept, "second")]

    assert using(tmp_path, both) == [[f"It is {CANARY}."]] * 2


def test_after_a_wipe_what_was_is_unreadable_and_one_can_begin_anew(tmp_path: Path) -> None:
    using(tmp_path, converse)
    wipe(tmp_path / VAULT, Ladder((Beside(tmp_path),)))
    for look in (answers, lambda kept: asyncio.to_thread(kept.results.get, "t", "call")):
        with pytest.raises(Unreadable, match="Begin anew"):
            using(tmp_path, look)

    async def anew(kept: Storage) -> tuple[Any, ...]:
        memory = kept.memories.of("local:test", f"{CANARY}@x.example", "echo").get(CANARY)
        await converse(kept, "second")
        return memory, {thread.title for thread in kept.threads.list()}, await answers(kept, "second")

    assert using(tmp_path, anew) == (None, {UNREADABLE, f"About {CANARY}"}, [f"It is {CANARY}."])


def test_a_conversation_that_is_open_while_the_vault_is_wiped_keeps_nothing_more(tmp_path: Path) -> None:
    async def wiped(kept: Storage) -> None:
        wipe(tmp_path / VAULT, Ladder((Beside(tmp_path),)))
        await converse(kept)

    with pytest.raises(Unreadable):
        using(tmp_path, wiped)


def test_a_result_of_another_call_does_not_open(tmp_path: Path) -> None:
    using(tmp_path, converse)
    sql(tmp_path, "UPDATE results SET call = 'other'")
    with pytest.raises(StorageError, match="altered"):
        using(tmp_path, lambda kept: asyncio.to_thread(kept.results.get, "t", "other"))


def test_a_state_that_is_not_encrypted_is_not_taken(tmp_path: Path) -> None:
    using(tmp_path, converse)
    sql(tmp_path, "UPDATE checkpoints SET type = 'msgpack'")
    with pytest.raises(StorageError, match="did not write"):
        using(tmp_path, answers)


OLDER = """
CREATE TABLE threads (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, title TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL
) STRICT;
CREATE TABLE results (
    thread TEXT NOT NULL, call TEXT NOT NULL, result TEXT NOT NULL, PRIMARY KEY (thread, call)
) STRICT;
CREATE TABLE memories (
    user TEXT NOT NULL, account TEXT NOT NULL, node TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (user, account, node, key)
) STRICT;
"""


async def older(home: Path) -> None:
    """A database as it was before conversations were encrypted."""
    parts = parts_of([calling(("echo", {"words": CANARY})), AIMessage(f"It is {CANARY}.")])
    async with AsyncSqliteSaver.from_conn_string(str(home / DATABASE)) as saver:
        graph = assistant(parts).compile(checkpointer=saver)
        await graph.ainvoke({"messages": [HumanMessage(f"What about {CANARY}?")]}, config(), durability="sync")
    now = datetime.now(UTC).isoformat()
    view = f'{{"tool":"echo","node":"echo_node","effect":"read","status":"ok","lead":"{CANARY}"}}'
    with closing(sqlite3.connect(home / DATABASE, isolation_level=None)) as db:
        db.executescript(OLDER)
        db.execute("INSERT INTO threads VALUES ('t', 'local:test', ?, ?, ?)", (f"About {CANARY}", now, now))
        db.execute("INSERT INTO results VALUES ('t', 'call', ?)", (view,))
        db.execute("INSERT INTO memories VALUES ('u', ?, 'n', 'k', ?)", (CANARY, CANARY.encode()))


def test_an_older_database_is_encrypted_and_goes_on(tmp_path: Path) -> None:
    asyncio.run(older(tmp_path))
    assert CANARY.encode() in everything(tmp_path)

    async def look(kept: Storage) -> tuple[Any, ...]:
        found = kept.results.get("t", "call")
        return await answers(kept), [thread.title for thread in kept.threads.list()], found and found.lead

    assert using(tmp_path, look) == ([f"It is {CANARY}."], [f"About {CANARY}"], CANARY)
    assert CANARY.encode() not in everything(tmp_path)
    assert using(tmp_path, look)[0] == [f"It is {CANARY}."], "once is enough"


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    using(tmp_path, converse)
    sql(tmp_path, "PRAGMA user_version = 9")
    with pytest.raises(StorageError, match="newer"):
        using(tmp_path, answers)
