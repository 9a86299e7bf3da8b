"""What stands for a text that was given or told before: "post that in #launch"; and which channel is named."""

from __future__ import annotations

from app.offline.lexicon import EMPTY
from app.offline.orders.order import Order
from app.offline.plan import Plan
from app.offline.thread import Thread

SERVICE = "service"
WHICH = "By mail or on Slack?"


def channel_of(order: Order) -> str:
    line = order.line
    for i in range(len(line)):
        if line.kind(i) == "channel":
            return line.tokens[i].text.lstrip("#")
        if line.word(i) == "channel" and i and line.word(i - 1) not in EMPTY:
            return order.clause.whole(i - 1)
        if line.word(i) == "channel" and line.kind(i + 1) == "word" and line.word(i + 1) not in EMPTY:
            return line.tokens[i + 1].text
    return ""


def pointed_text(order: Order) -> str:
    """What "that" stands for: a text given just before, else the answer that was given."""
    if not {"that", "this", "it", "same", "summary", "answer"} & {*order.line.row}:
        return ""
    return _last_text(order.plan) or last_said(order.thread)


def last_said(thread: Thread) -> str:
    """The text of the last write of the turn before, else what the last results of that turn came to."""
    turn = thread.before[-1] if thread.before else None
    if turn is None:
        return ""
    given = (
        str(past.args[name])
        for past in reversed(turn.calls)
        for name in ("body", "text", "content")
        if past.args.get(name)
    )
    newest = max((past.round for past, _ in turn.results), default=0)
    told = (
        outcome.lead
        for past, outcome in turn.results
        if past.round == newest and outcome.status == "ok" and not outcome.receipt
    )
    return next(given, "\n\n".join(filter(None, told)))


def _last_text(plan: Plan) -> str:
    """The text that the same request gave before."""
    texts = (
        str(s.args[name]) for s in reversed(plan.steps) for name in ("body", "text", "content") if s.args.get(name)
    )
    return next(texts, "")
