"""Whose turn it is where Slack admits few reads a minute: what one scan could not read stands first in the next.

Law: kept are ids of conversations alone, and an order, never what was said.
"""

from __future__ import annotations

from collections.abc import Sequence

from tools.base import ToolContext
from tools.channels.team import Channel

UNREAD = "unread conversations"


def unread(context: ToolContext) -> list[str]:
    """Ids of the conversations that Slack admitted no more reads for in the last scan of all."""
    return (context.memory.get(UNREAD) or b"").decode().split()


def in_turn(channels: Sequence[Channel], left: Sequence[str]) -> list[Channel]:
    """The conversations, those that were `left` unread first."""
    return sorted(channels, key=lambda one: left.index(one.id) if one.id in left else len(left))


def note_unread(context: ToolContext, waiting: Sequence[Channel]) -> None:
    """Remember those left unread; nothing is written where that is none, and was none."""
    left = [one.id for one in waiting]
    if left != unread(context):
        context.memory.put(UNREAD, " ".join(left).encode())
