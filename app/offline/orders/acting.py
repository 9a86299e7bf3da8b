"""The call of an order on what was meant: at once, for each thing, or once it was looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.offline.orders.order import Order, must, slot, step
from app.offline.orders.targets import Target
from app.offline.plan import Step

SUBJECT = 60


def to(order: Order, name: str, argument: str, kind: str, target: Target, args: Mapping[str, object]) -> list[Step]:
    """The call for what was meant: at once, one for each, or once it was looked up."""
    several = slot(must(order, name), argument).type in (list, tuple, set)
    if target.handles:
        values: list[object] = [list(target.handles)] if several else list(target.handles)
        return [step(order, name, {**args, argument: value}) for value in values]
    wait = target.wait(argument, kind)
    wait = replace(wait, take="handles" if several else "handle", each=target.many)
    return [*target.steps, step(order, name, args, wait)]


def opening(text: str) -> str:
    """The first words of the text, for a subject that nobody gave."""
    first = text.splitlines()[0] if text else ""
    if len(first) <= SUBJECT:
        return first.rstrip(".")
    return first[:SUBJECT].rpartition(" ")[0] + " …"
