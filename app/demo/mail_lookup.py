"""Reads a mailbox: messages and threads by condition and page, counts, bytes, history."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.demo.database import Row
from app.demo.mail_store import SYSTEM_LABELS, MailStore, StoredMessage

_COLUMNS = "m.number, m.id, m.thread, m.received, m.history, m.size, m.snippet"
_LABELLED = "EXISTS (SELECT 1 FROM message_labels l WHERE l.number = m.number AND l.label = ?)"


@dataclass(frozen=True)
class Condition:
    """A piece of SQL over `messages m`, and its values in order."""

    sql: str
    values: tuple[object, ...] = ()

    def __and__(self, other: "Condition") -> "Condition":
        return Condition(f"({self.sql} AND {other.sql})", self.values + other.values)

    def __invert__(self) -> "Condition":
        return Condition(f"NOT {self.sql}", self.values)


EVERYTHING = Condition("1")
NOTHING = Condition("0")


def labelled(label: str) -> Condition:
    return Condition(_LABELLED, (label,))


def any_of(conditions: Sequence[Condition]) -> Condition:
    joined = " OR ".join(condition.sql for condition in conditions)
    return Condition(f"({joined})", tuple(value for condition in conditions for value in condition.values))


def all_of(conditions: Sequence[Condition]) -> Condition:
    joined = " AND ".join(condition.sql for condition in conditions)
    return Condition(f"({joined})", tuple(value for condition in conditions for value in condition.values))


@dataclass(frozen=True)
class Place:
    """Where a page ended: the time (ms) and id of its last entry."""

    received: int
    id: str


@dataclass(frozen=True)
class ThreadHead:
    """A thread as a list shows it: its newest message's words, its newest change."""

    id: str
    received: int
    snippet: str
    history: int


@dataclass(frozen=True)
class HistoryRecord:
    """One change of the mailbox; `labels` are those it is about, `label_ids` those the message then had."""

    id: int
    kind: str
    message: str
    thread: str
    labels: tuple[str, ...]
    label_ids: tuple[str, ...]


class MailLookup:
    """The reading side of one mailbox."""

    def __init__(self, store: MailStore) -> None:
        self.store = store
        self._database = store.database
        self._mailbox = store.mailbox

    def messages(
        self, condition: Condition, limit: int, after: Place | None = None
    ) -> tuple[list[tuple[str, str]], Place | None]:
        """Ids and threads of the newest matching messages, and where the next page begins."""
        where = condition & _before(after, "m.received", "m.id")
        rows = self._database.rows(
            f"SELECT m.id, m.thread, m.received FROM messages m WHERE m.mailbox = ? AND {where.sql}"  # noqa: S608
            " ORDER BY m.received DESC, m.id LIMIT ?",
            self._mailbox,
            *where.values,
            limit + 1,
        )
        more = Place(rows[limit - 1][2], rows[limit - 1][0]) if len(rows) > limit else None
        return [(row[0], row[1]) for row in rows[:limit]], more

    def threads(
        self, condition: Condition, limit: int, after: Place | None = None
    ) -> tuple[list[ThreadHead], Place | None]:
        """The threads with a matching message, the newest match first, and where the next page begins."""
        having = _before(after, "latest", "m.thread")
        rows = self._database.rows(
            f"SELECT m.thread, max(m.received) AS latest FROM messages m WHERE m.mailbox = ? AND {condition.sql}"  # noqa: S608
            f" GROUP BY m.thread HAVING {having.sql}"
            " ORDER BY latest DESC, m.thread LIMIT ?",
            self._mailbox,
            *condition.values,
            *having.values,
            limit + 1,
        )
        heads = [self._head(thread, latest) for thread, latest in rows[:limit]]
        return heads, Place(heads[-1].received, heads[-1].id) if len(rows) > limit else None

    def _head(self, thread: str, received: int) -> ThreadHead:
        found = self._database.row(
            "SELECT snippet, (SELECT max(history) FROM messages h WHERE h.mailbox = m.mailbox AND h.thread = m.thread)"
            " FROM messages m WHERE mailbox = ? AND thread = ? ORDER BY received DESC LIMIT 1",
            self._mailbox,
            thread,
        )
        snippet, history = found or ("", 0)
        return ThreadHead(thread, received, snippet, history)

    def count(self, condition: Condition, *, threads: bool = False) -> int:
        what = "DISTINCT m.thread" if threads else "*"
        found: int = self._database.value(
            f"SELECT count({what}) FROM messages m WHERE m.mailbox = ? AND {condition.sql}",  # noqa: S608
            self._mailbox,
            *condition.values,
        )
        return found

    def message(self, message: str) -> StoredMessage | None:
        row = self._database.row(
            f"SELECT {_COLUMNS} FROM messages m WHERE m.mailbox = ? AND m.id = ?",  # noqa: S608
            self._mailbox,
            message,
        )
        return StoredMessage(*row) if row else None

    def thread(self, thread: str) -> list[StoredMessage]:
        """The messages of a thread, oldest first; none for an unknown thread."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM messages m WHERE m.mailbox = ? AND m.thread = ?"  # noqa: S608
            " ORDER BY m.received, m.number",
            self._mailbox,
            thread,
        )
        return [StoredMessage(*row) for row in rows]

    def raw(self, number: int) -> bytes:
        found: bytes = self._database.value("SELECT raw FROM message_bytes WHERE number = ?", number)
        return found

    def labels_of(self, number: int) -> list[str]:
        rows = self._database.rows("SELECT label FROM message_labels WHERE number = ? ORDER BY label", number)
        return [row[0] for row in rows]

    def user_labels(self) -> list[tuple[str, str]]:
        """Ids and names of the labels the person made."""
        rows = self._database.rows(
            "SELECT id, name FROM labels WHERE mailbox = ? ORDER BY length(id), id", self._mailbox
        )
        return [(row[0], row[1]) for row in rows]

    def label_named(self, name: str) -> str | None:
        """The id of a label by its name as a search writes it: any case, hyphens for spaces and slashes."""
        wanted = _searched(name)
        for label, stated in (*((label, label) for label in SYSTEM_LABELS), *self.user_labels()):
            if _searched(stated) == wanted:
                return label
        return None

    def latest_history(self) -> int:
        found: int | None = self._database.value("SELECT max(id) FROM mail_history WHERE mailbox = ?", self._mailbox)
        return found or self.oldest_history()

    def oldest_history(self) -> int:
        """The smallest history id from which changes can still be told."""
        found: int | None = self._database.value("SELECT id FROM mail_history_floor WHERE mailbox = ?", self._mailbox)
        return found or 100_000

    def history(self, after: int, kinds: Collection[str], limit: int) -> list[HistoryRecord]:
        """Up to `limit` changes after a history id, oldest first; all kinds when none is named."""
        wanted = f" AND kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        rows = self._database.rows(
            f"SELECT id, kind, message, thread, labels, label_ids FROM mail_history WHERE mailbox = ?{wanted}"  # noqa: S608
            " AND id > ? ORDER BY id LIMIT ?",
            self._mailbox,
            *kinds,
            after,
            limit,
        )
        return [_history_record(row) for row in rows]


def _history_record(row: Row) -> HistoryRecord:
    number, kind, message, thread, labels, label_ids = row
    return HistoryRecord(number, kind, message, thread, tuple(labels.split()), tuple(label_ids.split()))


def _searched(name: str) -> str:
    return name.casefold().replace(" ", "-").replace("/", "-").replace("_", "-")


def _before(place: Place | None, received: str, identity: str) -> Condition:
    """What comes after a place, newest first."""
    if place is None:
        return EVERYTHING
    return Condition(
        f"({received} < ? OR ({received} = ? AND {identity} > ?))", (place.received, place.received, place.id)
    )
