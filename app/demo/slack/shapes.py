"""How the Web API shows a message, a conversation and a member (Slack API reference, "Object types")."""

import re
from datetime import datetime
from hashlib import sha256
from html import unescape
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.demo.slack.lookup import TEAM, Channel, Chat, Member, SlackLookup
from app.demo.slack_store import TEAM_DOMAIN, ts_of

ORIGIN = f"https://{TEAM_DOMAIN}.slack.com"
SLACKBOT = Member("USLACKBOT", "slackbot", "Slackbot", "", "", bot=False, deleted=False, restricted=False)
_MARK = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")


def permalink(chat: Chat) -> str:
    address = f"{ORIGIN}/archives/{chat.channel}/p{chat.moment // 1_000_000}{chat.moment % 1_000_000:06d}"
    return f"{address}?thread_ts={ts_of(chat.thread)}&cid={chat.channel}" if chat.thread else address


def message_shape(chat: Chat, lookup: SlackLookup) -> dict[str, Any]:
    """A message of a history or of a thread."""
    thread = None if chat.thread else lookup.thread(chat)
    shown = _tombstone(chat) if chat.deleted else _living(chat, lookup)
    if chat.thread:
        parent = lookup.chat(chat.channel, chat.thread)
        shown |= {"thread_ts": ts_of(chat.thread)} | ({"parent_user_id": parent.member} if parent else {})
    if thread:
        shown |= {
            "thread_ts": chat.ts,
            "reply_count": thread.replies,
            "reply_users_count": len(thread.people),
            "latest_reply": ts_of(thread.latest),
            "reply_users": list(thread.people[:5]),
            "is_locked": False,
            "subscribed": lookup.me in (*thread.people, chat.member) or thread.names_me,
        }
    return shown


def _tombstone(chat: Chat) -> dict[str, Any]:
    return {
        "type": "message",
        "subtype": "tombstone",
        "user": SLACKBOT.id,
        "text": "This message was deleted.",
        "ts": chat.ts,
        "hidden": True,
    }


def _living(chat: Chat, lookup: SlackLookup) -> dict[str, Any]:
    member = lookup.member(chat.member) if chat.member else None
    shown: dict[str, Any] = {"type": "message", "ts": chat.ts, "text": chat.text}
    shown |= {"team": member.team if member else TEAM} | _speaker(chat, member)
    blocks = chat.blocks or ([] if chat.subtype not in ("", "thread_broadcast") else [_rich_text(chat)])
    if blocks and (chat.text or chat.blocks):
        shown["blocks"] = blocks
    if chat.edited is not None:
        shown["edited"] = {"user": chat.member, "ts": ts_of(chat.edited)}
    if chat.reactions:
        shown["reactions"] = [
            {"name": name, "users": people, "count": len(people)} for name, people in chat.reactions.items()
        ]
    if chat.files:
        shown |= {"files": chat.files, "upload": False}
    return shown


def _speaker(chat: Chat, member: Member | None) -> dict[str, Any]:
    """Who says it: a person, or a bot with or without a member of its own."""
    said: dict[str, Any] = {"subtype": chat.subtype} if chat.subtype else {}
    if chat.member:
        said["user"] = chat.member
    if (member and member.bot) or chat.subtype == "bot_message":
        bot = f"B{(chat.member or sha256(chat.bot_name.encode()).hexdigest()[:10].upper()).removeprefix('U')}"
        name = chat.bot_name or (member.real_name if member else "")
        profile = {"id": bot, "deleted": False, "name": name, "app_id": f"A{bot[1:]}", "team_id": TEAM}
        return said | {"bot_id": bot, "bot_profile": profile} | ({"username": name} if chat.subtype else {})
    if not chat.subtype:
        said["client_msg_id"] = str(UUID(bytes=sha256(f"{chat.channel} {chat.ts}".encode()).digest()[:16]))
    return said


def _rich_text(chat: Chat) -> dict[str, Any]:
    """The block that Slack's own editor makes of a text."""
    elements: list[dict[str, Any]] = []
    place = 0
    for mark in _MARK.finditer(chat.text):
        elements += [*_plain(chat.text[place : mark.start()]), _element(mark)]
        place = mark.end()
    elements += _plain(chat.text[place:])
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "block_id": f"b{chat.moment % 100_000:05d}", "elements": [section]}


def _plain(text: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": unescape(text)}] if text else []


def _element(mark: re.Match[str]) -> dict[str, Any]:
    sign, target, label = mark[1], mark[2], mark[3]
    if sign == "@":
        return {"type": "user", "user_id": target}
    if sign == "#":
        return {"type": "channel", "channel_id": target}
    if sign == "!":
        group = target.removeprefix("subteam^")
        return (
            {"type": "usergroup", "usergroup_id": group} if group != target else {"type": "broadcast", "range": target}
        )
    return {"type": "link", "url": unescape(target)} | ({"text": unescape(label)} if label else {})


def channel_shape(channel: Channel, lookup: SlackLookup) -> dict[str, Any]:
    """A conversation of a list, or by itself."""
    me, common = lookup.me, _conversation(channel)
    if channel.kind == "im":
        other = next((member for member in channel.members if member != me), me)
        member = lookup.member(other)
        return common | {"user": other, "is_user_deleted": bool(member and member.deleted), "priority": 0}
    creator = channel.members[0] if channel.members else SLACKBOT.id
    said = {"creator": creator, "last_set": channel.created}
    return common | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_general": channel.name == "general",
        "unlinked": 0,
        "creator": creator,
        "is_member": me in channel.members,
        "topic": {"value": channel.topic, **said},
        "purpose": {"value": channel.purpose, **said},
        "previous_names": [],
        "num_members": len(channel.members),
    }


def _conversation(channel: Channel) -> dict[str, Any]:
    """What conversations of every kind have."""
    shared = {
        "is_shared": channel.shared,
        "is_ext_shared": channel.shared,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "context_team_id": TEAM,
        "shared_team_ids": [TEAM, "T0PARTNER0"] if channel.shared else [TEAM],
    }
    return {
        "id": channel.id,
        "created": channel.created,
        "updated": channel.created * 1000,
        "is_archived": channel.archived,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "public",
        **shared,
    }


def member_shape(member: Member, *, owner: bool, address: bool, zone: str, now: float) -> dict[str, Any]:
    """A member; `address` tells whether the e-mail address may be shown, `zone` is the company's."""
    own = ZoneInfo(member.zone or zone)
    offset = datetime.fromtimestamp(now, own).utcoffset()
    profile = {
        "real_name": member.real_name,
        "real_name_normalized": member.real_name,
        "display_name": member.name,
        "display_name_normalized": member.name,
        "status_text": "",
        "status_emoji": "",
        "team": member.team,
    }
    if address and member.email:
        profile["email"] = member.email
    shown = {
        "id": member.id,
        "team_id": member.team,
        "name": member.name,
        "deleted": member.deleted,
        "real_name": member.real_name,
        "tz": own.key,
        "tz_label": own.key,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile,
        "is_bot": member.bot,
        "is_app_user": False,
        "updated": 0,
    }
    if member.deleted:
        return shown
    if member.company:
        return shown | {"is_stranger": True}
    guest = {"is_restricted": member.restricted, "is_ultra_restricted": False}
    return shown | guest | {"is_admin": owner, "is_owner": owner, "is_primary_owner": owner}
