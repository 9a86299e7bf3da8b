"""What is remembered, and written to disk. Law: no token, no decision and no live thing; large results by reference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any, TypedDict, cast

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolCall, ToolMessage
from langgraph.graph.message import add_messages

KEPT_HANDLES = 500
"""How many handles of one kind a thread knows."""


class Handled(TypedDict):
    """What a handle stands for: the service's id, and a label a person would recognise."""

    id: str
    label: str


class Past(TypedDict):
    """What the state holds of the turns that left it: how many, their calls, and a line of each of the newest."""

    turns: int
    calls: int
    lines: list[str]


def in_call_order(left: list[AnyMessage], right: list[AnyMessage] | AnyMessage) -> list[AnyMessage]:
    """add_messages, with every answer directly behind its call and the answers of one message in call order.

    Chat models accept no other order. An answer to a call that was never made belongs nowhere and is left out.
    """
    merged = cast(list[AnyMessage], add_messages(cast(Any, left), cast(Any, right)))
    answers = {message.tool_call_id: message for message in merged if isinstance(message, ToolMessage)}
    ordered: list[AnyMessage] = []
    for message in merged:
        if isinstance(message, ToolMessage):
            continue
        ordered.append(message)
        calls = message.tool_calls if isinstance(message, AIMessage) else []
        ordered += [answers[call["id"] or ""] for call in calls if call["id"] in answers]
    return ordered


def joined(left: dict[str, Handled], right: dict[str, Handled]) -> dict[str, Handled]:
    """Both, but of each kind the newest only: one that left is told as unknown, and is never given out again."""
    whole, kept = {**left, **right}, dict[str, Handled]()
    counts = Counter(map(kind_of, whole))
    for handle, held in whole.items():
        if counts[kind_of(handle)] <= KEPT_HANDLES:
            kept[handle] = held
        else:
            counts[kind_of(handle)] -= 1
    return kept


def kind_of(handle: str) -> str:
    """ "mail" of "mail:3"."""
    return handle.partition(":")[0]


def grown(left: list[str], right: list[str]) -> list[str]:
    """A set that only grows."""
    return sorted({*left, *right})


class State(TypedDict, total=False):
    """One thread. `messages`: its newest turns; `past`: what is known of those before, `links`: what was typed there.

    `handles`: "mail:3" -> what it stands for. `sources`: "kind id" of untrusted content in view.

    `asking`: the gate is to ask once more; `problem`: why the last answer was not understood. Both only steer: what is
    decided stands in the ledger.
    """

    messages: Annotated[list[AnyMessage], in_call_order]
    handles: Annotated[dict[str, Handled], joined]
    sources: Annotated[list[str], grown]
    past: Past
    links: Annotated[list[str], grown]
    asking: bool
    problem: str


def this_turn(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """The messages since the person last spoke, that request included."""
    start = max((i for i, m in enumerate(messages) if isinstance(m, HumanMessage)), default=0)
    return list(messages[start:])


def calls_of(messages: Sequence[AnyMessage]) -> list[ToolCall]:
    return [call for message in messages if isinstance(message, AIMessage) for call in message.tool_calls]


def answered(messages: Sequence[AnyMessage]) -> set[str]:
    return {message.tool_call_id for message in messages if isinstance(message, ToolMessage)}


def pending(messages: Sequence[AnyMessage]) -> list[ToolCall]:
    """The calls of the newest AI message that have no answer yet, in call order."""
    last = next((m for m in reversed(messages) if isinstance(m, AIMessage)), None)
    done = answered(messages)
    return [call for call in last.tool_calls if call["id"] not in done] if last else []


def orphans(messages: Sequence[AnyMessage]) -> list[ToolCall]:
    """Every call of the thread without an answer: left by Ctrl-C, a crash or a client."""
    done = answered(messages)
    return [call for call in calls_of(messages) if call["id"] not in done]
