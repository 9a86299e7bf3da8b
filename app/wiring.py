"""Builds the parts and hands them over: the only place that picks demo or real, offline planner or a model."""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from app.ahead import leased_ahead
from app.connections import World, demo_brokers, own_brokers, tasks_broker, with_keys, with_machines
from app.demo.faults import Faults
from app.model_key import MODEL, kept_key, model_keys
from app.models import ChatModels, Endpoint
from app.program import program
from app.settings import Settings
from app.storage import DATABASE, Storage, opened, private_file
from app.tasks.addresses import ISSUER_HOST, TASKS_HOST
from app.tasks.keys import VaultKeys, client_secret
from app.tasks.local import Elsewhere, local_tasks
from app.vault_opening import Ask, open_vault
from auth.broker import Brokers
from auth.gateway import Gateway
from auth.local.vault_grants import OWN, VaultGrants
from auth.wire import Wire
from graphs.access import bundles
from graphs.parts import Limits, Parts
from tools.registry import Registry

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph

    from app.checkpoints import Checkpoints
    from auth.local.vault import Vault

DEMO_HOSTS = (
    "gmail.googleapis.com",
    "www.googleapis.com",
    "oauth2.googleapis.com",
    "accounts.google.com",
    "slack.com",
    "demo.auth0.invalid",
    "geocoding-api.open-meteo.com",
    "api.open-meteo.com",
    "customer-geocoding-api.open-meteo.com",
    "customer-api.open-meteo.com",
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
    models: ChatModels

    @property
    def limits(self) -> Limits:
        return self.parts.limits


@dataclass(frozen=True)
class Accounts:
    """The brokers and what they stand on: all that linking an account needs, without a graph."""

    brokers: Brokers
    registry: Registry
    user: str
    gateway: Gateway
    storage: Storage
    demo: Demo

    def now(self) -> float:
        """Seconds since the epoch: a token's time is the real one, whatever clock the settings fix."""
        return datetime.now(UTC).timestamp()


@asynccontextmanager
async def accounts_of(settings: Settings, ask: Ask | None = None) -> AsyncIterator[Accounts]:
    """The same as `opened_accounts`, of this machine's user and for those who run on a loop of their own."""
    with opened_accounts(settings, local_user(), ask) as accounts:
        yield accounts


@contextmanager
def opened_accounts(settings: Settings, user: str, ask: Ask | None = None) -> Iterator[Accounts]:
    """The accounts of the demo workspace, or the person's own; `ask` reads the vault's passphrase, if there is one.

    Raises DeclarationError, StorageError, VaultError, WorkspaceError.
    """
    registry = program().registry
    private_file(settings.home / DATABASE)  # first, so that the folder of everything else is private too
    own = settings.accounts == OWN
    realm = OWN if own else f"demo {settings.demo_origin or settings.workspace}"
    scope = " own " if own else f"{settings.demo_origin or settings.workspace} "  # no workspace's name has a blank
    with (
        demo_of(settings, clock_of(settings)) as demo,
        closing(open_vault(settings, ask)) as vault,
        local_tasks(
            settings.home,
            user,
            vault,
            workspace=None if own else settings.workspace_file,
            elsewhere=_issuer_elsewhere(settings, demo.origin),
        ) as tasks,
        opened(settings.home, user, vault, scope) as kept,
    ):
        wire = Wire()
        origins = {} if own else dict.fromkeys(DEMO_HOSTS, demo.origin)
        origins |= dict.fromkeys((TASKS_HOST, ISSUER_HOST), tasks.origin)
        gateway = Gateway(wire, kept.audit, origins=origins, closed=not own)
        world = World(
            wire=wire,
            audit=kept.audit,
            clock=lambda: datetime.now(UTC).timestamp(),
            locate=gateway.locate,
            grants=partial(VaultGrants, vault, realm),
            bundles=partial(bundles, registry),
            at_once=not own and settings.named("VALET_DEMO_CONSENT") == "at-once",
        )
        brokers = _with_programs(_brokers(settings, world, demo, gateway, vault), settings, world, vault, registry)
        try:
            yield Accounts(brokers, registry, user, gateway, kept, demo)
        finally:
            wire.close()


def _with_programs(people: Brokers, settings: Settings, world: World, vault: Vault, registry: Registry) -> Brokers:
    """Beside those of people: the brokers of programs, of keyed services and of the model's key."""
    brokers = with_keys(with_machines(people, settings, world), world, registry)
    keys = model_keys(vault, world.audit, world.clock, Endpoint(settings.model_url, None).where)
    return Brokers({**brokers.by_connection, MODEL: keys})


def _issuer_elsewhere(settings: Settings, demo_origin: str) -> Elsewhere | None:
    if settings.named("VALET_BROKER") != "auth0":
        return None
    from app.auth0_setup import tasks_issuer

    return tasks_issuer(settings, demo_origin)


def _brokers(settings: Settings, world: World, demo: Demo, gateway: Gateway, vault: Vault) -> Brokers:
    if settings.named("VALET_BROKER") == "auth0":
        from app.auth0_setup import auth0_brokers

        return auth0_brokers(settings, world, demo.account, gateway)
    tasks = tasks_broker(world, client_secret(VaultKeys(vault)))
    if settings.accounts == OWN:
        return own_brokers(settings, world, tasks)
    return demo_brokers(world, demo.account, tasks)


@asynccontextmanager
async def wire(
    settings: Settings,
    request: str = "",
    change: Callable[[Parts], Parts] | None = None,
    named: Mapping[str, str] | None = None,
) -> AsyncIterator[Valet]:
    """The assistant over those accounts. Raises DeclarationError, StorageError, VaultError, WorkspaceError.

    With the first `request` of a new thread, what it surely needs is leased while LangGraph is loaded, of the
    accounts `named` by connection. `change` puts others in the place of parts, before a graph is made of them: this is
    where a tape listens in, or speaks.
    """
    async with accounts_of(settings) as accounts:
        parts, models = parts_of(settings, accounts)
        parts = change(parts) if change else parts
        try:
            with leased_ahead(parts, models.foreseen(request) if request else (), named or {}):
                async with accounts.storage.checkpoints() as checkpoints:
                    yield Valet(_graph(parts, checkpoints), parts, accounts.storage, accounts.demo, models)
        finally:
            await models.close()


def parts_of(settings: Settings, accounts: Accounts) -> tuple[Parts, ChatModels]:
    """What a graph over these accounts is built with; the models are to be closed."""
    kept, clock = accounts.storage, clock_of(settings)
    seconds = float(settings.named("VALET_MODEL_SECONDS"))
    endpoint = Endpoint(settings.model_url, settings.model_key, seconds)
    models = ChatModels(
        settings.model, endpoint, accounts.registry, clock, settings.zone, settings.home,
        kept=lambda: kept_key(accounts.brokers, accounts.user), learnt=program().learnt,
    )  # fmt: skip
    parts = Parts(
        models=models,
        registry=accounts.registry,
        broker=accounts.brokers,
        consents=accounts.brokers,
        ledger=kept.ledger,
        gateway=accounts.gateway,
        audit=kept.audit,
        results=kept.results,
        memories=kept.memories,
        clock=clock,
        zone=settings.zone,
        user=accounts.user,
        limits=_limits(settings),
        usage=kept.usage,
        watched=settings.watched,
    )
    return parts, models


def _limits(settings: Settings) -> Limits:
    return Limits(
        calls_per_turn=settings.calls_per_turn,
        result_chars=settings.result_chars,
        history_tokens=settings.history_tokens,
        turn_tokens=int(settings.named("VALET_TOKENS_PER_TURN")),
        day_tokens=int(settings.named("VALET_TOKENS_PER_DAY")),
    )


def _graph(parts: Parts, checkpoints: Checkpoints) -> CompiledStateGraph[Any, Any, Any, Any]:
    """Loads the last and heaviest part; from then on objects are collected again, those that stay left aside.

    Only where nobody is served yet: what is left aside is never collected, and others of this process may be at work.
    """
    from graphs.assistant import assistant

    graph = assistant(parts).compile(checkpointer=checkpoints)
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
    return graph


def local_user() -> str:
    """The operating system's user, as a stable local id."""
    return f"local:{os.getuid()}" if hasattr(os, "getuid") else "local"


def clock_of(settings: Settings) -> Callable[[], datetime]:
    """The clock: the real one, or the moment the settings fix it at."""
    fixed = settings.now
    return (lambda: fixed) if fixed is not None else (lambda: datetime.now(UTC))


@contextmanager
def demo_of(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Demo]:
    """Attach to a running `valet demo serve`, or start the workspace in this process; no server for own accounts."""
    if settings.accounts == OWN:
        yield Demo("", account="", faults=None)
        return
    if settings.demo_origin:
        yield Demo(settings.demo_origin, account="", faults=None)
        return
    from app.demo.consent import Consent
    from app.demo.server import serve

    workspace = open_workspace(settings, clock)
    asks = settings.named("VALET_DEMO_CONSENT") == "ask"
    with serve(workspace, consent=Consent("page") if asks else None) as running:
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
