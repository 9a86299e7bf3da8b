"""One of the times that were proposed, taken: "the second one", "the first works for me".

Law: only where times were shown last; of anything else a place alone opens it, and orders nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.offline import rounds
from app.offline.amounts import ORDINALS
from app.offline.orders import event_orders, targets
from app.offline.orders.order import NotAnOrder, Order
from app.offline.orders.saying import QUOTES
from app.offline.plan import Step

_CALLED = frozenset({"title", "titled", "called", "named", "as"})
_CALLING = (("call", "it"), ("name", "it"), ("call", "that"), ("title", "it"), ("label", "it"))


def chosen(order: Order) -> list[Step]:
    """The meeting that was looked for, at that time."""
    places = [i for i, word in enumerate(order.line.row) if word in ORDINALS or word == "last"]
    at = order.reader.only(order.clause, places[:1]) if places else order.clause
    timed = 0 if places else _timed(order)
    sought = [one.name for one in order.plan.steps[-1:]] == [event_orders.FINDER]
    if not (timed or any(p.place for p in at.pointings)) or not (sought or targets.newest(order, "slot")):
        raise NotAnOrder("chosen")
    return event_orders.from_slot(replace(order, clause=at), {"title": _title(order), "people": []}, timed)


def _timed(order: Order) -> int:
    """The place of the slot that begins at the time that is said: "the 2 pm one"; 0 where none does."""
    said = [t.window.start for t in order.clause.windows(1) if t.window.grain == "clock" and t.window.start]
    spans = [rounds.interval(ref.label) for ref in targets.newest(order, "slot")]
    begun = [datetime.fromisoformat(span[0]).time() if span else None for span in spans]
    return next((begun.index(at.time()) + 1 for at in said if at.time() in begun), 0)


def _title(order: Order) -> str:
    """What the meeting is to be called: "take the second one and call it Handover"."""
    row = order.line.row
    led = next((i for i in range(len(row)) if row[i] in _CALLED or row[i : i + 2] in _CALLING), len(row))
    start = led + 1 + (row[led : led + 2] in _CALLING)
    return order.clause.said(range(start, len(row))).strip(QUOTES + ".!") if start < len(row) else ""
