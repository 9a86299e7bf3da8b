"""What was just written, put otherwise: a draft or a post gives way to another one, a document gets more text.

Law: the old one goes on the same card on which the new one stands; a mail that was sent stays as it was sent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.offline.orders import revising
from app.offline.orders.order import NotAnOrder, Order, step
from app.offline.plan import Step
from app.offline.thread import Outcome, Past

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
    changed = revising.changed(revising.plainly(order), past)
    text = revising.text_of(past)
    differs = {key for key in changed if changed[key] != past.args.get(key)}
    made = [ref.handle for ref in outcome.refs if ref.kind == argument]
    if not differs or len(made) != 1 or (argument == "message" and differs != {text}):
        raise NotAnOrder(past.name)
    more = _added(changed.get(text, ""), past.args.get(text, ""))
    if more and argument == "message":  # it was read already
        return [step(order, past.name, {**past.args, text: more})]
    anew = step(order, past.name, changed)
    return [step(order, name, {argument: made[0]}), anew]  # the new one last: "it" is that one from then on


def _document(order: Order, past: Past, outcome: Outcome) -> Step:
    """More text at the end of the document, or other words in it."""
    made = [ref.handle for ref in outcome.refs if ref.kind == "file"]
    file = str(past.args.get("document", "")) or (made[0] if len(made) == 1 else "")
    before = str(past.args.get("content", ""))
    text = revising.text_said(revising.plainly(order), replace(past, args={**past.args, "content": before or " "}))
    more = _added(text, before or " ")
    if not file or not more:
        raise NotAnOrder(past.name)
    told: dict[str, Any] = {"document": file, "content": more, "mode": "append"}
    return step(order, "update_document", told)


def _added(text: str, before: str) -> str:
    """What stands behind the text as it was; "" where that gave way."""
    return text.removeprefix(f"{before}\n\n") if text.startswith(f"{before}\n\n") else ""
