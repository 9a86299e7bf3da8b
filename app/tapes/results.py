"""What the calls of turns gave, kept in memory. Law: as `app/storage.py` keeps it, for as long as one process lives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from langchain_core.messages import AnyMessage

from graphs.parts import Result


@dataclass
class MemoryResults:
    """The results, the calls that are bound to their messages, and the turns that left the state."""

    kept: dict[tuple[str, str], Result] = field(default_factory=dict)
    marks: set[tuple[str, str, str]] = field(default_factory=set)
    turns: dict[tuple[str, int], list[AnyMessage]] = field(default_factory=dict)

    def put(self, thread: str, call: str, result: Result) -> None:
        self.kept[(thread, call)] = result

    def get(self, thread: str, call: str) -> Result | None:
        return self.kept.get((thread, call))

    def knows(self, thread: str, call: str) -> bool:
        return (thread, call) in self.kept

    def bind(self, thread: str, digests: Mapping[str, str]) -> None:
        self.marks |= {(thread, call, digest) for call, digest in digests.items()}

    def bound(self, thread: str, digests: Mapping[str, str]) -> set[str]:
        return {call for call, digest in digests.items() if (thread, call, digest) in self.marks}

    def leave(self, thread: str, number: int, turn: Sequence[AnyMessage]) -> None:
        self.turns[(thread, number)] = list(turn)

    def left(self, thread: str) -> list[list[AnyMessage]]:
        return [turn for (name, _), turn in sorted(self.turns.items(), key=lambda kept: kept[0]) if name == thread]
