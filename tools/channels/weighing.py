"""How much a request or a message matters to the person, from 0 to 100, with the reasons that make it so.

Law: reasons and their weights stand in the tables; a machine's message weighs only where it names the person.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Literal

from tools.channels.asked import Ask
from tools.channels.chat import Chat
from tools.channels.team import Team

Stake = Literal["mine", "everyone", "waiting", "offered", "others"]
FRIDAY = 4
KEY = 30
"""From here on a message is a key message."""
MUCH = 6
"""Replies, or people who reacted, that make a message much discussed."""
MOST, MOST_OF_OTHERS = 98, 65
UNREAD = "its answers were not read: it may be done"
STAKES: dict[Stake, tuple[int, str]] = {
    "mine": (60, "yours to do"),
    "everyone": (45, "asked of everyone"),
    "waiting": (40, "you asked for it"),
    "offered": (40, "promised to you"),
    "others": (15, ""),
}
CONCEPTS: tuple[tuple[str, int, str], ...] = (
    ("trouble.blocked", 35, "somebody is blocked"),
    ("trouble.security", 35, "a security matter"),
    ("trouble.payment", 30, "a payment problem"),
    ("pressing", 20, "they say it is urgent"),
)
DECISION = (("decision", 30, "a decision"),)
KEY_CONCEPTS = frozenset({*(concept for concept, _, _ in (*CONCEPTS, *DECISION)), "instructs.strong"})

_NOT_PRESSING = re.compile(
    r"\b(?:no|not|none|nothing|never|isn't|kein\w*|nicht|nichts|sin|nada|pas|aucune?|não)\W+(?:\w+\W+)?"
    r"(?:urgent|critical|pressing|hurry|rush|dringend\w*|eilig\w*|kritisch\w*|urgente|urgence|crític\w*|critique)",
    re.IGNORECASE,
)


def weigh_ask(ask: Ask, stake: Stake, now: datetime, *, unread: bool = False) -> tuple[int, tuple[str, ...]]:
    """The weight of a request, and why; `now` stands in the person's zone. `unread`: its answers were not read."""
    found = [STAKES[stake]]
    if stake == "mine" and ask.kind == "offer":
        found = [(60, "you promised it")]
    if stake == "mine" and ask.kind == "question":
        found = [(55, "a question to you, unanswered")]
    found += [_near(ask.due.at, now)] if ask.due else []
    found += [(weight // 3, why) for concept, weight, why in CONCEPTS if _says(ask.chat, concept)]
    found += [(10, f"asked {ask.chased + 1} times")] if ask.chased else []
    most = MOST if stake in ("mine", "everyone") and not unread else MOST_OF_OTHERS
    reasons = [UNREAD] if unread else []  # the first is what a briefing shows
    return min(sum(weight for weight, _ in found), most), (*reasons, *(why for _, why in found if why))


def presses(chat: Chat) -> bool:
    """Whether a message says that something will not wait: it is urgent, somebody is blocked, a payment fails."""
    return any(_says(chat, concept) for concept, _, _ in CONCEPTS)


def _says(chat: Chat, concept: str) -> bool:
    """ "Not urgent", "no critical findings" say that it does not press."""
    if concept != "pressing":
        return concept in chat.concepts
    rows = [row for row in chat.sentences if concept in row.words.concepts and "calm" not in row.words.concepts]
    return any(not _NOT_PRESSING.search(row.text) for row in rows)


def _near(at: datetime, now: datetime) -> tuple[int, str]:
    """What a deadline adds: overdue or today most, then the next working day, then the week."""
    days = max(1, 7 - now.weekday()) if now.weekday() >= FRIDAY else 1
    today = datetime.combine(now.date(), time(23, 59, 59), tzinfo=now.tzinfo)
    if at < now:
        return 25, "overdue"
    if at <= today:
        return 25, "due today"
    if at <= today + timedelta(days=days):
        return 15, "due by the next working day"
    return (8, "due this week") if at <= now + timedelta(days=7) else (0, "")


def weigh_chat(chat: Chat, team: Team) -> tuple[int, tuple[str, ...]]:
    """The weight of a message, and why; no reasons for chatter, and for a machine's that does not name the person."""
    if "instructs.strong" in chat.concepts:
        return KEY, ("it tries to instruct an assistant; not followed",)
    called = _called(chat, team)
    if chat.automatic and not called:
        return 0, ()
    found = [called] if called else []
    found += [(weight, why) for concept, weight, why in (*CONCEPTS, *DECISION) if _says(chat, concept)]
    if {"meeting.cancelled", "meeting.moved"} & chat.concepts and "meeting.thing" in chat.concepts:
        found.append((25, "a meeting is cancelled or moved"))
    if chat.replies >= MUCH or len({user for _, users in chat.reactions for user in users}) >= MUCH:
        found.append((20, "much discussed"))
    return min(sum(weight for weight, _ in found), 90), tuple(why for _, why in found)


def _called(chat: Chat, team: Team) -> tuple[int, str] | None:
    if team.me in chat.mentions:
        return 35, "names you"
    if any(team.mine(mark) for mark in chat.mentions):
        return 30, "names a group of yours"
    if chat.automatic:
        return None
    if chat.channel.kind == "direct":
        return 30, "a direct message"
    return (25, "to everyone in the channel") if "here" in chat.mentions else None
