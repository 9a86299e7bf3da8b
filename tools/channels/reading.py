"""Reads what was said since a moment in the conversations the person is in, threads with news included.

Law: reads are bounded, and what was left unread is named with the reason; nothing is filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tools.base import ToolContext
from tools.channels.around import PAGE, Row, look_around, look_up, told
from tools.channels.chat import Chat, moment, read_chat, ts_of
from tools.channels.choosing import choose
from tools.channels.desk import Desk
from tools.channels.team import Channel, Team
from tools.channels.turns import in_turn, note_unread, unread
from tools.errors import NotFound, RateLimited, ToolError
from tools.together import each

CHANNEL_PAGES, THREAD_PAGES = 3, 2
CHANNELS, THREADS = 40, 40
"""Read in one scan: Slack admits some 50 requests a minute of each method."""
LOOK_BACK = timedelta(days=3)
"""Threads that began this long before the window are read for their news."""


@dataclass(frozen=True)
class Reading:
    """What was said, oldest first, each message once. `channels` were read; `gaps` are sentences on what was not."""

    team: Team
    channels: tuple[Channel, ...]
    chats: tuple[Chat, ...]
    gaps: tuple[str, ...] = ()

    def since(self, start: datetime) -> tuple[Chat, ...]:
        return tuple(chat for chat in self.chats if chat.at >= start)


@dataclass(frozen=True)
class Raw:
    """The messages of one conversation as they came; `cut`: there are older ones in the window."""

    channel: Channel
    rows: tuple[dict[str, Any], ...]
    cut: bool = False


@dataclass(frozen=True)
class Window:
    """From `since` on; before `until`, where there is one."""

    since: datetime
    until: datetime | None = None

    @property
    def bounds(self) -> dict[str, str]:
        """What limits the replies of a thread; its parent comes with them anyway."""
        return {"latest": ts_of(self.until)} if self.until else {}


def read_since(context: ToolContext, window: Window, named: str) -> Reading:
    """Read every conversation the person is in, or the one `named`. Raises ToolError when none could be read."""
    desk = Desk(context)
    around = look_around(desk)
    team, gaps = around.team, [*around.gaps]
    left = unread(context)
    channels = [choose(desk, named, around.mine, team)] if named else in_turn(around.mine, left)[:CHANNELS]
    if not named and len(around.mine) > CHANNELS:
        gaps.append(f"Only {CHANNELS} of {len(around.mine)} conversations were read: name a channel to read another.")
    read, waiting = _histories(desk, channels, window, team, gaps, alone=bool(left))
    if not named:
        note_unread(context, waiting)
    rows = [(raw.channel, row) for raw in read for row in raw.rows]
    rows += _replies(desk, rows, window, team, gaps)
    team = look_up(desk, team, rows)
    chats = _distinct(chat for channel, row in rows if (chat := read_chat(row, channel, team)))
    return Reading(team, tuple(raw.channel for raw in read), chats, tuple(gaps))


def _histories(
    desk: Desk, channels: Sequence[Channel], window: Window, team: Team, gaps: list[str], *, alone: bool
) -> tuple[list[Raw], list[Channel]]:
    """The conversations that could be read, and those that Slack admitted no more reads for.

    Those not read are added to `gaps`. Raises ToolError when none could.

    `alone`: the first is read before the others, where there may be room for one only.
    """
    oldest = ts_of(window.since - LOOK_BACK)

    def history(channel: Channel) -> Raw:
        rows, cut = desk.pages(
            "conversations_history",
            "messages",
            CHANNEL_PAGES,
            channel=channel.id,
            oldest=oldest,
            limit=PAGE,
            **window.bounds,
        )
        reached = min((str(row.get("ts")) for row in rows), default="") < ts_of(window.since)
        return Raw(channel, tuple(rows), cut and not reached)

    first = each(channels[:1], history) if alone else []
    rest = channels[len(first) :]
    answers = first + each(rest, history, lambda done, total: desk.progress(done, total, "reading Slack channels"))
    read = [answer for answer in answers if isinstance(answer, Raw)]
    pairs = list(zip(channels, answers, strict=True))
    failed = [(team.label(channel), answer) for channel, answer in pairs if isinstance(answer, ToolError)]
    if failed and not read:
        raise failed[0][1]
    gaps += told(failed)
    gaps += [f"Only the newest messages of {team.label(raw.channel)} were read." for raw in read if raw.cut]
    return read, [channel for channel, answer in pairs if isinstance(answer, RateLimited)]


def _replies(desk: Desk, rows: Sequence[Row], window: Window, team: Team, gaps: list[str]) -> list[Row]:
    """The messages of the threads that have news, newest threads first; what is missing is added to `gaps`."""
    bound = ts_of(window.since)
    live = [(channel, row) for channel, row in rows if row.get("reply_count") and str(row.get("latest_reply")) >= bound]
    live.sort(key=lambda item: str(item[1].get("latest_reply")), reverse=True)
    if len(live) > THREADS:
        gaps.append(f"Only the {THREADS} newest of {len(live)} threads were read.")
        live = live[:THREADS]

    def replies(item: Row) -> list[Row]:
        channel, parent = item
        found, _ = desk.pages(
            "conversations_replies",
            "messages",
            THREAD_PAGES,
            channel=channel.id,
            ts=str(parent["ts"]),
            limit=PAGE,
            **window.bounds,
        )
        return [(channel, row) for row in found]

    answers = each(live, replies, lambda done, total: desk.progress(done, total, "reading threads"))
    pairs = zip(live, answers, strict=True)
    gaps += told([(f"a thread in {team.label(item[0])}", a) for item, a in pairs if isinstance(a, ToolError)])
    return [row for answer in answers if isinstance(answer, list) for row in answer]


def _distinct(chats: Iterable[Chat]) -> tuple[Chat, ...]:
    """Each message once: a thread's answer repeats its parent, a broadcast reply stands in the channel too."""
    found: dict[str, Chat] = {}
    for chat in chats:
        known = found.get(chat.id)
        if known is None or chat.replies > known.replies:
            found[chat.id] = chat
    return tuple(sorted(found.values(), key=lambda chat: (chat.at, chat.channel.id)))


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
    chats = _distinct(chat for row in rows if (chat := read_chat(row, channel, team)))
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
