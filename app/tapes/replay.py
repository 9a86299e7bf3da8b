"""Replays a tape and says how the replay differs. Law: strict; what is unexpected, unmatched or left over fails.

A replay is recorded as the conversation was, and the two tapes are compared.
"""

from __future__ import annotations

import difflib
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from langchain_core.messages import HumanMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from app.tapes.graph_heard import HeardGraph
from app.tapes.played import limits, parts_of
from app.tapes.player import Player
from app.tapes.recorder import Recorder
from app.tapes.tape import Step, Tape
from app.tapes.tape_error import BrokenOff, TapeError, Unexpected
from app.tapes.tape_file import dumped
from graphs.assistant import assistant
from graphs.context import Context
from graphs.parts import Parts

INSIDE = {"model", "writes", "permissions", "settled"}
"""What came in during a step, and is no outcome of it."""


@dataclass(frozen=True)
class Replayed:
    """What a replay came to: the tape as it would be recorded now, and what is not as before.

    Not `whole`: it asked for something the tape does not hold, and ended there.
    """

    tape: Tape
    problems: tuple[str, ...]
    diff: str
    whole: bool = True

    @property
    def same(self) -> bool:
        return not self.problems and not self.diff


async def replay(tape: Tape, *, near: bool = False) -> Replayed:
    """Replay from the tape alone. `near` as the player has it: for a tape whose words were changed, of which the
    replay's own tape says what is sent now. Raises TapeError for a tape that has no exchanges.
    """
    if tape.source != "recorded":
        raise TapeError(
            "The tape was made from a stored thread and holds no exchanges with services.",
            "Replay it with --depth tools.",
        )
    player = Player(tape, near)
    recorder, whole = blank(tape, player), True
    with tempfile.TemporaryDirectory() as folder:
        parts = recorder.parts(parts_of(player, Path(folder)))
        graph = heard(parts, recorder)
        for number, step in enumerate(tape.steps, 1):
            player.enter(number, step)
            if step.anew:
                recorder.renew()
            whole = await stepped(graph, tape, step, player)
            if not whole:
                break
            player.leave()
        recorder.end()
    return replace(compared(tape, recorder.tape, player.problems), whole=whole)


def blank(tape: Tape, player: Player) -> Recorder:
    """A recorder of the replay, with the tape's facts."""
    empty = tape.model_copy(update={"steps": [], "exchanges": []})
    return Recorder(empty, lambda grown: None, player.now)


def heard(parts: Parts, recorder: Recorder) -> Any:
    return HeardGraph(assistant(parts).compile(checkpointer=InMemorySaver()), recorder)


async def stepped(graph: Any, tape: Tape, step: Step, player: Player) -> bool:
    """Do what the person did; False where the replay cannot go on."""
    try:
        await run(graph, tape, given(step), step)
    except BrokenOff:
        return True
    except Unexpected:
        return False
    except Exception:  # noqa: BLE001 - a bug; it stands in the replay's tape, and is compared with what was recorded
        return True
    return True


def given(step: Step) -> Any:
    """What is sent into the graph for this step."""
    if step.person is not None:
        return {"messages": [HumanMessage(step.person)]}
    return None if step.carries_on else Command(resume=step.decision)


async def run(graph: Any, tape: Tape, what: Any, step: Step) -> None:
    """One run of the graph on the tape's thread."""
    config = {"configurable": {"thread_id": tape.thread}, "recursion_limit": limits(tape.limits).recursion}
    options: dict[str, Any] = dict(step.options)
    async for _ in graph.astream(what, config, context=Context(**options), stream_mode=["updates"], durability="sync"):
        pass


def compared(before: Tape, after: Tape, problems: list[str], *, bytewise: bool = True) -> Replayed:
    """What is not as before. Not `bytewise`: services may choose other ids, so the digests of plans are left out."""
    told = (story(before, bytewise), story(after, bytewise))
    if before.source != "recorded":
        told = (_kept(before), _kept(after))
    lines = difflib.unified_diff(*told, "recorded", "replayed", lineterm="", n=2)
    return Replayed(after, tuple(problems), "\n".join(lines))


def story(tape: Tape, bytewise: bool = True) -> list[str]:
    """The conversation without what came in from outside, line by line."""
    steps = [{"step": n, **_outcome(step, bytewise)} for n, step in enumerate(tape.steps, 1)]
    return dumped(steps).splitlines()


def _kept(tape: Tape) -> list[str]:
    """What a stored thread says of a conversation: the calls, and how the turns ended."""
    calls = [(call.tool, call.args, call.status) for step in tape.steps for call in step.calls]
    return dumped([[*map(list, calls)], [step.answer for step in tape.steps if step.answer]]).splitlines()


def _outcome(step: Step, bytewise: bool) -> dict[str, Any]:
    told: dict[str, Any] = step.model_dump(mode="json", exclude_defaults=True, exclude=INSIDE)
    for item in (told.get("asked") or {}).get("items", []) if not bytewise else []:
        item.pop("digest", None)
    return told
