"""Orders to say something: in a channel, in a thread, to one person; and whether that is by mail or on Slack."""

from __future__ import annotations

import re
from dataclasses import replace

from app.offline.lexicon import EMPTY
from app.offline.orders import mail_orders, targets
from app.offline.orders.order import Missing, NotAnOrder, Order, must, slot, step
from app.offline.plan import Question, Step
from app.offline.thread import Thread

SERVICE = "service"
_SLACK = ("slack", "dm", "channel")
_MAIL = ("mail", "email", "gmail")
THEM = frozenset({"him", "her", "them"})
_WORD = re.compile(r"\w+")
WHICH = "By mail or on Slack?"


def posted(order: Order) -> list[Step]:
    """A message in a channel; what "that" is was said, or answered, just before."""
    channel = channel_of(order)
    if not channel and not order.has(*_SLACK):
        raise NotAnOrder("post")
    text = order.text or pointed_text(order)
    named = [token.text.lstrip("#") for token in order.line.tokens if token.kind == "channel"]
    return [step(order, "post_message", {"channel": one, "text": text}) for one in dict.fromkeys(named or [channel])]


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
    return mail_orders.last_text(order.plan) or last_said(order.thread)


def last_said(thread: Thread) -> str:
    """The text of the last write of the turn before, else what that turn's results came to."""
    turn = thread.before[-1] if thread.before else None
    if turn is None:
        return ""
    given = (
        str(past.args[name])
        for past in reversed(turn.calls)
        for name in ("body", "text", "content")
        if past.args.get(name)
    )
    leads = "\n\n".join(outcome.lead for _, outcome in turn.results if outcome.status == "ok" and outcome.lead)
    return next(given, leads)


def in_thread(order: Order) -> list[Step]:
    """An answer in a thread of Slack."""
    told = {"text": order.text}
    target = targets.find(order, "message")
    if target is None:
        skill = must(order, "reply_in_thread")
        one = slot(skill, "message")
        raise Missing(
            Question(skill.name, told if order.text else {}, one, shown=bool(targets.of_kind(order, "message")))
        )
    return mail_orders.to(order, "reply_in_thread", "message", "message", target, told)


def to_person(order: Order) -> list[Step]:
    """A direct message."""
    names = [who for who, where in order.people() if who.lower() not in _SLACK]
    if not names:
        raise Missing(
            Question(
                "message_person", {"text": order.text}, slot(must(order, "message_person"), "person"), ask="To whom?"
            )
        )
    text = order.text or pointed_text(order)
    return [step(order, "message_person", {"person": who, "text": text}) for who in names]


def told(order: Order) -> list[Step]:
    """Something said to somebody, by the service that is named, or in hand; else it is asked which."""
    line = order.line
    heard = order.text or order.people() or line.word(0) in THEM or channel_of(order)
    if line.word(0) in {"me", "us"} or not heard:
        raise NotAnOrder("tell")
    order = _without_know(order)
    if channel_of(order):
        return posted(order)
    if order.has(*_MAIL) and not order.has(*_SLACK):
        return mail_orders.new(order, draft=False)
    if order.has(*_SLACK) or order.deed == "message":
        return to_person(order)
    if line.word(0) in THEM:
        return _to_them(order)
    return _asked_how(order)


def _without_know(order: Order) -> Order:
    gone = [i for i, word in enumerate(order.line.row) if word == "know"]
    return replace(order, clause=order.without(gone))


def _to_them(order: Order) -> list[Step]:
    """Him, her, them: whoever wrote what is in hand."""
    used = [str(v).partition(":")[0] for s in order.plan.steps for v in s.args.values()]
    kinds = [kind for kind in [*used, *reversed(list(order.hand))] if kind in {"mail", "message"}]
    if not kinds:
        raise NotAnOrder("tell")
    return _answering(order, order.hand.get(kinds[0], ""))


def _theirs(order: Order, names: list[str]) -> str:
    """The one thing in view that is from the one person named; "" where there is none, or several."""
    shown = [ref for ref in next(iter(order.lists), ()) if ref.kind in {"mail", "message"}]
    wanted = {word.casefold() for word in (names[0].split() if len(names) == 1 else ())}
    found = [ref for ref in shown if wanted and wanted <= {*_WORD.findall(_sender(ref.label).casefold())}]
    return found[0].handle if len(found) == 1 else ""


def _sender(label: str) -> str:
    """Who a thing is from, as its label begins: "Ana Novak: Budget", "Ana Novak in #launch"."""
    return label.partition(":")[0].partition(" in #")[0].partition(",")[0]


def _answering(order: Order, handle: str) -> list[Step]:
    """An answer to that mail, or in that thread."""
    if handle.startswith("mail:"):
        return [step(order, "send_reply", {"conversation": handle, "body": order.text})]
    return [step(order, "reply_in_thread", {"message": handle, "text": order.text})]


def _asked_how(order: Order) -> list[Step]:
    names = [who for who, _ in order.people()]
    theirs = _theirs(order, names)
    if theirs:
        return _answering(order, theirs)
    mail, slack = order.skill("send_mail"), order.skill("message_person")
    if not names or (mail is None and slack is None):
        raise NotAnOrder("tell")
    if mail is None:
        return to_person(order)
    if slack is None:
        return mail_orders.new(order, draft=False)
    one = replace(slot(slack, "person"), name=SERVICE, kind="")
    raise Missing(Question(slack.name, {"person": names[0], "text": order.text}, one, ask=WHICH))
