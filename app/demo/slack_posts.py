"""What was written into Slack through its Web API: every act, and the metadata that messages carry.

Law: nothing is ever taken out of the record of acts, so that a test can count.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.demo.mail_store import searchable
from app.demo.slack_store import ts_of
from app.demo.workspace_error import WorkspaceError

if TYPE_CHECKING:
    from app.demo.database import Database
    from app.demo.workspace import Workspace

SCHEMA = """
CREATE TABLE IF NOT EXISTS slack_metadata (
    channel TEXT NOT NULL, moment INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (channel, moment)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS slack_writes (
    number INTEGER PRIMARY KEY, member TEXT NOT NULL, method TEXT NOT NULL, channel TEXT NOT NULL,
    moment INTEGER NOT NULL, text TEXT NOT NULL, thread INTEGER NOT NULL, at REAL NOT NULL
);
"""


@dataclass(frozen=True)
class SlackWrite:
    """One act. `method` is the Web API's ("chat.postMessage"); `thread` is the parent's ts, "" outside of one.

    `at` is in seconds since the epoch.
    """

    member: str
    method: str
    channel: str
    ts: str
    text: str
    thread: str
    at: float


def slack_writes(workspace: Workspace) -> list[SlackWrite]:
    """Everything that was written into this workspace's Slack, in order."""
    rows = workspace.database.rows(
        "SELECT member, method, channel, moment, text, thread, at FROM slack_writes ORDER BY number"
    )
    return [
        SlackWrite(who, how, where, ts_of(moment), text, ts_of(thread) if thread else "", at)
        for who, how, where, moment, text, thread, at in rows
    ]


def note_write(
    workspace: Workspace, member: str, method: str, place: tuple[str, int], text: str = "", thread: int = 0
) -> None:
    """Note an act upon a message, named by its channel and moment."""
    workspace.database.run(
        "INSERT INTO slack_writes VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)",
        *(member, method, *place, text, thread, workspace.clock()),
    )


def change_chat(database: Database, channel: str, moment: int, text: str, *, edited: int) -> None:
    """Put another text in place of what was said; `edited` is a moment as well."""
    number = _number(database, channel, moment)
    with database.transaction():
        database.run("UPDATE slack_chats SET text = ?, edited = ? WHERE number = ?", text, edited, number)
        database.run("DELETE FROM slack_words WHERE rowid = ?", number)
        database.run("INSERT INTO slack_words (rowid, body) VALUES (?, ?)", number, searchable(text))


def take_back(database: Database, channel: str, moment: int) -> None:
    """Delete what was said; the head of a thread leaves a tombstone."""
    number = _number(database, channel, moment)
    with database.transaction():
        database.run("UPDATE slack_chats SET deleted = 1 WHERE number = ?", number)
        database.run("DELETE FROM slack_words WHERE rowid = ?", number)


def set_reactions(database: Database, channel: str, moment: int, reactions: Mapping[str, list[str]]) -> None:
    """Emoji name to the ids of those who reacted."""
    number = _number(database, channel, moment)
    database.run("UPDATE slack_chats SET reactions = ? WHERE number = ?", json.dumps(dict(reactions)), number)


def _number(database: Database, channel: str, moment: int) -> int:
    """Raises WorkspaceError for a message that is not there."""
    found = database.value("SELECT number FROM slack_chats WHERE channel = ? AND moment = ?", channel, moment)
    if found is None:
        raise WorkspaceError(f"{channel} has no message {ts_of(moment)}.")
    return int(found)


def newest_moment(database: Database, channel: str) -> int:
    """When the last was said there, in its threads too; 0 for never."""
    return int(database.value("SELECT max(moment) FROM slack_chats WHERE channel = ?", channel) or 0)


def keep_metadata(database: Database, channel: str, moment: int, metadata: Mapping[str, Any]) -> None:
    database.run(
        "INSERT OR REPLACE INTO slack_metadata VALUES (?, ?, ?)",
        *(channel, moment, json.dumps(dict(metadata), ensure_ascii=False)),
    )


def metadata_of(database: Database, channel: str, moment: int) -> dict[str, Any] | None:
    """What a message carries; None for nothing."""
    found = database.value("SELECT body FROM slack_metadata WHERE channel = ? AND moment = ?", channel, moment)
    return dict(json.loads(found)) if found else None
