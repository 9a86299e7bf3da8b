"""A world with one write node, the bell: asked, and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from langchain_core.messages import AIMessage, ToolMessage

from graphs.ledger import Effect
from tests.scripted import calling
from tests.small_graph import BELL, ECHO, LETTERS, NOW, OUTSIDE, World


def world_of(*replies: Any, **options: Any) -> World:
    return World.of(*replies, modules=(LETTERS, ECHO, BELL), **options)


def ring() -> AIMessage:
    return calling(("ring_bell", {"times": 2}))


def two() -> AIMessage:
    return calling(("ring_bell", {"times": 2}), ("ring_bell", {"times": 3}))


def rings() -> list[int]:
    return [times for _, times in OUTSIDE.rung]


async def asked(world: World, text: str = "ring twice") -> dict[str, Any]:
    """One request, and the card it stops at."""
    await world.ask(text)
    return await world.card()


def answers(messages: list[Any]) -> list[ToolMessage]:
    return [m for m in messages if isinstance(m, ToolMessage)]


def row_of(world: World) -> Effect:
    [row] = world.parts.ledger.rows("local:test", "proposed", "approved", "intended", "done", "rejected", "unknown")
    return row


def approved(world: World, now: datetime = NOW) -> Effect:
    row = row_of(world)
    assert world.parts.ledger.decide(row, "approved", by="test", why="", now=now)
    return row
