"""One message of a Slack export as the workspace takes it; what is not said or makes no sense is left out.

Source: Slack's "How to read Slack data exports"; messages there are as conversations.history has them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.demo.importing.slack_values import id_of, ids, table, tables, text_of, ts_at

LONGEST_BLOCKS = 20_000  # characters of JSON
FILE_FIELDS = ("id", "name", "title", "mimetype", "filetype", "size", "permalink", "url_private", "user")
GONE = ("tombstone",)
NOT_SAID = ("message_changed", "message_deleted", "message_replied")


class MessageProblem(Exception):
    """A message cannot be taken; the text says why."""


@dataclass(frozen=True)
class ReadMessage:
    """What a message holds. `user` "" for a bot with a `bot_name`; `thread` "" for what answers nothing."""

    ts: str
    at: datetime
    user: str
    text: str
    thread: str
    edited: datetime | None
    deleted: bool
    subtype: str
    bot_name: str
    reactions: Mapping[str, list[str]]
    blocks: list[Mapping[str, Any]]
    files: list[Mapping[str, Any]]

    @property
    def people(self) -> list[str]:
        """Ids of all who are in it."""
        return [*filter(None, [self.user]), *(user for users in self.reactions.values() for user in users)]


def read_message(row: object) -> ReadMessage:
    """Read one entry of a day. Raises MessageProblem."""
    if not isinstance(row, dict):
        raise MessageProblem("it is not an object")
    if row.get("type", "message") != "message":
        raise MessageProblem(f"it is of the type {text_of(row.get('type'), 40)!r}, not a message")
    subtype = text_of(row.get("subtype"), 40)
    if subtype in NOT_SAID:
        raise MessageProblem(f"it only says that another message has changed ({subtype})")
    at = ts_at(row.get("ts"))
    if at is None:
        raise MessageProblem("it has no time (ts) that can be read")
    user = id_of(row.get("user"))
    bot = "" if user else _bot_name(row)
    if not (user or bot):
        raise MessageProblem("it does not say who wrote it")
    return ReadMessage(
        ts=row["ts"],
        at=at,
        user=user,
        text=_text(row),
        thread=_thread(row),
        edited=ts_at(table(row.get("edited")).get("ts")),
        deleted=subtype in GONE,
        subtype="bot_message" if bot else "" if subtype in GONE else subtype,
        bot_name=bot,
        reactions=_reactions(row),
        blocks=_blocks(row),
        files=[
            {name: file[name] for name in FILE_FIELDS if _plain(file.get(name))} for file in tables(row.get("files"))
        ],
    )


def _bot_name(row: Mapping[str, Any]) -> str:
    names = (row.get("username"), table(row.get("bot_profile")).get("name"), row.get("bot_id"))
    return next(filter(None, (text_of(name, 80).strip() for name in names)), "")


def _text(row: Mapping[str, Any]) -> str:
    """The text, or what a bot's attachments say instead."""
    said = text_of(row.get("text"))
    if said:
        return said
    lines = [text_of(part.get("fallback")) or text_of(part.get("text")) for part in tables(row.get("attachments"))]
    return text_of("\n".join(filter(None, lines)))


def _thread(row: Mapping[str, Any]) -> str:
    thread = row.get("thread_ts")
    return thread if isinstance(thread, str) and ts_at(thread) and thread != row["ts"] else ""


def _reactions(row: Mapping[str, Any]) -> dict[str, list[str]]:
    found = {text_of(one.get("name"), 80): ids(one.get("users")) for one in tables(row.get("reactions"))}
    return {name: users for name, users in found.items() if name and users}


def _blocks(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    blocks = [block for block in tables(row.get("blocks")) if isinstance(block.get("type"), str)]
    try:
        size = len(json.dumps(blocks))
    except (ValueError, RecursionError):
        return []
    return blocks if size <= LONGEST_BLOCKS else []


def _plain(value: object) -> bool:
    return isinstance(value, int) or bool(text_of(value))
