"""What of a run belongs to one step: the nodes it passed, and the calls that were answered in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from app.tapes.tape import Call
from graphs.state import calls_of


class Told:
    """`known`: the ids of the calls that were answered in steps before."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known = set(known)
        self._passed: dict[int, list[str]] = {}

    @property
    def path(self) -> list[str]:
        """The nodes by super-step, those of one joined by " + "."""
        return [" + ".join(sorted(nodes)) for _, nodes in sorted(self._passed.items())]

    def begin(self) -> None:
        self._passed = {}

    def passed(self, step: int, node: str) -> None:
        self._passed.setdefault(step, []).append(node)

    def calls(self, messages: Sequence[Any]) -> list[Call]:
        """The calls that were answered since."""
        proposed = {call["id"]: call for call in calls_of(messages)}
        fresh = [m for m in messages if m.type == "tool" and m.tool_call_id not in self._known]
        self._known |= {m.tool_call_id for m in fresh}
        return [
            Call(
                id=m.tool_call_id,
                tool=proposed[m.tool_call_id]["name"],
                args=proposed[m.tool_call_id]["args"],
                status=(m.artifact or {}).get("status", ""),
                told=m.text,
            )
            for m in fresh
        ]
