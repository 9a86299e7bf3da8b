"""The planner's knowledge, learnt once per set of tools; and what it would do first, before LangGraph is loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.offline import rounds
from app.offline.asks import Asks
from app.offline.knowledge import Knowledge
from app.offline.planning import Planning
from app.offline.thread import Thread, Turn
from tools.base import Tool, ToolNode


class Learnt:
    """`nodes` are the homes of the tools, by the tool's name; `asks` reads what the tools are asked for with."""

    def __init__(self, nodes: Mapping[str, ToolNode], asks: Asks) -> None:
        self._nodes, self._asks = nodes, asks
        self._known: dict[tuple[str, ...], Knowledge] = {}

    def from_tools(self, tools: Sequence[Tool]) -> Knowledge:
        """What is known with these tools present."""
        names = tuple(tool.name for tool in tools)
        if names not in self._known:
            self._known[names] = Knowledge(tools, self._nodes, self._asks)
        return self._known[names]

    def first(self, request: str, tools: Sequence[Tool], now: datetime) -> list[str]:
        """The names of the tools that the first request of a thread is answered with first."""
        thread = Thread((Turn(request),), 1)
        plan = Planning(self.from_tools(tools), thread, now).plan()
        return [name for name, _ in rounds.course(plan, thread.now).due]
