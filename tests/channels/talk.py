"""Chats made from a few words, judged for Alex."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tools.channels.chat import Chat, ts_of
from tools.channels.facts import ActionItem
from tools.channels.judging import Judge
from tools.channels.team import Channel, Group, Member, Team

ZONE = ZoneInfo("Europe/Zurich")
NOW = datetime(2026, 3, 25, 9, 0, tzinfo=ZONE)  # a Wednesday
WHO = {"alex": "U1", "ana": "U2", "ben": "U3", "ci": "U4"}
TEAM = Team(
    "U1",
    "https://northwind.slack.com/",
    {
        "U1": Member("U1", "Alex Rivera", "alex", frozenset({"alex"})),
        "U2": Member("U2", "Ana Torres", "ana", frozenset({"ana"})),
        "U3": Member("U3", "Ben Okafor", "ben", frozenset({"ben"})),
        "U4": Member("U4", "CI", "ci", automatic=True),
    },
    {"S1": Group("S1", "design", frozenset({"U1", "U2"}))},
)
LAUNCH = Channel("C1", "channel", "launch")
OPS = Channel("C2", "channel", "ops")
DIRECT = Channel("D1", "direct", "D1", other="U2")
TRIO = Channel("G1", "group", "alex, ana, ben")


@dataclass
class Talk:
    """What is said, one minute after the other, beginning a day before NOW."""

    chats: list[Chat] = field(default_factory=list)

    def say(self, who: str, text: str, channel: Channel = LAUNCH, thread: str = "", **more: Any) -> str:
        at = NOW - timedelta(days=1) + timedelta(minutes=len(self.chats))
        marks = {name: f"<@{identity}>" for name, identity in WHO.items()} | {
            "here": "<!here>",
            "design": "<!subteam^S1>",
        }
        ts = ts_of(at)
        reactions = tuple(
            (name, frozenset(WHO[w] for w in people)) for name, people in more.pop("reactions", {}).items()
        )
        self.chats.append(
            Chat(
                channel,
                ts,
                at,
                WHO[who],
                text.format_map(marks),
                thread,
                automatic=who == "ci",
                reactions=reactions,
                **more,
            )
        )
        return ts

    def items(self) -> list[ActionItem]:
        return Judge(TEAM, NOW).items(self.chats)

    def only(self) -> ActionItem:
        (item,) = self.items()
        return item


def told(items: Iterable[ActionItem]) -> list[tuple[str, str, str]]:
    """Who, what, and how it is known to be done."""
    return [(item.who, item.what, item.done) for item in items]
