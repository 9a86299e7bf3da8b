"""The call that takes a done write back. Law: it is a write like any other, and asked about like any other.

What was taken back is not taken back twice, until the taking back is itself taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, ToolCall, ToolMessage

from graphs import prompts
from graphs.errors import ModelFailed
from graphs.ledger import Effect
from graphs.parts import Parts
from graphs.state import Handled, calls_of, this_turn
from tools.base import Ref
from tools.write import REF, REFS, Receipt

MARK = "undo-"
EVER, LOOKED_AT = 1000, 30
"""Of what was done: how much is gone through where a person asks for it, and at every other proposal."""


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
    if taker := taken_back(parts.ledger.rows(parts.user, "done", limit=EVER)).get(id):
        what = row.receipt.what.rstrip(".")
        raise ModelFailed(prompts.TAKEN_BACK.format(what=what), prompts.DO_AGAIN.format(id=taker))
    undo = row.receipt.undo
    if undo is None:
        what = row.receipt.what.rstrip(".")
        raise ModelFailed(prompts.NO_UNDO.format(what=what), "Open it at the service, and change it there.")
    args = {name: _filled(value, row, handles) for name, value in undo.args.items()}
    return AIMessage("", tool_calls=[{"name": undo.tool, "args": args, "id": f"{MARK}{id}"}])


def taken_back(rows: Sequence[Effect]) -> dict[str, str]:
    """Of these rows, the newest first: the id of each done write that does not stand any more, and of what undid it."""
    found: dict[str, str] = {}
    for row in rows:
        if row.stage == "done" and row.proposal.takes_back and row.id not in found:
            found.setdefault(row.proposal.takes_back, row.id)
    return found


def standing(parts: Parts, thread: str) -> list[Effect]:
    """What was done in this conversation and was not taken back, the newest first; a taking back is none of it."""
    rows = parts.ledger.rows(parts.user, "done", limit=EVER)
    gone = taken_back(rows)
    return [r for r in rows if r.proposal.thread == thread and r.id not in gone and not r.proposal.takes_back]


def takes_back(parts: Parts, thread: str, call: ToolCall, handles: Mapping[str, Handled]) -> str:
    """The id of the done write of this thread that the call undoes, whoever proposed it; "" for none."""
    rows = parts.ledger.rows(parts.user, "done", limit=LOOKED_AT)
    gone = taken_back(rows)
    named = (call["id"] or "").removeprefix(MARK).partition("-")[0]
    asked = parts.ledger.get(parts.user, named)
    stand = [
        row for row in (*([asked] if asked else []), *rows) if row.proposal.thread == thread and row.id not in gone
    ]
    return next((row.id for row in stand if _undoes(call, row, handles, by_name=row.id == named)), "")


def _undoes(call: ToolCall, row: Effect, handles: Mapping[str, Handled], *, by_name: bool) -> bool:
    """Whether it is the row's undo to the letter, and about its very thing: by the name of that, or of the row."""
    undo = row.receipt.undo if row.receipt else None
    if undo is None or undo.tool != call["name"] or not (by_name or {REF, REFS} & _words(undo.args.values())):
        return False
    try:
        return {name: _filled(value, row, handles) for name, value in undo.args.items()} == call["args"]
    except ModelFailed:
        return False


def _words(values: Iterable[Any]) -> set[str]:
    """All texts of these values, those in lists too."""
    flat = (one for value in values for one in (value if isinstance(value, list) else [value]))
    return {one for one in flat if isinstance(one, str)}


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
