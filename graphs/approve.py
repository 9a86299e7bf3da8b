"""The gate before every write. Law: there is no road to a write but through here, and what is unclear does not pass."""

from __future__ import annotations

from typing import Any

from langgraph.runtime import Runtime

from graphs import prompts
from graphs.authorize import writes
from graphs.call import not_executed
from graphs.context import Context
from graphs.node import Node
from graphs.parts import Parts
from graphs.state import State


def approve(parts: Parts) -> Node:
    """Without a ledger to bind a decision to, the gate stays shut: every write is answered "not executed"."""

    async def node(state: State, *, runtime: Runtime[Context]) -> dict[str, Any]:
        shut = [not_executed(call, prompts.NO_APPROVAL.format(name=call["name"])) for call in writes(parts, state)]
        return {"messages": shut}

    return node


def authorize_writes(parts: Parts) -> Node:
    """Lets no write through that `approve` has answered; none is left while the gate is shut."""

    async def node(state: State, *, runtime: Runtime[Context]) -> dict[str, Any]:
        return {"messages": []}

    return node
