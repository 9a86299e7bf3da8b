"""What a turn and a day may cost. Law: a request to a model that is over a budget is not sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from graphs import prompts
from graphs.errors import ModelFailed

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, AnyMessage, BaseMessage

    from graphs.parts import Parts


@dataclass(frozen=True)
class Spent:
    """One request to a model, in tokens; `turn` counts from 1. `estimated` where the endpoint did not count."""

    day: date
    thread: str
    turn: int
    model: str
    sent: int
    received: int
    estimated: bool = False


class Usage(Protocol):
    """What was spent, by day. Safe to use from any thread of the process."""

    def count(self, spent: Spent) -> None: ...

    def on(self, day: date) -> int:
        """Tokens of a day, sent and received."""
        ...


class Unmetered:
    """Counts nothing: for models that cost nothing."""

    def count(self, spent: Spent) -> None:
        """Nothing is kept."""

    def on(self, day: date) -> int:
        return 0


def affordable(parts: Parts, turn: Sequence[AnyMessage]) -> None:
    """Raises ModelFailed where the turn or the day has used what it may."""
    limits = parts.limits
    used = sum(_total(message) for message in turn)
    if limits.turn_tokens and used >= limits.turn_tokens:
        raise ModelFailed(
            prompts.TURN_SPENT.format(used=used, limit=limits.turn_tokens),
            "Ask for less at once, or raise VALET_TOKENS_PER_TURN.",
        )
    if limits.day_tokens and (today := parts.usage.on(parts.now().date())) >= limits.day_tokens:
        raise ModelFailed(
            prompts.DAY_SPENT.format(used=today, limit=limits.day_tokens),
            "Go on tomorrow, raise VALET_TOKENS_PER_DAY, or set VALET_MODEL=offline; `valet usage` tells more.",
        )


def counted(parts: Parts, thread: str, turn: int, sent: Sequence[BaseMessage], reply: AIMessage) -> AIMessage:
    """The reply with its usage, which is counted; estimated where an endpoint did not say. No price, no count."""
    from langchain_core.messages.ai import UsageMetadata
    from langchain_core.messages.utils import count_tokens_approximately

    if "model_provider" not in reply.response_metadata:
        return reply
    told = reply.usage_metadata
    if told is None:
        into, out = count_tokens_approximately(sent), count_tokens_approximately([reply])
        reply = reply.model_copy(
            update={"usage_metadata": UsageMetadata(input_tokens=into, output_tokens=out, total_tokens=into + out)}
        )
    usage = reply.usage_metadata
    if usage is None:
        return reply
    name = str(reply.response_metadata.get("model_name", ""))
    day = parts.now().date()
    parts.usage.count(Spent(day, thread, turn, name, usage["input_tokens"], usage["output_tokens"], told is None))
    return reply


def _total(message: AnyMessage) -> int:
    usage = getattr(message, "usage_metadata", None)
    return int(usage["total_tokens"]) if usage else 0
