"""search.messages: one query over every conversation the person can see, in pages by number."""

from datetime import datetime
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from app.demo.slack.call import SlackCall
from app.demo.slack.lookup import TEAM, Channel, Chat, SlackLookup
from app.demo.slack.refusals import SlackRefused, invalid_arguments
from app.demo.slack.search_query import Query, Team, read_query
from app.demo.slack.shapes import message_shape, permalink
from app.demo.workspace import Workspace

MOST_PAGES = 100
_UNSEARCHED = frozenset({"channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name"})
_SHOWN = ("user", "username", "text", "blocks", "files", "reactions")


class SearchMethods:
    """The methods that search."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def messages(self, call: SlackCall, lookup: SlackLookup) -> dict[str, Any]:
        if not call.text("query"):
            raise SlackRefused("missing_query")
        sort, direction = _order(call)
        count = call.number("count", 20, most=100)
        page = call.number("page", 1, most=MOST_PAGES)
        team = self._team(lookup)
        query = read_query(call.text("query"), team)
        found = [
            chat
            for chat in lookup.chats_matching(query.words, query.unwanted)
            if chat.subtype not in _UNSEARCHED and query.admits(chat)
        ]
        scores = {chat.number: _score(chat, query) for chat in found} if sort == "score" else {}
        found.sort(key=lambda chat: (scores.get(chat.number, 0.0), chat.moment), reverse=direction == "desc")
        start = (page - 1) * count
        return {
            "query": call.text("query"),
            "messages": {
                **_paging(len(found), page, count),
                "matches": [
                    _match(chat, team.channels[chat.channel], lookup, scores.get(chat.number, 0.0))
                    for chat in found[start : start + count]
                ],
            },
        }

    def _team(self, lookup: SlackLookup) -> Team:
        members = {member.id: member for member in lookup.members()}
        me = members[lookup.me]
        zone = ZoneInfo(me.zone or self._workspace.zone)
        today = datetime.fromtimestamp(self._workspace.clock(), zone).date()
        return Team(me.id, members, {channel.id: channel for channel in lookup.channels()}, zone, today)


def _order(call: SlackCall) -> tuple[str, str]:
    sort, direction = call.text("sort") or "score", call.text("sort_dir") or "desc"
    if sort not in ("score", "timestamp") or direction not in ("asc", "desc"):
        raise invalid_arguments("must be one of score, timestamp, asc, desc [json-pointer:/sort]")
    return sort, direction


def _score(chat: Chat, query: Query) -> float:
    """How often the words stand in it, for its length."""
    words = [word for word in query.words.replace('"', " ").lower().split() if word not in ("and", "*")]
    text = chat.text.lower()
    return round(sum(text.count(word) for word in words) / (1 + len(text) / 200), 4)


def _paging(total: int, page: int, count: int) -> dict[str, Any]:
    pages = ceil(total / count)
    first = (page - 1) * count + 1 if page <= pages else 0
    return {
        "total": total,
        "pagination": {
            "total_count": total,
            "page": page,
            "per_page": count,
            "page_count": pages,
            "first": first,
            "last": min(page * count, total) if first else 0,
        },
        "paging": {"count": count, "total": total, "page": page, "pages": pages},
    }


def _match(chat: Chat, channel: Channel, lookup: SlackLookup, score: float) -> dict[str, Any]:
    message = message_shape(chat, lookup)
    partner = next((member for member in channel.members if member != lookup.me), lookup.me)
    return {
        "iid": f"{chat.channel}-{chat.moment}",
        "team": TEAM,
        "score": score,
        "type": "im" if channel.kind == "im" else "message",
        "channel": {
            "id": channel.id,
            "name": partner if channel.kind == "im" else channel.name,
            "is_channel": channel.kind == "public",
            "is_group": channel.kind == "private",
            "is_im": channel.kind == "im",
            "is_mpim": channel.kind == "mpim",
            "is_private": channel.kind != "public",
            "is_shared": channel.shared,
            "is_ext_shared": channel.shared,
            "is_org_shared": False,
            "pending_shared": [],
        },
        "ts": chat.ts,
        "permalink": permalink(chat),
        "no_reactions": not chat.reactions,
        "user": None,
        "username": _handle(chat, lookup),
        **{name: message[name] for name in _SHOWN if name in message},
    }


def _handle(chat: Chat, lookup: SlackLookup) -> str:
    member = lookup.member(chat.member) if chat.member else None
    return member.name if member else chat.bot_name
