"""The workspace around the person: who they are, whom they work with, which conversations they are in.

Law: what could not be read is named with the reason; a name that is unknown stays an id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tools.base import ToolContext
from tools.channels.desk import Desk
from tools.channels.team import Channel, Member, Team, read_channel, read_group, read_member, read_url
from tools.channels.watching import Watch, watch_of
from tools.errors import ToolError
from tools.together import each

CONVERSATION_PAGES, MEMBER_PAGES = 5, 4
PAGE = 200
"""Asked for per page; of messages, apps outside of the marketplace are given 15."""
DIRECT_FIRST = 15
LOOKUPS = 25
"""Members of other workspaces, asked for one by one."""
KINDS = "public_channel,private_channel,mpim,im"

Row = tuple[Channel, dict[str, Any]]
"""A message as it came, and where."""
Listed = tuple[list[dict[str, Any]], bool]
"""Objects as they came, and whether there are more."""


@dataclass(frozen=True)
class Around:
    """The workspace as the person has it: conversations they are in, direct ones first; `gaps` as in Reading."""

    team: Team
    mine: tuple[Channel, ...]
    gaps: tuple[str, ...]


def look_around(desk: Desk) -> Around:
    """Who the person is, whom they work with, and where. Raises ToolError when the conversations cannot be listed."""
    who = desk.ask("auth_test")
    home = str(who.get("team_id") or "")
    listing: dict[str, Callable[[], Listed]] = {
        "conversations": lambda: _conversations(desk),
        "members": lambda: desk.pages("users_list", "members", MEMBER_PAGES, limit=PAGE),
        "user groups": lambda: desk.pages("usergroups_list", "usergroups", 1, include_users=True),
    }
    answers = dict(zip(listing, each(list(listing.values()), lambda call: call()), strict=True))
    conversations = answers["conversations"]
    if isinstance(conversations, ToolError):
        raise conversations
    rows, more = conversations
    failed = [(f"The names of {what}", answer) for what, answer in answers.items() if isinstance(answer, ToolError)]
    members = [read_member(row, home) for row in _listed(answers["members"])]
    groups = [read_group(row) for row in _listed(answers["user groups"])]
    team = Team(
        me=str(who.get("user_id") or ""),
        url=read_url(who.get("url")),
        members={member.id: member for member in members if member},
        groups={group.id: group for group in groups if group},
    )
    mine = [channel for row in rows if (channel := read_channel(row)) is not None]
    direct = [channel for channel in mine if channel.kind != "channel"]
    channels = [channel for channel in mine if channel.kind == "channel"]
    ordered = (*direct[:DIRECT_FIRST], *channels, *direct[DIRECT_FIRST:])
    cut = [f"Only the first {len(rows)} of your conversations were looked at."] if more else []
    return Around(team, ordered, (*cut, *told(failed)))


def look_for(context: ToolContext) -> Watch:
    """Which of the channels that the person watches there are, without reading what is said. Raises ToolError."""
    rows, _ = _conversations(Desk(context))
    return watch_of(context.watched, [channel for row in rows if (channel := read_channel(row)) is not None])


def _conversations(desk: Desk) -> Listed:
    """Those the person is in. Raises ToolError."""
    return desk.pages(
        "users_conversations", "channels", CONVERSATION_PAGES, types=KINDS, exclude_archived=True, limit=PAGE
    )


def _listed(answer: Listed | ToolError) -> list[dict[str, Any]]:
    return [] if isinstance(answer, ToolError) else answer[0]


def look_up(desk: Desk, team: Team, rows: Iterable[Row]) -> Team:
    """The team with those authors that its list of members does not name: people of other workspaces."""
    authors = [row.get("user") for _, row in rows]
    wanted = list(dict.fromkeys(a for a in authors if isinstance(a, str) and a and a not in team.members))[:LOOKUPS]
    answers = each(wanted, lambda identity: desk.ask("users_info", user=identity))
    found: dict[str, Member] = {}
    for answer in answers:
        raw = answer.get("user") if isinstance(answer, dict) else None
        member = read_member(raw, "") if isinstance(raw, dict) else None
        if member:
            found[member.id] = member
    return Team(team.me, team.url, {**team.members, **found}, team.groups)


def told(failed: Sequence[tuple[str, ToolError]]) -> list[str]:
    """One sentence per cause: which things, why, and what to do."""
    causes: dict[str, list[str]] = {}
    for label, error in failed:
        causes.setdefault(f"{error.what} {error.next}", []).append(label)
    return [f"{listed(names)} could not be read: {cause}" for cause, names in causes.items()]


def listed(names: Sequence[str], most: int = 6) -> str:
    """ "#a, #b and 3 more", each once; by semicolons where a name has a comma of its own."""
    once = list(dict.fromkeys(names))
    left = len(once) - most
    between = "; " if any("," in name for name in once[:most]) else ", "
    return between.join(once[:most]) + (f" and {left} more" if left > 0 else "")
