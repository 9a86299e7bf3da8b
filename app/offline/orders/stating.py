"""Statements that order something, taken for what they are about: a task that is done or due, an event that moved.

Law: the thing is named, in view or in hand; else nothing was ordered.
"""

from __future__ import annotations

from dataclasses import replace

from app.offline.orders import event_changes, targets, task_orders, whole_days
from app.offline.orders.order import Missing, NotAnOrder, Order, must, slot, step
from app.offline.orders.statement import AROUND, DONE, DUE, NOW
from app.offline.plan import Question, Step

_AWAY = {("away",): "Away", ("off",): "Off", ("on", "holiday"): "On holiday", ("on", "holidays"): "On holiday",
         ("on", "vacation"): "On vacation", ("on", "leave"): "On leave", ("out", "of", "office"): "Out of office",
         ("out", "of", "the", "office"): "Out of office"}  # fmt: skip


def finished(order: Order) -> list[Step]:
    """Tasks that are said to be done."""
    if not (task_orders.about_tasks(order.line) or targets.newest(order, "task") or order.hand.get("task")):
        raise NotAnOrder("done")
    gone = [i for i, word in enumerate(order.line.row) if word in DONE | AROUND | {"i", "have", "sorted"}]
    bare = replace(order, clause=order.without(gone))
    found = targets.find(bare, "task")
    looked_up = found is not None and bool(found.steps)
    if found is None or (looked_up and (found.many or not task_orders.about_tasks(order.line))):
        raise NotAnOrder("done")
    return task_orders.done(bare)


def due(order: Order) -> list[Step]:
    """The new time a task is due: of the one that is named, else of the one in hand."""
    times = [t for t in order.clause.windows(1) if order.line.words(t.start, t.end - t.start) != ("now",)]
    value = task_orders.due_of(times[:1])
    if not value:
        raise NotAnOrder("due")
    held = {i for t in order.clause.windows(1) for i in range(t.start, t.end)}
    held |= {i for i, word in enumerate(order.line.row) if word in DUE | NOW | {"date"}}
    rest = replace(order, clause=order.without(held))
    handle = _task(rest)
    if not handle and rest.content():
        raise NotAnOrder("due")
    if not handle:
        raise Missing(Question("change_task", {"due": value}, slot(must(order, "change_task"), "task")))
    return [step(order, "change_task", {"task": handle, "due": value})]


def _task(order: Order) -> str:
    if not order.content():
        only = targets.newest(order, "task")
        return order.hand.get("task", "") or (only[0].handle if len(only) == 1 else "")
    found = targets.find(order, "task")
    return found.handles[0] if found and len(found.handles) == 1 else ""


def elsewhen(order: Order) -> list[Step]:
    """An event in view that is said to be at another time now."""
    gone = [i for i, word in enumerate(order.line.row) if word in NOW]
    bare = replace(order, clause=order.without(gone))
    clock = [t for t in bare.clause.windows(1) if t.window.grain == "clock"]
    head = replace(bare, clause=bare.reader.only(bare.clause, range(clock[0].start))) if clock else None
    found = targets.find(head, "event") if head else None
    if found is None or len(found.handles) != 1:
        raise NotAnOrder("elsewhen")
    return event_changes.moved(bare)


def away(order: Order) -> list[Step]:
    """An absence that is stated with its days: "I am away 3 to 7 December". Raises NotAnOrder for anything else."""
    row = order.line.row
    head = 3 if row[:3] == ("i", "will", "be") else 2
    phrase = max((one for one in _AWAY if row[head : head + len(one)] == one), key=len, default=())
    rest = replace(order, clause=order.without(range(head + len(phrase))))
    found = [t for t in rest.clause.windows(1) if t.window.start and t.window.end]
    held = {i for t in found for i in range(t.start, t.end)}
    if not phrase or len(found) != 1 or found[0].window.grain in ("clock", "part", "open") or rest.content(held):
        raise NotAnOrder("away")
    return [step(order, "create_event", {"title": _AWAY[phrase], **whole_days.of_days(found[0].window)})]
