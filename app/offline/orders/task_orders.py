"""Tasks as calls make them: of titles, or of what is in view; and when they are due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.offline.orders.order import ASKED, Missing, Order, must, slot, step
from app.offline.plan import Question, Step
from app.offline.rounds import titled
from app.offline.thread import Ref
from app.offline.times import Timed
from app.offline.window import midnight


def made(order: Order, items: list[dict[str, Any]]) -> list[Step]:
    """The call that makes these tasks. Raises Missing where there are none."""
    if not items:
        raise Missing(_of_what(order))
    return [step(order, "create_tasks", {"items": items})]


def _of_what(order: Order) -> Question:
    return Question("create_tasks", {}, slot(must(order, "create_tasks"), "items"), ask=ASKED["items"])


def sourced(ref: Ref, order: Order) -> dict[str, Any]:
    """The task that is made of a thing in view, by its own name, due when the order says."""
    due = due_of(order.clause.windows(1))
    return {"title": titled(ref), "source": ref.handle, **({"due": due} if due else {})}


def due_of(found: list[Timed]) -> str:
    """When it is due: a time with its zone where one was said, else the day; a part of a day by its begin."""
    if not found:
        return ""
    window = found[-1].window
    if window.grain in {"clock", "part"} and window.start:
        return window.start.isoformat()
    if window.start and window.end and window.start == midnight(window.end) != window.end:
        return window.end.isoformat()  # "by Wednesday 5pm"
    last = (window.end - timedelta(microseconds=1)).date() if window.end else None
    first = window.start.date() if window.start else None
    return (last or first).isoformat() if last or first else ""  # type: ignore[union-attr]
