"""The tasks of each person, on SQLite. Law: a task is never created twice from one source, nor changed unseen.

The methods that write expect to run inside `Database.transaction()`, which the API opens around the whole request.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Collection
from datetime import UTC, datetime

from app.tasks.database import Database
from app.tasks.problem import changed_since, duplicate_source, not_found
from app.tasks.sealing import Content, source_names
from app.tasks.task import NewTask, Task, TaskChange
from app.tasks.task_rows import COLUMNS, Placed, Wish, etag, instant, task, where

_INSERT = (
    "INSERT INTO tasks (id, user, content, due, day, instant, rank, done, source_kind, source_id, source_item, "
    "created, updated, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)"
)


class TaskStore:
    """Every method takes the person (`sub` of the token) whose tasks are meant."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._seal, self._clock = database, database.seal, clock

    def page(self, user: str, wish: Wish, after: tuple[str, str] | None, limit: int) -> list[tuple[str, Task]]:
        """Up to `limit` tasks behind the place `after` (rank, id), each with its rank."""
        found = where(user, wish, self._seal)
        if after is not None:
            found.add("(rank, id) > (?, ?)", *after)
        sql = f"SELECT rank, {COLUMNS} FROM tasks WHERE {found} ORDER BY rank, id LIMIT ?"  # noqa: S608 - fixed texts
        return [(row["rank"], task(row, self._seal)) for row in self._database.rows(sql, *found.values, limit)]

    def get(self, user: str, identity: str) -> Task:
        """Raises Problem 404."""
        return task(self._row(user, identity), self._seal)

    def create(self, user: str, new: NewTask) -> Task:
        """Raises Problem 409 where a task from that source exists, deleted ones included."""
        self._refuse_again(user, new)
        identity, now = secrets.token_hex(10), self._now()
        placed = Placed.of(new.due, now)
        due = new.due.isoformat() if new.due is not None else None
        content = Content(new.title, new.notes, new.source).closed(self._seal, user, identity)
        times = (due, placed.day, placed.instant, placed.rank, int(new.done))
        self._database.run(_INSERT, identity, user, content, *times, *source_names(self._seal, new.source), now, now)
        return self.get(user, identity)

    def change(self, user: str, identity: str, change: TaskChange, based_on: Collection[str]) -> Task:
        """`based_on` are the etags the client has seen; () for any. Raises Problem 404 or 412."""
        row = self._row(user, identity)
        _check(row, based_on)
        given = change.model_fields_set
        old = task(row, self._seal)
        due = change.due if "due" in given else old.due
        placed = Placed.of(due, row["created"])
        title = change.title if "title" in given else old.title
        notes = change.notes if "notes" in given else old.notes
        values = (
            Content(title, notes, old.source).closed(self._seal, user, identity),
            due.isoformat() if due is not None else None,
            int(change.done if "done" in given else old.done),
        )
        self._database.run(
            "UPDATE tasks SET content = ?, due = ?, done = ?, day = ?, instant = ?, rank = ?, updated = ?, "
            "revision = revision + 1 WHERE id = ?",
            *values,
            *(placed.day, placed.instant, placed.rank, self._now(), identity),
        )
        return self.get(user, identity)

    def delete(self, user: str, identity: str, based_on: Collection[str]) -> None:
        """The task is seen no more, and can be restored. Raises Problem 404 or 412."""
        _check(self._row(user, identity), based_on)
        self._mark(identity, self._now())

    def restore(self, user: str, identity: str) -> Task:
        """Take a deletion back; one that is not deleted stays as it is. Raises Problem 404."""
        if self._row(user, identity, deleted=True)["deleted"] is not None:
            self._mark(identity, None)
        return self.get(user, identity)

    def replace_all(self, user: str, new: Collection[NewTask]) -> None:
        """Only these from now on, as nothing was ever there: for data that is made up."""
        self._database.run("DELETE FROM tasks WHERE user = ?", user)
        for one in new:
            self.create(user, one)

    def _mark(self, identity: str, deleted: str | None) -> None:
        sql = "UPDATE tasks SET deleted = ?, updated = ?, revision = revision + 1 WHERE id = ?"
        self._database.run(sql, deleted, self._now(), identity)

    def _row(self, user: str, identity: str, *, deleted: bool = False) -> sqlite3.Row:
        sql = f"SELECT deleted, {COLUMNS} FROM tasks WHERE user = ? AND id = ?"  # noqa: S608 - a fixed text
        row = self._database.row(sql, user, identity)
        if row is None or (row["deleted"] is not None and not deleted):
            raise not_found()
        return row

    def _refuse_again(self, user: str, new: NewTask) -> None:
        if new.source is None:
            return
        row = self._database.row(
            "SELECT id, deleted FROM tasks WHERE user = ? AND source_kind = ? AND source_id = ? AND source_item = ?",
            *(user, *source_names(self._seal, new.source)),
        )
        if row is not None:
            raise duplicate_source(row["id"], row["deleted"] is not None)

    def _now(self) -> str:
        return instant(datetime.fromtimestamp(self._clock(), UTC))


def _check(row: sqlite3.Row, based_on: Collection[str]) -> None:
    current = etag(row["revision"])
    if based_on and current not in based_on:
        raise changed_since(current)
