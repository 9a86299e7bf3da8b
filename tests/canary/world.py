"""A whole Valet over the watched doubles, driven as LangGraph's server drives a graph, with everything collected."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from langchain_core.messages import HumanMessage
from langchain_core.tracers.base import BaseTracer
from langchain_core.tracers.schemas import Run
from langgraph.types import Command

from app.settings import Settings, load
from app.tasks.keys import CLIENT_SECRET, SIGNING_KEY, VaultKeys
from app.wiring import Valet, wire
from tests.auth.auth0.tenant_world import browse
from tests.canary.doubles import Watched
from tests.canary.leaks import pieces
from tests.demo.little_office import Clock as Hands

MODES: list[Any] = ["values", "updates", "custom", "messages", "checkpoints", "tasks", "debug"]
THREAD = "canary"


@dataclass
class Clock(Hands):
    """The doubles' time: the real one, and so much further."""

    ahead: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


class Tracer(BaseTracer):
    """What a tracing service would be sent: whole runs, with inputs, outputs, metadata and errors."""

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[bytes, None] = {}

    def _persist_run(self, run: Run) -> None:
        told = [run.name, run.inputs, run.outputs, run.events, run.extra, run.serialized, run.error, run.tags]
        self.told |= dict.fromkeys(pieces([told, *(child.error for child in run.child_runs)]))


class Lines(logging.Handler):
    """Every record of every logger, as it would be written, with its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.told: list[bytes] = []
        self.names: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        self.names.add(record.name)
        if record.name != "aiosqlite" or "executing" in record.msg:  # which says everything twice, before and after
            self.told.append(self.format(record).encode("utf-8", "replace"))


class Children:
    """What other programs can see of the processes that are started: arguments and environment.

    An audit hook cannot be taken off again; it listens only while `open`.
    """

    def __init__(self) -> None:
        self.told: list[bytes] = []
        self.open = True
        sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if self.open and event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"):
            self.told.append(repr(args).encode())


@contextmanager
def every_log() -> Iterator[Lines]:
    """All loggers at DEBUG, heard here alone: pytest would keep every record and send it with its reports."""
    lines, root = Lines(), logging.getLogger()
    before, others = root.level, root.handlers[:]
    known = {name: found for name, found in root.manager.loggerDict.items() if isinstance(found, logging.Logger)}
    levels = {name: found.level for name, found in known.items()}
    for found in known.values():
        found.setLevel(logging.NOTSET)
    root.handlers[:] = [lines]
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.setLevel(before)
        root.handlers[:] = others
        for name, found in known.items():
            found.setLevel(levels[name])


@dataclass
class World:
    """The conversation's surroundings; `evidence` is all that came out of it, the different pieces of each place."""

    running: Watched
    clock: Clock
    settings: Settings
    valet: Valet
    evidence: dict[str, dict[bytes, None]] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    tracer: Tracer = field(default_factory=Tracer)

    @property
    def config(self) -> Any:
        recursion = self.valet.limits.recursion
        return {"configurable": {"thread_id": THREAD}, "recursion_limit": recursion, "callbacks": [self.tracer]}

    def keep(self, what: str, content: object) -> None:
        """Each piece once: what a conversation tells, it tells again with every step."""
        self.evidence.setdefault(what, {}).update(dict.fromkeys(pieces(content)))

    async def turn(self, request: str) -> str:
        """Ask, and say yes to whatever is asked; gives the answer."""
        await self.begin(request)
        return await self.agree()

    async def begin(self, request: str) -> None:
        """Ask, up to the first pause."""
        self.valet.storage.threads.touch(THREAD, request)
        await self._run({"messages": [HumanMessage(request)]})

    async def agree(self) -> str:
        """Say yes until nothing is asked any more; gives the answer."""
        while (given := await self._yes()) is not None:
            await self._run(given)
        state = await self.valet.graph.aget_state(self.config)
        self.note_grants()
        return str(state.values["messages"][-1].text)

    async def _run(self, given: Any) -> None:
        try:
            async for part in self.valet.graph.astream(
                given, self.config, stream_mode=MODES, version="v2", durability="sync"
            ):
                self.keep(f"stream {part['type']}", part)
        except Exception:
            self.keep("exceptions", traceback.format_exc())
            raise

    async def _yes(self) -> Any:
        state = await self.valet.graph.aget_state(self.config)
        self.keep("state", state)
        if not state.interrupts:
            return None
        (pause,) = state.interrupts
        self.keep("interrupts", json.dumps(pause.value))
        for item in pause.value["valet"]["items"]:
            if "page" in item:
                await asyncio.to_thread(browse, item["page"])
        return Command(resume={"decisions": [{"type": "approve"}] * len(pause.value["action_requests"])})

    def note_grants(self) -> None:
        """What the vault holds now: tokens that came from services of our own are known from there alone."""
        vault = self.valet.storage.vault
        user = self.valet.parts.user
        realm = f"demo {self.running.origin}"
        for place in vault.places(realm, user):
            record = vault.get(place)
            facts = json.loads(record.value) if record else {}
            found = {"refresh": facts.get("refresh_token"), "access": (facts.get("access") or {}).get("token")}
            for kind, secret in found.items():
                if secret:
                    self.own[f"{place.connection} {place.capability} {kind} {hash(secret)}"] = secret
        keys = VaultKeys(vault)
        self.own["tasks client secret"] = (keys.get(CLIENT_SECRET) or b"").decode()
        pem = (keys.get(SIGNING_KEY) or b"").decode().splitlines()
        self.own |= {f"tasks signing key {number}": line for number, line in enumerate(pem[2:-1])}  # others begin alike

    async def close_books(self) -> None:
        """What can be asked for after a conversation: its history, the audit log, what the vault says of itself."""
        async for state in self.valet.graph.aget_state_history(self.config):
            self.keep("history", state)
        self.keep("audit", [*self.valet.storage.audit.rows()])
        self.keep("tracing", b"\n".join(self.tracer.told))
        self.keep("representations", repr([self.valet, self.valet.parts, self.valet.storage.vault, self.settings]))


@asynccontextmanager
async def world(running: Watched, clock: Clock, env: dict[str, str], cwd: Path) -> AsyncIterator[World]:
    """A wired Valet."""
    settings = load(env, cwd=cwd)
    async with wire(settings) as valet:
        yield World(running, clock, settings, valet)
