"""The call that takes a done write back. Law: it is a write like any other, and asked about like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, ToolMessage

from graphs import prompts
from graphs.errors import ModelFailed
from graphs.ledger import Effect
from graphs.parts import Parts
from graphs.state import Handled, calls_of, this_turn
from tools.base import Ref
from tools.write import REF, REFS, Receipt

MARK = "undo-"


def done(messages: Sequence[AnyMessage]) -> AIMessage | None:
    """The answer of a turn that took something back, which asks no model; None of any other turn."""
    turn = this_turn(messages)
    calls = [call["id"] or "" for call in calls_of(turn)]
    ended = [m.artifact for m in turn if isinstance(m, ToolMessage) and m.artifact and "receipt" in m.artifact]
    if len(calls) != 1 or not calls[0].startswith(MARK) or not ended:
        return None
    return AIMessage(str(ended[0]["lead"]))


def proposed(parts: Parts, id: str, handles: Mapping[str, Handled]) -> AIMessage:  # noqa: A002 - the receipt's own word
    """The message that proposes it. Raises ModelFailed, with what to do, where it cannot be undone."""
    row = parts.ledger.get(parts.user, id)
    if row is None or row.stage != "done" or row.receipt is None:
        raise ModelFailed(prompts.NO_RECEIPT.format(id=id), "`valet receipts` lists what was done.")
    undo = row.receipt.undo
    if undo is None:
        what = row.receipt.what.rstrip(".")
        raise ModelFailed(prompts.NO_UNDO.format(what=what), "Open it at the service, and change it there.")
    args = {name: _filled(value, row, handles) for name, value in undo.args.items()}
    return AIMessage("", tool_calls=[{"name": undo.tool, "args": args, "id": f"{MARK}{id}"}])


def _filled(value: Any, row: Effect, handles: Mapping[str, Handled]) -> Any:
    """The value with the handles of the receipt's things in place of REF and REFS, also inside a list."""
    if isinstance(value, list):
        return [_filled(part, row, handles) for part in value]
    if row.receipt is None or value not in (REF, REFS):
        return value
    found = [_handle_of(ref, row.receipt, handles) for ref in row.receipt.refs]
    return found if value == REFS else next(iter(found), value)


def _handle_of(ref: Ref, receipt: Receipt, handles: Mapping[str, Handled]) -> str:
    found = next((h for h, held in handles.items() if h.startswith(f"{ref.kind}:") and held["id"] == ref.id), None)
    if found is None:
        raise ModelFailed(
            prompts.NO_HANDLE.format(what=receipt.what.rstrip(".")), "Ask for the thing, and change it by its handle."
        )
    return found
