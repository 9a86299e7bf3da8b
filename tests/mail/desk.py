"""Somebody at work over the demo server: calls the mail tools as the graph does, held to what their Access admits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.little_office import ALEX, NOW, sign_in
from tests.mail.made import ZURICH
from tests.signing import Signed
from tools import gmail_summary
from tools.base import Memory, NoMemory, ToolContext
from tools.registry import Registry

HERE = NOW.astimezone(ZURICH)
REGISTRY = Registry.of([gmail_summary])


@dataclass
class Shelf:
    """A memory that lasts as long as the test."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def get(self, key: str) -> bytes | None:
        return self.kept.get(key)

    def put(self, key: str, value: bytes) -> None:
        self.kept[key] = value


@dataclass
class Desk:
    """Calls tools at a fixed time; `transport` is that of the last call."""

    running: Running
    now: datetime = HERE
    account: str = ALEX
    scope: str = gmail_summary.READ.scopes[0]
    transport: Signed | None = None
    memory: Memory = field(default_factory=NoMemory)
    progress: list[tuple[int, int | None, str]] = field(default_factory=list)

    def call(self, name: str, **given: Any) -> Any:
        """The finding of one call; arguments go through the tool's own schema."""
        tool = REGISTRY.tool(name)
        assert tool is not None
        token = sign_in(self.running, self.scope)["access_token"]
        self.transport = Signed(self.running.origin, token, tool.access)
        context = ToolContext(self.transport, self.now, ZURICH, self.account, self._tell, self.memory)
        arguments = tool.arguments.model_validate(given)
        try:
            return tool.function(context, **{one: getattr(arguments, one) for one in type(arguments).model_fields})
        finally:
            self.transport.pool.clear()

    def _tell(self, done: int, total: int | None, what: str) -> None:
        self.progress.append((done, total, what))


def deliver(
    workspace: Workspace,
    text: str,
    *,
    by: str = "Dana Okafor <dana.okafor@northwind.example>",
    to: str = f"Alex Rivera <{ALEX}>",
    subject: str = "Plans",
    ago: timedelta = timedelta(hours=2),
    labels: tuple[str, ...] = ("INBOX", "UNREAD"),
    **headers: str,
) -> str:
    """File one mail in the workspace; answer its id."""
    mail = EmailMessage()
    moment = NOW - ago
    named = {"From": by, "To": to, "Subject": subject, "Date": format_datetime(moment)}
    for name, value in (named | headers).items():
        mail[name.replace("_", "-")] = value
    mail["Message-ID"] = f"<{abs(hash((by, subject, text, ago)))}@test.example>"
    mail.set_content(text)
    return workspace.add_message(mail.as_bytes(), labels=labels, received=moment)
