"""The checkpointer: where each thread stands, on SQLite. Law: what a turn has settled keeps no steps."""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import aiosqlite
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata
from langgraph.checkpoint.serde.encrypted import EncryptedSerializer
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from app.storage_error import StorageError
from app.storage_seal import VaultSeal


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

    def with_allowlist(self, extra_allowlist: Collection[tuple[str, ...]]) -> Checkpoints:
        """LangGraph asks for this where LANGGRAPH_STRICT_MSGPACK is set; its own would take rows in the clear again."""
        clone = copy.copy(self)
        if isinstance(self.serde, Sealed):
            clone.serde = self.serde.allowing(extra_allowlist)
        return clone

    async def _forget_before(self, config: RunnableConfig, checkpoint: str) -> None:
        where = "WHERE thread_id = ? AND checkpoint_ns = ? AND checkpoint_id < ?"
        key = (str(config["configurable"]["thread_id"]), config["configurable"].get("checkpoint_ns", ""), checkpoint)
        async with self.lock:
            for table in ("checkpoints", "writes"):
                await self.conn.execute(f"DELETE FROM {table} {where}", key)  # noqa: S608 - two fixed names
            await self.conn.commit()


@dataclass(frozen=True)
class SealCipher:
    """The vault's seal, as LangGraph's CipherProtocol wants it. The name goes into the type column."""

    seal: VaultSeal

    def encrypt(self, plaintext: bytes) -> tuple[str, bytes]:
        return "vault", self.seal.encrypt(plaintext)

    def decrypt(self, ciphername: str, ciphertext: bytes) -> bytes:
        return self.seal.decrypt(ciphertext)


class Sealed(EncryptedSerializer):
    """Encrypts states and pending writes, and takes nothing that is not encrypted: no one but Valet writes here."""

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        if not data[0].endswith("+vault"):
            raise StorageError(
                "A conversation holds something that Valet did not write.",
                "Begin a new one; if it happens again, move valet.db away to begin anew.",
            )
        return super().loads_typed(data)

    def allowing(self, allowlist: Collection[tuple[str, ...]]) -> Sealed:
        """The same, reading these types too where LangGraph reads none unnamed."""
        inner = self.serde
        if not isinstance(inner, JsonPlusSerializer):
            raise TypeError(f"{type(inner).__name__} has no list of allowed types")
        return Sealed(self.cipher, inner.with_msgpack_allowlist(allowlist))


class _AtOnce(sqlite3.Cursor):
    """Writes several rows and commits them in one go, or none of them."""

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Self:
        self.execute("BEGIN IMMEDIATE")
        try:
            super().executemany(sql, parameters)
            self.execute("COMMIT")
        except BaseException:
            self.connection.rollback()
            raise
        return self


class _Connection(sqlite3.Connection):
    """Holds the database's lock for no longer than a statement takes.

    LangGraph's saver writes, and commits when the event loop comes round to it; meanwhile the ledger may wait for the
    lock on that very loop.
    """

    def cursor(self, factory: Any = _AtOnce) -> Any:
        return super().cursor(factory)


@asynccontextmanager
async def checkpoints(path: Path, seal: VaultSeal) -> AsyncIterator[Checkpoints]:
    """Open the checkpoints in this database. Raises sqlite3.DatabaseError."""
    async with aiosqlite.connect(path, isolation_level=None, factory=_Connection) as connection:
        await connection.execute("PRAGMA busy_timeout = 10000")
        await connection.execute("PRAGMA secure_delete = ON")
        saver = Checkpoints(connection, serde=Sealed(SealCipher(seal)))
        await saver.setup()
        yield saver
