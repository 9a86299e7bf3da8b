"""The things that a proposal acts on, put otherwise: only some of them, or another one.

Law: only things of the kind it acts on already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.offline.lexicon import listed
from app.offline.orders import targets
from app.offline.orders.order import Order

Change = tuple[dict[str, Any], set[int]]
"""Arguments that are different, and the tokens that say so."""
LEAVING = frozenset(listed("without not except but remove drop leave"))
_ONLY = frozenset(listed("only just"))
_LEAD = frozenset(listed("no not please s instead rather actually sorry"))


def some(order: Order, args: Mapping[str, Any]) -> Change:
    """Only some of the things, or all but some."""
    name, before = next(((k, v) for k, v in args.items() if isinstance(v, list) and _handles(v)), ("", []))
    row = set(order.line.row)
    if not name or not row & (_ONLY | LEAVING):
        return {}, set()
    gone = [i for i, word in enumerate(order.line.row) if word in _ONLY | LEAVING]
    rest = replace(order, clause=order.without(gone))
    found = targets.find(rest, str(before[0]).partition(":")[0])
    meant = set(found.handles if found else ()) & set(before)
    kept = [one for one in before if (one in meant) == bool(row & _ONLY)]
    return ({name: kept}, set(range(len(order.line)))) if meant and kept else ({}, set())


def another(order: Order, args: Mapping[str, Any]) -> Change:
    """Another thing in its place: "the second one", "the one from Marcus", "Wednesday's"; or the same as stood."""
    name, before = next(((k, v) for k, v in args.items() if _handles(v if isinstance(v, list) else [v])), ("", ""))
    one = before[0] if isinstance(before, list) else before
    kind = str(one).partition(":")[0]
    pointed = "one" in order.line.row or any(p.place or p.handle for p in order.clause.pointings)
    timed = not order.content({*order.clause.timed, *(i for i, w in enumerate(order.line.row) if w in _LEAD)})
    if not name or "start" in args or not (pointed or timed):
        return {}, set()
    target = targets.find(order, kind) if pointed else None
    found = target.handles if target and target.handles else targets.at_that_time(order, kind)
    if len(found) != 1:
        return {}, set()
    return {name: [*found] if isinstance(before, list) else found[0]}, set(range(len(order.line)))


def _handles(values: list[Any]) -> bool:
    return bool(values) and all(isinstance(v, str) and v.partition(":")[2].isdigit() for v in values)
