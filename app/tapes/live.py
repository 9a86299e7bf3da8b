"""Replays with live edges: the tools against a demo workspace of the tape's day, and if wanted another model too.

Law: everything happens in a folder that is thrown away; no account and no workspace of the person is touched.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from app.settings import Settings, load
from app.tapes.decided import agreed, each
from app.tapes.graph_heard import HeardGraph
from app.tapes.played import TapeModels
from app.tapes.player import Player
from app.tapes.recorder import Recorder
from app.tapes.replay import Replayed, blank, compared, given, run
from app.tapes.tape import Step, Tape
from app.tapes.tape_error import TapeError, Unexpected

if TYPE_CHECKING:
    from graphs.parts import Parts

Live = Literal["tools", "model"]
DEMO = "demo"


async def tools_live(tape: Tape, settings: Settings) -> Replayed:
    """The recorded model's calls, carried out anew. Raises TapeError for a tape that cannot be replayed so."""
    _check(tape)
    player = Player(tape)
    recorder = blank(tape, player)
    async with _stage(tape, settings, player, recorder, "tools") as graph:
        for number, step in enumerate(tape.steps, 1):
            player.enter(number, step)
            if step.anew:
                recorder.renew()
            try:
                await run(graph, tape, given(step), step)
            except Unexpected:
                break
            player.done()
    return compared(tape, recorder.tape, player.problems, bytewise=False)


async def model_live(tape: Tape, settings: Settings) -> Tape:
    """The person's turns put to the model of the settings; the tape of what came of them. Raises TapeError."""
    _check(tape)
    player = Player(tape)
    recorder = blank(tape, player)
    async with _stage(tape, settings, player, recorder, "model") as graph:
        for number, step in enumerate(tape.steps, 1):
            player.enter(number, step)
            waits = bool(recorder.tape.steps) and recorder.tape.steps[-1].ends == "waiting"
            if step.person is None and not waits:
                continue  # this model asked for nothing that could be decided
            await run(graph, tape, given(_decided(step)), step)
    return recorder.tape


def _check(tape: Tape) -> None:
    if tape.workspace == "own":
        raise TapeError("The tape was recorded on somebody's own accounts.", "Replay it at full depth.")
    if any(step.ends == "broken off" for step in tape.steps):
        raise TapeError("A step of the tape broke off, at a place no live run can find.", "Replay it at full depth.")
    if any(step.settled or (step.asked or {}).get("kind") == "consent" for step in tape.steps):
        raise TapeError("The tape holds a consent, which a person gave in a browser.", "Replay it at full depth.")


def _decided(step: Step) -> Step:
    """The decision in words that fit any card: the writes of another model have other ids."""
    said = step.decision
    kinds = {d.get("type") for d in each(said) if isinstance(d, dict)}
    if kinds & {"edit", "respond"} and len(kinds) == 1 and isinstance(said, dict) and len(said) == 1:
        return step.model_copy(update={"decision": {"decisions": [*said.values()]}})
    return step.model_copy(update={"decision": "yes" if agreed(said) else "no"})


@asynccontextmanager
async def _stage(tape: Tape, settings: Settings, player: Player, recorder: Recorder, live: Live) -> AsyncIterator[Any]:
    """The graph over a workspace of its own."""
    from app.wiring import wire

    def change(parts: Parts) -> Parts:
        if live == "tools":
            ledger: Any = replace(parts.ledger, fresh=player.name)  # type: ignore[type-var]  # the stored one
            parts = replace(parts, models=TapeModels(player), ledger=ledger)
        return recorder.parts(replace(parts, clock=player.now))

    with tempfile.TemporaryDirectory(prefix="valet-tape-") as folder:
        home = Path(folder)
        _furnish(tape, settings, home)
        async with wire(_settings(tape, settings, home, live), change=change) as valet:
            yield HeardGraph(valet.graph, recorder)


def _furnish(tape: Tape, settings: Settings, home: Path) -> None:
    """A copy of the workspace the tape names; the built-in one is made anew for the tape's day."""
    if tape.workspace == DEMO:
        return
    file = settings.workspaces / f"{tape.workspace}.db"
    if not file.exists():
        raise TapeError(
            f"The tape was recorded on the workspace {tape.workspace!r}, which is not here.", "Replay it at full depth."
        )
    (home / "workspaces").mkdir(mode=0o700)
    shutil.copyfile(file, home / "workspaces" / file.name)


def _settings(tape: Tape, settings: Settings, home: Path, live: Live) -> Settings:
    given = {
        "VALET_HOME": str(home),
        "VALET_NOW": tape.steps[0].at if tape.steps else "",
        "VALET_ZONE": tape.zone,
        "VALET_WORKSPACE": tape.workspace,
        "VALET_DEMO_FAULTS": tape.faults,
        "VALET_SLACK_WATCH": ",".join(tape.watched),
    }
    if live == "model":
        key = settings.model_key
        given |= {"VALET_MODEL": settings.model, "VALET_MODEL_URL": settings.model_url}
        given |= {"VALET_MODEL_KEY": key.reveal()} if key else {}
    return load(given, cwd=home)
