"""Builds the parts and hands them over: the only place that picks demo or real, offline planner or a model."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from app.demo.faults import Faults
from app.models import ChatModels, Endpoint
from app.settings import Settings
from app.storage import DATABASE, Storage, private_file, storage
from auth.broker import Brokers
from auth.gateway import Gateway
from auth.local.google import GoogleBroker
from auth.local.grants import Client, MemoryGrants, consent_at_once
from auth.local.slack import SlackBroker
from auth.wire import Wire
from graphs.parts import Limits, Parts
from tools.registry import discover

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph

    from app.checkpoints import Checkpoints

DEMO_HOSTS = (
    "gmail.googleapis.com",
    "www.googleapis.com",
    "oauth2.googleapis.com",
    "accounts.google.com",
    "slack.com",
    "geocoding-api.open-meteo.com",
    "api.open-meteo.com",
)


@dataclass(frozen=True)
class Demo:
    """The running demo workspace: where it is served, whose it is, and its faults where it runs in this process."""

    origin: str
    account: str
    faults: Faults | None


@dataclass(frozen=True)
class Valet:
    """Everything a surface needs to hold a conversation."""

    graph: CompiledStateGraph[Any, Any, Any, Any]
    parts: Parts
    storage: Storage
    demo: Demo

    @property
    def limits(self) -> Limits:
        return self.parts.limits


@asynccontextmanager
async def wire(settings: Settings) -> AsyncIterator[Valet]:
    """The assistant over the demo workspace. Raises DeclarationError, StorageError, WorkspaceError."""
    registry = discover()
    user = local_user()
    clock = clock_of(settings)
    private_file(settings.home / DATABASE)  # first, so that the folder of everything else is private too
    with demo_of(settings, clock) as demo:
        async with storage(settings.home, user, f"{settings.demo_origin or settings.workspace} ") as kept:
            wire = Wire()
            gateway = Gateway(wire, kept.audit, origins=dict.fromkeys(DEMO_HOSTS, demo.origin))
            endpoint = Endpoint(settings.model_url, settings.model_key)
            models = ChatModels(settings.model, endpoint, registry, clock, settings.zone)
            brokers = _brokers(wire, gateway, kept, demo)
            parts = Parts(
                models=models,
                registry=registry,
                broker=brokers,
                consents=brokers,
                ledger=kept.ledger,
                gateway=gateway,
                audit=kept.audit,
                results=kept.results,
                memories=kept.memories,
                clock=clock,
                zone=settings.zone,
                user=user,
                limits=Limits(
                    calls_per_turn=settings.calls_per_turn,
                    result_chars=settings.result_chars,
                    history_tokens=settings.history_tokens,
                ),
            )
            try:
                async with kept.checkpoints() as checkpoints:
                    yield Valet(_graph(parts, checkpoints), parts, kept, demo)
            finally:
                wire.close()
                await models.close()


def _graph(parts: Parts, checkpoints: Checkpoints) -> CompiledStateGraph[Any, Any, Any, Any]:
    from graphs.assistant import assistant

    return assistant(parts).compile(checkpointer=checkpoints)


def _brokers(wire: Wire, gateway: Gateway, kept: Storage, demo: Demo) -> Brokers:
    """The local brokers, whose person is the demo workspace's and consents at once."""
    from app.demo.google_oauth import CLIENT_ID, CLIENT_SECRET
    from app.demo.slack.oauth import SLACK_CLIENT_ID

    common: dict[str, Any] = {
        "wire": wire,
        "audit": kept.audit,
        "clock": lambda: datetime.now(UTC).timestamp(),
        "default_account": demo.account,
        "locate": gateway.locate,
        "consent": consent_at_once(wire),
    }
    google = GoogleBroker(client=Client(CLIENT_ID, CLIENT_SECRET), grants=MemoryGrants(), **common)
    slack = SlackBroker(client=Client(SLACK_CLIENT_ID, ""), grants=MemoryGrants(), **common)
    return Brokers({"google": google, "slack": slack})


def local_user() -> str:
    """The operating system's user, as a stable local id."""
    return f"local:{os.getuid()}" if hasattr(os, "getuid") else "local"


def clock_of(settings: Settings) -> Callable[[], datetime]:
    """The clock: the real one, or the moment the settings fix it at."""
    fixed = settings.now
    return (lambda: fixed) if fixed is not None else (lambda: datetime.now(UTC))


@contextmanager
def demo_of(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Demo]:
    """Attach to a running `valet demo serve`, or start the workspace in this process."""
    if settings.demo_origin:
        yield Demo(settings.demo_origin, account="", faults=None)
        return
    from app.demo.server import serve

    workspace = open_workspace(settings, clock)
    with serve(workspace) as running:
        if settings.demo_faults:
            running.faults.parse(settings.demo_faults)
        yield Demo(running.origin, workspace.owner.address, running.faults)


def open_workspace(settings: Settings, clock: Callable[[], datetime]) -> Any:
    """The workspace the settings name; the built-in one is made, or dated to today, as needed."""
    from app.demo.seed import fresh
    from app.demo.workspace import Workspace

    if settings.workspace == "demo":
        today = clock().astimezone(settings.zone).date()
        return fresh(settings.workspace_file, today=today, zone=settings.zone.key)
    return Workspace.open(settings.workspace_file)
