"""Before the reads: what does not fit drops out, and what lacks a permission is told or asked for.

Law: nothing is carried out here and no lease is kept; the tool node takes its own when it acts.
"""

from __future__ import annotations

from typing import Any

from langchain_core.messages import ToolCall, ToolMessage
from langgraph.runtime import Runtime

from auth.lease import Lease
from auth.need import told
from graphs import prompts
from graphs.call import Failure, dropped, lease, not_executed, prepare
from graphs.context import Context
from graphs.node import Node, options
from graphs.parts import Parts
from graphs.state import State, calls_of, pending, this_turn
from tools.errors import BadArgument


def authorize_reads(parts: Parts) -> Node:
    async def node(state: State, *, runtime: Runtime[Context]) -> dict[str, Any]:
        answers = [await _settled(parts, state, runtime, call) for call in reads(parts, state)]
        return {"messages": [answer for answer in answers if answer is not None]}

    return node


def reads(parts: Parts, state: State) -> list[ToolCall]:
    """The pending calls that are not writes; a call of an unknown tool counts as one, to be answered."""
    return [call for call in pending(state["messages"]) if not is_write(parts, call)]


def writes(parts: Parts, state: State) -> list[ToolCall]:
    return [call for call in pending(state["messages"]) if is_write(parts, call)]


def is_write(parts: Parts, call: ToolCall) -> bool:
    node = parts.registry.node_of(call["name"])
    return node is not None and node.effect == "write"


async def _settled(parts: Parts, state: State, runtime: Runtime[Context], call: ToolCall) -> ToolMessage | None:
    """The answer to a call that drops out, None for one that may go on."""
    so_far = [c["id"] for c in calls_of(this_turn(state["messages"]))]
    if so_far.index(call["id"]) >= parts.limits.calls_per_turn:
        return not_executed(call, prompts.TOO_MANY_CALLS.format(limit=parts.limits.calls_per_turn))
    try:
        prepared = prepare(parts, state.get("handles", {}), call)
    except BadArgument as error:
        return dropped(call, Failure(error.what, error.next))
    permission = await lease(parts, account_for(runtime, prepared.node.connection), prepared)
    return None if isinstance(permission, Lease) else dropped(call, Failure(*told(permission)))


def account_for(runtime: Runtime[Context], connection: str) -> str:
    """The account the run is to use, "" for the default one."""
    return options(runtime).accounts.get(connection, "")
