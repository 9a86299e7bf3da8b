"""The live things, closed over by the node factories. Law: the app hands them over; they never enter the state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol
from zoneinfo import ZoneInfo

from auth.audit import Audit
from auth.broker import Broker
from auth.consent import Consents
from auth.gateway import Gateway
from graphs.asked import Asked
from graphs.briefing import Told
from graphs.errors import ModelFailed
from graphs.ledger import Ledger
from graphs.usage import Unmetered, Usage
from tools.base import Memory, Source
from tools.registry import Registry
from tools.view import Block

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AnyMessage

Status = Literal["ok", "failed", "not_executed"]


@dataclass(frozen=True)
class Result:
    """What one call gave, kept outside the state."""

    tool: str
    node: str
    effect: str
    status: Status
    lead: str
    view: tuple[Block, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    lines: tuple[Told, ...] = ()
    missing: tuple[str, ...] = ()


class Results(Protocol):
    """What the turns of a thread gave, by tool_call_id. Safe to use from any thread of the process."""

    def put(self, thread: str, call: str, result: Result) -> None: ...
    def get(self, thread: str, call: str) -> Result | None: ...

    def knows(self, thread: str, call: str) -> bool:
        """Whether there is a result."""
        ...

    def bind(self, thread: str, digests: Mapping[str, str]) -> None:
        """Remember that the graph gave these calls answers of these digests."""
        ...

    def bound(self, thread: str, digests: Mapping[str, str]) -> set[str]:
        """Those of the calls that were bound to this digest."""
        ...

    def leave(self, thread: str, number: int, turn: Sequence[AnyMessage]) -> None:
        """Keep a turn that leaves the state; `number` counts from 0."""
        ...

    def left(self, thread: str) -> list[list[AnyMessage]]:
        """The turns that left the state, oldest first."""
        ...


class Memories(Protocol):
    """The memory of a node for a user's account."""

    def of(self, user: str, account: str, node: str) -> Memory: ...


class Models(Protocol):
    """Chat models by name, and what their failures mean."""

    def chat(self, name: str) -> BaseChatModel:
        """The model of this name, "" for the configured one. Raises ModelFailed where it cannot be had."""
        ...

    @property
    def faults(self) -> tuple[type[Exception], ...]:
        """The exceptions a model call may raise that are a service's fault and not a bug."""
        ...

    def explain(self, error: Exception) -> ModelFailed:
        """What one of `faults` means, and what to do next."""
        ...


@dataclass(frozen=True)
class Limits:
    """What bounds a turn. Sizes in characters and (estimated) tokens; a consent waits so many seconds.

    `turn_tokens` and `day_tokens` are what requests to models may use, 0 for any number. The state holds the newest
    `kept_turns`; of those before, the model is told in at most `summary_tokens`.
    """

    calls_per_turn: int = 12
    rounds_per_turn: int = 8
    result_chars: int = 16_000
    history_tokens: int = 24_000
    summary_tokens: int = 2_000
    kept_turns: int = 20
    turn_tokens: int = 400_000
    day_tokens: int = 0
    consent_seconds: float = 300.0

    @property
    def recursion(self) -> int:
        """Super-steps of a turn that uses every round: route, authorize, act, and the answer."""
        return 3 * self.rounds_per_turn + 6


@dataclass(frozen=True)
class Parts:
    """Everything the graph needs from the world. `user` is the stable identity of whoever the run belongs to, `watched`
    the channels they watch."""

    models: Models
    registry: Registry
    broker: Broker
    consents: Consents
    ledger: Ledger
    gateway: Gateway
    audit: Audit
    results: Results
    memories: Memories
    clock: Callable[[], datetime]
    zone: ZoneInfo
    user: str
    limits: Limits = field(default_factory=Limits)
    usage: Usage = field(default_factory=Unmetered)
    watched: tuple[str, ...] = ()
    asked: Asked = field(default_factory=Asked)

    def now(self) -> datetime:
        return self.clock().astimezone(self.zone)
