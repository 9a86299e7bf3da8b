"""What a change of tasks would be, before it is asked about: rows for the card, steps for the service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.base import Pointed, Ref, ToolContext
from tools.errands.calling import listed, one
from tools.errands.steps import Step, Work, based_on
from tools.errands.task import Due, Task
from tools.errands.telling import FROM, due_said
from tools.errors import BadArgument
from tools.text.characters import one_line, visible
from tools.write import REF, REFS, Plan, Row, Undo

TITLE, LABEL = 500, 200
KINDS = {"mail": "mail", "message": "message", "event": "event", "file": "document"}
"""Kinds of handles, and what the tasks service calls them."""
_LINKS = {"mail": "https://mail.google.com/mail/#all/{id}", "file": "https://drive.google.com/open?id={id}"}


def plan_of(title: str, work: Work, rows: Sequence[Row], effects: Sequence[str] = ()) -> Plan:
    """The plan of these steps."""
    return Plan(
        title=title,
        rows=tuple(rows),
        effects=tuple(effects),
        body=work.model_dump(mode="json"),
        based_on=based_on(work.steps, [step.etag for step in work.steps if step.etag]),
    )


@dataclass
class Making:
    """New tasks on their way to a plan. What a source gave a task for already is not made again."""

    context: ToolContext
    steps: list[Step] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    _met: dict[tuple[str, str], int] = field(default_factory=dict)
    _there: dict[tuple[str, str], dict[str, Task]] = field(default_factory=dict)

    def add(self, title: str, notes: str, due: Due | None, source: Pointed | None) -> None:
        """Raises BadArgument for a title without a word, ToolError of the look at what is there."""
        name, text = one_line(title, TITLE), visible(notes).strip()
        if not name:
            raise BadArgument("A task has no title.", "Say in a few words what is to be done.")
        origin = self._origin(source) if source is not None else None
        if source is not None and origin is None:
            return
        body: dict[str, Any] = {"title": name, "notes": text, "due": due.isoformat() if due is not None else None}
        self.steps.append(Step(act="create", title=name, body={**body, "source": origin}))
        self._tell(name, text, due, source)

    def _tell(self, name: str, text: str, due: Due | None, source: Ref | None) -> None:
        self.rows.append(Row(label=f"task {len(self.steps)}", value=name))
        self.rows.append(Row(label="due", value=due_said(due, self.context.zone)))
        if text:
            self.rows.append(Row(label="notes", value=text))
        if source is not None:
            self.rows.append(Row(label="from", value=_from_words(source)))

    def _origin(self, source: Ref) -> dict[str, Any] | None:
        """The source as the service takes it; None where it gave this task already."""
        place = (KINDS[source.kind], source.id)
        if place not in self._there:
            found, _ = listed(self.context.transport, {"source_kind": place[0], "source_id": place[1]})
            self._there[place] = {task.source.item: task for task in found if task.source is not None}
        number = self._met[place] = self._met.get(place, 0) + 1
        item = "" if number == 1 else str(number)
        if (there := self._there[place].get(item)) is not None:
            self.effects.append(f"Not made again: “{there.title}” is a task from {_from_words(source)} already.")
            return None
        link = _LINKS.get(source.kind, "").format(id=source.id) or None
        return {"kind": place[0], "id": place[1], "item": item, "label": one_line(source.label, LABEL), "link": link}


def _from_words(source: Ref) -> str:
    return f"{FROM[KINDS[source.kind]]} “{one_line(source.label, LABEL)}” ({source.id})"


def marking(context: ToolContext, tasks: Sequence[str], *, done: bool) -> Plan:
    """Mark tasks done, or open again. Raises BadArgument where they all are so already."""
    found = [one(context.transport, task) for task in dict.fromkeys(tasks)]
    wanted = [task for task in found if task.done != done]
    states = ("open", "done") if done else ("done", "open")
    if not wanted:
        raise BadArgument(f"That is {states[1]} already.", "List the tasks to see how they stand.")
    steps = [Step(act="change", title=task.title, task=task.id, etag=task.etag, body={"done": done}) for task in wanted]
    undo = Undo(tool="reopen_tasks" if done else "complete_tasks", args={"tasks": REFS})
    rows = [Row(label=task.title, value=states[1], before=states[0]) for task in wanted]
    effects = [f"“{task.title}” is {states[1]} already, and left as it is." for task in found if task.done == done]
    verb = "marked done" if done else "open again"
    title = f"Mark {_count(wanted)} done" if done else f"Open {_count(wanted)} again"
    return plan_of(title, Work(steps=tuple(steps), verb=verb, undo=undo), rows, effects)


@dataclass(frozen=True)
class Wish:
    """How a task shall be; None leaves a thing as it is. `undated` takes the due time away."""

    title: str | None
    notes: str | None
    due: Due | None
    undated: bool


def changing(context: ToolContext, identity: str, wish: Wish) -> Plan:
    """Change one task. Raises BadArgument where that changes nothing."""
    task = one(context.transport, identity)
    rows: list[Row] = []
    body: dict[str, Any] = {}
    before: dict[str, Any] = {}
    for name, old, new in _texts(task, wish):
        rows.append(Row(label=name, value=new, before=old))
        body[name], before[name] = new, old
    if wish.undated or wish.due is not None:
        due = None if wish.undated else wish.due
        if due != task.due:
            said = [due_said(one_due, context.zone) for one_due in (due, task.due)]
            rows.append(Row(label="due", value=said[0], before=said[1]))
            body["due"] = due.isoformat() if due is not None else None
            before |= {"no_due": True} if task.due is None else {"due": task.due.isoformat()}
    if not body:
        raise BadArgument(f"“{task.title}” is like that already.", "Say what shall be different.")
    step = Step(act="change", title=task.title, task=task.id, etag=task.etag, body=body)
    undo = Undo(tool="change_task", args={"task": REF, **before})
    shown = [] if "title" in body else [Row(label="task", value=task.title)]
    return plan_of("Change a task", Work(steps=(step,), verb="changed", undo=undo), [*shown, *rows])


def _texts(task: Task, wish: Wish) -> list[tuple[str, str, str]]:
    """What is to be said otherwise: field, before, after."""
    title = one_line(wish.title, TITLE) if wish.title else task.title
    notes = task.notes if wish.notes is None else visible(wish.notes).strip()
    pairs = (("title", task.title, title), ("notes", task.notes, notes))
    return [(name, old, new) for name, old, new in pairs if old != new]


def deleting(context: ToolContext, tasks: Sequence[str]) -> Plan:
    found = [one(context.transport, task) for task in dict.fromkeys(tasks)]
    steps = [Step(act="delete", title=task.title, task=task.id, etag=task.etag) for task in found]
    undo = Undo(tool="restore_tasks", args={"tasks": REFS})
    rows = [row for task in found for row in _in_full(task, context)]
    work = Work(steps=tuple(steps), verb="deleted", undo=undo)
    return plan_of(f"Delete {_count(found)}", work, rows, ("It can be taken back.",))


def restoring(tasks: Sequence[Ref]) -> Plan:
    """A deleted task cannot be read: what is shown is its title as it was when it was last seen."""
    steps = [Step(act="restore", title=task.label or task.id, task=task.id) for task in dict.fromkeys(tasks)]
    undo = Undo(tool="delete_tasks", args={"tasks": REFS})
    rows = [Row(label="task", value=step.title) for step in steps]
    return plan_of(f"Restore {_count(steps)}", Work(steps=tuple(steps), verb="restored", undo=undo), rows)


def _in_full(task: Task, context: ToolContext) -> list[Row]:
    rows = [Row(label="task", value=task.title)]
    rows += [Row(label="due", value=due_said(task.due, context.zone))]
    return rows + ([Row(label="notes", value=task.notes)] if task.notes else [])


def _count(things: Sequence[object]) -> str:
    return "a task" if len(things) == 1 else f"{len(things)} tasks"
