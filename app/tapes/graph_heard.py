"""The compiled graph, with a recorder that is told what is sent in and how it ended.

Law: it runs as it would without; what is recorded of the end is what the graph kept.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import AsyncCallbackHandler
from langchain_core.messages import AIMessage

from app.tapes.bugs import raised
from app.tapes.tape_error import Unexpected
from graphs.context import Context
from graphs.state import this_turn

if TYPE_CHECKING:
    from app.tapes.recorder import Recorder


class HeardGraph:
    """Stands in for the graph that a Valet holds."""

    def __init__(self, graph: Any, recorder: Recorder) -> None:
        self._graph, self._recorder = graph, recorder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._graph, name)

    async def astream(self, given: Any, config: dict[str, Any], *, context: Context, **more: Any) -> AsyncIterator[Any]:
        if config["configurable"]["thread_id"] != self._recorder.tape.thread:
            async for part in self._graph.astream(given, config, context=context, **more):
                yield part
            return
        self._recorder.begin(**_begun(given), options=_options(context))
        listening = {**config, "callbacks": [_Passing(self._recorder)]}
        try:
            async for part in self._graph.astream(given, listening, context=context, **more):
                yield part
        except Unexpected:
            self._recorder.end()  # the tape's doing; the replay says what was not on it
            raise
        except Exception as error:
            self._recorder.end(raised=str(raised(error)))
            raise
        self._recorder.end(**ended(await self._graph.aget_state(config), self._recorder))


def ended(state: Any, recorder: Recorder) -> dict[str, Any]:
    """What a step came to."""
    messages = state.values.get("messages", [])
    pending = state.interrupts[0].value if state.interrupts else None
    last = this_turn(messages)[-1] if messages else None
    answer = last.text if isinstance(last, AIMessage) and pending is None else ""
    failed = isinstance(last, AIMessage) and "failed" in last.response_metadata
    return {
        "calls": recorder.told.calls(messages),
        "asked": pending["valet"] if pending else None,
        "answer": answer,
        "ends": "waiting" if pending else "failed" if failed else "answered",
    }


def _begun(given: Any) -> dict[str, Any]:
    if given is None:
        return {"carries_on": True}
    if isinstance(given, dict):
        return {"person": given["messages"][-1].text}
    return {"decision": given.resume}


def _options(context: Context) -> dict[str, Any]:
    usual = asdict(Context())
    return {name: value for name, value in asdict(context).items() if value != usual[name]}


class _Passing(AsyncCallbackHandler):
    """Hears which nodes begin, and in which super-step."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    async def on_chain_start(self, serialized: Any, inputs: Any, **about: Any) -> None:
        known = about.get("metadata") or {}
        if about.get("name") and about.get("name") == known.get("langgraph_node"):
            self._recorder.passed(known["langgraph_step"], known["langgraph_node"])
