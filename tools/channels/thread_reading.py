"""Reads one thread, or what was said around a message that has none. Law: bounded, and what was left out is said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tools.base import ToolContext
from tools.channels.around import PAGE, look_around, look_up
from tools.channels.chat import moment, read_chat, ts_of
from tools.channels.desk import Desk
from tools.channels.reading import CHANNEL_PAGES, Reading, distinct
from tools.errors import NotFound


def read_thread_of(context: ToolContext, identity: str) -> Reading:
    """One thread by any of its messages ("C02 1763456789.000100"), or what was said around a message outside of one.

    Raises NotFound.
    """
    desk = Desk(context)
    where, _, ts = identity.partition(" ")
    around = look_around(desk)
    gaps = [*around.gaps]
    channel = next((known for known in around.mine if known.id == where), None)
    if channel is None:
        raise NotFound("You are not in that conversation.", "Join it in Slack, then ask again.")
    rows, cut = desk.pages("conversations_replies", "messages", CHANNEL_PAGES, channel=where, ts=ts, limit=PAGE)
    thread = next((str(row["thread_ts"]) for row in rows if row.get("thread_ts")), "")
    if thread and not any(row.get("ts") == thread for row in rows):
        rows, cut = desk.pages("conversations_replies", "messages", CHANNEL_PAGES, channel=where, ts=thread, limit=PAGE)
    if not thread:
        rows = _around(desk, where, ts)
    gaps += ["Only the first part of the thread was read."] if cut else []
    team = look_up(desk, around.team, [(channel, row) for row in rows])
    chats = distinct(chat for row in rows if (chat := read_chat(row, channel, team)))
    if not any(chat.ts == ts for chat in chats):
        raise NotFound("That message is not in Slack any more.", "List the messages again.")
    return Reading(team, (channel,), chats, tuple(gaps))


def _around(desk: Desk, channel: str, ts: str, hours: int = 2) -> list[dict[str, Any]]:
    """What was said before and after a message that nobody answered in a thread."""
    start, end = moment(ts) - timedelta(hours=hours), moment(ts) + timedelta(hours=hours)
    rows, _ = desk.pages(
        "conversations_history", "messages", 1, channel=channel, oldest=ts_of(start), latest=ts_of(end), limit=30
    )
    return rows
