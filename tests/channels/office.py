"""A small Slack team for the tests, built in a demo workspace and served: a week of requests, answers and chatter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.demo.workspace import Person, Workspace
from tests.demo.slack.team import HISTORY, READ
from tools.base import ToolContext

ZONE = ZoneInfo("Europe/Zurich")
NOW = datetime(2026, 3, 25, 9, 0, tzinfo=ZONE)  # a Wednesday
SCOPES = (*READ, *HISTORY, "users:read", "usergroups:read")
SEARCHING = (*READ, "users:read", "usergroups:read", "search:read")
OLD = NOW - timedelta(days=200)
HOUR = timedelta(hours=1)


@dataclass
class Office:
    """A workspace whose owner is Alex. `who` are members by handle, `where` conversations by name."""

    workspace: Workspace
    who: dict[str, str] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)

    def member(self, handle: str, real_name: str, **more: Any) -> str:
        self.who[handle] = self.workspace.slack.add_member(handle, real_name=real_name, **more)
        return self.who[handle]

    def channel(self, name: str, *handles: str, kind: Any = "public", **more: Any) -> str:
        members = [self.who[handle] for handle in handles]
        named = "" if kind in ("im", "mpim") else name
        self.where[name] = self.workspace.slack.add_channel(named, members=members, kind=kind, created=OLD, **more)
        return self.where[name]

    def say(self, channel: str, handle: str, text: str, hours: float, **more: Any) -> str:
        """`text` names members as {ana}; `hours` before now. `reactions` by handle."""
        marks = {handle: f"<@{identity}>" for handle, identity in self.who.items()}
        given: Mapping[str, Any] = more.pop("reactions", {})
        reactions = {name: [self.who[who] for who in people] for name, people in given.items()}
        user = self.who.get(handle, "")
        written = text.format_map({**marks, "here": "<!here>"})
        return self.workspace.slack.add_chat(
            self.where[channel], user, written, NOW - hours * HOUR, reactions=reactions, **more
        )


def little(path: Path) -> Office:
    """Alex, Ana, Ben, Cleo of a partner, a bot; #launch, #ops, #acme (shared), #random, a private one without Alex."""
    owner = Person("alex.rivera@northwind.example", "Alex Rivera", "Europe/Zurich")
    office = Office(Workspace.create(path, owner=owner, zone="Europe/Zurich"))
    office.who["alex"] = office.workspace.slack.owner
    office.member("ana", "Ana Torres", email="ana.torres@northwind.example")
    office.member("ben", "Ben Okafor", email="ben.okafor@northwind.example")
    office.member("cleo", "Cleo Marsh", email="cleo@acme.example")
    office.member("ci", "CI", bot=True)
    everyone = ("alex", "ana", "ben", "ci")
    for name in ("launch", "ops", "random"):
        office.channel(name, *everyone)
    office.channel("acme", "alex", "cleo", shared=True)
    office.channel("elsewhere", "ana", "ben")
    office.channel("attic", "alex", "ana", archived=True)
    office.channel("dm-ana", "alex", "ana", kind="im")
    office.channel("trio", "alex", "ana", "ben", kind="mpim")
    return office


def context(transport: Any) -> ToolContext:
    return ToolContext(transport, NOW.astimezone(UTC), ZONE, "alex.rivera@northwind.example", lambda *_: None)
