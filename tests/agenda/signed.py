"""A transport that signs for the demo server, and holds the tool to what its Access lists."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import urllib3

from app.demo.server import Running
from auth.capability import Capability
from tests.demo.little_office import ALEX, sign_in
from tools import calendar_conflicts
from tools.base import Access, Memory, NoMemory, ToolContext
from tools.registry import Registry

REGISTRY = Registry.of([calendar_conflicts])


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Signed:
    """Sends to the loopback server what the access admits; anything else fails the test."""

    origin: str
    token: str
    access: Access
    sent: list[str] = field(default_factory=list)
    pool: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(maxsize=10, block=True))

    def request(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        access = self.access
        capability = Capability(
            access.connection, access.capability, frozenset(access.scopes), access.operations, "read"
        )
        assert capability.admitting(method, url), f"{method} {url} is not among the operations of {access.capability}"
        parts = urlsplit(url)
        self.sent.append(f"{method} {parts.path}")
        target = f"{self.origin}{parts.path}?{parts.query}"
        signed = {**(headers or {}), "Authorization": f"Bearer {self.token}"}
        try:
            reply = self.pool.request(method, target, body=body, headers=signed, retries=False, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            raise ConnectionError("the connection broke") from error
        return Answer(reply.status, dict(reply.headers), reply.data)


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
