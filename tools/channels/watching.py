"""Which conversations are read first and whole: the channels the person watches, where they watch any, and direct ones.

Law: a watched name that fits no conversation of theirs is said, with the nearest; a list that fits nothing is no list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from tools.channels.markup import mentions, text_of
from tools.channels.team import Channel, Team
from tools.mail.phrases import fold

_ID = re.compile(r"[CDG][A-Z0-9]{6,20}")


@dataclass(frozen=True)
class Watch:
    """`channels` are the watched ones the person is in; `unknown` says of each other name that it fits none."""

    channels: tuple[Channel, ...] = ()
    unknown: tuple[str, ...] = ()

    def holds(self, channel: Channel) -> bool:
        return channel in self.channels

    def passes(self, channel: Channel) -> bool:
        """Whether only what names the person matters there: a channel beside those that are watched."""
        return bool(self.channels) and channel.kind == "channel" and not self.holds(channel)

    def first(self, mine: Sequence[Channel]) -> list[Channel]:
        """The watched ones before the others, which keep their order."""
        return sorted(mine, key=lambda channel: not self.holds(channel))


def watch_of(names: Iterable[str], mine: Sequence[Channel]) -> Watch:
    """What is watched, by names or ids, of the conversations the person is in."""
    known = {fold(channel.name): channel for channel in mine if channel.kind == "channel"}
    known |= {channel.id: channel for channel in mine}
    found: list[Channel] = []
    unknown: list[str] = []
    for name in dict.fromkeys(names):
        typed = name.strip().lstrip("#")
        channel = known.get(typed) or known.get(fold(typed))
        if channel is None:
            unknown.append(_unknown(typed, [other for other in known if not _ID.fullmatch(other)]))
        elif channel not in found:
            found.append(channel)
    return Watch(tuple(found), tuple(unknown))


def _unknown(typed: str, names: list[str]) -> str:
    shown = typed if _ID.fullmatch(typed) else f"#{typed}"
    near = get_close_matches(fold(typed), names, n=1, cutoff=0.6) or [name for name in names if fold(typed) in name]
    following = f"did you mean #{near[0]}?" if near else "join it in Slack, or correct VALET_SLACK_WATCH."
    return f"{shown} is watched, but there is no such conversation you are in: {following}"


def follows(parent: Mapping[str, Any], team: Team) -> bool:
    """Whether a thread may name the person: Slack has everybody follow whom it names (`subscribed`), and its parent
    names whom it names. An answer that does not tell counts as yes."""
    return parent.get("subscribed") is not False or any(team.mine(mark) for mark in mentions(text_of(parent)))
