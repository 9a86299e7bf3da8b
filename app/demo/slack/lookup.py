"""What the team's members, channels and chats are, read for one person: nobody sees what they are not in."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from app.demo.database import Database, Row
from app.demo.slack.refusals import SlackRefused
from app.demo.slack_posts import metadata_of
from app.demo.slack_store import ts_of

TEAM = "T0NORTHWIND"
_CHAT = "number, channel, moment, member, text, thread, edited, deleted, subtype, bot_name, reactions, blocks, files"
_CHANNEL = "c.id, c.name, c.kind, c.topic, c.purpose, c.shared, c.archived, c.created"


_MEMBER = (
    "SELECT m.id, m.name, m.real_name, m.email, m.zone, m.bot, m.deleted, m.restricted, COALESCE(s.company, '')"
    " FROM slack_members m LEFT JOIN slack_strangers s ON s.member = m.id"
)


@dataclass(frozen=True)
class Member:
    """Somebody; `company` is the other one of a member met in a shared channel, "" for this one."""

    id: str
    name: str
    real_name: str
    email: str
    zone: str
    bot: bool
    deleted: bool
    restricted: bool
    company: str = ""

    @property
    def team(self) -> str:
        """The id of the team they belong to."""
        return f"T{sha256(self.company.encode()).hexdigest()[:10].upper()}" if self.company else TEAM


@dataclass(frozen=True)
class Channel:
    """A conversation. `members` in the order they came; `created` in seconds since the epoch."""

    id: str
    name: str
    kind: str
    topic: str
    purpose: str
    shared: bool
    archived: bool
    created: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Chat:
    """Something said. `moment` and `edited` in microseconds; `thread` is the parent's moment, 0 for none."""

    number: int
    channel: str
    moment: int
    member: str
    text: str
    thread: int
    edited: int | None
    deleted: bool
    subtype: str
    bot_name: str
    reactions: dict[str, list[str]]
    blocks: list[dict[str, Any]]
    files: list[dict[str, Any]]

    @property
    def ts(self) -> str:
        return ts_of(self.moment)


@dataclass(frozen=True)
class Thread:
    """What hangs below a message; `people` in the order they first replied; `names_me`: a reply mentions the caller."""

    replies: int
    latest: int
    people: tuple[str, ...]
    names_me: bool


@dataclass(frozen=True)
class Window:
    """Between two moments, neither included."""

    oldest: int = -1
    latest: int = 10**18


class SlackLookup:
    """The team as the member `me` sees it."""

    def __init__(self, database: Database, me: str) -> None:
        self._database = database
        self.me = me

    def members(self) -> list[Member]:
        rows = self._database.rows(f"{_MEMBER} ORDER BY m.real_name, m.id")
        return [_member(row) for row in rows]

    def member(self, member: str) -> Member | None:
        row = self._database.row(f"{_MEMBER} WHERE m.id = ?", member)
        return _member(row) if row else None

    def member_of_address(self, email: str) -> Member | None:
        row = self._database.row(f"{_MEMBER} WHERE m.email = ?", email.lower())
        return _member(row) if row else None

    def people(self) -> dict[str, str]:
        """The names of those of the team who can sign in, by address; I can, whatever an import says of me."""
        return {
            member.email: member.real_name
            for member in self.members()
            if member.email and (member.id == self.me or not (member.bot or member.deleted or member.company))
        }

    def usergroups(self) -> list[tuple[str, str, str, list[str]]]:
        """Id, handle, name and members of each."""
        rows = self._database.rows("SELECT id, handle, name, members FROM slack_usergroups ORDER BY handle")
        return [(group, handle, name, json.loads(members)) for group, handle, name, members in rows]

    def channels(self, member: str = "") -> list[Channel]:
        """The conversations I can see, oldest first; only those `member` is in, when one is named."""
        rows = self._database.rows(
            f"SELECT {_CHANNEL} FROM slack_channels c WHERE (c.kind = 'public' OR EXISTS"  # noqa: S608 - a constant
            " (SELECT 1 FROM slack_channel_members m WHERE m.channel = c.id AND m.member = ?1)) AND (?2 = '' OR EXISTS"
            " (SELECT 1 FROM slack_channel_members m WHERE m.channel = c.id AND m.member = ?2))"
            " ORDER BY c.created, c.id",
            self.me,
            member,
        )
        return [self._channel(row) for row in rows]

    def channel(self, channel: str) -> Channel:
        """A conversation I can see. Raises SlackRefused channel_not_found."""
        row = self._database.row(
            f"SELECT {_CHANNEL} FROM slack_channels c WHERE c.id = ?",  # noqa: S608 - a constant
            channel,
        )
        found = self._channel(row) if row else None
        if found is None or (found.kind != "public" and self.me not in found.members):
            raise SlackRefused("channel_not_found")
        return found

    def _channel(self, row: Row) -> Channel:
        members = self._database.rows(
            "SELECT member FROM slack_channel_members WHERE channel = ? ORDER BY place", row[0]
        )
        identity, name, kind, topic, purpose, shared, archived, created = row
        people = tuple(member for (member,) in members)
        return Channel(identity, name, kind, topic, purpose, bool(shared), bool(archived), created, people)

    def history(self, channel: str, window: Window, most: int) -> list[Chat]:
        """What stands in the channel itself, newest first; the deleted among it too."""
        rows = self._database.rows(
            f"SELECT {_CHAT} FROM slack_chats WHERE channel = ? AND moment > ? AND moment < ?"  # noqa: S608
            " AND (thread = 0 OR subtype = 'thread_broadcast') ORDER BY moment DESC LIMIT ?",
            *(channel, window.oldest, window.latest, most),
        )
        return [_chat(row) for row in rows]

    def replies(self, channel: str, thread: int, window: Window, most: int) -> list[Chat]:
        """The living replies of one thread, oldest first."""
        rows = self._database.rows(
            f"SELECT {_CHAT} FROM slack_chats WHERE channel = ? AND thread = ? AND moment > ?"  # noqa: S608
            " AND moment < ? AND NOT deleted ORDER BY moment LIMIT ?",
            *(channel, thread, window.oldest, window.latest, most),
        )
        return [_chat(row) for row in rows]

    def chat(self, channel: str, moment: int) -> Chat | None:
        row = self._database.row(
            f"SELECT {_CHAT} FROM slack_chats WHERE channel = ? AND moment = ?",  # noqa: S608 - a constant
            channel,
            moment,
        )
        return _chat(row) if row else None

    def chats_matching(self, wanted: str, unwanted: str) -> list[Chat]:
        """Living chats of the conversations I can see, newest first; both are FTS5 queries ("" = any, none)."""
        matching = " AND number IN (SELECT rowid FROM slack_words WHERE body MATCH ?)" if wanted else ""
        lacking = " AND number NOT IN (SELECT rowid FROM slack_words WHERE body MATCH ?)" if unwanted else ""
        rows = self._database.rows(
            f"SELECT {_CHAT} FROM slack_chats WHERE NOT deleted AND channel IN"  # noqa: S608
            " (SELECT c.id FROM slack_channels c LEFT JOIN slack_channel_members m"
            " ON m.channel = c.id AND m.member = ? WHERE c.kind = 'public' OR m.member IS NOT NULL)"
            f"{matching}{lacking} ORDER BY moment DESC, channel",
            *(self.me, *(words for words in (wanted, unwanted) if words)),
        )
        return [_chat(row) for row in rows]

    def metadata(self, chat: Chat) -> dict[str, Any] | None:
        """What an app keeps with a message."""
        return metadata_of(self._database, chat.channel, chat.moment)

    def thread(self, chat: Chat) -> Thread | None:
        """What hangs below; None for nothing."""
        rows = self._database.rows(
            "SELECT moment, member, text FROM slack_chats WHERE channel = ? AND thread = ? AND NOT deleted"
            " ORDER BY moment",
            *(chat.channel, chat.moment),
        )
        if not rows:
            return None
        people = tuple(dict.fromkeys(member for _, member, _ in rows if member))
        return Thread(len(rows), rows[-1][0], people, any(f"<@{self.me}>" in text for _, _, text in rows))


def _member(row: Row) -> Member:
    identity, name, real_name, email, zone, bot, deleted, restricted, company = row
    return Member(identity, name, real_name, email, zone, bool(bot), bool(deleted), bool(restricted), company)


def _chat(row: Row) -> Chat:
    *plain, reactions, blocks, files = row
    number, channel, moment, member, text, thread, edited, deleted, subtype, bot_name = plain
    said = (number, channel, moment, member, text, thread, edited, bool(deleted), subtype, bot_name)
    return Chat(*said, json.loads(reactions), json.loads(blocks), json.loads(files))
