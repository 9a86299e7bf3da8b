"""chat.postMessage, chat.update, chat.delete, conversations.open and reactions.add: what a person's app may write.

Law: an app writes as its person, where they are a member, and changes nothing that somebody else said.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from app.demo.quota import Limits, Quota
from app.demo.slack.call import SlackCall
from app.demo.slack.lookup import Channel, Chat, SlackLookup
from app.demo.slack.oauth import SlackApp
from app.demo.slack.refusals import SlackRefused, TooFast
from app.demo.slack.shapes import channel_shape, message_shape
from app.demo.slack_posts import change_chat, keep_metadata, newest_moment, note_write, set_reactions, take_back
from app.demo.slack_store import microseconds, moment_of
from app.demo.workspace import Workspace
from app.demo.workspace_error import WorkspaceError

LONGEST = 40_000
POSTS_PER_MINUTE = 60  # one a second in each channel; short bursts pass


class PostingMethods:
    """The methods that write. `app` is how Slack treats who asks."""

    def __init__(self, workspace: Workspace, limits: Limits, app: Callable[[], SlackApp]) -> None:
        self._workspace = workspace
        self._app = app
        self._pace = Quota(POSTS_PER_MINUTE, limits)

    def post(self, call: SlackCall, lookup: SlackLookup) -> dict[str, Any]:
        channel = self._place(call, lookup)
        text, metadata = _text(call), _metadata(call)
        parent = self._parent(call, lookup, channel)
        self._charge(channel)
        broadcast = "thread_broadcast" if parent and call.flag("reply_broadcast") else ""
        with self._workspace.transaction():
            ts = self._workspace.slack.add_chat(
                channel.id, call.me, text, self._next(channel), thread=parent.ts if parent else "", subtype=broadcast
            )
            if metadata:
                keep_metadata(self._workspace.database, channel.id, moment_of(ts), metadata)
            self._note(call, channel, moment_of(ts), text, parent.moment if parent else 0)
        said = lookup.chat(channel.id, moment_of(ts))
        return {"channel": channel.id, "ts": ts, "message": message_shape(said, lookup) if said else {}}

    def update(self, call: SlackCall, lookup: SlackLookup) -> dict[str, Any]:
        channel, text = self._member_of(call, lookup), _text(call)
        said = self._own(call, lookup, channel, "cant_update_message")
        with self._workspace.transaction():
            change_chat(self._workspace.database, channel.id, said.moment, text, edited=microseconds(self._now()))
            self._note(call, channel, said.moment, text, said.thread)
        return {"channel": channel.id, "ts": said.ts, "text": text}

    def delete(self, call: SlackCall, lookup: SlackLookup) -> dict[str, Any]:
        channel = self._member_of(call, lookup)
        said = self._own(call, lookup, channel, "cant_delete_message")
        with self._workspace.transaction():
            take_back(self._workspace.database, channel.id, said.moment)
            self._note(call, channel, said.moment, "", said.thread)
        return {"channel": channel.id, "ts": said.ts}

    def open(self, call: SlackCall, lookup: SlackLookup) -> dict[str, Any]:
        """The direct conversation with one person, made where there is none yet."""
        call.need("im:write")
        users = [user for user in call.required("users").split(",") if user]
        if len(users) != 1:
            raise SlackRefused("too_many_users")
        other = lookup.member(users[0])
        if other is None or other.deleted:
            raise SlackRefused("user_not_found" if other is None else "user_disabled")
        found = next((one for one in lookup.channels(call.me) if _is_direct(one, call.me, other.id)), None)
        already = {"no_op": True, "already_open": True} if found else {}
        if found is None:
            with self._workspace.transaction():
                made = self._workspace.slack.add_channel(
                    "", members=[call.me, other.id], created=self._now(), kind="im"
                )
                note_write(self._workspace, call.me, call.method, (made, 0))
                self._workspace.freeze()
            found = lookup.channel(made)
        shown = channel_shape(found, lookup) if call.flag("return_im") else {"id": found.id}
        return already | {"channel": shown}

    def react(self, call: SlackCall, lookup: SlackLookup) -> dict[str, Any]:
        channel = self._member_of(call, lookup)
        said, name = self._said(call, lookup, channel, "timestamp"), call.required("name").strip(":")
        if call.me in said.reactions.get(name, []):
            raise SlackRefused("already_reacted")
        with self._workspace.transaction():
            reactions = said.reactions | {name: [*said.reactions.get(name, []), call.me]}
            set_reactions(self._workspace.database, channel.id, said.moment, reactions)
            self._note(call, channel, said.moment, name, said.thread)
        return {}

    def _place(self, call: SlackCall, lookup: SlackLookup) -> Channel:
        """Where to post; a member's id stands for the direct conversation with them, if there is one."""
        named = call.required("channel")
        if named.startswith("U") and lookup.member(named):
            found = next((one for one in lookup.channels(call.me) if _is_direct(one, call.me, named)), None)
            if found is None:
                raise SlackRefused("channel_not_found")
            return found
        return self._member_of(call, lookup)

    def _member_of(self, call: SlackCall, lookup: SlackLookup) -> Channel:
        channel = lookup.channel(call.required("channel"))
        if channel.archived:
            raise SlackRefused("is_archived")
        if call.me not in channel.members:
            raise SlackRefused("not_in_channel")
        return channel

    def _parent(self, call: SlackCall, lookup: SlackLookup, channel: Channel) -> Chat | None:
        """The head of the thread to reply in; a reply's ts stands for its thread."""
        if not call.text("thread_ts"):
            return None
        try:
            found = lookup.chat(channel.id, moment_of(call.text("thread_ts")))
        except WorkspaceError as error:
            raise SlackRefused("invalid_thread_ts") from error
        if found and found.thread:
            found = lookup.chat(channel.id, found.thread)
        if found is None or (found.deleted and not lookup.thread(found)):
            raise SlackRefused("thread_not_found")
        return found

    def _said(self, call: SlackCall, lookup: SlackLookup, channel: Channel, name: str) -> Chat:
        try:
            found = lookup.chat(channel.id, moment_of(call.required(name)))
        except WorkspaceError as error:
            raise SlackRefused("message_not_found") from error
        if found is None or found.deleted:
            raise SlackRefused("message_not_found")
        return found

    def _own(self, call: SlackCall, lookup: SlackLookup, channel: Channel, refusal: str) -> Chat:
        said = self._said(call, lookup, channel, "ts")
        if said.member != call.me:
            raise SlackRefused(refusal)
        return said

    def _charge(self, channel: Channel) -> None:
        if self._app().tiers and (wait := self._pace.charge(channel.id, "chat.postMessage")):
            raise TooFast(wait)

    def _note(self, call: SlackCall, channel: Channel, moment: int, text: str, thread: int) -> None:
        note_write(self._workspace, call.me, call.method, (channel.id, moment), text, thread)
        self._workspace.freeze()

    def _next(self, channel: Channel) -> datetime:
        """Now; but what is said later comes later, even after what a workspace holds of hours to come."""
        last = newest_moment(self._workspace.database, channel.id)
        return max(self._now(), datetime.fromtimestamp(last / 1_000_000, UTC) + timedelta(microseconds=100))

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._workspace.clock(), UTC)


def _is_direct(channel: Channel, me: str, other: str) -> bool:
    return channel.kind == "im" and set(channel.members) == {me, other}


def _text(call: SlackCall) -> str:
    text = call.arguments.get("text", "")
    if not text.strip():
        raise SlackRefused("no_text")
    if len(text) > LONGEST:
        raise SlackRefused("msg_too_long")
    return text


def _metadata(call: SlackCall) -> dict[str, Any] | None:
    """What an app keeps with its message: an event_type and a payload."""
    if not call.text("metadata"):
        return None
    try:
        stated = json.loads(call.text("metadata"))
    except (ValueError, RecursionError) as error:
        raise SlackRefused("invalid_metadata_format") from error
    fits = isinstance(stated, dict) and set(stated) <= {"event_type", "event_payload", "entities"}
    if not fits or not isinstance(stated.get("event_type"), str) or not isinstance(stated.get("event_payload"), dict):
        raise SlackRefused("invalid_metadata_schema")
    return dict(stated)
