"""Whose turn it is where Slack admits few reads a minute: what one scan could not read stands first in the next.

Law: kept are ids of conversations alone, and an order, never what was said.
"""

from __future__ import annotations

from collections.abc import Sequence

from tools.base import ToolContext
from tools.channels.team import Channel
from tools.channels.watching import Watch

UNREAD = "unread conversations"


def unread(context: ToolContext, watch: Watch | None = None) -> list[str]:
    """Ids of the conversations that Slack admitted no more reads for in the last scan of all with this watch."""
    return (context.memory.get(_key(watch or Watch())) or b"").decode().split()


def in_turn(channels: Sequence[Channel], left: Sequence[str], watch: Watch) -> list[Channel]:
    """The conversations, those that were `left` unread first; a watched one comes again after one of the others."""
    places = {identity: place for place, identity in enumerate(left)}
    queue = sorted((one for one in channels if one.id in places), key=lambda one: places[one.id])
    read = [one for one in channels if one.id not in places]
    for one in (one for one in read if watch.holds(one)):
        last = max((place for place, other in enumerate(queue) if watch.holds(other)), default=-1)
        queue.insert(last + 2 if queue else last + 1, one)
    return [*queue, *(one for one in read if not watch.holds(one))]


def note_unread(context: ToolContext, waiting: Sequence[Channel], watch: Watch) -> None:
    """Remember those left unread; nothing is written where that is none, and was none."""
    left = [one.id for one in waiting]
    if left != unread(context, watch):
        context.memory.put(_key(watch), " ".join(left).encode())


def _key(watch: Watch) -> str:
    """Another list of watched ones begins anew."""
    return " ".join([UNREAD, *sorted(one.id for one in watch.channels)])
