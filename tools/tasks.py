"""Tasks, read: what the person has to do, by when, and where each thing came from."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from tools.base import Access, Handle, ToolContext, ToolNode, tool
from tools.errands.calling import listed, one
from tools.errands.findings import TaskFinding, TasksFinding
from tools.errands.task import Task
from tools.errands.telling import origin_words, window_words
from tools.errors import BadArgument

READ = Access(
    connection="tasks",
    capability="tasks.read",
    scopes=("tasks:read",),
    operations=("GET tasks.valet.invalid/v1/tasks", "GET tasks.valet.invalid/v1/tasks/*"),
    reason="see your tasks",
)
Only = Literal["open", "overdue", "done", "all"]


@tool(
    access=READ,
    asks=(
        "what are my tasks",
        "show my open to-dos",
        "what tasks are due this week",
        "my to-do list",
        "list my todos",
        "which tasks are overdue",
        "what is due today",
        "what is due by Friday",
        "show the tasks that are done",
        "which to-dos did I complete last week",
        "tasks about the launch",
        "is there a task about the invoice",
        "tasks due tomorrow",
        "what is still on my task list",
        "all my tasks",
        "which deadlines are due next week",
        "what do I have to do this week",
        "what is overdue",
        "which of my tasks are urgent",
        "anything due on Monday",
        "how many open tasks do I have",
        "my tasks for tomorrow",
        "what is left on my plate",
        "am I behind on anything",
    ),
)
def list_tasks(
    context: ToolContext,
    only: Only = "open",
    start: AwareDatetime | None = None,
    end: AwareDatetime | None = None,
    query: Annotated[str, Field(max_length=300)] = "",
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> TasksFinding:
    """List the person's own tasks (to-dos) by due time, with where each came from.

    A window that holds the present time shows what is overdue too.
    """
    if start and end and end <= start:
        raise BadArgument("The window ends before it begins.", "Give an end later than the start.")
    window = window_words(start, end, context.zone, context.now)
    running = start is not None and start <= context.now and only == "open"
    found, more = listed(context.transport, _query(only, None if running else start, end, context.now))
    fitting = tuple(task for task in found if _about(task, query))
    about = f" about “{query}”" if query.strip() else ""
    which = "tasks" if only == "all" else f"{only} tasks"
    return TasksFinding(
        now=context.now,
        zone=context.zone,
        asked=f"{which}{about}{window}{' or before' if running and window else ''}",
        tasks=fitting[:limit],
        left_out=max(len(fitting) - limit, 0),
        more=more,
    )


def _query(only: Only, start: datetime | None, end: datetime | None, now: datetime) -> dict[str, str]:
    until = min(end or now, now) if only == "overdue" else end
    given = {
        "only": "open" if only == "overdue" else only,
        "due_from": start.isoformat() if start else "",
        "due_before": until.isoformat() if until else "",
    }
    return {name: value for name, value in given.items() if value}


def _about(task: Task, query: str) -> bool:
    """Whether every word of the query stands in the task, or begins a word of it."""
    text = f"{task.title} {task.notes} {origin_words(task)}".casefold()
    return all(word in text for word in query.casefold().split())


@tool(
    access=READ,
    asks=(
        "open the second task",
        "show task 2",
        "read me the first to-do",
        "details of that task",
        "what is the third task about",
        "tell me more about task 4",
        "where did this task come from",
        "notes of the last task",
        "open the task about the lease",
        "what does that to-do say",
        "which mail does the first task come from",
        "show me that todo in full",
        "notes on the lease task",
        "what is the second to-do about",
    ),
)
def read_task(
    context: ToolContext,
    task: Annotated[str, Handle("task"), Field(description='The task, by its handle such as "task:2".')],
) -> TaskFinding:
    """Show one task in full: its notes, when it is due, and the mail or message it came from."""
    return TaskFinding(now=context.now, zone=context.zone, task=one(context.transport, task))


NODE = ToolNode(
    effect="read",
    brief="One line a task: what, by when, and from which mail or message; overdue ones first.",
    tools=(list_tasks, read_task),
    mints=("task",),
    briefing=(("list_tasks", {"end": "after the next working day"}),),
)
