"""Orders about documents: a new one, or more text for one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.offline.lexicon import listed
from app.offline.orders import targets
from app.offline.orders.mail_orders import to
from app.offline.orders.order import Missing, Order, must, slot, step
from app.offline.orders.saying import QUOTES
from app.offline.orders.talk_orders import last_said
from app.offline.plan import Question, Step
from app.offline.rounds import plain

_DOCUMENT = frozenset(listed("document doc docs page file gdoc"))
_NAMES = frozenset(listed("called titled named"))
_TEXT = frozenset(listed("text contents content everything words"))
_WHOLE = _TEXT | frozenset(listed("the all whole entire full old current present what that stands is"))
_INSIDE = frozenset({"of", "in"})
_SHORT = 60  # letters of what is a title still
_CLOSING = frozenset(listed("with saying from containing and in , : . ;"))


def about_documents(order: Order) -> bool:
    return bool(_DOCUMENT & set(order.line.row))


def created(order: Order) -> list[Step]:
    """A document with a text that was said, or with what was answered just before."""
    text = order.text or (last_said(order.thread) if _pointed(order) else "")
    title = _title(order) or (_subject(order) if text and not order.text else "")
    if order.verb == "new" and not title and len(text) <= _SHORT:
        title, text = order.said.strip(QUOTES), ""  # "new doc: minutes of Monday"
    return [step(order, "create_document", {"title": title, "content": text})]


def _pointed(order: Order) -> bool:
    return (
        bool({"that", "this", "it", "summary", "answer", "those", "them", "list"} & set(order.line.row))
        or order.deed == "save"
    )


def _title(order: Order) -> str:
    line = order.line
    quoted = next((token for token in line.tokens if token.kind == "quoted"), None)
    if quoted and order.said and quoted.text not in order.said:
        return quoted.text.strip(QUOTES)
    i = next((i for i, word in enumerate(line.row) if word in _NAMES), -1)
    if i < 0:
        return ""
    if line.kind(i + 1) == "quoted":
        return line.tokens[i + 1].text.strip(QUOTES)
    end = next((k for k in range(i + 1, len(line)) if line.word(k) in _CLOSING), len(line))
    return order.clause.said(range(i + 1, end)).strip(QUOTES) if end > i + 1 else ""


def _subject(order: Order) -> str:
    """What the answer just before was about."""
    turn = order.thread.before[-1] if order.thread.before else None
    labels = {ref.handle: ref.label for refs in order.lists for ref in refs}
    used = [labels[str(v)] for past in (turn.calls if turn else ()) for v in past.args.values() if str(v) in labels]
    return used[0] if used else plain(order.reader.view.topic)


def extended(order: Order) -> list[Step]:
    """Text added to a document, or put in place of what stands there."""
    args: dict[str, Any] = {
        "content": order.text,
        "mode": "replace" if order.deed == "rewrite" else "append",
    }
    held = order.hand.get("file", "")
    target = targets.Target((held,)) if held and not len(order.line) else targets.find(order, "file")
    if target is None:
        skill = must(order, "update_document")
        one = slot(skill, skill.takes("handle")[0].name)
        raise Missing(
            Question(skill.name, {k: v for k, v in args.items() if v}, one, shown=bool(targets.of_kind(order, "file")))
        )
    return to(order, "update_document", must(order, "update_document").takes("handle")[0].name, "file", target, args)


def bare(order: Order) -> Order:
    """The order without the words for all that stands in the document: "the whole text of the launch plan"."""
    row = order.line.row
    end = next((i for i, word in enumerate(row) if word not in _WHOLE), len(row))
    told = not _TEXT.isdisjoint(row[:end]) and (end == len(row) or row[end] in _INSIDE)
    return replace(order, clause=order.without(range(min(end + 1, len(row))))) if told else order


def trashed(order: Order) -> list[Step]:
    """A document of Valet's own put into the bin."""
    target = targets.find(order, "file")
    skill = must(order, "trash_document")
    if target is None:
        shown = bool(targets.of_kind(order, "file"))
        raise Missing(Question(skill.name, {}, slot(skill, "document"), shown=shown))
    return to(order, skill.name, "document", "file", target, {})


def foldered(order: Order) -> list[Step]:
    row = order.line.row
    start = row.index("for") + 1 if "for" in row else len(row)  # "a folder for the offsite"
    named = order.clause.said(range(start + (row[start : start + 1] in (("the",), ("our",), ("my",))), len(row)))
    title = _title(order) or order.said.strip(QUOTES) or named[:1].upper() + named[1:]
    return [step(order, "create_folder", {"title": title})]
