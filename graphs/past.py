"""The turns that leave the state. Law: a turn is kept outside before it leaves, and a few lines of it stay.

So what a step writes does not grow with the thread, and the model still knows what the conversation was about.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, RemoveMessage, ToolMessage
from langchain_core.messages.utils import count_tokens_approximately

from graphs import prompts
from graphs.parts import Parts
from graphs.state import Past, State, calls_of

LINE = 240


async def leaving(parts: Parts, thread: str, state: State, typed: frozenset[str]) -> dict[str, Any]:
    """The update that takes the oldest turns out of the state, once they are kept; {} where none has to go.

    `typed`: the addresses the person typed in the messages of the state.
    """
    old = turns(state["messages"])[: -parts.limits.kept_turns]
    if not old:
        return {}
    past = known(state)
    for number, turn in enumerate(old, past["turns"]):
        await asyncio.to_thread(parts.results.leave, thread, number, turn)
    lines = within([*past["lines"], *(line(turn) for turn in old)], parts.limits.summary_tokens)
    return {
        "messages": [RemoveMessage(message.id) for turn in old for message in turn if message.id],
        "past": Past(
            turns=past["turns"] + len(old), calls=past["calls"] + sum(len(calls_of(turn)) for turn in old), lines=lines
        ),
        "links": sorted(typed),
    }


def known(state: State) -> Past:
    """What the state holds of the turns that left it."""
    return state.get("past") or Past(turns=0, calls=0, lines=[])


def turns(messages: Sequence[AnyMessage]) -> list[list[AnyMessage]]:
    """The messages by turn. What stands before the first request belongs to the first turn."""
    spoken = [i for i, message in enumerate(messages) if isinstance(message, HumanMessage)]
    starts = [0, *spoken[1:], len(messages)]
    return [list(messages[a:b]) for a, b in pairwise(starts)]


def line(turn: Sequence[AnyMessage]) -> str:
    """A turn in one line: what was asked, what was found, and what was answered."""
    asked = next((m.text for m in turn if isinstance(m, HumanMessage)), "")
    leads = [str((m.artifact or {}).get("lead") or (m.artifact or {}).get("what") or "") for m in _answers(turn)]
    said = turn[-1].text if turn and isinstance(turn[-1], AIMessage) else ""
    found = "; ".join(short(lead) for lead in leads if lead)
    return prompts.PAST_TURN.format(asked=short(asked), found=found or "-", said=short(said) or "-")


def _answers(turn: Sequence[AnyMessage]) -> list[ToolMessage]:
    return [m for m in turn if isinstance(m, ToolMessage)]


def short(text: str) -> str:
    """On one line, and no longer than a line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= LINE else flat[: LINE - 1] + "…"


def within(lines: Sequence[str], tokens: int) -> list[str]:
    """The newest lines that fit."""
    kept: list[str] = []
    for one in reversed(lines):
        tokens -= count_tokens_approximately([HumanMessage(one)])
        if tokens < 0:
            break
        kept.insert(0, one)
    return kept
