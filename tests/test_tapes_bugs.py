"""Errors that a model or a broker does not declare are on the tape, and a replay raises them again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from app.tapes.played import parts_of
from app.tapes.player import Player
from app.tapes.replay import blank, heard, replay, stepped
from app.tapes.tape import Fault, Tape
from app.tapes.tape_file import parsed, read, text_of
from auth.errors import Unreachable
from graphs.parts import Parts

AGENDA = Path(__file__).parent / "tapes/agenda.tape.yaml"
TOKEN = "ya29.a0AfH6SMBxNotATokenOfAnybodys"


@dataclass(frozen=True)
class Failing:
    """Models or a broker that raise what nobody declared."""

    real: Any
    error: Exception

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def chat(self, name: str) -> Any:
        return self

    def bind_tools(self, menu: Any) -> Any:
        return self

    async def ainvoke(self, sent: Any) -> Any:
        raise self.error

    def lease(self, *asked: Any) -> Any:
        raise self.error


def recorded(folder: Path, change: Callable[[Parts], Parts]) -> Tape:
    """The first step of a conversation, held with other parts; as it is read from its file."""
    tape = read(AGENDA)
    player = Player(tape)
    recorder = blank(tape, player)
    graph = heard(recorder.parts(change(parts_of(player, folder))), recorder)
    player.enter(1, tape.steps[0])
    asyncio.run(stepped(graph, tape, tape.steps[0], player))
    recorder.end()
    return parsed(text_of(recorder.tape), "a")


@pytest.mark.parametrize("error", [RuntimeError(f"no such model\nsent {TOKEN}"), KeyError("id"), OSError()], ids=repr)
def test_a_bug_of_a_model_is_replayed(tmp_path: Path, error: Exception) -> None:
    tape = recorded(tmp_path, lambda parts: replace(parts, models=Failing(parts.models, error)))
    [step] = tape.steps
    said = f"{error}\n".splitlines()[0]
    assert step.model[0].fault == Fault(kind=type(error).__name__, what=said)
    assert step.raised == f"{type(error).__name__}: {said}"
    came = asyncio.run(replay(tape))
    assert came.same, (came.problems, came.diff)


def test_a_bug_of_a_broker_is_replayed(tmp_path: Path) -> None:
    error = RuntimeError(f"what is {TOKEN}?")
    tape = recorded(tmp_path, lambda parts: replace(parts, broker=Failing(parts.broker, error)))
    assert tape.steps[0].permissions[0].outcome["is"] == "Raised"
    assert tape.steps[0].raised == "RuntimeError: what is [token removed]?"
    assert TOKEN not in text_of(tape)
    came = asyncio.run(replay(tape))
    assert came.same, (came.problems, came.diff)


def test_an_error_that_auth_declares_is_the_same_in_a_replay(tmp_path: Path) -> None:
    """The graph knows it, and does not take it for a bug."""
    gone = Unreachable("the vault's disk is gone")
    tape = recorded(tmp_path, lambda parts: replace(parts, broker=Failing(parts.broker, gone)))
    assert tape.steps[0].permissions[0].outcome["kind"] == "Unreachable"
    came = asyncio.run(replay(tape))
    assert came.same, (came.problems, came.diff)
