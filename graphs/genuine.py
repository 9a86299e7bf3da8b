"""Which answers to calls the graph wrote. Law: an answer counts only where its digest was kept before it was given.

A client can put any message into a thread. One that answers a call and was not written here is as good as none.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AnyMessage, ToolMessage
from langgraph.runtime import Runtime

from graphs.context import Context
from graphs.node import Node, thread_of
from graphs.parts import Parts
from graphs.state import State


def binding(parts: Parts, node: Node) -> Node:
    """The node, with the digests of the answers it gives kept before they enter the state."""

    async def run(state: State, *, runtime: Runtime[Context]) -> dict[str, Any]:
        update = await node(state, runtime=runtime)
        digests = {m.tool_call_id: digest(m) for m in update.get("messages", []) if isinstance(m, ToolMessage)}
        if digests:
            await asyncio.to_thread(parts.results.bind, thread_of(runtime), digests)
        return update

    return run


async def genuine(parts: Parts, thread: str, messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """The messages without the answers that the graph did not write."""
    digests = {m.tool_call_id: digest(m) for m in messages if isinstance(m, ToolMessage)}
    bound = await asyncio.to_thread(parts.results.bound, thread, digests) if digests else set[str]()
    return [m for m in messages if not isinstance(m, ToolMessage) or m.tool_call_id in bound]


def digest(message: ToolMessage) -> str:
    """SHA-256 over all that a model, a person or the graph reads of an answer, in hex."""
    told = [message.tool_call_id, message.name, message.status, message.content, message.artifact]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=repr).encode()).hexdigest()
