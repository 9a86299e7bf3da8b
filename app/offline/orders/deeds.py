"""What each deed comes to, by the words around its verb.

Law: a verb alone is no order; it must fit what it is done to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.offline.lexicon import EMPTY, listed
from app.offline.orders import (
    choosing,
    document_orders,
    event_changes,
    event_orders,
    event_words,
    mail_orders,
    statement,
    stating,
    talk_orders,
    targets,
    task_orders,
    wording,
)
from app.offline.orders.order import NotAnOrder, Order, must, step
from app.offline.plan import Step

_BOOKING = frozenset(listed("book schedule set arrange organise organize plan block reserve put stick pop pencil"))
_CREATING = frozenset({"create", "make", "start", "set up", "new"})
_TRASH = frozenset({"trash", "bin", "rubbish"})
_PUTTING = frozenset({"make", "mark", "turn", "save"})
_AFTER_NOUN = frozenset({"for", "of", "on", "at", "in", "?"})
_NOTHING = frozenset(listed("nothing none no nobody neither never"))
_TO_ONE = frozenset({("to", "the"), ("to", "my"), ("to", "that"), ("to", "our"), ("on", "the"), ("to", "it")})
_DONE = frozenset({"done", "complete", "completed", "finished", "open", "undone"})


def steps(order: Order) -> list[Step]:
    """The calls the order comes to. Raises NotAnOrder, or Missing with the question to put."""
    order = _for_my_sake(order)
    _not_for_me(order)
    if order.line.word(0) in _NOTHING:
        raise NotAnOrder(order.verb)
    if order.deed in _PUTTING and mail_orders.states(order):
        return mail_orders.marked(order)
    return _DEEDS[order.deed](order)


def _for_my_sake(order: Order) -> Order:
    """Something booked at a time needs no "me": "book me a haircut tomorrow at 5"."""
    booked = order.deed == "make" and order.verb.partition(" ")[0] in _BOOKING and order.line.word(0) in {"me", "us"}
    return replace(order, clause=order.without([0])) if booked and event_words.timed(order) else order


def _not_for_me(order: Order) -> None:
    """What is to be sent or told to the person alone is a question: "send me the agenda"."""
    if order.deed in {"send", "tell", "write", "mail", "ask", "message", "make", "draft"} and order.line.word(0) in {
        "me",
        "us",
    }:
        raise NotAnOrder(order.verb)


def _archive(order: Order) -> list[Step]:
    if not len(order.line) or order.has("channel", "document", "event", "task"):
        raise NotAnOrder("archive")
    return mail_orders.filed(order, "archive")


def _label(order: Order) -> list[Step]:
    if order.verb == "file" and "under" not in order.line.row:
        raise NotAnOrder("file")
    return mail_orders.labelled(order)


def _star(order: Order) -> list[Step]:
    """A star is a label that the mailbox has of its own."""
    return mail_orders.filed(_without(order, {"star", "a", "on"}), "label_conversations", label="starred")


def _mark(order: Order) -> list[Step]:
    row = set(order.line.row)
    if order.verb == "set" and task_orders.about_tasks(order.line):
        return task_orders.created(order)
    if order.verb == "set" and event_words.about_events(order) and event_words.timed(order):
        return _event(order)
    if row & _DONE and not row & {"read", "unread"}:
        undone = "not" in row or "open" in row or "undone" in row
        return task_orders.reopened(order) if undone else task_orders.done(order)
    return mail_orders.marked(order)


def _delete(order: Order) -> list[Step]:
    if not len(order.line):
        raise NotAnOrder("delete")
    if task_orders.about_tasks(order.line):
        return task_orders.deleted(order)
    if order.has("calendar", "diary"):
        return event_changes.cancelled(order)
    if order.has("label", "tag") or order.has("due"):
        raise NotAnOrder("delete")
    kind = targets.kinds_meant(order, ("mail", "event", "task", "file", "draft", "message"))[0]
    by_kind: dict[str, Callable[[Order], list[Step]]] = {
        "mail": lambda one: mail_orders.filed(one, "move_to_trash"),
        "event": event_changes.cancelled,
        "task": task_orders.deleted,
        "draft": _discard,
        "file": document_orders.trashed,
    }
    if kind not in by_kind:
        raise NotAnOrder("delete")
    return by_kind[kind](order)


def _put_away(order: Order) -> list[Step]:
    """Things that are said to be done with: "1 and 4 can go to the archive", "the last one can be deleted"."""
    cut = next(i for i, word in enumerate(order.line.row) if word in statement.MAY)
    head = replace(order, clause=order.reader.only(order.clause, range(cut)))
    away = {token.stem for token in order.line.tokens[cut:]}
    if away & {"label", "tag"} or not (head.clause.pointings or head.content()) or not head.lists:
        raise NotAnOrder("can go")
    return _archive(head) if "archiv" in away else _delete(head)


def _discard(order: Order) -> list[Step]:
    held = order.hand.get("draft", "")
    must(order, "discard_draft")
    if not held:
        raise NotAnOrder("discard")
    return [step(order, "discard_draft", {"draft": held})]


def _make(order: Order) -> list[Step]:
    row = set(order.line.row)
    if task_orders.about_tasks(order.line):
        return task_orders.created(order)
    if row & _TRASH:
        return _delete(_without(order, _TRASH | {"in", "into", "to"}))
    if "star" in row and order.verb == "put":
        return _star(order)
    if row & {"label", "tag", "labels"} or mail_orders.put_under(order):
        return mail_orders.labelled(order)
    meant = order.names("file") or ("to" in row and (order.hand.get("file") or targets.newest(order, "file")))
    if order.verb == "add" and order.text and meant:
        return document_orders.extended(order)
    if order.has("folder") and order.verb in _CREATING:
        return document_orders.foldered(order)
    if document_orders.about_documents(order) and order.verb in _CREATING:
        return document_orders.created(order)
    if order.has("mail", "email", "draft") and not event_words.about_events(order):
        return wording.draft(order)
    return _event(order)


def _event(order: Order) -> list[Step]:
    """A meeting, where the words are about one: "add" and "make" are said of much else."""
    line, first = order.line, order.line.word(0)
    noun = order.verb in {"schedule", "plan", "book", "block"} and (first in _AFTER_NOUN or 0 in order.clause.timed)
    if order.clause.sum or not len(line) or (noun and not _full(order)):
        raise NotAnOrder(order.verb)
    if _to_one_there_is(order):
        raise NotAnOrder(order.verb)
    slots = bool(targets.newest(order, "slot")) or any(s.name == event_orders.FINDER for s in order.plan.steps[-1:])
    booked = order.verb.partition(" ")[0] in _BOOKING
    loose = slots and (first in {"it", "that", "the", "this"} or not order.content())
    led = first in EMPTY or line.kind(0) != "word" or bool(order.clause.durations) or event_words.about_events(order)
    others = [kind for kind in ("mail", "file", "message", "task") if order.names(kind)]
    added = order.verb in {"add", "new"} and event_words.clocked(order) and not others
    fits = (
        added
        or event_words.about_events(order)
        or (booked and (event_words.timed(order) or order.clause.durations or order.people()))
    )
    if not (loose and booked) and not (fits and (led or event_words.timed(order))):
        raise NotAnOrder(order.verb)
    if first in {"it", "that"} and not slots and not event_words.about_events(order):
        raise NotAnOrder(order.verb)
    return event_orders.created(order)


def _to_one_there_is(order: Order) -> bool:
    """Whether people are to be added to an event that there is already: "add Ana to the budget review"."""
    line, people = order.line, [p for p in order.clause.people if p.start == 0]
    joined = bool(people) and any(line.words(i, 2) in _TO_ONE for i in range(people[0].end, len(line)))
    return joined and order.verb in {"add", "put"} and not order.has("calendar", "diary", "schedule")


def _full(order: Order) -> bool:
    """Whether more is said than stands behind a noun: "schedule tomorrow" asks, "book tomorrow with Ana" orders."""
    return order.verb == "block" or event_words.about_events(order) or bool(order.people() or order.said)


def _invite(order: Order) -> list[Step]:
    if not event_words.timed(order) or not order.people():
        raise NotAnOrder("invite")
    return event_orders.created(order)


def _move(order: Order) -> list[Step]:
    row = set(order.line.row)
    if not len(order.line) or order.clause.measure.whole or order.clause.sum:
        raise NotAnOrder("move")
    if row & _TRASH:
        return _delete(_without(order, _TRASH | {"in", "into", "to"}))
    if order.has("mail", "email", "conversation", "file", "document", "channel", "label"):
        raise NotAnOrder("move")
    kind = targets.kinds_meant(order, ("event", "task", "mail", "file"))[0]
    if task_orders.about_tasks(order.line) or kind == "task":
        return task_orders.changed(order)
    if order.verb == "rename" or kind in {"mail", "file"}:
        raise NotAnOrder("move")
    fits = event_words.timed(order) or event_words.about_events(order) or order.clause.pointings
    if order.verb in {"change", "bring", "push", "shift"} and not fits:
        raise NotAnOrder("move")
    return event_changes.moved(order)


def _cancel(order: Order) -> list[Step]:
    elsewhere = order.has("order", "subscription") or any(t.kind == "channel" for t in order.line.tokens)
    if elsewhere or not [i for i in range(len(order.line)) if order.line.kind(i) != "symbol"]:
        raise NotAnOrder("cancel")
    if task_orders.about_tasks(order.line) or targets.kinds_meant(order, ("event", "task"))[0] == "task":
        return task_orders.deleted(order)
    return event_changes.cancelled(order)


def _invitation(order: Order) -> list[Step]:
    if not len(order.line):
        raise NotAnOrder(order.verb)
    return event_changes.answered(order)


def _complete(order: Order) -> list[Step]:
    shown = bool(targets.newest(order, "task")) or order.hand.get("task")
    if not task_orders.about_tasks(order.line) and not (shown and len(order.line)):
        raise NotAnOrder("complete")
    return task_orders.done(order)


def _reopen(order: Order) -> list[Step]:
    if not task_orders.about_tasks(order.line) and not targets.newest(order, "task"):
        raise NotAnOrder("reopen")
    return task_orders.reopened(order)


def _append(order: Order) -> list[Step]:
    if not order.text or not (order.names("file") or order.hand.get("file") or targets.newest(order, "file")):
        raise NotAnOrder("append")
    return document_orders.extended(order)


def _rewrite(order: Order) -> list[Step]:
    """The text of a document put anew; a word inside it, or anything else, cannot be."""
    bare = document_orders.bare(order)
    named = bare is not order or order.names("file") or order.verb in {"overwrite", "rewrite"}
    target = None if named else targets.find(order, "file")
    quoted = any(token.kind == "quoted" for token in order.line.tokens)
    if order.clause.sum or quoted or not (named or (target and target.handles)):
        raise NotAnOrder("rewrite")
    return document_orders.extended(bare)


def _save(order: Order) -> list[Step]:
    if document_orders.about_documents(order):
        return document_orders.created(order)
    if order.has("draft"):
        return wording.draft(order)
    raise NotAnOrder("save")


def _undo(order: Order) -> list[Step]:
    raise NotAnOrder("undo")


def _without(order: Order, words: frozenset[str] | set[str]) -> Order:
    return replace(order, clause=order.without([i for i, word in enumerate(order.line.row) if word in words]))


_DEEDS: Mapping[str, Callable[[Order], list[Step]]] = {
    "reply": wording.reply, "draft": wording.draft, "write": wording.write, "send": wording.send,
    "mail": wording.mail, "tell": talk_orders.told, "message": talk_orders.told, "ask": talk_orders.told,
    "thank": talk_orders.told, "post": talk_orders.posted, "archive": _archive, "label": _label, "mark": _mark,
    "star": _star, "delete": _delete, "make": _make, "invite": _invite, "move": _move, "cancel": _cancel,
    "accept": _invitation, "decline": _invitation, "maybe": _invitation, "complete": _complete, "reopen": _reopen,
    "turn": task_orders.turned, "remind": task_orders.reminded, "append": _append, "rewrite": _rewrite, "save": _save,
    "chosen": choosing.chosen, "undo": _undo, "clear": mail_orders.cleared,
    "put_away": _put_away, "finished": stating.finished, "due": stating.due, "elsewhen": stating.elsewhen,
    "away": stating.away,
}  # fmt: skip
