"""Parts that a tape speaks for. Law: no network, no clock, no key; the graph, the gateway and the tools are real."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from app.ledger import StoredLedger, Unsealed
from app.tapes.hearing import Memories
from app.tapes.player import Player
from app.tapes.replies import message_of
from app.tapes.results import MemoryResults
from auth.broker import open_lease
from auth.capability import Capability
from auth.consent import Asking, ConsentError, Disconnected, GrantFacts, Outcome
from auth.gateway import Gateway
from auth.lease import Lease
from auth.need import Need
from auth.underway import Later, Sending
from auth.wire import Answer, Cut, Wire
from graphs.errors import ModelFailed
from graphs.parts import Limits, Parts
from tools.registry import Registry, discover

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


def parts_of(player: Player, folder: Path) -> Parts:
    """The parts of a full replay; `folder` is for locks."""
    tape = player.tape
    audit = Unheard()
    broker = TapeBroker(player)
    return Parts(
        models=TapeModels(player),
        registry=_registry(),
        broker=broker,
        consents=broker,
        ledger=ledger(player, folder),
        gateway=Gateway(TapeWire(player), audit),
        audit=audit,
        results=MemoryResults(),
        memories=Memories(),
        clock=player.now,
        zone=ZoneInfo(tape.zone),
        user=tape.user,
        limits=limits(tape.limits),
        watched=tuple(tape.watched),
    )


@cache
def _registry() -> Registry:
    """Found once for many tapes."""
    return discover()


def limits(unusual: Mapping[str, float]) -> Limits:
    usual = Limits()
    return Limits(**{name: type(getattr(usual, name))(value) for name, value in unusual.items()})


def ledger(player: Player, folder: Path) -> StoredLedger:
    """A ledger in memory that names writes as the tape does."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    opened = StoredLedger.open(connection, threading.Lock(), Unsealed(), folder)
    return StoredLedger(connection, opened.lock, opened.seal, folder, fresh=player.name)


class TapeWire(Wire):
    """Answers from the tape; no socket is ever opened."""

    def __init__(self, player: Player) -> None:
        super().__init__(connections=1)
        self._player = player

    def begin(self, method: str, url: str, *, body: bytes | None, headers: Mapping[str, str], cut: Cut) -> Sending:
        return Later(partial(self.send, method, url, body=body, headers=headers, cut=cut))

    def send(self, method: str, url: str, *, body: bytes | None, headers: Mapping[str, str], cut: Cut) -> Answer:
        return self._player.answer(method, url, headers, body)

    def warm(self, url: str, connections: int, cut: Cut) -> None:
        """Nothing is opened."""


class TapeModels:
    """The chat models, saying what they said. `faults` are what they fail with."""

    faults: tuple[type[Exception], ...] = (ModelFailed,)

    def __init__(self, player: Player) -> None:
        self._player = player

    def chat(self, name: str) -> BaseChatModel:
        return cast("BaseChatModel", _Speaking(self._player))  # as far as the graph uses it

    def explain(self, error: Exception) -> ModelFailed:
        return error if isinstance(error, ModelFailed) else ModelFailed(str(error), "")


@dataclass(frozen=True)
class _Speaking:
    player: Player

    def bind_tools(self, menu: Any) -> _Speaking:
        return self

    async def ainvoke(self, sent: Any) -> Any:
        return message_of(self.player.reply())


@dataclass(frozen=True)
class TapeBroker:
    """Says of permissions what was said, and of accounts what is known."""

    player: Player

    def lease(self, user: str, account: str, capability: Capability) -> Lease | Need:
        if not capability.connection:
            return open_lease(user, capability)
        found: Lease | Need = self.player.permission(user, account, capability)
        return found

    def invalidate(self, lease: Lease) -> None:
        self.player.settled()

    def account(self, user: str, connection: str) -> str:
        return next(iter(self.accounts(user, connection)), "")

    def ask(self, user: str, account: str, capability: Capability) -> Asking | Need:
        found: Asking | Need = self.player.permission(user, account, capability, "ask ")
        return found

    def settle(self, user: str, asking: str, *, seconds: float, cut: Cut) -> Outcome:
        found: Outcome = self.player.settled(asking)
        return found

    def paste(self, user: str, asking: str, address: str) -> None:
        raise ConsentError("a tape takes no address")

    def withdraw(self, user: str, asking: str) -> None:
        """A tape has no page to close."""

    def accounts(self, user: str, connection: str) -> tuple[str, ...]:
        return tuple(self.player.tape.accounts.get(connection, ()))

    def grants(self, user: str) -> tuple[GrantFacts, ...]:
        return ()

    def disconnect(self, user: str, connection: str, account: str, capability: str = "") -> Disconnected:
        return Disconnected(connection, account, (), False, "Nothing of it is linked.")


class Unheard:
    """An audit that nobody reads."""

    def record(self, user: str, kind: str, **facts: Any) -> None:
        """Replays are not audited: nothing happens in them."""
