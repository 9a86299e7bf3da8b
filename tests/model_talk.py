"""Turns of the graph over a model at a loopback endpoint, through the real client."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from langchain_core.messages import ToolMessage
from langgraph.checkpoint.memory import InMemorySaver
from pydantic import AwareDatetime, Field

from app.models import ChatModels, Endpoint
from app.settings import Secret
from graphs.assistant import assistant
from graphs.parts import Limits
from tests.openai_endpoint import Answer, Raw, event, openai_endpoint, streamed
from tests.openai_endpoint import Endpoint as Loopback
from tests.small_graph import BELL, ECHO, LETTERS, NOW, OUTSIDE, Said, World, module, parts_of
from tools.base import ToolContext, ToolNode, tool

KEY = "loopback-key-that-nobody-may-see"
AT_ONCE = {"retry-after-ms": "1"}


@tool()
def plan_day(
    context: ToolContext, start: Annotated[AwareDatetime, Field(description="From.")], people: list[str] | None = None
) -> Said:
    """Plan a day."""
    return Said(words=f"planned {start:%d %b} with {', '.join(people or [])}")


DAYS = module("days", ToolNode("read", "Say it.", (plan_day,)))


class Talk:
    """A thread over a model at a loopback endpoint."""

    def __init__(self, endpoint: Loopback, limits: Limits | None = None, retries: int = 1, seconds: float = 20) -> None:
        OUTSIDE.__init__()  # type: ignore[misc]  # the bell as it was at first
        parts = parts_of([], (LETTERS, ECHO, BELL, DAYS), limits)
        where = Endpoint(endpoint.url, Secret(KEY), seconds=seconds, retries=retries)
        self.models = ChatModels("openai:loopback", where, parts.registry, lambda: NOW, ZoneInfo("UTC"))
        parts = replace(parts, models=self.models)
        self.world = World(parts, assistant(parts).compile(checkpointer=InMemorySaver()))

    async def ask(self, *requests: str) -> list[Any]:
        for request in requests:
            messages = await self.world.ask(request)
        return messages


def talk(*answers: Answer, requests: tuple[str, ...] = ("do it",), **options: Any) -> tuple[list[Any], Loopback, World]:
    async def turn(endpoint: Loopback) -> tuple[list[Any], World]:
        at = Talk(endpoint, **options)
        try:
            return await at.ask(*requests), at.world
        finally:
            await at.models.close()

    with openai_endpoint(*answers) as endpoint:
        messages, world = asyncio.run(turn(endpoint))
    assert KEY not in str(messages)
    return messages, endpoint, world


def told(messages: list[Any]) -> list[str]:
    return [m.text for m in messages if isinstance(m, ToolMessage)]


def failed(messages: list[Any]) -> dict[str, str]:
    found: dict[str, str] = messages[-1].response_metadata["failed"]
    return found


def whole(text: str) -> bytes:
    """The events of a reply in one piece."""
    message = {"role": "assistant", "content": text}
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "loopback"}
    parts = [{"index": 0, "delta": message, "finish_reason": None}, {"index": 0, "delta": {}, "finish_reason": "stop"}]
    return b"".join(event({**chunk, "choices": [part]}) for part in parts) + b"data: [DONE]\n\n"


def half(message: dict[str, Any]) -> bytes:
    """The events of a message without its end."""
    return b"\n\n".join(streamed(message).split(b"\n\n")[:-3]) + b"\n\n"


def refusing(status: int, message: str, code: str = "", **headers: str) -> Raw:
    body = json.dumps({"error": {"message": message, "type": "x", "code": code or None}}).encode()
    return Raw(status, body, "application/json", {**AT_ONCE, **headers})
