"""The shape of a node function, as LangGraph calls it."""

from __future__ import annotations

from typing import Any, Protocol

from langgraph.runtime import Runtime

from graphs.context import Context
from graphs.state import State


class Node(Protocol):
    """Takes the state, gives what is to be added to it."""

    async def __call__(self, state: State, *, runtime: Runtime[Context]) -> dict[str, Any]: ...


def options(runtime: Runtime[Context]) -> Context:
    """What the client set for this run; LangGraph gives None where it set nothing."""
    given: Context | None = runtime.context
    return given if given is not None else Context()


def thread_of(runtime: Runtime[Context]) -> str:
    """The id of the thread this run belongs to."""
    info = runtime.execution_info
    return (info.thread_id if info else None) or ""


def pause_of(runtime: Runtime[Context]) -> str:
    """Names this run of this node: the same after an interrupt is answered, another one everywhere else."""
    info = runtime.execution_info
    return f"{info.thread_id} {info.task_id}" if info else ""
