"""The Slack tables: the team's members, its channels and what was said in them.

Law: a chat is named by its channel and its `ts`, which is unique there; the owner of the workspace is always a member.
"""

import hashlib
import json
import re
from base64 import b32encode
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, get_args

from app.demo.database import Database
from app.demo.mail_store import searchable
from app.demo.workspace_error import WorkspaceError

SCHEMA = """
CREATE TABLE IF NOT EXISTS slack_members (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, real_name TEXT NOT NULL, email TEXT NOT NULL, zone TEXT NOT NULL,
    bot INTEGER NOT NULL, deleted INTEGER NOT NULL, restricted INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS slack_members_by_email ON slack_members (email);
CREATE TABLE IF NOT EXISTS slack_strangers (member TEXT PRIMARY KEY, company TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS slack_usergroups (
    id TEXT PRIMARY KEY, handle TEXT NOT NULL, name TEXT NOT NULL, members TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS slack_channels (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, topic TEXT NOT NULL, purpose TEXT NOT NULL,
    shared INTEGER NOT NULL, archived INTEGER NOT NULL, created INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS slack_channel_members (
    channel TEXT NOT NULL, member TEXT NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (channel, member)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS slack_channels_by_member ON slack_channel_members (member, channel);
CREATE TABLE IF NOT EXISTS slack_chats (
    number INTEGER PRIMARY KEY, channel TEXT NOT NULL, moment INTEGER NOT NULL, member TEXT NOT NULL,
    text TEXT NOT NULL, thread INTEGER NOT NULL, edited INTEGER, deleted INTEGER NOT NULL, subtype TEXT NOT NULL,
    bot_name TEXT NOT NULL, reactions TEXT NOT NULL, blocks TEXT NOT NULL, files TEXT NOT NULL,
    UNIQUE (channel, moment)
);
CREATE INDEX IF NOT EXISTS slack_chats_by_thread ON slack_chats (channel, thread, moment);
CREATE VIRTUAL TABLE IF NOT EXISTS slack_words USING fts5 (body, tokenize = 'unicode61 remove_diacritics 2');
"""
TEAM_NAME, TEAM_DOMAIN = "Northwind", "northwind"
Kind = Literal["public", "private", "im", "mpim"]
_FIRST_LETTER = {"public": "C", "private": "C", "im": "D", "mpim": "G"}
_ID = re.compile(r"^[A-Z][A-Z0-9]{1,20}$")
_TS = re.compile(r"^(\d{1,12})\.(\d{6})$")
_CHANNEL_NAME = re.compile(r"^[^\sA-Z#@.,:;!?]{1,80}$")


class SlackStore:
    """The team's side that is written; app/demo/slack reads it."""

    def __init__(self, database: Database, *, owner: str) -> None:
        self.database = database
        self._owner = owner

    @property
    def owner(self) -> str:
        """The member id of the workspace's owner."""
        found: str | None = self.database.value("SELECT id FROM slack_members WHERE email = ?", self._owner.lower())
        if found is None:
            raise WorkspaceError("The Slack team has lost the workspace's owner: make a new workspace.")
        return found

    def add_member(
        self,
        name: str,
        *,
        real_name: str,
        email: str = "",
        zone: str = "",
        bot: bool = False,
        deleted: bool = False,
        restricted: bool = False,
        company: str = "",
        id: str = "",  # noqa: A002 - the word of the Web API
    ) -> str:
        """Add somebody; answer the id ("U…"). `name` is the handle without @, `zone` an IANA name.

        `restricted` is a guest of this team, `company` names the other team of somebody met in a shared channel.
        The owner is a member already: adding that address again replaces what is known of them, their id too.
        Raises WorkspaceError for an id or an address that is taken.
        """
        email = email.lower()
        member = _checked(id, "U", f"member {email or name}")
        with self.database.transaction():
            if email and email == self._owner.lower():
                member = self._rename_owner(member if id else "") or member
            elif email and self.database.value("SELECT 1 FROM slack_members WHERE email = ?", email):
                raise WorkspaceError(f"{email} is a member of the Slack team already: add an address once.")
            if self.database.value("SELECT 1 FROM slack_members WHERE id = ?", member):
                raise WorkspaceError(f"The Slack team has a member {member} already: add a member once.")
            self.database.run(
                "INSERT INTO slack_members VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                *(member, name, real_name, email, zone, bot, deleted, restricted),
            )
            if company:
                self.database.run("INSERT INTO slack_strangers VALUES (?, ?)", member, company)
        return member

    def _rename_owner(self, new: str) -> str:
        """Take the owner out, to be added anew under the same id or another; answer the id ("" = was not there)."""
        old: str = self.database.value("SELECT id FROM slack_members WHERE email = ?", self._owner.lower()) or ""
        self.database.run("DELETE FROM slack_members WHERE id = ?", old)
        if old and new:
            self.database.run("UPDATE slack_channel_members SET member = ? WHERE member = ?", new, old)
            self.database.run("UPDATE slack_chats SET member = ? WHERE member = ?", new, old)
        return new or old

    def add_usergroup(self, handle: str, name: str, members: Collection[str]) -> str:
        """Add a group that can be mentioned as @handle; answer its id ("S…"). Raises WorkspaceError."""
        self._check_members(members)
        group = _checked("", "S", f"usergroup {handle}")
        if self.database.value("SELECT 1 FROM slack_usergroups WHERE id = ?", group):
            raise WorkspaceError(f"There is a user group @{handle} already: choose another handle.")
        self.database.run(
            "INSERT INTO slack_usergroups VALUES (?, ?, ?, ?)", group, handle, name, json.dumps(list(members))
        )
        return group

    def add_channel(
        self,
        name: str,
        *,
        members: Collection[str],
        created: datetime,
        kind: Kind = "public",
        topic: str = "",
        purpose: str = "",
        shared: bool = False,
        archived: bool = False,
        id: str = "",  # noqa: A002 - the word of the Web API
    ) -> str:
        """Add a conversation; answer its id (C…, an im D…, an mpim G…). `members` are ids, the first one made it.

        An im has two members (or one: notes to oneself); the names of im and mpim may be "". `shared` with
        another company. Raises WorkspaceError for a taken or odd name, unknown members or a time without zone.
        """
        self._check_channel(name, kind, members)
        moment = microseconds(created) // 1_000_000
        channel = _checked(id, _FIRST_LETTER[kind], f"channel {kind} {name} {' '.join(sorted(members))}")
        with self.database.transaction():
            if self.database.value("SELECT 1 FROM slack_channels WHERE id = ?", channel):
                raise WorkspaceError(f"There is a conversation {channel} already: add it once.")
            self.database.run(
                "INSERT INTO slack_channels VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                *(channel, name or self._mpim_name(kind, members), kind, topic, purpose, shared, archived, moment),
            )
            self.database.many(
                "INSERT INTO slack_channel_members VALUES (?, ?, ?)",
                [(channel, member, place) for place, member in enumerate(dict.fromkeys(members))],
            )
        return channel

    def _check_channel(self, name: str, kind: Kind, members: Collection[str]) -> None:
        if kind not in get_args(Kind):
            raise WorkspaceError(f"No kind of conversation {kind!r}: choose one of {', '.join(get_args(Kind))}.")
        if kind in ("public", "private"):
            if not _CHANNEL_NAME.match(name):
                raise WorkspaceError(f"{name!r} is no channel name: up to 80 lower-case letters, digits, - and _.")
            taken = "SELECT 1 FROM slack_channels WHERE name = ? AND kind IN ('public', 'private')"
            if self.database.value(taken, name):
                raise WorkspaceError(f"There is a channel #{name} already: choose another name.")
        if kind == "im" and not 1 <= len(set(members)) <= 2:
            raise WorkspaceError("A direct conversation has two members: use the kind mpim for more.")
        self._check_members(members)

    def _mpim_name(self, kind: Kind, members: Collection[str]) -> str:
        if kind != "mpim":
            return ""
        names = [self.database.value("SELECT name FROM slack_members WHERE id = ?", member) for member in members]
        return f"mpdm-{'--'.join(names)}-1"

    def _check_members(self, members: Iterable[str]) -> None:
        for member in members:
            if not self.database.value("SELECT 1 FROM slack_members WHERE id = ?", member):
                raise WorkspaceError(f"The Slack team has no member {member!r}: add members before what they are in.")

    def add_chat(
        self,
        channel: str,
        user: str,
        text: str,
        at: datetime,
        *,
        thread: str = "",
        edited: datetime | None = None,
        deleted: bool = False,
        reactions: Mapping[str, Collection[str]] | None = None,
        subtype: str = "",
        blocks: Collection[Mapping[str, Any]] = (),
        files: Collection[Mapping[str, Any]] = (),
        bot_name: str = "",
        ts: str = "",
    ) -> str:
        """Add something said; answer its ts. `thread` is the ts of the message it replies to.

        `reactions`: emoji name to the ids of those who reacted. `deleted`: gone, but with replies it leaves a
        tombstone. `subtype`: bot_message, channel_join, thread_broadcast … as Slack has them. `user` may be ""
        for a bot with a `bot_name`. `blocks` and `files` are stored as Slack shows them. A moment that is taken
        moves on a little, a given `ts` must be free. Raises WorkspaceError.
        """
        moment = moment_of(ts) if ts else self._free_moment(channel, microseconds(at))
        parent = moment_of(thread) if thread else 0
        self._check_chat(channel, user or None, moment, parent)
        with self.database.transaction():
            number = self.database.insert(
                "INSERT INTO slack_chats VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                *(channel, moment, user, text, 0 if parent == moment else parent),
                microseconds(edited) if edited else None,
                *(deleted, subtype, bot_name),
                json.dumps({name: list(members) for name, members in (reactions or {}).items()}),
                json.dumps(list(blocks)),
                json.dumps(list(files)),
            )
            if not deleted:
                self._index(number, text, files)
        return ts_of(moment)

    def _index(self, number: int, text: str, files: Collection[Mapping[str, Any]]) -> None:
        """A chat is found by its words and by the names of its files."""
        names = " ".join(str(file.get("title") or file.get("name", "")) for file in files)
        words = searchable(f"{text} {names}")
        self.database.run("INSERT INTO slack_words (rowid, body) VALUES (?, ?)", number, words)

    def _check_chat(self, channel: str, user: str | None, moment: int, parent: int) -> None:
        if not self.database.value("SELECT 1 FROM slack_channels WHERE id = ?", channel):
            raise WorkspaceError(f"The Slack team has no conversation {channel!r}: add it first.")
        if user and not self.database.value("SELECT 1 FROM slack_members WHERE id = ?", user):
            raise WorkspaceError(f"The Slack team has no member {user!r}: add members before what they say.")
        if self.database.value("SELECT 1 FROM slack_chats WHERE channel = ? AND moment = ?", channel, moment):
            raise WorkspaceError(f"{channel} has a message {ts_of(moment)} already: add it once.")
        if parent > moment:
            raise WorkspaceError(f"A reply at {ts_of(moment)} cannot come before its thread {ts_of(parent)}.")

    def _free_moment(self, channel: str, moment: int) -> int:
        """Slack counts up what comes within one second: .000100, .000200 …"""
        moment = moment if moment % 1_000_000 else moment + 100
        while self.database.value("SELECT 1 FROM slack_chats WHERE channel = ? AND moment = ?", channel, moment):
            moment += 100
        return moment

    def admit_owner(self, name: str, zone: str) -> None:
        """Make the workspace's owner a member, if they are none yet."""
        if not self.database.value("SELECT 1 FROM slack_members WHERE email = ?", self._owner.lower()):
            self.add_member(self._owner.partition("@")[0], real_name=name, email=self._owner, zone=zone)

    def clear(self) -> None:
        """Take out everything but the owner; consents stay."""
        with self.database.transaction():
            for table in ("strangers", "usergroups", "channels", "channel_members", "chats", "words"):
                self.database.run(f"DELETE FROM slack_{table}")  # noqa: S608 - the names stand above
            self.database.run("DELETE FROM slack_members WHERE email <> ?", self._owner.lower())


def microseconds(at: datetime) -> int:
    """Microseconds since the epoch. Raises WorkspaceError for a time without a zone."""
    if at.tzinfo is None:
        raise WorkspaceError("A Slack message needs its time with a zone: give it a tzinfo.")
    return int(at.timestamp()) * 1_000_000 + at.microsecond


def ts_of(moment: int) -> str:
    """Slack's name for a moment: "1763456789.000100"."""
    return f"{moment // 1_000_000}.{moment % 1_000_000:06d}"


def moment_of(ts: str) -> int:
    """The microseconds of a ts. Raises WorkspaceError."""
    shape = _TS.match(ts)
    if not shape:
        raise WorkspaceError(f"{ts!r} is not the time of a Slack message such as 1763456789.000100.")
    return int(shape[1]) * 1_000_000 + int(shape[2])


def _checked(given: str, letter: str, seed: str) -> str:
    """The given id, or one that follows from the seed, so that the same team made twice has the same ids."""
    if not given:
        return letter + b32encode(hashlib.sha256(seed.encode()).digest()).decode()[:10]
    if not _ID.match(given):
        raise WorkspaceError(f"{given!r} is not a Slack id such as {letter}0123ABCD.")
    return given
