"""One of the times that were proposed, taken: "the second one", "the first works for me".

Law: only where times were shown last; of anything else a place alone opens it, and orders nothing.
"""

from __future__ import annotations

from dataclasses import replace

from app.offline.amounts import ORDINALS
from app.offline.orders import event_orders, targets
from app.offline.orders.order import NotAnOrder, Order
from app.offline.plan import Step


def chosen(order: Order) -> list[Step]:
    """The meeting that was looked for, at that time."""
    places = [i for i, word in enumerate(order.line.row) if word in ORDINALS or word == "last"]
    at = order.reader.only(order.clause, places[:1]) if places else order.clause
    if not any(p.place for p in at.pointings) or not targets.newest(order, "slot"):
        raise NotAnOrder("chosen")
    return event_orders.from_slot(replace(order, clause=at), {"title": "", "people": []})
