"""Orders to put something into words for somebody: whether it is a reply, a draft, a mail, a message or a document.

Law: a verb alone is no order; it must fit what it is done to.
"""

from __future__ import annotations

from dataclasses import replace

from app.offline.orders import document_orders, event_orders, event_words, mail_orders, talk_orders, targets
from app.offline.orders.order import NotAnOrder, Order
from app.offline.plan import Step

_BACK = (("something", "back"), ("a", "note", "back"), ("a", "line", "back"))
_REPLY = ("reply", "answer", "response")


def reply(order: Order) -> list[Step]:
    if order.has("slack") and order.people() and "message" not in targets.kinds_meant(order, ("mail", "message"))[:1]:
        return talk_orders.to_person(order)
    if _in_slack(order):
        return talk_orders.in_thread(order)
    return mail_orders.answer(order, draft=False)


def _in_slack(order: Order) -> bool:
    pronouns = {"there", "that", "it", "this"} & set(order.line.row)
    held = [kind for kind in reversed(list(order.hand)) if kind in {"mail", "message"}]
    if order.has("mail", "email"):
        return False
    seen = targets.kinds_meant(order, ("mail", "message"))[:1] == ["message"]
    newest = [ref.kind for ref in next(iter(order.lists), ())][:1]
    return bool(pronouns and held[:1] == ["message"]) or (seen and newest == ["message"])


def draft(order: Order) -> list[Step]:
    if order.has(*_REPLY):
        return mail_orders.answer(order, draft=True)
    if order.line.row[:2] in _BACK or order.line.word(0) == "back":
        return mail_orders.answer(_bare(order), draft=True)
    if order.has("mail", "email", "message", "draft", "note") or (order.people() and order.text):
        return mail_orders.new(order, draft=True)
    if document_orders.about_documents(order):
        return document_orders.created(order)
    if order.text and order.hand.get("mail") and not order.content():
        return mail_orders.answer(order, draft=True)
    meant = targets.find(order, "mail") if order.text and targets.newest(order, "mail") else None
    if meant and len(meant.handles) == 1:
        return mail_orders.answer(order, draft=True)
    raise NotAnOrder("draft")


def _bare(order: Order) -> Order:
    """The order without "something back"."""
    return replace(order, clause=order.without([i for i in (0, 1) if order.line.word(i) in {"something", "back"}]))


def write(order: Order) -> list[Step]:
    if document_orders.about_documents(order):
        return document_orders.created(order)
    if talk_orders.channel_of(order):
        return talk_orders.posted(order)
    if order.has(*_REPLY):
        return mail_orders.answer(order, draft=True)
    if order.has("slack", "dm") and order.people():
        return talk_orders.to_person(order)
    if order.people() and (order.text or order.has("mail", "email")):
        return mail_orders.new(order, draft=order.has("draft"))
    if order.line.word(0) == "to":
        mail_orders.unaddressed(order, 1)
    raise NotAnOrder("write")


def send(order: Order) -> list[Step]:
    if talk_orders.channel_of(order):
        return talk_orders.posted(order)
    if order.has(*_REPLY):
        return mail_orders.answer(order, draft=False)
    if order.has("slack", "dm"):
        return talk_orders.to_person(order)
    if order.has("invite", "invitation") and event_words.timed(order):
        return event_orders.created(order)
    bare = not order.people() and (order.has("draft") or {"it", "that", "this"} & set(order.line.row))
    if bare:
        return mail_orders.draft_in_hand(order)
    if order.names("file") and not order.text:
        raise NotAnOrder("send")
    if order.people() or order.has("mail", "email"):
        return mail_orders.new(order, draft=False)
    raise NotAnOrder("send")


def mail(order: Order) -> list[Step]:
    if not order.people():
        mail_orders.unaddressed(order, 0)
        raise NotAnOrder("mail")
    return mail_orders.new(order, draft=False)
