"""What the words of an event say of it: what it is called, where it is, when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.offline.lexicon import listed
from app.offline.orders.order import Order
from app.offline.times import Timed
from app.offline.window import midnight
from app.offline.words import Line

EVENTS = listed(
    "call appointment lunch dinner breakfast coffee sync review workshop standup session retrospective chat"
    " interview demo party visit drinks brunch talk catchup training"
)
"""What an event may be called with no more than whom it is with."""
_FAR = timedelta(days=400)
ONLINE = frozenset(listed("video online zoom meet virtual remote videocall"))


def called(title: str, line: Line, people: Sequence[str]) -> str:
    """The name that was said; of a mere noun, or none, with whom it is."""
    noun = next((word for word in line.row if word in EVENTS), "")
    named = title or noun
    if people and named.lower() in {"", *EVENTS}:
        named = f"{named or 'Meeting'} with {joined(people)}"
    return named[:1].upper() + named[1:]


def timed(order: Order) -> list[Timed]:
    return order.clause.windows(1)


def place(order: Order) -> tuple[str, range]:
    """A room or a place, as typed."""
    for p in order.clause.people:
        if order.line.word(p.start - 1) == "room" or p.role == "at":
            room = order.line.word(p.start - 1) == "room"
            lengths = {i for d in order.clause.durations for i in range(d.start, d.end)}
            numbered = order.line.kind(p.end) == "number" and p.end not in order.clause.timed | lengths
            where = range(p.start - room, p.end + numbered)
            return order.clause.said(where[room:]), where
    return "", range(0)


def whom(names: Sequence[str]) -> str:
    return f"Meeting with {joined(names)}" if names else ""


def joined(names: Sequence[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1]) if len(names) > 1 else names)


def dated(order: Order, said: Timed) -> bool:
    """Whether the time names its day; else it was taken for one of today."""
    return said.window == of_day(order, said, midnight(order.now) + _FAR).window


def at_hour(order: Order, i: int) -> Order:
    """The words with "at" before token `i`: the number there is an hour."""
    tokens, at = order.line.tokens, order.reader.knowledge.line("at").tokens
    return replace(order, clause=order.reader.of(order.clause, [*tokens[:i], *at, *tokens[i:]]))


def of_day(order: Order, said: Timed, day: datetime) -> Timed:
    """The time as it reads on that day."""
    clause = replace(order.clause, moment=replace(order.clause.moment, anchor=day, there=True))
    return next((t for t in timed(replace(order, clause=clause)) if t.start == said.start), said)
