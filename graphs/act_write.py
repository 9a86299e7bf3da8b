"""A write node: carries out its approved calls, one after the other. Law: success is said only with a receipt."""

from __future__ import annotations

import asyncio
from typing import Any

from langchain_core.messages import ToolCall, ToolMessage
from langgraph.runtime import Runtime

from graphs import prompts
from graphs.call import Failure, answer_to, dropped, named, not_executed, shown_as
from graphs.context import Context
from graphs.effect import Carrier, Done, Ended, NotDone
from graphs.ledger import Effect
from graphs.node import Node, thread_of
from graphs.parts import Parts, Result, Status
from graphs.state import Handled, State, pending
from tools.base import Ref, ToolNode


def act_write(parts: Parts, node: ToolNode) -> Node:
    names = frozenset(tool.name for tool in node.tools)

    async def run(state: State, *, runtime: Runtime[Context]) -> dict[str, Any]:
        known = dict(state.get("handles", {}))
        fresh: dict[str, Handled] = {}
        messages: list[ToolMessage] = []
        for call in [call for call in pending(state["messages"]) if call["name"] in names]:
            message, handles = await _one(parts, node, runtime, call, {**known, **fresh})
            messages.append(message)
            fresh |= handles
        return {"messages": messages, "handles": fresh}

    return run


async def _one(
    parts: Parts, node: ToolNode, runtime: Runtime[Context], call: ToolCall, known: dict[str, Handled]
) -> tuple[ToolMessage, dict[str, Handled]]:
    row = await asyncio.to_thread(parts.ledger.of_call, parts.user, thread_of(runtime), call["id"] or "")
    if row is None or (row.proposal.tool, row.proposal.args) != (call["name"], call["args"]):
        return not_executed(call, prompts.OTHER_BYTES), {}
    about = {"call": call["id"], "node": node.name, "tool": call["name"]}
    runtime.stream_writer({"event": "started", **about})
    was_done = row.stage == "done"
    ended = await asyncio.to_thread(Carrier(parts).carry_out, row)
    message, fresh, result = told(call, node, row, ended, known, again=was_done)
    await asyncio.to_thread(parts.results.put, thread_of(runtime), call["id"] or "", result)
    runtime.stream_writer({"event": "finished" if isinstance(ended, Done) else "failed", **about})
    return message, fresh


def told(
    call: ToolCall, node: ToolNode, row: Effect, ended: Ended, known: dict[str, Handled], *, again: bool = False
) -> tuple[ToolMessage, dict[str, Handled], Result]:
    """The answer to a write call, the handle of what it made, and what is kept of it."""
    base: dict[str, Any] = {"tool": call["name"], "node": node.name, "effect": node.effect}
    if not isinstance(ended, Done):
        message, fresh = _not_done(call, row, ended, known)
        status: Status = "failed" if ended.ran else "not_executed"
        return message, fresh, Result(**base, status=status, lead=f"{ended.what} {ended.next}")
    receipt = ended.receipt
    shown, fresh = _shown(receipt.refs, known)
    lead = prompts.DONE.format(what=receipt.what.rstrip("."), id=row.id, at=receipt.at)
    lead = (prompts.DONE_BEFORE if again else "") + lead
    data = {"receipt": row.id, **receipt.model_dump(mode="json")}
    kept = Result(**base, status="ok", lead=lead, view=receipt.view(), data=data)
    text = prompts.fenced(lead, call["id"] or "")
    more: dict[str, Any] = {"node": node.name, "effect": node.effect, "lead": lead, "refs": shown, "receipt": row.id}
    more |= {"undo": receipt.undo is not None, "takes_back": row.proposal.takes_back}
    return _noted(answer_to(call, text, "ok", **more), row), fresh, kept


def _not_done(
    call: ToolCall, row: Effect, ended: NotDone, known: dict[str, Handled]
) -> tuple[ToolMessage, dict[str, Handled]]:
    """The answer to a call that came to nothing, and the handles of what is left of it."""
    if not ended.ran:
        return not_executed(call, ended.what), {}
    shown, fresh = _shown(ended.left, known)
    message = _noted(dropped(call, Failure(ended.what, ended.next)), row)
    if shown:
        message.content = f"{message.text}\n{prompts.LEFT.format(handles=', '.join(one['handle'] for one in shown))}"
        message.artifact["refs"] = shown
    return message, fresh


def _shown(refs: tuple[Ref, ...], known: dict[str, Handled]) -> tuple[list[dict[str, Any]], dict[str, Handled]]:
    """The things with their handles, and which handles are new."""
    name, fresh = named(refs, tuple({r.kind for r in refs}), known)
    return [shown_as(ref, name) for ref in refs], fresh


def _noted(message: ToolMessage, row: Effect) -> ToolMessage:
    """The answer, which says so where the person changed the call: its arguments are not those the model gave."""
    if not row.proposal.edited:
        return message
    return message.model_copy(update={"content": f"{message.text}\n{prompts.EDITED}"})
