"""The checkpointer: where each thread stands, on SQLite. Law: what a turn has settled keeps no steps."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver


class Checkpoints(AsyncSqliteSaver):
    """The checkpointer. A new turn removes the steps of the turns before it: only where they ended is kept.

    Every checkpoint holds the whole thread; kept for ever, 500 turns would fill gigabytes.
    """

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        saved = await super().aput(config, checkpoint, metadata, new_versions)
        parent = config["configurable"].get("checkpoint_id")
        if metadata.get("source") == "input" and parent:
            await self._forget_before(config, parent)
        return saved

    async def _forget_before(self, config: RunnableConfig, checkpoint: str) -> None:
        where = "WHERE thread_id = ? AND checkpoint_ns = ? AND checkpoint_id < ?"
        key = (str(config["configurable"]["thread_id"]), config["configurable"].get("checkpoint_ns", ""), checkpoint)
        async with self.lock:
            for table in ("checkpoints", "writes"):
                await self.conn.execute(f"DELETE FROM {table} {where}", key)  # noqa: S608 - two fixed names
            await self.conn.commit()


@asynccontextmanager
async def checkpoints(path: Path) -> AsyncIterator[Checkpoints]:
    """Open the checkpoints in this database. Raises sqlite3.DatabaseError."""
    async with aiosqlite.connect(path) as connection:
        await connection.execute("PRAGMA busy_timeout = 10000")
        saver = Checkpoints(connection)
        await saver.setup()
        yield saver
