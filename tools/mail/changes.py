"""What happened in the mailbox since a moment of its history (`users.history.list`), replayed on what is remembered.

Law: a change says how a label or a mail stands after it, so that replaying one twice does no harm.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tools.mail.remembered import Known, Mark, Remembered

UNKNOWN = "?"
"""Stands for the labels of a mail that were not told."""
PAGE = 500

Kind = Literal["messagesAdded", "messagesDeleted", "labelsAdded", "labelsRemoved"]
KINDS: tuple[Kind, ...] = ("messagesAdded", "labelsAdded", "labelsRemoved", "messagesDeleted")


@dataclass(frozen=True)
class Change:
    """`labels` are those put on or taken off, of an added mail those it has; None when they were not told."""

    kind: Kind
    thread: str
    message: str
    labels: tuple[str, ...] | None


@dataclass
class Replayed:
    """What the changes touched: conversations known now, and those not known with the labels named for them."""

    known: set[str] = field(default_factory=set)
    strangers: dict[str, set[str]] = field(default_factory=dict)
    sent: bool = False


def history_path(start: int, page: str = "") -> str:
    """The path of `users.history.list`, all kinds of changes."""
    token = f"&pageToken={page}" if page else ""
    return f"/gmail/v1/users/me/history?startHistoryId={start}&maxResults={PAGE}{token}"


def read_changes(answer: Mapping[str, Any]) -> list[Change]:
    """The changes of one page, oldest first. Raises KeyError, TypeError or AttributeError for what is none."""
    return [
        Change(kind, str(entry["message"]["threadId"]), str(entry["message"]["id"]), _labels(kind, entry))
        for record in answer.get("history") or ()
        for kind in KINDS
        for entry in record.get(kind) or ()
    ]


def _labels(kind: Kind, entry: Mapping[str, Any]) -> tuple[str, ...] | None:
    found = entry["message"].get("labelIds") if kind == "messagesAdded" else entry.get("labelIds")
    return None if found is None else tuple(str(label) for label in found)


def replay(remembered: Remembered, changes: list[Change]) -> Replayed:
    """Bring what is remembered up to date."""
    touched = Replayed()
    for change in changes:
        known = _known(remembered, change)
        if known is None:
            named = touched.strangers.setdefault(change.thread, set())
            if change.kind in ("messagesAdded", "labelsAdded"):
                named |= set((UNKNOWN,) if change.labels is None else change.labels)
        elif not _apply(known, change):
            remembered.threads.pop(change.thread, None)
            touched.strangers.setdefault(change.thread, set()).add(UNKNOWN)
        else:
            touched.known.add(change.thread)
        touched.sent |= change.kind == "messagesAdded" and bool({"SENT", UNKNOWN} & set(change.labels or (UNKNOWN,)))
    for thread in [thread for thread in touched.known if not _alive(remembered, thread)]:
        remembered.threads.pop(thread, None)
    return touched


def _alive(remembered: Remembered, thread: str) -> bool:
    known = remembered.threads.get(thread)
    return known is not None and bool(known.marks)


def _known(remembered: Remembered, change: Change) -> Known | None:
    """The conversation of a change. One whose first mail is added (a thread has the id of it) is known from then on."""
    if change.kind == "messagesAdded" and change.message == change.thread:
        return remembered.threads.setdefault(change.thread, Known({}))
    return remembered.threads.get(change.thread)


def _apply(known: Known, change: Change) -> bool:
    """Whether the change could be replayed: of a mail that is not known it cannot."""
    mark = known.marks.get(change.message)
    if change.kind == "messagesDeleted":
        known.marks.pop(change.message, None)
    elif change.kind == "messagesAdded":
        if mark is None:
            known.marks[change.message] = Mark((UNKNOWN,) if change.labels is None else change.labels, 0)
    elif mark is None:
        return False
    else:
        labels = set(change.labels or ())
        after = set(mark.labels) | labels if change.kind == "labelsAdded" else set(mark.labels) - labels
        known.marks[change.message] = mark._replace(labels=tuple(sorted(after)))
    return True


def matching(known: Known, labels: frozenset[str]) -> list[Mark]:
    """The mails of a conversation that a listing by these labels is about."""
    hidden = {"TRASH", "SPAM"} - labels
    return [
        mark
        for mark in known.marks.values()
        if UNKNOWN in mark.labels or (labels <= set(mark.labels) and not hidden & set(mark.labels))
    ]


def placed(ids: list[str], thread: str, at: int, times: Mapping[str, int]) -> Iterator[str]:
    """The ids with a conversation at its place by time; where the time of another is not known, it stays before."""
    waiting = True
    for other in ids:
        if waiting and other in times and times[other] <= at:
            yield thread
            waiting = False
        yield other
    if waiting:
        yield thread
