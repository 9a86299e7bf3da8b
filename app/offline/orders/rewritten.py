"""What was just written, put otherwise: a draft or a post gives way to another one, a document gets more text.

Law: the old one goes on the same card on which the new one stands; a mail that was sent stays as it was sent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.offline.lexicon import listed
from app.offline.orders import acting, revising
from app.offline.orders.order import NotAnOrder, Order, step
from app.offline.plan import Step
from app.offline.thread import Outcome, Past

_OOPS = frozenset(listed("sorry oops wait oh hm actually i meant mean no , - . ! please and forgot"))
"""What one begins a correction with."""
_GIVES_WAY = {
    "draft_mail": ("discard_draft", "draft"), "draft_reply": ("discard_draft", "draft"),
    "post_message": ("delete_message", "message"), "reply_in_thread": ("delete_message", "message"),
    "message_person": ("delete_message", "message"),
}  # fmt: skip
"""What takes back the thing that a tool wrote, and by which argument."""
_DOCUMENTS = frozenset({"create_document", "update_document"})
TOOLS = _DOCUMENTS | _GIVES_WAY.keys()
"""Whatever writes a text that can be put otherwise."""


def steps(order: Order, past: Past, outcome: Outcome) -> list[Step]:
    """The calls that put it otherwise. Raises NotAnOrder where the words are about something else."""
    if past.name in _DOCUMENTS:
        return [_document(order, past, outcome)]
    name, argument = _GIVES_WAY[past.name]
    changed = revising.changed(_plainly(order), past)
    text = revising.text_of(past)
    differs = {key for key in changed if changed[key] != past.args.get(key)}
    made = [ref.handle for ref in outcome.refs if ref.kind == argument]
    if not differs or len(made) != 1 or (argument == "message" and differs != {text}):
        raise NotAnOrder(past.name)
    more = _added(changed.get(text, ""), past.args.get(text, ""))
    if more and argument == "message":  # it was read already
        return [step(order, past.name, {**past.args, text: more})]
    anew = step(order, past.name, _headed(changed, past, text))
    return [step(order, name, {argument: made[0]}), anew]  # the new one last: "it" is that one from then on


def _headed(args: dict[str, Any], past: Past, text: str) -> dict[str, Any]:
    """The arguments with a subject from the new text, where nobody gave one to the old."""
    before = past.args
    if not args.get(text) or "subject" not in args or args["subject"] != acting.opening(str(before[text])):
        return args
    return args if _added(args[text], str(before[text])) else {**args, "subject": acting.opening(args[text])}


def _plainly(order: Order) -> Order:
    """The words without what one begins a correction with, as long as something is left."""
    row = order.line.row
    led = next((i for i, word in enumerate(row) if word not in _OOPS or row[i : i + 1] == ("add",)), 0)
    return replace(order, clause=order.without(range(led))) if led else order


def _document(order: Order, past: Past, outcome: Outcome) -> Step:
    """More text at the end of the document, or other words in it."""
    made = [ref.handle for ref in outcome.refs if ref.kind == "file"]
    file = str(past.args.get("document", "")) or (made[0] if len(made) == 1 else "")
    before = str(past.args.get("content", ""))
    text = revising.text_said(_plainly(order), replace(past, args={**past.args, "content": before or " "}))
    more = _added(text, before or " ")
    if not file or not more:
        raise NotAnOrder(past.name)
    told: dict[str, Any] = {"document": file, "content": more, "mode": "append"}
    return step(order, "update_document", told)


def _added(text: str, before: str) -> str:
    """What stands behind the text as it was; "" where that gave way."""
    return text.removeprefix(f"{before}\n\n") if text.startswith(f"{before}\n\n") else ""
