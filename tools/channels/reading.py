"""Reads what was said since a moment in the conversations the person is in, threads with news included.

Law: reads are bounded, and what was left unread is named with the reason; nothing is filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from tools.base import ToolContext
from tools.channels.around import PAGE, Listed, Row, listed, look_around, look_up, told
from tools.channels.chat import Chat, read_chat, ts_of
from tools.channels.choosing import choose
from tools.channels.desk import Desk
from tools.channels.markup import mentions, text_of
from tools.channels.team import Channel, Team
from tools.channels.turns import in_turn, note_unread, unread
from tools.channels.watching import Watch, follows, watch_of
from tools.errors import RateLimited, ToolError
from tools.together import each

CHANNEL_PAGES, THREAD_PAGES = 3, 2
CHANNELS, THREADS = 40, 40
"""Read in one scan: Slack admits some 50 requests a minute of each method."""
LOOK_BACK = timedelta(days=3)
"""Threads that began this long before the window are read for their news."""


@dataclass(frozen=True)
class Reading:
    """What was said, oldest first, each message once. `channels` were read, those that `watch` passes for what names
    the person; `gaps` are sentences on what was not, and `unread` the ids of messages whose answers were not, or not
    all."""

    team: Team
    channels: tuple[Channel, ...]
    chats: tuple[Chat, ...]
    gaps: tuple[str, ...] = ()
    watch: Watch = field(default_factory=Watch)
    unread: frozenset[str] = frozenset()

    def since(self, start: datetime) -> tuple[Chat, ...]:
        return tuple(chat for chat in self.chats if chat.at >= start)

    @cached_property
    def passed(self) -> frozenset[str]:
        """Ids of the channels in which only what names the person matters."""
        return frozenset(channel.id for channel in self.channels if self.watch.passes(channel))


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
    """Read every conversation the person is in, those they watch first and whole, or the one `named`.

    Raises ToolError when none could be read.
    """
    desk = Desk(context)
    around = look_around(desk)
    team = around.team
    watch = Watch() if named else watch_of(context.watched, around.mine)
    gaps = [*watch.unknown, *around.gaps]
    left = [] if named else unread(context, watch)
    order = [choose(desk, named, around.mine, team)] if named else in_turn(watch.first(around.mine), left, watch)
    channels, beyond = order[:CHANNELS], order[CHANNELS:]
    if beyond:
        others = listed([team.label(channel) for channel in beyond])
        gaps.append(f"Only {CHANNELS} of {len(order)} conversations were read, not {others}: name one to read it.")
    scan = Scan(desk, window, team, watch, gaps)
    read, waiting = _histories(scan, channels, ahead=1 if left else len(watch.channels))
    if not named:
        note_unread(context, waiting, watch)
    rows = [(raw.channel, row) for raw in read for row in raw.rows]
    rows += _replies(scan, rows)
    team = look_up(desk, team, rows)
    chats = distinct(chat for channel, row in rows if (chat := read_chat(row, channel, team)))
    return Reading(team, tuple(raw.channel for raw in read), chats, tuple(gaps), watch, frozenset(scan.unread))


@dataclass(frozen=True)
class Scan:
    """One reading under way; what could not be read is added to `gaps`, and to `unread` whose answers were not."""

    desk: Desk
    window: Window
    team: Team
    watch: Watch
    gaps: list[str]
    unread: set[str] = field(default_factory=set)


def _histories(scan: Scan, channels: Sequence[Channel], *, ahead: int) -> tuple[list[Raw], list[Channel]]:
    """The conversations that could be read, and those that Slack admitted no more reads for.

    Raises ToolError when none could be read. So many are read `ahead` of the others, which there may be no room for.
    """
    desk, window, team = scan.desk, scan.window, scan.team
    oldest = ts_of(window.since - LOOK_BACK)

    def history(channel: Channel) -> Raw:
        rows, cut = desk.pages(
            "conversations_history",
            "messages",
            1 if scan.watch.passes(channel) else CHANNEL_PAGES,
            channel=channel.id,
            oldest=oldest,
            limit=PAGE,
            **window.bounds,
        )
        reached = min((str(row.get("ts")) for row in rows), default="") < ts_of(window.since)
        return Raw(channel, tuple(rows), cut and not reached)

    first = each(channels[:ahead], history)
    answers = first + each(
        channels[ahead:], history, lambda done, total: desk.progress(done, total, "reading Slack channels")
    )
    read = [answer for answer in answers if isinstance(answer, Raw)]
    pairs = list(zip(channels, answers, strict=True))
    failed = [(team.label(channel), answer) for channel, answer in pairs if isinstance(answer, ToolError)]
    if failed and not read:
        raise failed[0][1]
    scan.gaps.extend(told(failed))
    scan.gaps.extend(f"Only the newest messages of {team.label(raw.channel)} were read." for raw in read if raw.cut)
    return read, [channel for channel, answer in pairs if isinstance(answer, RateLimited)]


def _replies(scan: Scan, rows: Sequence[Row]) -> list[Row]:
    """The messages of the threads that have news: those that may name the person first, of these the newest; of a
    channel that is passed only those, and last."""
    live = _live(scan, rows)
    if len(live) > THREADS:
        scan.gaps.append(
            f"Only {THREADS} of {len(live)} threads were read, those that may name you first, then the newest."
        )
    scan.unread.update(_id(item) for item in live[THREADS:])
    live = live[:THREADS]

    def replies(item: Row) -> Listed:
        channel, parent = item
        return scan.desk.pages(
            "conversations_replies",
            "messages",
            THREAD_PAGES,
            channel=channel.id,
            ts=str(parent["ts"]),
            limit=PAGE,
            **scan.window.bounds,
        )

    answers = each(live, replies, lambda done, total: scan.desk.progress(done, total, "reading threads"))
    pairs = list(zip(live, answers, strict=True))
    failed = [(f"a thread in {scan.team.label(item[0])}", a) for item, a in pairs if isinstance(a, ToolError)]
    scan.gaps.extend(told(failed))
    scan.unread.update(_id(item) for item, answer in pairs if isinstance(answer, ToolError) or answer[1])
    return [(item[0], row) for item, answer in pairs if not isinstance(answer, ToolError) for row in answer[0]]


def _live(scan: Scan, rows: Sequence[Row]) -> list[Row]:
    """The messages that began a thread with news, in the order in which they are read."""
    bound, watch, team = ts_of(scan.window.since), scan.watch, scan.team
    live = [(channel, row) for channel, row in rows if row.get("reply_count") and str(row.get("latest_reply")) >= bound]
    near = {_id(item): item[0].kind != "channel" or _calls(item[1], team) for item in live}
    live = [item for item in live if not watch.passes(item[0]) or follows(item[1], team)]
    live.sort(key=lambda item: str(item[1].get("latest_reply")), reverse=True)
    return sorted(live, key=lambda item: (watch.passes(item[0]), not near[_id(item)]))


def _calls(parent: dict[str, Any], team: Team) -> bool:
    """Whether a thread may be the person's own business: it may name them, or calls everybody."""
    return follows(parent, team) or "here" in mentions(text_of(parent))


def _id(item: Row) -> str:
    return f"{item[0].id} {item[1].get('ts')}"


def distinct(chats: Iterable[Chat]) -> tuple[Chat, ...]:
    """Each message once: a thread's answer repeats its parent, a broadcast reply stands in the channel too."""
    found: dict[str, Chat] = {}
    for chat in chats:
        known = found.get(chat.id)
        if known is None or chat.replies > known.replies:
            found[chat.id] = chat
    return tuple(sorted(found.values(), key=lambda chat: (chat.at, chat.channel.id)))
