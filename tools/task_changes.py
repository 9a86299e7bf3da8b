"""Tasks, written: created from what was found, done and open again, changed, deleted and restored."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tools.base import Access, Handle, Pointed, Pointer, ToolContext, ToolNode
from tools.errands import planning
from tools.errands.planning import Making, Wish, plan_of
from tools.errands.steps import Work, basis, find, perform
from tools.errands.task import Due
from tools.errors import BadArgument
from tools.tasks import READ
from tools.write import REFS, Plan, Undo, always, write

MOST = 30
TASKS = "tasks.valet.invalid/v1/tasks"


def _access(*operations: str) -> Access:
    """One permission for all of the node; each tool is let through to its own requests only."""
    return Access(
        connection="tasks",
        capability="tasks.write",
        scopes=("tasks:write",),
        operations=operations,
        reason="create and change your tasks",
    )


CREATE, CHANGE = _access(f"POST {TASKS}"), _access(f"PATCH {TASKS}/*")
DELETE, RESTORE = _access(f"DELETE {TASKS}/*"), _access(f"POST {TASKS}/*/restore")

_changing = partial(write, look=READ, perform=perform, find=find, keyed=always)

Task = Annotated[str, Handle("task"), Field(description='The task, by its handle such as "task:2".')]
Tasks = Annotated[
    list[str],
    Handle("task"),
    Field(description='The tasks, by handles such as "task:2".', min_length=1, max_length=MOST),
]
DueTime = Annotated[Due | None, Field(description="A day (2026-03-12) or a time.")]
Notes = Annotated[str, Field(max_length=5000)]


class Item(BaseModel):
    """One task to create."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: Annotated[str, Field(min_length=1, max_length=500)]
    due: DueTime = None
    notes: Notes = ""
    source: Annotated[
        Pointed | None,
        Pointer(("mail", "message", "event", "file")),
        Field(description="Where it comes from, as mail:3."),
    ] = None


@_changing(
    access=CREATE,
    asks=(
        "turn those into tasks",
        "make tasks of these action items",
        "remind me to call the notary by Friday",
        "add a task to renew the domain",
        "put that on my to-do list",
        "create a to-do: book the train, due tomorrow",
        "new task: send Tom the figures next Monday",
        "make a task from the second mail",
        "I have to sign the form by Thursday, note that",
        "add those to my tasks with their dates",
        "save the action items as to-dos",
        "put the invoice on my list for the end of the month",
    ),
)
def create_tasks(
    context: ToolContext,
    items: Annotated[list[Item], Field(min_length=1, max_length=MOST)],
) -> Plan:
    """Create tasks (to-dos), one or several at once, each with its due time and the mail or message it comes from.

    What a mail or message was made a task of before is not made one again.
    """
    making = Making(context)
    for item in items:
        making.add(item.title, item.notes, item.due, item.source)
    if not making.steps:
        raise BadArgument(" ".join(making.effects), "Change the task that is there, or leave the source out.")
    number = len(making.steps)
    undo = Undo(tool="delete_tasks", args={"tasks": REFS})
    title = "Create a task" if number == 1 else f"Create {number} tasks"
    return plan_of(title, Work(steps=tuple(making.steps), verb="created", undo=undo), making.rows, making.effects)


@_changing(
    access=CHANGE,
    basis=basis,
    asks=(
        "mark task 2 done",
        "the second task is done",
        "tick off the first to-do",
        "complete tasks 1 and 3",
        "I have signed the lease, check it off",
        "mark those tasks as completed",
        "task 4 is finished",
        "done with the last one on my list",
        "close the task about the invoice",
        "set the first two to-dos to done",
        "cross the train off my list",
        "that to-do is taken care of",
    ),
)
def complete_tasks(context: ToolContext, tasks: Tasks) -> Plan:
    """Mark tasks done."""
    return planning.marking(context, tasks, done=True)


@_changing(
    access=CHANGE,
    basis=basis,
    asks=(
        "reopen task 2",
        "task 3 is not done after all",
        "mark the second to-do as open again",
        "untick the first task",
        "put task 1 back on the open list",
        "set that task to not done",
    ),
)
def reopen_tasks(context: ToolContext, tasks: Tasks) -> Plan:
    """Mark tasks that are done as open again."""
    return planning.marking(context, tasks, done=False)


@_changing(
    access=CHANGE,
    basis=basis,
    asks=(
        "make task 2 due on Friday",
        "push the second task to next week",
        "postpone that to-do until Monday",
        "rename the first task to call the bank",
        "change the due date of task 3 to tomorrow 17:00",
        "take the due date off task 1",
        "add a note to task 4: bring the passport",
        "give the third to-do more time, until the 20th",
        "reword task 2",
        "the deadline of that task is Thursday now",
        "set the notes of the first task",
        "task 5 can wait until June",
    ),
)
def change_task(
    context: ToolContext,
    task: Task,
    title: Annotated[str | None, Field(max_length=500)] = None,
    due: DueTime = None,
    notes: Annotated[str | None, Field(description="In place of the old.", max_length=20_000)] = None,
    no_due: bool = False,
) -> Plan:
    """Change one task: its title, its due time, its notes."""
    if no_due and due is not None:
        raise BadArgument("A task is due at a time, or at none.", "Give a due time or no_due, not both.")
    return planning.changing(context, task, Wish(title, notes, due, no_due))


@_changing(
    access=DELETE,
    basis=basis,
    asks=(
        "delete task 2",
        "remove the second to-do",
        "throw away that task",
        "delete the first three tasks",
        "take the train off my list, I do not need it",
        "drop task 4",
        "get rid of those to-dos",
        "erase the last task",
    ),
)
def delete_tasks(context: ToolContext, tasks: Tasks) -> Plan:
    """Delete tasks; they can be restored."""
    return planning.deleting(context, tasks)


@_changing(
    access=RESTORE,
    asks=(
        "restore the task I deleted",
        "bring back the deleted to-do",
        "undelete task 2",
        "I want that deleted task back",
        "recover the task we removed",
        "put the deleted tasks back",
    ),
)
def restore_tasks(
    context: ToolContext,
    tasks: Annotated[
        list[Pointed],
        Pointer(("task",)),
        Field(description="Deleted ones, as task:2.", min_length=1, max_length=MOST),
    ],
) -> Plan:
    """Bring deleted tasks back."""
    return planning.restoring(tasks)


NODE = ToolNode(
    effect="write",
    brief="Name the tasks by title and due time, and say which were not done.",
    tools=(create_tasks, complete_tasks, reopen_tasks, change_task, delete_tasks, restore_tasks),
    mints=("task",),
)
