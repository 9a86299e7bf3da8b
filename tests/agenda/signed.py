"""Somebody at work with the demo server's calendars, over a transport that holds the tool to what its Access lists."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.demo.server import Running
from tests.demo.little_office import ALEX, sign_in
from tests.signing import Signed
from tools import calendar_conflicts
from tools.base import Memory, NoMemory, ToolContext
from tools.registry import Registry

REGISTRY = Registry.of([calendar_conflicts])


class Kept(dict[str, bytes]):
    """A memory that lasts as long as the test."""

    def put(self, key: str, value: bytes) -> None:
        self[key] = value


@dataclass
class Desk:
    """Somebody at work: calls tools as the graph does, at a fixed time. `lacking` scopes were not consented to."""

    running: Running
    now: datetime
    zone: ZoneInfo
    account: str = ALEX
    lacking: Iterable[str] = ()
    transport: Signed | None = None
    progress: list[tuple[int, int | None]] = field(default_factory=list)
    memory: Memory = field(default_factory=NoMemory)
    thread: int = field(default_factory=threading.get_ident)

    def call(self, name: str, **given: Any) -> Any:
        """The finding of one call; arguments go through the tool's own schema."""
        tool = REGISTRY.tool(name)
        assert tool is not None
        scopes = [one for one in tool.access.scopes if one.rpartition("/")[2] not in self.lacking]
        token = sign_in(self.running, *scopes)["access_token"]
        self.transport = Signed(self.running.origin, token, tool.access)
        context = ToolContext(self.transport, self.now, self.zone, self.account, self._tell, self.memory)
        arguments = tool.arguments.model_validate(given)
        try:
            return tool.function(context, **{one: getattr(arguments, one) for one in type(arguments).model_fields})
        finally:
            self.transport.pool.clear()

    def _tell(self, done: int, total: int | None, what: str) -> None:
        assert threading.get_ident() == self.thread, "the graph hears progress in the tool's own thread only"
        self.progress.append((done, total))
