"""The model, with the tools bound. Law: every call left open is answered before a model is asked anything.

A call answered by somebody else than the graph was left open.
"""

from __future__ import annotations

import asyncio
from itertools import chain, count
from typing import Any

from langchain_core.messages import (
    AIMessage,
    AnyMessage,
    BaseMessage,
    SystemMessage,
    ToolCall,
    ToolMessage,
)
from langchain_core.messages.utils import count_tokens_approximately
from langgraph.runtime import Runtime

from graphs import briefing, briefing_page, prompts, undo
from graphs.act_write import told
from graphs.call import not_executed
from graphs.context import Context
from graphs.effect import Carrier
from graphs.errors import ModelFailed
from graphs.genuine import genuine
from graphs.node import Node, options, thread_of
from graphs.parts import Parts
from graphs.past import known, line, turns, within
from graphs.state import Past, State, calls_of, in_call_order, orphans, this_turn
from tools.base import Tool


def route(parts: Parts) -> Node:
    async def node(state: State, *, runtime: Runtime[Context]) -> dict[str, Any]:
        messages = await genuine(parts, thread_of(runtime), state["messages"])
        healed = [await _healed(parts, runtime, state, call) for call in orphans(messages)]
        messages = in_call_order(messages, [*healed])
        if _rounds(messages) >= parts.limits.rounds_per_turn:
            text = prompts.OUT_OF_ROUNDS.format(rounds=parts.limits.rounds_per_turn)
            return {"messages": [*healed, AIMessage(text)]}
        if _is_briefing(messages):
            return {"messages": [*healed, await briefed(parts, runtime, messages)]}
        return {"messages": [*healed, await _reply(parts, runtime, messages, state)]}

    return node


async def _healed(parts: Parts, runtime: Runtime[Context], state: State, call: ToolCall) -> ToolMessage:
    """The answer to a call that was left open; of a write that was begun, how it really ended."""
    node = parts.registry.node_of(call["name"])
    row = parts.ledger.of_call(parts.user, thread_of(runtime), call["id"] or "")
    if row is None or node is None:
        return not_executed(call, prompts.NOT_EXECUTED)
    ended = await asyncio.to_thread(Carrier(parts).settle, row)
    return told(call, node, row, ended, state.get("handles", {}))[0]


def _rounds(messages: list[AnyMessage]) -> int:
    return sum(1 for m in this_turn(messages) if isinstance(m, AIMessage) and m.tool_calls)


def _is_briefing(messages: list[AnyMessage]) -> bool:
    """The turn made the calls of a briefing and no other, and has not been answered."""
    calls = calls_of(this_turn(messages))
    return bool(calls) and all(briefing.is_part(call["id"] or "") for call in calls)


async def briefed(parts: Parts, runtime: Runtime[Context], messages: list[AnyMessage]) -> AIMessage:
    """The page made of what the calls of this turn found."""
    thread, turn = thread_of(runtime), this_turn(messages)
    results = [parts.results.get(thread, call["id"] or "") for call in calls_of(turn)]
    failed = [m.artifact for m in turn if isinstance(m, ToolMessage) and m.artifact["status"] != "ok"]
    page = briefing.composed(
        (told for result in results if result for told in result.lines),
        [briefing.Gap(tool=a["tool"], what=a["what"], next=a["next"]) for a in failed],
        parts.now(),
    )
    return AIMessage(briefing_page.text(page), response_metadata={"briefing": page.model_dump(mode="json")})


async def _reply(parts: Parts, runtime: Runtime[Context], messages: list[AnyMessage], state: State) -> AIMessage:
    thread = thread_of(runtime)
    try:
        if options(runtime).briefing:
            return _as_calls(parts, thread, state, messages, briefing.asked())
        if options(runtime).undo and not calls_of(this_turn(messages)):
            undoing = undo.proposed(parts, options(runtime).undo, state.get("handles", {}))
            return _as_calls(parts, thread, state, messages, undoing)
        offered = (*parts.registry.tools, *briefing.offered(parts.registry))
        menu = [menu_entry(tool) for tool in offered]
        model = parts.models.chat(options(runtime).model).bind_tools(menu)
        reply = await model.ainvoke(shown(parts, messages, known(state)))
    except ModelFailed as error:
        return failed_reply(error)
    except parts.models.faults as error:
        return failed_reply(parts.models.explain(error))
    if not isinstance(reply, AIMessage):
        raise TypeError(f"the chat model answered with {type(reply).__name__}")
    return _as_calls(parts, thread, state, messages, reply)


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


def menu_entry(tool: Tool) -> dict[str, Any]:
    """A tool as chat models take it (OpenAI's function format)."""
    schema = tool.arguments.model_json_schema()
    schema.pop("title", None)
    return {
        "type": "function",
        "function": {"name": tool.name, "description": tool.description, "parameters": schema},
    }


def shown(parts: Parts, messages: list[AnyMessage], past: Past) -> list[BaseMessage]:
    """What the model is given: the system text, as many turns as fit, and this turn whole.

    Of the turns that do not fit, and of those in `past`, the system text has a line each, as far as these fit.
    """
    *before, turn = turns(messages)
    room = parts.limits.history_tokens - count_tokens_approximately(turn)
    whole: list[list[AnyMessage]] = []
    while before and (room := room - count_tokens_approximately(before[-1])) >= 0:
        whole.insert(0, before.pop())
    lines = within([*past["lines"], *map(line, before)], parts.limits.summary_tokens)
    text = prompts.system(parts.registry, parts.now(), parts.zone.key)
    system = SystemMessage(text + prompts.earlier(lines, past["turns"] + len(before)))
    return [system, *chain.from_iterable(whole), *turn]
