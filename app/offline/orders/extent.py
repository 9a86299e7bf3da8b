"""How much of a series an order is about: only this one, this one and all that follow, or all of it."""

from __future__ import annotations

from dataclasses import replace

from app.offline.orders import targets
from app.offline.orders.order import Order
from app.offline.orders.targets import Target

_FOLLOWING = (
    ("and", "all", "that", "follow"), ("and", "all", "following"), ("and", "all", "the", "following", "ones"),
    ("and", "everything", "after"), ("and", "all", "after", "it"), ("and", "all", "later", "ones"),
    ("and", "the", "following"), ("and", "following"), ("and", "all", "future", "ones"), ("from", "then", "on"),
    ("from", "there", "on"), ("from", "now", "on"), ("and", "the", "rest"), ("onwards",), ("from", "that", "one", "on"),
    ("and", "all", "following", "ones"), ("and", "all", "the", "ones", "after", "it"),
)  # fmt: skip
_ALL = (
    ("the", "whole", "series", "of"), ("the", "entire", "series", "of"), ("whole", "series"), ("entire", "series"),
    ("all", "of", "the", "series"), ("series",), ("every", "single"), ("all", "occurrences", "of"), ("for", "good"),
)  # fmt: skip
_CALENDAR = frozenset({"from", "in", "calendar", "diary", "agenda", "schedule"})
_THIS = frozenset({"only", "just"})


def told(order: Order) -> tuple[str, Order]:
    """The tool's `which`, "" where nothing was said, and the order without these words."""
    for which, phrases in (("following", _FOLLOWING), ("all", _ALL)):
        for phrase in sorted(phrases, key=len, reverse=True):
            found = [i for i in range(len(order.line)) if order.line.words(i, len(phrase)) == phrase]
            if found:
                gone = range(found[0], found[0] + len(phrase))
                return which, replace(order, clause=order.without(gone))
    gone_words = [i for i, word in enumerate(order.line.row) if word in _THIS]
    return "", replace(order, clause=order.without(gone_words)) if gone_words else order


def target(order: Order) -> Target | None:
    """The event meant; the one in hand, or the only one in view, where no more was said than of the series."""
    held = order.hand.get("event", "") or next(iter(_only(order)), "")
    placed = [i for i, word in enumerate(order.line.row) if word in _CALENDAR]
    if held and not order.content(placed) and not order.clause.timed:
        return Target((held,))
    return targets.find(order, "event")


def _only(order: Order) -> list[str]:
    seen = targets.newest(order, "event")
    return [seen[0].handle] if len(seen) == 1 else []
