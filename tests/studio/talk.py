"""A person who talks with the server over its own client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from langgraph_sdk.client import LangGraphClient

SEND = "Send an email to priya saying I will be ten minutes late"


@dataclass(frozen=True)
class Told:
    """What one run streamed: its custom events, the newest messages, and the interrupts it ended with."""

    events: list[dict[str, Any]]
    errors: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    pending: list[dict[str, Any]]

    @property
    def answer(self) -> str:
        return str(self.messages[-1]["content"])

    @property
    def receipts(self) -> list[str]:
        """The ids of what the thread has done."""
        return [m["artifact"]["receipt"] for m in self.messages if "receipt" in (m.get("artifact") or {})]


@dataclass(frozen=True)
class Person:
    client: LangGraphClient

    async def thread(self) -> str:
        return str((await self.client.threads.create())["thread_id"])

    async def ask(self, thread: str, text: str) -> Told:
        """As agent-chat-ui sends it: the content is a list of blocks."""
        content = [{"type": "text", "text": text}]
        return await self.run(thread, input={"messages": [{"type": "human", "content": content}]})

    async def decide(self, thread: str, *decisions: dict[str, Any]) -> Told:
        return await self.run(thread, command={"resume": {"decisions": list(decisions)}})

    async def run(self, thread: str, **given: Any) -> Told:
        events, errors = [], []
        async for part in self.client.runs.stream(thread, "valet", stream_mode=["custom", "updates"], **given):
            if part.event == "custom":
                events.append(part.data)
            elif part.event == "error":
                errors.append(part.data)
        return await self.told(thread, events, errors)

    async def told(self, thread: str, events: Any = (), errors: Any = ()) -> Told:
        state: Any = await self.client.threads.get_state(thread)
        pending = [one["value"] for one in state["interrupts"]]
        return Told(list(events), list(errors), state["values"].get("messages", []), pending)
