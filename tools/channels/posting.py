"""Puts a message into Slack once, finds it again by the key in its metadata, and takes it back.

Law: what was sent is looked for from where the conversation stood when the message was planned, to its end; only a
look that came to the end says that it is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.base import Ref
from tools.channels.desk import Desk
from tools.channels.team import Team
from tools.errors import NotFound, Unreadable
from tools.text.characters import one_line
from tools.write import REF, Act, InPart, Plan, Receipt, Undo, Unsure

EVENT_TYPE = "valet_message"
PAGE, PAGES, NEWEST = 200, 10, 15
TIP, PLACE = "thread", "channel"


def newest(desk: Desk, channel: str, thread: str = "") -> str:
    """The ts of the last message of a conversation, or of a thread; "0" for none. Raises ToolError."""
    if thread:
        rows, more = desk.pages("conversations_replies", "messages", PAGES, channel=channel, ts=thread, limit=PAGE)
        if more:
            raise Unreadable("That thread is too long to be read whole.", "Post in the channel instead.")
    else:
        rows, _ = desk.pages("conversations_history", "messages", 1, channel=channel, limit=NEWEST)
    return max((str(row.get("ts", "0")) for row in rows), default="0", key=_order)


def _order(ts: str) -> tuple[int, str]:
    return len(ts.partition(".")[0]), ts


def facts(desk: Desk, channel: str) -> tuple[dict[str, Any], dict[str, str]]:
    """A conversation (conversations.info), and what of it a plan is based on: its name and who can be in it."""
    raw = desk.ask("conversations_info", channel=channel, include_num_members=True).get("channel")
    found: dict[str, Any] = raw if isinstance(raw, dict) else {}
    flags = ("is_ext_shared", "is_private", "is_archived")
    return found, {PLACE: " ".join([str(found.get("name", "")), *(flag for flag in flags if found.get(flag))])}


def basis(act: Act, plan: Plan) -> dict[str, str]:
    """The conversation as it is now, and where its thread ends."""
    desk, body = Desk(act.context), plan.body
    found: dict[str, str] = {}
    if PLACE in plan.based_on:
        found |= facts(desk, body["channel"])[1]
    if TIP in plan.based_on:
        found[TIP] = newest(desk, body["channel"], body["thread"])
    return found


def perform(act: Act, plan: Plan) -> Receipt:
    """chat.postMessage, under `access`. A conversation that was not open yet is opened first, and noted."""
    desk, body = Desk(act.context), plan.body
    channel = body["channel"] or act.notes.get("channel") or _opened(act, desk, body["member"])
    answer = desk.ask(
        "chat_postMessage",
        channel=channel,
        text=body["text"],
        metadata={"event_type": EVENT_TYPE, "event_payload": {"key": act.key}},
        unfurl_links=False,
        unfurl_media=False,
        parse="none",
        link_names=False,
        **({"thread_ts": body["thread"]} if body["thread"] else {}),
    )
    ts = answer.get("ts")
    if not isinstance(ts, str) or not ts:
        raise Unreadable("Slack did not say which message it is.", "Look into the conversation.")
    return _receipt(act, plan, channel, ts)


def _opened(act: Act, desk: Desk, member: str) -> str:
    """The direct conversation with a member; opening it twice changes nothing."""
    raw = desk.ask("conversations_open", users=member).get("channel")
    channel = raw.get("id") if isinstance(raw, dict) else None
    if not isinstance(channel, str) or not channel:
        raise Unreadable("Slack did not say which conversation it opened.", "Try again in a minute.")
    act.note(channel=channel)
    return channel


def find(act: Act, plan: Plan) -> Receipt | None:
    """The message with this write's key. Raises Unsure where there is too much to look through."""
    desk, body = Desk(act.context), plan.body
    channel = body["channel"] or act.notes.get("channel", "")
    if not channel:
        return None  # nothing is sent before the conversation is open and noted
    method = "conversations_replies" if body["thread"] else "conversations_history"
    more_args = {"ts": body["thread"]} if body["thread"] else {}
    rows, more = desk.pages(
        method,
        "messages",
        PAGES,
        channel=channel,
        oldest=body["after"],
        limit=PAGE,
        include_all_metadata=True,
        **more_args,
    )
    ts = next((str(row["ts"]) for row in rows if _key(row) == act.key), "")
    if ts:
        return _receipt(act, plan, channel, ts)
    if act.final and not body["channel"]:
        raise InPart(f"{body['label']} was opened, and holds no message of yours.", "Ask again if it is wanted.", ())
    if more:
        raise Unsure(
            f"Too much was said in {body['label']} since to look through it.",
            f"Look in {body['label']} whether your message is there before you post it again.",
        )
    return None


def unsent(act: Act, plan: Plan) -> bool:
    """Whether no message can have gone out yet: a direct conversation was being opened, which is done once anyhow."""
    return not (plan.body["channel"] or act.notes.get("channel"))


def _key(row: Mapping[str, Any]) -> str:
    metadata = row.get("metadata")
    if not isinstance(metadata, Mapping) or metadata.get("event_type") != EVENT_TYPE:
        return ""
    payload = metadata.get("event_payload")
    return str(payload.get("key", "")) if isinstance(payload, Mapping) else ""


def _receipt(act: Act, plan: Plan, channel: str, ts: str) -> Receipt:
    body = plan.body
    link = Team(me="", url=body["url"]).link(channel, ts, body["thread"])
    return Receipt(
        what=body["done"],
        id=ts,
        at=act.context.now,
        link=link,
        ref=Ref(kind="message", id=f"{channel} {ts}", label=one_line(body["said"], 60)),
        undo=Undo(tool="delete_message", args={"message": REF}),
    )


def perform_delete(act: Act, plan: Plan) -> Receipt:
    """chat.delete of one's own message."""
    Desk(act.context).ask("chat_delete", channel=plan.body["channel"], ts=plan.body["ts"])
    return _deleted(act, plan)


def find_deleted(act: Act, plan: Plan) -> Receipt | None:
    """Done, if it is gone: it stood there just before this write began."""
    return _deleted(act, plan) if message(Desk(act.context), plan.body["channel"], plan.body["ts"]) is None else None


def basis_of_message(act: Act, plan: Plan) -> dict[str, str]:
    found = message(Desk(act.context), plan.body["channel"], plan.body["ts"])
    return {"text": str(found.get("text", "")) if found else ""}


def _deleted(act: Act, plan: Plan) -> Receipt:
    return Receipt(what=plan.body["done"], id=plan.body["ts"], at=act.context.now)


def message(desk: Desk, channel: str, ts: str) -> dict[str, Any] | None:
    """One living message as it stands, in a thread or outside of one; None where it is gone. Raises ToolError."""
    try:
        rows, _ = desk.pages("conversations_replies", "messages", PAGES, channel=channel, ts=ts, limit=PAGE)
    except NotFound:
        desk.ask("conversations_history", channel=channel, limit=1)  # it is the message that is gone, not the person
        return None
    found = next((row for row in rows if row.get("ts") == ts), None)
    return None if found is None or found.get("subtype") == "tombstone" else found
