"""The whole graph with real tools over real HTTP: what a scripted model proposes is asked about, and carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

from langchain_core.messages import AIMessage, AnyMessage, ToolMessage
from langgraph.checkpoint.memory import InMemorySaver

from app.tapes.results import MemoryResults
from auth.broker import Brokers
from auth.capability import Capability
from auth.gateway import Gateway
from auth.lease import Lease, Secret
from auth.wire import Wire
from graphs.assistant import assistant
from graphs.context import Context
from graphs.ledger import Effect
from graphs.parts import Parts
from tests.scripted import Reply, ScriptedModels, calling
from tests.small_graph import MemoryAudit, NoMemories, World, ledger_in
from tools.registry import Registry

USER = "local:test"


@dataclass(frozen=True)
class SignsIn:
    """A broker that has a server sign a token for exactly the scopes of the capability."""

    token: Callable[[tuple[str, ...]], str]
    address: str

    def lease(self, user: str, account: str, capability: Capability) -> Lease:
        token = self.token(tuple(sorted(capability.scopes))) if capability.connection else ""
        return Lease(user, self.address, capability.name, capability.scopes, 1e12, Secret(token) if token else None)

    def invalidate(self, lease: Lease) -> None:
        """Every lease is new."""

    def account(self, user: str, connection: str) -> str:
        return self.address


@dataclass
class Desk(World):
    """A conversation whose model says what the test tells it to."""

    def say(self, *replies: Reply) -> None:
        self.model.replies.extend(replies)

    async def propose(self, name: str, **args: Any) -> dict[str, Any]:
        """The item of the card that a call leads to."""
        self.say(calling((name, args)), AIMessage("So be it."))
        await self.ask(f"{name}, please")
        card = await self.card()
        [item] = card["valet"]["items"]
        return dict(item)

    async def do(self, name: str, **args: Any) -> ToolMessage:
        """Propose, say yes, and give the answer to the call."""
        await self.propose(name, **args)
        return last(await self.resume(True))

    async def refused(self, name: str, **args: Any) -> str:
        """The answer to a call that cannot even be planned."""
        self.say(calling((name, args)), AIMessage("So be it."))
        return last(await self.ask(f"{name}, please")).text

    async def undo(self, receipt: str) -> ToolMessage:
        """Take a write back, say yes, and give the answer to the call; no model is asked."""
        await self.ask("undo that", Context(undo=receipt))
        return last(await self.resume(True))

    def row(self) -> Effect:
        """The newest row of the ledger."""
        stages = ("proposed", "approved", "rejected", "withdrawn", "intended", "done", "failed", "unknown")
        return self.parts.ledger.rows(USER, *stages)[0]  # type: ignore[arg-type]  # all of them


def rows(item: dict[str, Any]) -> dict[str, str]:
    """What the item of a card says, by the rows' labels."""
    return {row["label"]: row["value"] for row in item["rows"]}


def before(item: dict[str, Any]) -> dict[str, str]:
    """Of the rows that change something, what was there before."""
    return {row["label"]: row["before"] for row in item["rows"] if row["before"] is not None}


def last(messages: Sequence[AnyMessage]) -> ToolMessage:
    return next(message for message in reversed(messages) if isinstance(message, ToolMessage))


@contextmanager
def desk(
    folder: Path,
    modules: Sequence[ModuleType],
    origins: Mapping[str, str],
    broker: SignsIn,
    *,
    now: datetime,
    zone: ZoneInfo,
    wire: Wire | None = None,
) -> Iterator[Desk]:
    """`origins` say where the hosts of the services are."""
    wire, audit = wire or Wire(), MemoryAudit()
    parts = Parts(
        models=ScriptedModels([]),
        registry=Registry.of(modules),
        broker=broker,
        consents=Brokers({}),
        ledger=ledger_in(folder),
        gateway=Gateway(wire, audit, origins=origins),
        audit=audit,
        results=MemoryResults(),
        memories=NoMemories(),
        clock=lambda: now,
        zone=zone,
        user=USER,
    )
    try:
        yield Desk(parts, assistant(parts).compile(checkpointer=InMemorySaver()))
    finally:
        wire.close()
