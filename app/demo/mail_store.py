"""The mail tables: the raw RFC 5322 bytes are the truth; threads, labels, words and history are kept beside them.

Law: every change of a mailbox writes a history record in the same transaction.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.demo.database import Database
from app.demo.mail_text import MailFacts, read_facts
from app.demo.workspace_error import WorkspaceError

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY, mailbox TEXT NOT NULL, id TEXT NOT NULL, thread TEXT NOT NULL,
    received INTEGER NOT NULL, history INTEGER NOT NULL, size INTEGER NOT NULL, message_id TEXT NOT NULL,
    subject_key TEXT NOT NULL, people TEXT NOT NULL, attachments INTEGER NOT NULL, snippet TEXT NOT NULL,
    UNIQUE (mailbox, id)
);
CREATE INDEX IF NOT EXISTS messages_by_time ON messages (mailbox, received DESC, id);
CREATE INDEX IF NOT EXISTS messages_by_thread ON messages (mailbox, thread, received);
CREATE INDEX IF NOT EXISTS messages_by_subject ON messages (mailbox, subject_key, received);
CREATE INDEX IF NOT EXISTS messages_by_message_id ON messages (mailbox, message_id);
CREATE TABLE IF NOT EXISTS message_bytes (number INTEGER PRIMARY KEY REFERENCES messages, raw BLOB NOT NULL);
CREATE VIRTUAL TABLE IF NOT EXISTS message_words USING fts5 (
    subject, sender, recipients, copied, body, filenames, tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TABLE IF NOT EXISTS message_references (
    mailbox TEXT NOT NULL, reference TEXT NOT NULL, thread TEXT NOT NULL, PRIMARY KEY (mailbox, reference, thread)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS labels (
    mailbox TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (mailbox, id), UNIQUE (mailbox, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS message_labels (
    number INTEGER NOT NULL REFERENCES messages, label TEXT NOT NULL, PRIMARY KEY (number, label)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS messages_by_label ON message_labels (label, number);
CREATE TABLE IF NOT EXISTS mail_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT, mailbox TEXT NOT NULL, kind TEXT NOT NULL, message TEXT NOT NULL,
    thread TEXT NOT NULL, labels TEXT NOT NULL, label_ids TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS mail_history_by_mailbox ON mail_history (mailbox, id);
CREATE TABLE IF NOT EXISTS mail_history_floor (mailbox TEXT PRIMARY KEY, id INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO sqlite_sequence (name, seq) SELECT 'mail_history', 100000
    WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'mail_history');
"""
SYSTEM_LABELS = (
    "INBOX", "SENT", "DRAFT", "TRASH", "SPAM", "CHAT", "UNREAD", "STARRED", "IMPORTANT", "YELLOW_STAR",
    "CATEGORY_PERSONAL", "CATEGORY_SOCIAL", "CATEGORY_PROMOTIONS", "CATEGORY_UPDATES", "CATEGORY_FORUMS",
)  # fmt: skip
WEEK = 7 * 24 * 3600 * 1000
_CJK = re.compile(r"([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af])")
_HEX_ID = re.compile(r"^[0-9a-f]{16}$")

Change = Literal["messagesAdded", "messagesDeleted", "labelsAdded", "labelsRemoved"]


@dataclass(frozen=True)
class StoredMessage:
    """What the mailbox knows of one message. `received` is in milliseconds since the epoch, `size` in bytes."""

    number: int
    id: str
    thread: str
    received: int
    history: int
    size: int
    snippet: str


class MailStore:
    """The mailbox of one person."""

    def __init__(self, database: Database, *, mailbox: str, clock: Callable[[], float]) -> None:
        self.database = database
        self.mailbox = mailbox
        self.clock = clock

    def add(
        self,
        raw: bytes,
        *,
        labels: Collection[str],
        received: datetime,
        thread: str | None = None,
        fresh: bool = False,
    ) -> str:
        """File one message; answer its id, with `fresh` one that never was. Raises WorkspaceError (see add_message)."""
        self._check_addition(labels, received, thread)
        facts = read_facts(raw)
        moment = int(received.timestamp() * 1000)
        with self.database.transaction():
            message = self._new_id(secrets.token_bytes(16) if fresh else facts.message_id.encode() or raw)
            thread = thread or self._thread_of(facts, moment) or message
            history = self._record("messagesAdded", message, thread, (), labels)
            number = self._insert(facts, message, thread, moment, history, raw)
            self.database.many("INSERT INTO message_labels VALUES (?, ?)", [(number, name) for name in set(labels)])
            self._remember_references(facts, thread)
        return message

    def _check_addition(self, labels: Collection[str], received: datetime, thread: str | None) -> None:
        if received.tzinfo is None:
            raise WorkspaceError("A message needs its time of arrival with a zone: give `received` a tzinfo.")
        if thread is not None and not _HEX_ID.match(thread):
            raise WorkspaceError(f"{thread!r} is not a thread id: give 16 hexadecimal digits, or none.")
        self.check_labels(labels)

    def check_labels(self, labels: Collection[str]) -> None:
        """Raise WorkspaceError when a label id is unknown in this mailbox."""
        unknown = sorted(set(labels) - set(SYSTEM_LABELS))
        if unknown and (unknown := [name for name in unknown if not self.label_name(name)]):
            raise WorkspaceError(f"No label {unknown[0]!r} in this mailbox: make it with add_label first.")

    def _insert(self, facts: MailFacts, message: str, thread: str, received: int, history: int, raw: bytes) -> int:
        number = self.database.insert(
            "INSERT INTO messages VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self.mailbox,
            message,
            thread,
            received,
            history,
            len(raw),
            facts.message_id,
            facts.subject_key,
            " ".join(sorted(facts.people - {self.mailbox.lower()})),
            bool(facts.filenames),
            facts.snippet,
        )
        self.database.run("INSERT INTO message_bytes VALUES (?, ?)", number, raw)
        words = (facts.subject, facts.sender, facts.recipients, facts.copied, facts.text, " ".join(facts.filenames))
        self.database.run(
            "INSERT INTO message_words (rowid, subject, sender, recipients, copied, body, filenames)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            number,
            *(searchable(text) for text in words),
        )
        return number

    def _new_id(self, seed: bytes) -> str:
        """Ids follow from the Message-ID, so that the same workspace made twice has the same ids."""
        for attempt in range(1000):
            digest = hashlib.sha256(b"%s %d %s" % (self.mailbox.encode(), attempt, seed)).hexdigest()
            message = f"1{digest[:15]}"
            if not self.number_of(message):
                return message
        raise WorkspaceError("The same message was added a thousand times: add it once.")

    def _thread_of(self, facts: MailFacts, received: int) -> str | None:
        """Gmail's rule: referenced and of the same subject, else the same subject and people within a week."""
        for reference in (facts.message_id, *reversed(facts.references)):
            thread = self.database.value(
                "SELECT r.thread FROM message_references r JOIN messages m"
                " ON m.mailbox = r.mailbox AND m.thread = r.thread AND m.subject_key = ?"
                " WHERE r.mailbox = ? AND r.reference = ?",
                facts.subject_key,
                self.mailbox,
                reference,
            )
            if thread and reference:
                return str(thread)
        return self._thread_of_people(facts, received) if facts.subject_key and not facts.references else None

    def _thread_of_people(self, facts: MailFacts, received: int) -> str | None:
        candidates = self.database.rows(
            "SELECT thread, people FROM messages WHERE mailbox = ? AND subject_key = ? AND received BETWEEN ? AND ?"
            " ORDER BY received DESC LIMIT 50",
            self.mailbox,
            facts.subject_key,
            received - WEEK,
            received + WEEK,
        )
        others = facts.people - {self.mailbox.lower()}
        return next((str(thread) for thread, people in candidates if others & set(people.split())), None)

    def _remember_references(self, facts: MailFacts, thread: str) -> None:
        self.database.many(
            "INSERT OR IGNORE INTO message_references VALUES (?, ?, ?)",
            [(self.mailbox, name, thread) for name in {facts.message_id, *facts.references} - {""}],
        )

    def _record(
        self, kind: Change, message: str, thread: str, changed: Collection[str], labels: Collection[str]
    ) -> int:
        """One history record: `changed` are the labels it is about, `labels` those the message then has."""
        return self.database.insert(
            "INSERT INTO mail_history VALUES (NULL, ?, ?, ?, ?, ?, ?)",
            self.mailbox,
            kind,
            message,
            thread,
            " ".join(sorted(changed)),
            " ".join(sorted(labels)),
        )

    def relabel(self, message: str, *, add: Collection[str] = (), remove: Collection[str] = ()) -> None:
        """Put labels on a message and take others off. Raises WorkspaceError for an unknown message or label."""
        self.check_labels({*add, *remove})
        number, thread, labels = self._known(message)
        with self.database.transaction():
            self._change_labels("labelsAdded", message, thread, number, set(add) - labels, labels | set(add))
            kept = (labels | set(add)) - set(remove)
            self._change_labels("labelsRemoved", message, thread, number, labels & set(remove), kept)

    def _change_labels(
        self, kind: Change, message: str, thread: str, number: int, changed: set[str], labels: set[str]
    ) -> None:
        if not changed:
            return
        rows = [(number, label) for label in changed]
        if kind == "labelsAdded":
            self.database.many("INSERT OR IGNORE INTO message_labels VALUES (?, ?)", rows)
        else:
            self.database.many("DELETE FROM message_labels WHERE number = ? AND label = ?", rows)
        history = self._record(kind, message, thread, changed, labels)
        self.database.run("UPDATE messages SET history = ? WHERE number = ?", history, number)

    def delete(self, message: str) -> None:
        """Remove a message for good. Raises WorkspaceError for an unknown one."""
        number, thread, labels = self._known(message)
        with self.database.transaction():
            for table, column in (
                ("message_labels", "number"),
                ("message_words", "rowid"),
                ("message_bytes", "number"),
                ("messages", "number"),
            ):
                self.database.run(f"DELETE FROM {table} WHERE {column} = ?", number)  # noqa: S608
            self._record("messagesDeleted", message, thread, (), labels)

    def forget_history(self) -> None:
        """Changes up to now can no longer be told: older history ids are answered 404."""
        latest = self.database.value("SELECT max(id) FROM mail_history WHERE mailbox = ?", self.mailbox)
        if latest:
            self.database.run("INSERT OR REPLACE INTO mail_history_floor VALUES (?, ?)", self.mailbox, latest)

    def clear(self) -> None:
        """Take out every message and label; history that began before can no longer be told, even from its last id."""
        mine = "SELECT number FROM messages WHERE mailbox = ?"
        with self.database.transaction():
            self.database.run(f"DELETE FROM message_words WHERE rowid IN ({mine})", self.mailbox)  # noqa: S608
            for table in ("message_labels", "message_bytes"):
                self.database.run(f"DELETE FROM {table} WHERE number IN ({mine})", self.mailbox)  # noqa: S608
            for table in ("messages", "message_references", "labels"):
                self.database.run(f"DELETE FROM {table} WHERE mailbox = ?", self.mailbox)  # noqa: S608
            self._record("messagesDeleted", "0", "0", (), ())
            self.forget_history()

    def _known(self, message: str) -> tuple[int, str, set[str]]:
        """A message's number, thread and labels."""
        found = self.database.row(
            "SELECT number, thread FROM messages WHERE mailbox = ? AND id = ?", self.mailbox, message
        )
        if not found:
            raise WorkspaceError(f"No message {message!r} in this mailbox.")
        labels = self.database.rows("SELECT label FROM message_labels WHERE number = ?", found[0])
        return found[0], found[1], {row[0] for row in labels}

    def number_of(self, message: str) -> int | None:
        found: int | None = self.database.value(
            "SELECT number FROM messages WHERE mailbox = ? AND id = ?", self.mailbox, message
        )
        return found

    def add_label(self, name: str) -> str:
        """The id of the user label of that name, made if it is new."""
        found = self.database.value("SELECT id FROM labels WHERE mailbox = ? AND name = ?", self.mailbox, name)
        if found:
            return str(found)
        with self.database.transaction():
            count = self.database.value("SELECT count(*) FROM labels WHERE mailbox = ?", self.mailbox)
            label = f"Label_{count + 1}"
            self.database.run("INSERT INTO labels VALUES (?, ?, ?)", self.mailbox, label, name)
        return label

    def label_name(self, label: str) -> str | None:
        """The name of a label id; system labels are named like their id."""
        if label in SYSTEM_LABELS:
            return label
        found: str | None = self.database.value(
            "SELECT name FROM labels WHERE mailbox = ? AND id = ?", self.mailbox, label
        )
        return found


def searchable(text: str) -> str:
    """Text as the word index wants it: scripts written without spaces are cut into single characters."""
    return _CJK.sub(r" \1 ", text)
