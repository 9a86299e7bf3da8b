"""What depends on the program alone, whoever uses it: its tools, and what the offline planner learns from them.

Law: made once in a process, and of nothing a person said, owns or set.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from graphs.briefing import offered
from tools.base import Tool
from tools.registry import Registry, discover

if TYPE_CHECKING:
    from app.offline.learnt import Learnt


class Program:
    """`learnt` is what the planner knows, where it was learnt ahead; else each learns it with a home to keep it in."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.learnt: Learnt | None = None

    @property
    def tools(self) -> tuple[Tool, ...]:
        """Every tool a planner may call."""
        return (*self.registry.tools, *offered(self.registry))

    def learn(self) -> None:
        """Learn ahead all that requests of every service are read with."""
        from app.offline.asks import Asks
        from app.offline.learnt import Learnt

        self.learnt = Learnt({tool.name: node for node in self.registry.nodes for tool in node.tools}, Asks())
        for tool in self.tools:
            self._planned(tool)

    def rehearse(self) -> None:
        """Plan one request as before."""
        self._planned(self.tools[0])

    def _planned(self, tool: Tool) -> None:
        if self.learnt is not None:
            self.learnt.first(tool.asks[0] if tool.asks else tool.name, self.tools, datetime.now(UTC))


@cache
def program() -> Program:
    """The one of this process. Raises DeclarationError."""
    return Program(discover())
