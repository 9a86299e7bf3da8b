"""Who and where: members, user groups and conversations of a Slack workspace, as the Web API tells of them.

Law: a name comes from the service alone and is made safe to show; an id nobody could resolve stays an id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tools.mail.phrases import fold
from tools.text.characters import one_line

ChannelKind = Literal["channel", "direct", "group"]
NAME_LIMIT = 60
SLACKBOT = "USLACKBOT"
_URL = re.compile(r"https://[a-z0-9.-]+/")
_MARK = re.compile(r"[A-Z][A-Z0-9]{1,20}")
_HUMAN_NAME = re.compile(r"\w+")


@dataclass(frozen=True)
class Member:
    """Somebody. `called` are the words they may be called by, folded; `outside`: of another company."""

    id: str
    name: str
    handle: str = ""
    called: frozenset[str] = frozenset()
    automatic: bool = False
    outside: bool = False


@dataclass(frozen=True)
class Group:
    """A user group, mentioned as @handle."""

    id: str
    handle: str
    members: frozenset[str]


@dataclass(frozen=True)
class Channel:
    """A conversation: a channel by its name, a direct one by its other member, a group one by its members' handles."""

    id: str
    kind: ChannelKind
    name: str
    other: str = ""
    outside: bool = False


@dataclass(frozen=True)
class Team:
    """The workspace as one person sees it. `me` is their member id, `url` its address with a final slash, or ""."""

    me: str
    url: str = ""
    members: Mapping[str, Member] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)

    def name(self, member: str) -> str:
        known = self.members.get(member)
        return known.name if known else member.removeprefix("bot:") or "somebody"

    def you_or_name(self, member: str) -> str:
        return "you" if member == self.me else self.name(member)

    def handle(self, group: str) -> str:
        return f"@{self.groups[group].handle}" if group in self.groups else "@a user group"

    def label(self, channel: Channel) -> str:
        """How a conversation is named to the person: "#launch", "#acme-joint (external)", "DM Ana Torres"."""
        if channel.kind == "direct":
            return "notes to self" if channel.other == self.me else f"DM {self.name(channel.other)}"
        name = f"#{channel.name}" if channel.kind == "channel" else f"DM {self._names(channel.name)}"
        return f"{name} (external)" if channel.outside else name

    def _names(self, handles: str) -> str:
        """The others of a group conversation, by name."""
        known = {member.handle: member for member in self.members.values()}
        mine = self.members[self.me].handle if self.me in self.members else ""
        others = [handle for handle in handles.split(", ") if handle != mine]
        return ", ".join(known[handle].name if handle in known else handle for handle in others)

    def mine(self, mark: str) -> bool:
        """Whether a mention ("U…", "S…") means the person."""
        return mark == self.me or (mark in self.groups and self.me in self.groups[mark].members)

    def link(self, channel: str, ts: str, thread: str = "") -> str | None:
        """The permalink of a message."""
        if not self.url:
            return None
        behind = f"?thread_ts={thread}&cid={channel}" if thread and thread != ts else ""
        return f"{self.url}archives/{channel}/p{ts.replace('.', '')}{behind}"


def read_member(raw: Mapping[str, Any], home: str) -> Member | None:
    """A `user` object; `home` is the person's team id. None for one that cannot be read."""
    identity, profile = raw.get("id"), raw.get("profile")
    if not isinstance(identity, str) or not _MARK.fullmatch(identity):
        return None
    details = profile if isinstance(profile, Mapping) else {}
    names = (raw.get("real_name"), details.get("real_name"), details.get("display_name"), raw.get("name"))
    shown = [line for name in names if isinstance(name, str) and (line := one_line(name, NAME_LIMIT))]
    handle = raw.get("name")
    home_team = raw.get("team_id")
    return Member(
        id=identity,
        name=shown[0] if shown else identity,
        handle=one_line(handle, NAME_LIMIT) if isinstance(handle, str) else "",
        called=frozenset(fold(word) for name in shown for word in _HUMAN_NAME.findall(name)[:1]),
        automatic=bool(raw.get("is_bot")) or identity == SLACKBOT,
        outside=bool(raw.get("is_stranger")) or (isinstance(home_team, str) and bool(home) and home_team != home),
    )


def read_group(raw: Mapping[str, Any]) -> Group | None:
    """A `usergroup` object with its users."""
    identity, handle, users = raw.get("id"), raw.get("handle"), raw.get("users")
    if not isinstance(identity, str) or not isinstance(handle, str):
        return None
    members = users if isinstance(users, list) else []
    return Group(identity, one_line(handle, NAME_LIMIT), frozenset(user for user in members if isinstance(user, str)))


def read_channel(raw: Mapping[str, Any]) -> Channel | None:
    """A `conversation` object. None for an archived one, or one that cannot be read."""
    identity, name, user = raw.get("id"), raw.get("name"), raw.get("user")
    if not isinstance(identity, str) or not _MARK.fullmatch(identity) or raw.get("is_archived"):
        return None
    kind: ChannelKind = "direct" if raw.get("is_im") else "group" if raw.get("is_mpim") else "channel"
    shown = one_line(name, NAME_LIMIT) if isinstance(name, str) else identity
    if kind == "group":
        shown = ", ".join(re.sub(r"^mpdm-|-\d+$", "", shown).split("--"))
    outside = bool(raw.get("is_ext_shared")) or (bool(raw.get("is_shared")) and not raw.get("is_org_shared"))
    return Channel(identity, kind, shown, user if isinstance(user, str) else "", outside)


def read_url(raw: object) -> str:
    """The workspace's address when it is a plain https one, else ""."""
    return raw if isinstance(raw, str) and _URL.fullmatch(raw) else ""
