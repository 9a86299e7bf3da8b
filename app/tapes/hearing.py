"""The seams of Parts, listened to. Law: everything is passed on as it is; only what it said is written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, cast

from app.tapes.bugs import Raised, told
from app.tapes.permissions import plain
from app.tapes.replies import bug_of, fault_of, reply_of
from app.tapes.tape import Reply
from auth.broker import Broker, Linking
from auth.capability import Capability
from auth.consent import Asking, Consents, Disconnected, GrantFacts, Outcome
from auth.lease import Lease
from auth.need import Need
from auth.wire import Cut
from graphs.errors import ModelFailed
from graphs.ledger import Effect, Ledger, Proposal
from graphs.parts import Models
from tools.base import Memory

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


class Listening(Protocol):
    """Who writes it down."""

    def reply(self, reply: Reply) -> None: ...
    def named(self, name: str, key: str) -> None: ...
    def permission(self, account: str, capability: str, outcome: dict[str, Any]) -> None: ...
    def settled(self, outcome: dict[str, Any] | None = None) -> None: ...
    def accounts(self, connection: str, names: list[str]) -> None: ...


class HeardModels:
    """The models, and a word of everything they say."""

    def __init__(self, models: Models, listening: Listening) -> None:
        self._models, self._listening = models, listening

    def chat(self, name: str) -> BaseChatModel:
        try:
            model: Any = self._models.chat(name)
        except ModelFailed as error:
            self._listening.reply(Reply(fault=fault_of(error)))
            raise
        return cast("BaseChatModel", _Heard(model, model, self._models, self._listening))  # as far as the graph uses it

    @property
    def faults(self) -> tuple[type[Exception], ...]:
        return self._models.faults

    def explain(self, error: Exception) -> ModelFailed:
        return self._models.explain(error)


@dataclass(frozen=True)
class _Heard:
    """A chat model. `asked` is it, or it with tools bound."""

    model: Any
    asked: Any
    models: Models
    listening: Listening

    def bind_tools(self, menu: Any) -> _Heard:
        return _Heard(self.model, self.model.bind_tools(menu), self.models, self.listening)

    async def ainvoke(self, sent: Any) -> Any:
        with told(self._failed):
            reply = await self.asked.ainvoke(sent)
        self.listening.reply(reply_of(reply))
        return reply

    def _failed(self, raised: Raised, error: Exception) -> None:
        """A fault is told as it is explained, anything else as the bug it is."""
        known = isinstance(error, self.models.faults)
        self.listening.reply(Reply(fault=fault_of(self.models.explain(error)) if known else bug_of(raised)))


@dataclass(frozen=True)
class HeardBroker:
    """The brokers, for leases and for questions to a person."""

    broker: Broker
    consents: Consents
    linking: Linking | None
    listening: Listening

    def lease(self, user: str, account: str, capability: Capability) -> Lease | Need:
        with told(lambda raised, _: self.listening.permission(account, capability.name, plain(raised))):
            found = self.broker.lease(user, account, capability)
        self.listening.permission(account, capability.name, plain(found))
        return found

    def invalidate(self, lease: Lease) -> None:
        self.broker.invalidate(lease)
        self.listening.settled()

    def account(self, user: str, connection: str) -> str:
        name = self.broker.account(user, connection)
        self.listening.accounts(connection, [name, *(n for n in self._names(user, connection) if n != name)])
        return name

    def ask(self, user: str, account: str, capability: Capability) -> Asking | Need:
        with told(lambda raised, _: self.listening.permission(account, f"ask {capability.name}", plain(raised))):
            found = self.consents.ask(user, account, capability)
        self.listening.permission(account, f"ask {capability.name}", plain(found))
        return found

    def settle(self, user: str, asking: str, *, seconds: float, cut: Cut) -> Outcome:
        with told(lambda raised, _: self.listening.settled({"asking": asking, **plain(raised)})):
            found = self.consents.settle(user, asking, seconds=seconds, cut=cut)
        self.listening.settled({"asking": asking, **plain(found)})
        return found

    def paste(self, user: str, asking: str, address: str) -> None:
        self.consents.paste(user, asking, address)

    def withdraw(self, user: str, asking: str) -> None:
        self.consents.withdraw(user, asking)

    def accounts(self, user: str, connection: str) -> tuple[str, ...]:
        names = self._names(user, connection)
        self.listening.accounts(connection, [*names])
        return names

    def grants(self, user: str) -> tuple[GrantFacts, ...]:
        return self.linking.grants(user) if self.linking else ()

    def disconnect(self, user: str, connection: str, account: str, capability: str = "") -> Disconnected:
        if self.linking is None:
            return Disconnected(connection, account, (), False, "Nothing of it is linked.")
        return self.linking.disconnect(user, connection, account, capability)

    def _names(self, user: str, connection: str) -> tuple[str, ...]:
        return self.linking.accounts(user, connection) if self.linking else ()


class HeardLedger:
    """The ledger, and the names it gives to writes."""

    def __init__(self, ledger: Ledger, listening: Listening) -> None:
        self._ledger, self._listening = ledger, listening

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def propose(self, proposal: Proposal, **more: Any) -> Effect:
        effect = self._ledger.propose(proposal, **more)
        self._listening.named(effect.id, effect.key)
        return effect


@dataclass
class Memories:
    """What nodes remember, for as long as the process lives."""

    kept: dict[tuple[str, str, str], Kept] = field(default_factory=dict)

    def of(self, user: str, account: str, node: str) -> Memory:
        return self.kept.setdefault((user, account, node), Kept())

    def forget(self) -> None:
        self.kept.clear()


@dataclass
class Kept:
    values: dict[str, bytes] = field(default_factory=dict)

    def get(self, key: str) -> bytes | None:
        return self.values.get(key)

    def put(self, key: str, value: bytes) -> None:
        self.values[key] = value
