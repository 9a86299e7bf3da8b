"""Searches what was said, with Slack's own search: one request for the words, however much was ever written.

Law: Slack does the searching (`search.messages`, scope search:read, 20 requests a minute); the tight limits on reading
histories do not touch it, and it sees every conversation the person can see. The words are words: no operator typed
in them reaches Slack, those in a query are made here from ids (Slack help, "Search in Slack").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tools.base import ToolContext
from tools.channels.around import look_around, look_up
from tools.channels.chat import Chat, read_chat
from tools.channels.choosing import choose
from tools.channels.desk import Desk
from tools.channels.team import Channel, Team, read_channel
from tools.errors import BadArgument, NotFound
from tools.mail.phrases import fold

_DAY = timedelta(days=1)
_SIGNS = re.compile(r"[\"“”„:<>*]")
_THREAD = re.compile(r"[?&]thread_ts=(\d{1,12}\.\d{6})\b")


@dataclass(frozen=True)
class Wanted:
    """What is searched for: words, whose, where ("" for anybody, anywhere), and from when on and before when."""

    words: str
    sender: str = ""
    channel: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Found:
    """The newest messages that match, newest first; `total` is how many Slack knows of."""

    team: Team
    chats: tuple[Chat, ...]
    total: int
    gaps: tuple[str, ...]
    author: str
    where: str


def search(context: ToolContext, wanted: Wanted, limit: int) -> Found:
    """Search every conversation the person can see. Raises ToolError; BadArgument where nothing is asked for."""
    desk = Desk(context)
    around = look_around(desk)
    team = around.team
    author = member_of(wanted.sender, team) if wanted.sender else ""
    place = choose(desk, wanted.channel, around.mine, team) if wanted.channel else None
    query = _query(context, wanted, author, place)
    answer = desk.ask("search_messages", query=query, sort="timestamp", sort_dir="desc", count=limit).get("messages")
    told = answer if isinstance(answer, Mapping) else {}
    listed = told.get("matches")
    raw = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    known = {channel.id: channel for channel in around.mine}
    rows = [(channel, _message(row)) for row in raw if (channel := _place(row.get("channel"), known))]
    team = look_up(desk, team, rows)
    chats = (chat for channel, row in rows if (chat := read_chat(row, channel, team)) and _within(chat, wanted))
    total = told.get("total")
    return Found(
        team=team,
        chats=tuple(sorted(chats, key=lambda chat: chat.at, reverse=True)),
        total=total if isinstance(total, int) else len(raw),
        gaps=around.gaps,
        author=team.name(author) if author else "",
        where=team.label(place) if place else "",
    )


def _query(context: ToolContext, wanted: Wanted, author: str, place: Channel | None) -> str:
    """Slack leaves the day named in after: and before: out, so each is one day wider than the window."""
    words = [word.lstrip("-") for word in _SIGNS.sub(" ", wanted.words).split()]
    terms = [word for word in words if word]
    terms += [f"from:<@{author}>"] if author else []
    if place:
        terms.append(f"in:<@{place.other}>" if place.kind == "direct" and place.other else f"in:<#{place.id}>")
    if wanted.since:
        terms.append(f"after:{(wanted.since.astimezone(context.zone) - _DAY).date()}")
    if wanted.until:
        terms.append(f"before:{(wanted.until.astimezone(context.zone) + _DAY).date()}")
    if not terms:
        raise BadArgument("Nothing was said to search for.", "Name a topic, a person or a channel.")
    return " ".join(terms)


def member_of(typed: str, team: Team) -> str:
    """The member a name means. Raises NotFound, or BadArgument for several."""
    name = fold(" ".join(typed.strip().lstrip("@").split()))
    if name in ("me", "myself"):
        return team.me
    exact = [member for member in team.members.values() if name in (fold(member.name), fold(member.handle))]
    found = exact or [member for member in team.members.values() if name in member.called]
    if len(found) == 1:
        return found[0].id
    if found:
        raise BadArgument(f"{typed!r} may mean {', '.join(m.name for m in found[:5])}.", "Name one of them in full.")
    raise NotFound(f"Nobody in this Slack is called {typed!r}.", "Write the name as Slack shows it.")


def _place(raw: object, known: Mapping[str, Channel]) -> Channel | None:
    """The conversation of a match; of a direct one that is not listed, `name` is the other member."""
    if not isinstance(raw, Mapping):
        return None
    named = known.get(str(raw.get("id")))
    return named or read_channel({"user": raw.get("name"), **raw} if raw.get("is_im") else raw)


def _message(row: Mapping[str, Any]) -> dict[str, Any]:
    """A match says its thread in the permalink alone."""
    thread = _THREAD.search(link) if isinstance(link := row.get("permalink"), str) else None
    return {**row, "thread_ts": thread[1]} if thread else dict(row)


def _within(chat: Chat, wanted: Wanted) -> bool:
    return not (wanted.since and chat.at < wanted.since) and not (wanted.until and chat.at >= wanted.until)
