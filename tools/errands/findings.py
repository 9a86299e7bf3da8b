"""Tasks as findings: a list, and one in full."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from tools.base import Finding, Line, Name, Ref, Source
from tools.errands.task import Task
from tools.errands.telling import due_day, due_words, late, origin_words, state
from tools.text.topics import topic_words
from tools.view import Block, Cell, Facts, Note, Table, Tone

OVERDUE, TODAY, TOMORROW, SOON, LATER, UNDATED = 80, 72, 50, 35, 20, 15
SOON_DAYS = 7


class TasksFinding(Finding):
    """Tasks by due time, those without one last. `asked` says which ("open tasks due today"); `left_out` are more."""

    now: AwareDatetime
    zone: ZoneInfo
    asked: str
    tasks: tuple[Task, ...]
    left_out: int = 0
    more: bool = False

    def refs(self) -> tuple[Ref, ...]:
        return tuple(task.ref for task in self.tasks)

    def sources(self) -> tuple[Source, ...]:
        return tuple(task.provenance for task in self.tasks)

    def lead(self, name: Name) -> str:
        if not self.tasks:
            return f"No {self.asked}."
        count = len(self.tasks) + self.left_out
        number = f"more than {count}" if self.more else str(count)
        asked = self.asked.replace("tasks", "task", 1) if count == 1 and not self.more else self.asked
        overdue = sum(late(task, self.zone, self.now) for task in self.tasks)
        some = f", {overdue} of them overdue" if overdue and count > 1 else ""
        first = self.tasks[0]
        told = f"“{first.title}”, {state(first, self.zone, self.now)}."
        return f"{number} {asked}: {told}" if count == 1 else f"{number} {asked}{some}. The first: {told}"

    def text(self, name: Name) -> str:
        lines = (f"- {name(task.ref)} {' · '.join(self._said(task))}" for task in self.tasks)
        return "\n".join([self.lead(name), *lines, *self._rest()])

    def _said(self, task: Task) -> Iterator[str]:
        yield f"“{task.title}”"
        yield state(task, self.zone, self.now)
        if task.source is not None:
            yield f"from {origin_words(task)}"

    def _rest(self) -> Iterator[str]:
        if self.left_out or self.more:
            yield "[… more not shown: ask for fewer days or other words]"

    def view(self, name: Name) -> tuple[Block, ...]:
        if not self.tasks:
            return (Note(text=self.lead(name)),)
        rows = tuple(self._row(task, name) for task in self.tasks)
        note = f"{self.left_out} more are not shown." if self.left_out else "There are more." if self.more else ""
        return (Table(columns=("", "Task", "Due", "From"), rows=rows, grow=1, note=note),)

    def _row(self, task: Task, name: Name) -> tuple[Cell, ...]:
        link = task.source.known_link if task.source else None
        due = "done" if task.done else due_words(task, self.zone, self.now)
        return (
            Cell(text=name(task.ref), tone="dim"),
            Cell(text=task.title, tone="dim" if task.done else "plain"),
            Cell(text=due, tone=self._tone(task)),
            Cell(text=origin_words(task), tone="dim", link=link),
        )

    def _tone(self, task: Task) -> Tone:
        if task.done:
            return "good"
        if late(task, self.zone, self.now):
            return "urgent"
        return "notice" if due_day(task, self.zone) == self.now.astimezone(self.zone).date() else "plain"

    def lines(self) -> tuple[Line, ...]:
        return tuple(self._line(task) for task in self.tasks if not task.done)

    def _line(self, task: Task) -> Line:
        weight, reason = self._weighed(task)
        due = due_words(task, self.zone, self.now)
        return Line(
            kind="task",
            text=f"{task.title} ({state(task, self.zone, self.now)})" if due else task.title,
            weight=weight,
            at=self._moment(task),
            words=topic_words(task.title),
            ref=task.ref,
            link=task.source.known_link if task.source else None,
            reasons=(reason,) if reason else (),
        )

    def _weighed(self, task: Task) -> tuple[int, str]:
        day, today = due_day(task, self.zone), self.now.astimezone(self.zone).date()
        if late(task, self.zone, self.now):
            return OVERDUE, "overdue"
        if day is None:
            return UNDATED, ""
        left = (day - today).days
        if left <= 1:
            return (TODAY, "due today") if left <= 0 else (TOMORROW, "due tomorrow")
        return (SOON if left <= SOON_DAYS else LATER), ""

    def _moment(self, task: Task) -> datetime | None:
        """When it is due; a day, when it is over."""
        if task.due is None or isinstance(task.due, datetime):
            return task.due
        return datetime.combine(task.due + timedelta(days=1), time(), self.zone)


class TaskFinding(Finding):
    """One task, its notes and where it came from."""

    now: AwareDatetime
    zone: ZoneInfo
    task: Task

    def refs(self) -> tuple[Ref, ...]:
        return (self.task.ref,)

    def sources(self) -> tuple[Source, ...]:
        return (self.task.provenance,)

    def lead(self, name: Name) -> str:
        origin = origin_words(self.task)
        came = f" It came from {origin}." if origin else ""
        notes = f" Notes: {self.task.notes}" if self.task.notes else ""
        return f"“{self.task.title}”: {state(self.task, self.zone, self.now)}.{came}{notes}"

    def view(self, name: Name) -> tuple[Block, ...]:
        task = self.task
        link = task.source.known_link if task.source else None
        facts = [
            ("Task", Cell(text=task.title, tone="strong")),
            ("Due", Cell(text=due_words(task, self.zone, self.now) or "no due time")),
            ("State", Cell(text=state(task, self.zone, self.now))),
        ]
        if task.source is not None:
            facts.append(("From", Cell(text=origin_words(task), link=link)))
        table = Facts(title=name(task.ref), facts=tuple(facts))
        return (table, Note(text=task.notes)) if task.notes else (table,)
