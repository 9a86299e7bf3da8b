"""Before the reads: what does not fit drops out, and what lacks a permission is told or asked for.

Law: nothing is carried out here and no lease is kept; the tool node takes its own when it acts.
"""

from __future__ import annotations

from typing import Any

from langchain_core.messages import ToolCall, ToolMessage
from langgraph.runtime import Runtime

from auth.broker import Linking
from auth.capability import Capability
from graphs import prompts
from graphs.call import Failure, Prepared, dropped, needed_to_propose, not_executed, prepare
from graphs.consent import permitted
from graphs.context import Context
from graphs.node import Node, options
from graphs.parts import Parts
from graphs.state import State, calls_of, pending, this_turn
from tools.errors import BadArgument


def authorize_reads(parts: Parts) -> Node:
    async def node(state: State, *, runtime: Runtime[Context]) -> dict[str, Any]:
        answers: dict[str, ToolMessage] = {}
        wanted: dict[str, tuple[str, Capability]] = {}
        calls = {call["id"] or "": call for call in reads(parts, state)}
        for name, call in calls.items():
            prepared = fitting(parts, state, call)
            if isinstance(prepared, ToolMessage):
                answers[name] = prepared
            else:
                account = account_for(runtime, prepared.node.connection)
                wanted[name] = (account, needed_to_propose(prepared))
        outcome = await permitted(parts, wanted, runtime, state.get("problem", ""))
        answers |= {name: dropped(calls[name], failure) for name, failure in outcome.failures.items()}
        return {"messages": [*answers.values()], "asking": bool(outcome.problem), "problem": outcome.problem}

    return node


def reads(parts: Parts, state: State) -> list[ToolCall]:
    """The pending calls that are not writes; a call of an unknown tool counts as one, to be answered."""
    return [call for call in pending(state["messages"]) if not is_write(parts, call)]


def writes(parts: Parts, state: State) -> list[ToolCall]:
    return [call for call in pending(state["messages"]) if is_write(parts, call)]


def is_write(parts: Parts, call: ToolCall) -> bool:
    node = parts.registry.node_of(call["name"])
    return node is not None and node.effect == "write"


def fitting(parts: Parts, state: State, call: ToolCall) -> Prepared | ToolMessage:
    """The call with its handles resolved, or the answer to one that drops out."""
    so_far = [c["id"] for c in calls_of(this_turn(state["messages"]))]
    if so_far.index(call["id"]) >= parts.limits.calls_per_turn:
        return not_executed(call, prompts.TOO_MANY_CALLS.format(limit=parts.limits.calls_per_turn))
    try:
        return prepare(parts, state.get("handles", {}), call)
    except BadArgument as error:
        return dropped(call, Failure(error.what, error.next))


def account_for(runtime: Runtime[Context], connection: str) -> str:
    """The account the run is to use, "" for the default one."""
    return options(runtime).accounts.get(connection, "")


def told_account(parts: Parts, connection: str, account: str) -> str:
    """Which account is used, in words, where more than one is linked and it so has to be said; else ""."""
    broker = parts.broker
    if not connection or not isinstance(broker, Linking) or len(broker.accounts(parts.user, connection)) < 2:
        return ""
    return f"{connection}: {account or broker.account(parts.user, connection)}"
