"""A read node: picks its own pending calls, runs them at once, and puts what they found where it belongs.

Law: the model is given bounded, fenced text; the screen's blocks and the data are kept by reference.
"""

from __future__ import annotations

import asyncio
from typing import Any

from langchain_core.messages import ToolCall, ToolMessage
from langgraph.runtime import Runtime

from graphs import prompts
from graphs.authorize import account_for, told_account
from graphs.briefing import Told
from graphs.call import Failure, Prepared, answer_to, carried_out, dropped, named, prepare, shown_as
from graphs.context import Context
from graphs.node import Node, thread_of
from graphs.parts import Parts, Result
from graphs.state import Handled, State, pending
from tools.base import Finding, ToolNode
from tools.errors import BadArgument
from tools.view import Note


def act(parts: Parts, node: ToolNode) -> Node:
    names = frozenset(tool.name for tool in node.tools)

    async def run(state: State, *, runtime: Runtime[Context]) -> dict[str, Any]:
        mine = [call for call in pending(state["messages"]) if call["name"] in names]
        account = account_for(runtime, node.connection)
        told = await asyncio.to_thread(told_account, parts, node.connection, account) if mine else ""
        found = await asyncio.gather(*(_one(parts, state, runtime, account, call) for call in mine))
        handles: dict[str, Handled] = {}
        messages: list[ToolMessage] = []
        sources: list[str] = []
        for call, outcome in zip(mine, found, strict=True):
            if isinstance(outcome, Failure):
                messages.append(await _failed(parts, node, runtime, call, outcome))
                continue
            known = {**state.get("handles", {}), **handles}
            message, fresh = await _found(parts, node, runtime, call, outcome, known, told)
            messages.append(message)
            handles |= fresh
            sources += [f"{s.kind} {s.id}" for s in outcome.sources() if s.trust == "untrusted"]
        return {"messages": messages, "handles": handles, "sources": sources}

    return run


async def _one(
    parts: Parts, state: State, runtime: Runtime[Context], account: str, call: ToolCall
) -> Finding | Failure:
    try:
        prepared = prepare(parts, state.get("handles", {}), call)
    except BadArgument as error:
        return Failure(error.what, error.next)
    tell = _Teller(runtime, prepared)
    tell("started")
    outcome = await carried_out(parts, account, prepared, tell.progress)
    tell("failed" if isinstance(outcome, Failure) else "worked")
    return outcome


class _Teller:
    """Tells whoever watches the run what a call is doing."""

    def __init__(self, runtime: Runtime[Context], prepared: Prepared) -> None:
        self._write = runtime.stream_writer
        self._about = {"call": prepared.call["id"], "node": prepared.node.name, "tool": prepared.tool.name}

    def __call__(self, event: str, **facts: object) -> None:
        self._write({"event": event, **self._about, **facts})

    def progress(self, done: int, total: int | None, what: str) -> None:
        self("progress", done=done, total=total, text=what)


async def _failed(
    parts: Parts, node: ToolNode, runtime: Runtime[Context], call: ToolCall, failure: Failure
) -> ToolMessage:
    lead = f"{failure.what} {failure.next}"
    result = Result(tool=call["name"], node=node.name, effect=node.effect, status="failed", lead=lead)
    await asyncio.to_thread(parts.results.put, thread_of(runtime), call["id"] or "", result)
    return dropped(call, failure)


async def _found(
    parts: Parts,
    node: ToolNode,
    runtime: Runtime[Context],
    call: ToolCall,
    finding: Finding,
    known: dict[str, Handled],
    account: str,
) -> tuple[ToolMessage, dict[str, Handled]]:
    """`account` is that which was used, where it has to be said."""
    refs = finding.refs()
    name, fresh = named(refs, node.mints, known)
    lead = finding.lead(name)
    result = Result(
        tool=call["name"],
        node=node.name,
        effect=node.effect,
        status="ok",
        lead=lead,
        view=((Note(text=account, tone="dim"),) if account else ()) + finding.view(name),
        data=finding.model_dump(mode="json"),
        sources=finding.sources(),
        lines=tuple(Told(line=line, handle=name(line.ref) if line.ref else "") for line in finding.lines()),
        missing=finding.missing(),
    )
    await asyncio.to_thread(parts.results.put, thread_of(runtime), call["id"] or "", result)
    runtime.stream_writer({"event": "finished", "call": call["id"], "node": node.name, "tool": call["name"]})
    text = prompts.fenced(prompts.bounded(finding.text(name), parts.limits.result_chars), call["id"] or "")
    text = f"({account})\n{text}" if account else text
    told = [shown_as(ref, name) for ref in refs]
    return answer_to(call, text, "ok", node=node.name, effect=node.effect, lead=lead, refs=told), fresh
