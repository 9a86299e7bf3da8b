"""Finds the conversation a person means by what they typed: a channel's name, or somebody's for a direct one."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from tools.channels.desk import Desk
from tools.channels.team import Channel, Team, read_channel
from tools.errors import BadArgument, NotFound, ToolError
from tools.mail.phrases import fold

LISTED_PAGES = 3


def choose(desk: Desk, typed: str, mine: Sequence[Channel], team: Team) -> Channel:
    """One of `mine`. Raises NotFound with who is not in it, or with what comes near; BadArgument for several."""
    name = fold(" ".join(typed.strip().lstrip("#@").split()))
    names = {fold(channel.name): channel for channel in mine if channel.kind == "channel"}
    slug = name.replace(" ", "-")
    if exact := names.get(name) or names.get(slug):
        return exact
    found = _directs(name, mine, team) or [channel for known, channel in names.items() if slug in known]
    if len(found) == 1:
        return found[0]
    if found:
        labels = ", ".join(team.label(channel) for channel in found[:5])
        raise BadArgument(f"{typed!r} may mean {labels}.", "Name one of them.")
    raise NotFound(*_why_not(desk, typed, slug, list(names)))


def _directs(name: str, mine: Sequence[Channel], team: Team) -> list[Channel]:
    wanted = name.removeprefix("dm ").strip()
    directs = [channel for channel in mine if channel.kind == "direct"]
    full = [channel for channel in directs if fold(team.name(channel.other)) == wanted]
    return full or [
        channel for channel in directs if channel.other in team.members and wanted in team.members[channel.other].called
    ]


def _why_not(desk: Desk, typed: str, slug: str, names: list[str]) -> tuple[str, str]:
    """Whether it exists without the person, and what comes near."""
    try:
        rows, _ = desk.pages(
            "conversations_list", "channels", LISTED_PAGES, types="public_channel", exclude_archived=True, limit=200
        )
    except ToolError:
        rows = []
    if any((channel := read_channel(row)) and fold(channel.name) == slug for row in rows):
        return f"You are not in #{slug}.", "Join it in Slack, then ask again."
    near = ", ".join(f"#{name}" for name in get_close_matches(slug, names, n=3, cutoff=0.6))
    return f"You are in no conversation {typed!r}.", f"Did you mean {near}?" if near else "Name a channel you are in."
