"""One message of a conversation, read from the Web API's `message` object."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from tools.channels.markup import mentions, spoken, text_of
from tools.channels.team import Channel, Team
from tools.mail.sentences import Sentence, split
from tools.text.characters import one_line

SENTENCES = 40
_TS = re.compile(r"\d{1,12}\.\d{6}")
_SAID = frozenset({"", "bot_message", "file_share", "me_message", "thread_broadcast", "tombstone"})
"""Subtypes that hold words of somebody; joining, leaving and the like are none."""


@dataclass(frozen=True)
class Chat:
    """A message as it stands now (an edited one with its latest text).

    `author` is a member id, or "bot:" and a name; `thread` the parent's ts, its own for a parent, "" outside of a
    thread; `reactions` are emoji names with who gave them; `gone`: deleted, only its thread is left.
    """

    channel: Channel
    ts: str
    at: datetime
    author: str
    markup: str
    thread: str = ""
    automatic: bool = False
    edited: bool = False
    gone: bool = False
    reactions: tuple[tuple[str, frozenset[str]], ...] = ()
    replies: int = 0
    latest: str = ""
    files: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.channel.id} {self.ts}"

    @property
    def root(self) -> str:
        """What it belongs to: its thread, or itself."""
        return self.thread or self.ts

    @property
    def is_reply(self) -> bool:
        return bool(self.thread) and self.thread != self.ts

    @cached_property
    def spoken(self) -> str:
        return spoken(self.markup)

    @cached_property
    def mentions(self) -> tuple[str, ...]:
        return mentions(self.markup)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """A line of a message ends where the author ended it."""
        found: list[Sentence] = []
        for number, row in enumerate(self.spoken.split("\n")):
            found += [replace(sentence, block=number) for sentence in split(row)]
        return tuple(found[:SENTENCES])

    @cached_property
    def concepts(self) -> frozenset[str]:
        return frozenset(concept for sentence in self.sentences for concept in sentence.words.concepts)


def read_chat(raw: Mapping[str, Any], channel: Channel, team: Team) -> Chat | None:
    """None for what nobody said, and for what cannot be read."""
    ts, subtype = raw.get("ts"), raw.get("subtype") or ""
    if not isinstance(ts, str) or not _TS.fullmatch(ts) or subtype not in _SAID or raw.get("hidden"):
        return None
    user, thread = raw.get("user"), raw.get("thread_ts")
    author = user if isinstance(user, str) and user else f"bot:{_bot_name(raw)}"
    known = team.members.get(author)
    return Chat(
        channel=channel,
        ts=ts,
        at=moment(ts),
        author=author,
        markup="" if subtype == "tombstone" else text_of(raw),
        thread=thread if isinstance(thread, str) and _TS.fullmatch(thread) else "",
        automatic=subtype == "bot_message" or author.startswith("bot:") or bool(known and known.automatic),
        edited=isinstance(raw.get("edited"), Mapping),
        gone=subtype == "tombstone",
        reactions=_reactions(raw.get("reactions")),
        replies=count if isinstance(count := raw.get("reply_count"), int) else 0,
        latest=latest if isinstance(latest := raw.get("latest_reply"), str) else "",
        files=_file_names(raw.get("files")),
    )


def moment(ts: str) -> datetime:
    """When a ts is, in UTC."""
    seconds, _, micros = ts.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=int(micros))


def ts_of(at: datetime) -> str:
    """The ts of a moment, for bounds."""
    return f"{int(at.timestamp())}.{at.microsecond:06d}"


def _bot_name(raw: Mapping[str, Any]) -> str:
    profile = raw.get("bot_profile")
    name = raw.get("username") or (profile.get("name") if isinstance(profile, Mapping) else "")
    return one_line(name, 40) if isinstance(name, str) and name.strip() else "an app"


def _reactions(value: object) -> tuple[tuple[str, frozenset[str]], ...]:
    given = [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
    found = []
    for item in given:
        name, users = item.get("name"), item.get("users")
        if isinstance(name, str) and isinstance(users, list):
            found.append((name.partition("::")[0], frozenset(user for user in users if isinstance(user, str))))
    return tuple(found)


def _file_names(value: object) -> tuple[str, ...]:
    given: Sequence[object] = value if isinstance(value, list) else ()
    names = [item.get("title") or item.get("name") for item in given if isinstance(item, Mapping)]
    return tuple(one_line(name, 80) for name in names if isinstance(name, str) and name)
