"""How near a new model's way through a conversation comes to the recorded one. Law: counted, not judged.

"same": the same calls with the same arguments, in order. "same tools": the arguments differ. "other order", "fewer",
"more" say it of the tools alone; "other" is all that is none of these; "failed": a turn ended without an answer.
agentevals would need a run for each of these words, names no first difference, costs two seconds of imports, and has
had no release since July 2025: so it is done here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, Literal

from app.tapes.tape import Step, Tape

Nearness = Literal["same", "same tools", "other order", "fewer", "more", "other", "failed"]


@dataclass(frozen=True)
class Compared:
    """One tape under another model. `recorded` and `now` are the numbers of calls; `first` is where they part."""

    path: str
    steps: int
    recorded: int
    now: int
    nearness: Nearness
    first: str

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def compare(path: str, before: Tape, after: Tape) -> Compared:
    then, now = _calls(before), _calls(after)
    near = nearness(then, now)
    failed = any(step.ends == "failed" for step in after.steps) and not any(s.ends == "failed" for s in before.steps)
    return Compared(path, len(before.steps), len(then), len(now), "failed" if failed else near, _parting(then, now))


def nearness(then: list[tuple[str, Any]], now: list[tuple[str, Any]]) -> Nearness:
    """Of two lists of calls (tool, arguments)."""
    if then == now:
        return "same"
    tools, new = [tool for tool, _ in then], [tool for tool, _ in now]
    if tools == new:
        return "same tools"
    left, right = Counter(tools), Counter(new)
    if left == right:
        return "other order"
    if right < left:
        return "fewer"
    return "more" if left < right else "other"


def _calls(tape: Tape) -> list[tuple[str, Any]]:
    return [(call.tool, call.args) for step in tape.steps for call in _proposed(step)]


def _proposed(step: Step) -> list[Any]:
    return [call for reply in step.model for call in reply.calls]


def _parting(then: list[tuple[str, Any]], now: list[tuple[str, Any]]) -> str:
    """The first call that is another."""
    for number in range(max(len(then), len(now))):
        before, after = (_shown(calls[number]) if number < len(calls) else "no call" for calls in (then, now))
        if before != after:
            return f"{before} -> {after}"
    return ""


def _shown(call: tuple[str, Any]) -> str:
    tool, args = call
    return f"{tool}({', '.join(f'{k}={v!r}' for k, v in sorted(args.items()))})"
