"""The model, with the tools bound. Law: every call left open is answered before a model is asked anything,
and every page of a permission closed.

A call answered by somebody else than the graph was left open.
"""

from __future__ import annotations

import asyncio
from itertools import chain, count
from typing import Any

from langchain_core.messages import (
    AIMessage,
    AnyMessage,
    ToolCall,
    ToolMessage,
)
from langgraph.runtime import Runtime

from graphs import briefing, briefing_page, prompts, undo
from graphs.act_write import told
from graphs.asking import Asking
from graphs.call import not_executed
from graphs.consent import let_go
from graphs.context import Context
from graphs.effect import Carrier
from graphs.errors import ModelFailed
from graphs.genuine import genuine
from graphs.node import Node, options, thread_of
from graphs.parts import Parts
from graphs.past import known, short
from graphs.state import State, calls_of, in_call_order, orphans, this_turn


def route(parts: Parts) -> Node:
    asking = Asking(parts)

    async def node(state: State, *, runtime: Runtime[Context]) -> dict[str, Any]:
        await let_go(parts, thread_of(runtime))
        messages = await genuine(parts, thread_of(runtime), state["messages"])
        healed = [await _healed(parts, runtime, state, call) for call in orphans(messages)]
        messages = in_call_order(messages, [*healed])
        if _rounds(messages) >= parts.limits.rounds_per_turn:
            return {"messages": [*healed, AIMessage(_out_of_rounds(parts, messages))]}
        if _is_briefing(messages):
            return {"messages": [*healed, await briefed(parts, runtime, messages)]}
        if undone := undo.done(messages):
            return {"messages": [*healed, undone]}
        return {"messages": [*healed, await _reply(parts, asking, runtime, messages, state)]}

    return node


async def _healed(parts: Parts, runtime: Runtime[Context], state: State, call: ToolCall) -> ToolMessage:
    """The answer to a call that was left open; of a write that was begun, how it really ended."""
    node = parts.registry.node_of(call["name"])
    row = await asyncio.to_thread(parts.ledger.of_call, parts.user, thread_of(runtime), call["id"] or "")
    if row is None or node is None:
        return not_executed(call, prompts.NOT_EXECUTED)
    ended = await asyncio.to_thread(Carrier(parts).settle, row)
    return told(call, node, row, ended, state.get("handles", {}))[0]


def _rounds(messages: list[AnyMessage]) -> int:
    return sum(1 for m in this_turn(messages) if isinstance(m, AIMessage) and m.tool_calls)


def _out_of_rounds(parts: Parts, messages: list[AnyMessage]) -> str:
    leads = [m.artifact["lead"] for m in this_turn(messages) if isinstance(m, ToolMessage) and "lead" in m.artifact]
    found = "".join(f"\n- {short(lead)}" for lead in dict.fromkeys(leads)) or prompts.FOUND_NOTHING
    return prompts.OUT_OF_ROUNDS.format(rounds=parts.limits.rounds_per_turn, found=found)


def _is_briefing(messages: list[AnyMessage]) -> bool:
    """The turn made the calls of a briefing and no other, and has not been answered."""
    calls = calls_of(this_turn(messages))
    return bool(calls) and all(briefing.is_part(call["id"] or "") for call in calls)


async def briefed(parts: Parts, runtime: Runtime[Context], messages: list[AnyMessage]) -> AIMessage:
    """The page made of what the calls of this turn found."""
    thread, turn = thread_of(runtime), this_turn(messages)
    results = await asyncio.to_thread(lambda: [parts.results.get(thread, c["id"] or "") for c in calls_of(turn)])
    failed = [m.artifact for m in turn if isinstance(m, ToolMessage) and m.artifact["status"] != "ok"]
    gaps = [briefing.Gap(tool=a["tool"], what=a["what"], next=a["next"]) for a in failed]
    gaps += [briefing.Gap(tool=r.tool, what=what, next="") for r in results if r for what in r.missing]
    page = briefing.composed(
        (told for result in results if result for told in result.lines),
        gaps,
        parts.now(),
    )
    return AIMessage(briefing_page.text(page), response_metadata={"briefing": page.model_dump(mode="json")})


async def _reply(
    parts: Parts, asking: Asking, runtime: Runtime[Context], messages: list[AnyMessage], state: State
) -> AIMessage:
    thread = thread_of(runtime)
    try:
        if options(runtime).briefing:
            return await asyncio.to_thread(_as_calls, parts, thread, state, messages, briefing.asked())
        if options(runtime).undo and not calls_of(this_turn(messages)):
            undoing = await asyncio.to_thread(undo.proposed, parts, options(runtime).undo, state.get("handles", {}))
            return await asyncio.to_thread(_as_calls, parts, thread, state, messages, undoing)
        reply = await asking.reply(thread, options(runtime).model, messages, known(state))
    except ModelFailed as error:
        return failed_reply(error)
    return await asyncio.to_thread(_as_calls, parts, thread, state, messages, reply)


def _as_calls(parts: Parts, thread: str, state: State, messages: list[AnyMessage], reply: AIMessage) -> AIMessage:
    """The reply with the calls a briefing takes, every call under an id of its own.

    Some servers number their calls from zero in every answer; in a thread an id names one call, also where it was made
    in a turn that left the state.
    """
    whole = briefing.expanded(reply, parts.registry, parts.now())
    used = {call["id"] or "" for call in calls_of(messages)}
    calls = []
    for call in whole.tool_calls:
        wanted = call["id"] or "call"
        names = chain([wanted], (f"{wanted}-{number}" for number in count(2 + known(state)["calls"])))
        free = next(name for name in names if name not in used and not _kept(parts, thread, name))
        used.add(free)
        calls.append({**call, "id": free})
    return whole.model_copy(update={"tool_calls": calls})


def _kept(parts: Parts, thread: str, call: str) -> bool:
    return parts.results.knows(thread, call) or parts.ledger.of_call(parts.user, thread, call) is not None


def failed_reply(error: ModelFailed) -> AIMessage:
    """The answer of a turn whose model gave none."""
    told = {"who": "model", "what": error.what, "next": error.next}
    return AIMessage(f"{error.what} {error.next}", response_metadata={"failed": told})
