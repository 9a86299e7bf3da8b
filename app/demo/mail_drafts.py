"""The drafts of a mailbox: an id that stays, over a message that is another one after each change.

Law: a draft that was sent, deleted or put into the bin is no draft any more.
"""

from __future__ import annotations

from datetime import UTC, datetime

from app.demo.mail_store import MailStore
from app.demo.mail_text import MailFacts

SCHEMA = """
CREATE TABLE IF NOT EXISTS mail_drafts (
    mailbox TEXT NOT NULL, id TEXT NOT NULL, message TEXT NOT NULL, PRIMARY KEY (mailbox, id)
) WITHOUT ROWID;
"""
_STANDING = (
    " FROM mail_drafts d JOIN messages m ON m.mailbox = d.mailbox AND m.id = d.message"
    " JOIN message_labels l ON l.number = m.number AND l.label = 'DRAFT'"
    " WHERE d.mailbox = ? AND NOT EXISTS"
    " (SELECT 1 FROM message_labels t WHERE t.number = m.number AND t.label = 'TRASH')"
)


class DraftStore:
    """The drafts of one person."""

    def __init__(self, store: MailStore) -> None:
        self._store = store
        self._database = store.database

    def message_of(self, draft: str) -> str | None:
        """The message a draft is now; None for what is no draft."""
        self._adopt()
        found: str | None = self._database.value(
            f"SELECT d.message{_STANDING} AND d.id = ?", self._store.mailbox, draft
        )
        return found

    def ids(self) -> dict[str, str]:
        """The draft of each message that is one."""
        self._adopt()
        rows = self._database.rows(f"SELECT d.message, d.id{_STANDING}", self._store.mailbox)
        return {row[0]: row[1] for row in rows}

    def _adopt(self) -> None:
        """Messages that were filed as drafts without being made here get their draft's id."""
        rows = self._database.rows(
            "SELECT m.id FROM messages m JOIN message_labels l ON l.number = m.number AND l.label = 'DRAFT'"
            " WHERE m.mailbox = ? AND NOT EXISTS"
            " (SELECT 1 FROM mail_drafts d WHERE d.mailbox = m.mailbox AND d.message = m.id)",
            self._store.mailbox,
        )
        for (message,) in rows:
            self._keep(_draft_id(message), message)

    def _keep(self, draft: str, message: str) -> None:
        self._database.run("INSERT OR REPLACE INTO mail_drafts VALUES (?, ?, ?)", self._store.mailbox, draft, message)

    def create(self, raw: bytes, thread: str | None) -> str:
        """File a new draft; its id."""
        message = self._add(raw, thread)
        self._keep(_draft_id(message), message)
        return _draft_id(message)

    def replace(self, draft: str, message: str, raw: bytes, thread: str | None) -> None:
        """Put another text in place of the message a draft is now."""
        new = self._add(raw, thread)
        self._store.delete(message)
        self._keep(draft, new)

    def remove(self, draft: str, message: str) -> None:
        self._store.delete(message)
        self._database.run("DELETE FROM mail_drafts WHERE mailbox = ? AND id = ?", self._store.mailbox, draft)

    def _add(self, raw: bytes, thread: str | None) -> str:
        moment = datetime.fromtimestamp(self._store.clock(), UTC)
        return self._store.add(raw, labels=("DRAFT",), received=moment, thread=thread, fresh=True)


def _draft_id(message: str) -> str:
    return f"r{int(message, 16)}"


def belongs(store: MailStore, facts: MailFacts, thread: str) -> bool:
    """Whether a mail may join a thread: it names a mail of it and has its subject (API guide, "Managing threads")."""
    marks = ", ".join("?" * len(facts.references))
    found = store.database.value(
        "SELECT 1 FROM messages m WHERE m.mailbox = ? AND m.thread = ? AND m.subject_key = ? AND EXISTS"  # noqa: S608
        f" (SELECT 1 FROM message_references r WHERE r.mailbox = m.mailbox AND r.thread = m.thread"
        f" AND r.reference IN ({marks}))",
        store.mailbox,
        thread,
        facts.subject_key,
        *facts.references,
    )
    return bool(found)
