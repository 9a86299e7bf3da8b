"""The saver: nothing in the clear is taken, under LangGraph's strict reading too, and no lock is held for long."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.checkpoints import Sealed
from app.storage_error import StorageError
from tests.storage_world import opened

CONVERSE = """
import asyncio, sys
from contextlib import closing
from pathlib import Path
from typing import Any
from langgraph.checkpoint.serde import _msgpack
from tests.storage_world import opened
from tests.test_storage_encrypted import answers, converse

async def main():
    assert _msgpack.STRICT_MSGPACK_ENABLED
    async with opened(Path(sys.argv[1]), "local:test") as kept:
        await converse(kept)
        print(*await answers(kept))

asyncio.run(main())
"""


def test_a_row_in_the_clear_is_refused_by_the_strict_reader_too(tmp_path: Path) -> None:
    async def read() -> None:
        async with opened(tmp_path, "local:test") as kept, kept.checkpoints() as saver:
            strict = saver.with_allowlist({("tests.small_graph", "Said")})
            assert strict is not saver
            assert isinstance(strict.serde, Sealed)
            plain = strict.serde.serde.dumps_typed({"words": "a forged state"})
            assert strict.serde.serde.loads_typed(plain) == {"words": "a forged state"}
            with pytest.raises(StorageError, match="did not write"):
                strict.serde.loads_typed(plain)
            sealed = strict.serde.dumps_typed({"words": "ours"})
            assert saver.serde.loads_typed(sealed) == {"words": "ours"}

    asyncio.run(read())


def test_the_database_is_never_left_locked_while_the_loop_does_something_else(tmp_path: Path) -> None:
    """The ledger writes on the event loop: were the saver between its write and its commit, both would wait."""

    async def write() -> int:
        async with opened(tmp_path, "local:test") as kept, kept.checkpoints() as saver:
            place: Any = {"configurable": {"thread_id": "t", "checkpoint_ns": "", "checkpoint_id": "c"}}
            turns = 0
            with closing(sqlite3.connect(kept.path, timeout=5, isolation_level=None)) as ledger:
                for number in range(20):
                    writing = asyncio.ensure_future(saver.aput_writes(place, [("a", 1), ("b", 2)], f"task {number}"))
                    while not writing.done():
                        ledger.execute("BEGIN IMMEDIATE")
                        ledger.execute("COMMIT")
                        await asyncio.sleep(0)
                        turns += 1
                    await writing
                assert ledger.execute("SELECT COUNT(*) FROM writes").fetchone() == (40,)
            return turns

    assert asyncio.run(write()) > 40


def test_a_conversation_is_kept_and_read_under_the_strict_setting(tmp_path: Path) -> None:
    env = {**os.environ, "LANGGRAPH_STRICT_MSGPACK": "true"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", CONVERSE, str(tmp_path)],
        capture_output=True, text=True, env=env, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "It is xyzzy-canary-word.\n"), done.stderr
    assert "Blocked" not in done.stderr, done.stderr
