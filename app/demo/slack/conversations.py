"""conversations.* and users.conversations: which channels there are, who is in them and what was said there.

Law: reading what was said takes membership, and the history scope of the channel's kind.
"""

from collections.abc import Callable
from typing import Any

from app.demo.slack.call import SlackCall
from app.demo.slack.cursor import next_cursor, page_of, this_moment
from app.demo.slack.lookup import Channel, Chat, SlackLookup, Window
from app.demo.slack.oauth import SlackApp
from app.demo.slack.refusals import SlackRefused, missing_scope
from app.demo.slack.shapes import channel_shape, message_shape, permalink
from app.demo.slack_store import moment_of
from app.demo.workspace_error import WorkspaceError

TYPES = {"public_channel": "public", "private_channel": "private", "mpim": "mpim", "im": "im"}
PREFIX = {"public": "channels", "private": "groups", "mpim": "mpim", "im": "im"}
USUAL_PAGE = 100
UNLISTED_PAGE = 15


class ConversationMethods:
    """The methods that tell of conversations. `app` is how Slack treats who asks."""

    def __init__(self, app: Callable[[], SlackApp]) -> None:
        self._app = app

    def all(self, call: SlackCall, lookup: SlackLookup) -> dict[str, Any]:
        return _listed(call, lookup, lookup.channels())

    def of_user(self, call: SlackCall, lookup: SlackLookup) -> dict[str, Any]:
        user = call.text("user") or call.me
        if lookup.member(user) is None:
            raise SlackRefused("user_not_found")
        return _listed(call, lookup, lookup.channels(user))

    def info(self, call: SlackCall, lookup: SlackLookup) -> dict[str, Any]:
        shown = channel_shape(_channel(call, lookup, "read"), lookup)
        if not call.flag("include_num_members"):
            shown.pop("num_members", None)
        return {"channel": shown}

    def members(self, call: SlackCall, lookup: SlackLookup) -> dict[str, Any]:
        channel = _channel(call, lookup, "read")
        page, cursor = page_of(call, list(channel.members), call.number("limit", USUAL_PAGE))
        return {"members": page, "response_metadata": {"next_cursor": cursor}}

    def history(self, call: SlackCall, lookup: SlackLookup) -> dict[str, Any]:
        """Newest first. A page can be short: what was deleted leaves a gap."""
        channel = _readable(call, lookup)
        limit = self._limit(call)
        window = _window(call)
        place = this_moment(call)
        if place is not None:
            window = Window(window.oldest, min(window.latest, place))
        found = lookup.history(channel.id, window, limit + 1)
        page, more = found[:limit], len(found) > limit
        shown = [_shown(call, chat, lookup) for chat in page if not chat.deleted or lookup.thread(chat)]
        told = {"messages": shown, "has_more": more, "pin_count": 0, "channel_actions_ts": None}
        return told | _further(call, page[-1].moment if more else None)

    def replies(self, call: SlackCall, lookup: SlackLookup) -> dict[str, Any]:
        """The parent, then its replies, oldest first; the parent stands at the head of every page, as Slack has it."""
        channel = _readable(call, lookup)
        limit, window = self._limit(call), _window(call)
        parent = _said(call, lookup, channel, "ts")
        if parent is None or (parent.deleted and not lookup.thread(parent)):
            raise SlackRefused("thread_not_found")
        place = this_moment(call)
        if place is not None:
            window = Window(max(window.oldest, place), window.latest)
        room = max(1, limit - 1)
        found = lookup.replies(channel.id, parent.moment, window, room + 1)
        page, more = found[:room], len(found) > room
        shown = [_shown(call, chat, lookup) for chat in (parent, *page)]
        return {"messages": shown, "has_more": more} | _further(call, page[-1].moment if more else None)

    def permalink(self, call: SlackCall, lookup: SlackLookup) -> dict[str, Any]:
        channel = lookup.channel(call.required("channel"))
        found = _said(call, lookup, channel, "message_ts")
        if found is None or found.deleted:
            raise SlackRefused("message_not_found")
        return {"channel": channel.id, "permalink": permalink(found)}

    def reactions(self, call: SlackCall, lookup: SlackLookup) -> dict[str, Any]:
        channel = lookup.channel(call.required("channel"))
        found = _said(call, lookup, channel, "timestamp")
        if found is None or found.deleted:
            raise SlackRefused("message_not_found")
        message = message_shape(found, lookup) | {"permalink": permalink(found)}
        return {"type": "message", "channel": channel.id, "message": message}

    def _limit(self, call: SlackCall) -> int:
        limit = call.number("limit", USUAL_PAGE)
        return min(limit, UNLISTED_PAGE) if self._app().kind == "unlisted" else limit


def _shown(call: SlackCall, chat: Chat, lookup: SlackLookup) -> dict[str, Any]:
    """A message; with what apps keep in it, when that is asked for."""
    shown = message_shape(chat, lookup)
    kept = lookup.metadata(chat) if call.flag("include_all_metadata") and not chat.deleted else None
    return shown | ({"metadata": kept} if kept else {})


def _listed(call: SlackCall, lookup: SlackLookup, channels: list[Channel]) -> dict[str, Any]:
    """One page. Archived ones are left out after the page is cut, as Slack does: pages can be short."""
    kinds = _kinds(call)
    call.need(*(f"{PREFIX[kind]}:read" for kind in kinds))
    asked = {channel.id: channel for channel in channels if channel.kind in kinds}
    page, cursor = page_of(call, list(asked), call.number("limit", USUAL_PAGE))
    living_only = call.flag("exclude_archived")
    shown = [asked[identity] for identity in page if not (living_only and asked[identity].archived)]
    return {
        "channels": [channel_shape(channel, lookup) for channel in shown],
        "response_metadata": {"next_cursor": cursor},
    }


def _kinds(call: SlackCall) -> list[str]:
    types = [name.strip() for name in (call.text("types") or "public_channel").split(",") if name.strip()]
    if any(name not in TYPES for name in types):
        raise SlackRefused("invalid_types")
    return [TYPES[name] for name in types]


def _channel(call: SlackCall, lookup: SlackLookup, part: str) -> Channel:
    """The channel asked for, with the scope its kind takes. Raises SlackRefused."""
    identity = call.required("channel")
    possible = [f"{prefix}:{part}" for prefix in PREFIX.values()]
    if not set(possible) & set(call.access.scopes):
        raise missing_scope(possible, call.access.scopes)
    channel = lookup.channel(identity)
    call.need(f"{PREFIX[channel.kind]}:{part}")
    return channel


def _readable(call: SlackCall, lookup: SlackLookup) -> Channel:
    channel = _channel(call, lookup, "history")
    if call.me not in channel.members:
        raise SlackRefused("not_in_channel")
    return channel


def _said(call: SlackCall, lookup: SlackLookup, channel: Channel, name: str) -> Chat | None:
    try:
        return lookup.chat(channel.id, moment_of(call.required(name)))
    except WorkspaceError:
        return None


def _window(call: SlackCall) -> Window:
    """From oldest to latest; the two themselves belong to it only when `inclusive` says so."""
    oldest, latest = call.moment("oldest"), call.moment("latest")
    reach = 1 if call.flag("inclusive") else 0
    return Window(
        Window.oldest if oldest is None else oldest - reach, Window.latest if latest is None else latest + reach
    )


def _further(call: SlackCall, place: int | None) -> dict[str, Any]:
    return {} if place is None else {"response_metadata": {"next_cursor": next_cursor(call, place)}}
