"""Replays files of tapes, one after the other, and says of each whether it is as recorded."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.tapes.tape_error import TapeError
from app.tapes.tape_file import SUFFIX, read, write

if TYPE_CHECKING:
    from app.settings import Settings
    from app.tapes.replay import Replayed
    from app.tapes.tape import Tape

UNUSABLE, DIFFERS = 2, 4
NOTHING_WRITTEN = "Nothing was written. Name fewer words, or share the tape with nobody you would not tell all of it."


@dataclass(frozen=True)
class Verdict:
    """`told`: what differs, or why the tape cannot be used. `code`: the exit code that belongs to it.

    Of a live model, `nearness` says how near it came, `calls` the numbers of calls then and now.
    """

    path: str
    steps: int
    seconds: float
    told: str = ""
    code: int = 0
    nearness: str = ""
    calls: str = ""

    @property
    def ok(self) -> bool:
        return self.code == 0

    def plain(self) -> dict[str, Any]:
        return {**asdict(self), "ok": self.ok}


def found_in(paths: Iterable[Path]) -> list[Path]:
    """The tapes; of a folder all below it. Raises TapeError where there is none."""
    found: list[Path] = []
    for path in paths:
        below = sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]
        if not below:
            raise TapeError(f"There is no tape in {path}.", f"Tapes end with {SUFFIX}.")
        found += below
    return found


async def verdicts(paths: Sequence[Path], depth: str = "full", settings: Settings | None = None) -> list[Verdict]:
    """Replay; the live depths with the settings. Raises TapeError where there is no tape."""
    return [await verdict(path, depth, settings) for path in found_in(paths)]


async def verdict(path: Path, depth: str = "full", settings: Settings | None = None) -> Verdict:
    """Replay one tape, "full", "tools" live or "model" live."""
    begun = time.monotonic()
    try:
        tape = read(path)
        if settings is not None and depth == "model":
            return await _under_model(str(path), tape, settings, begun)
        came = await _replayed(tape, settings)
    except TapeError as error:
        return Verdict(str(path), 0, time.monotonic() - begun, f"{error.what}\n{error.next}", UNUSABLE, "cannot")
    told = "\n".join(part for part in (*came.problems, came.diff) if part)
    return Verdict(str(path), len(tape.steps), time.monotonic() - begun, told, 0 if came.same else DIFFERS)


async def _replayed(tape: Tape, settings: Settings | None) -> Replayed:
    if settings is None:
        from app.tapes.replay import replay

        return await replay(tape)
    from app.tapes.live import tools_live

    return await tools_live(tape, settings)


async def _under_model(path: str, tape: Tape, settings: Settings, begun: float) -> Verdict:
    from app.tapes.live import model_live
    from app.tapes.trajectory import compare

    found = compare(path, tape, await model_live(tape, settings))
    code = 0 if found.nearness == "same" else DIFFERS
    counts = f"{found.recorded} -> {found.now}"
    return Verdict(path, found.steps, time.monotonic() - begun, found.first, code, found.nearness, counts)


async def cleaned(paths: Sequence[Path], words: Sequence[str]) -> list[tuple[Path, int]]:
    """Scrub tapes in place; gives how many names and addresses went. Raises TapeError for one that then fails."""
    from app.tapes.replay import replay
    from app.tapes.scrub import scrubbed

    done = []
    for path in found_in(paths):
        tape, swaps = scrubbed(read(path), words)
        if tape.source == "recorded":
            came = await replay(tape, near=True)
            again = await replay(came.tape)
            if not (came.whole and again.same):
                why = next(iter((*came.problems, *again.problems)), "it went another way")
                raise TapeError(f"{path} would not replay after scrubbing: {why}.", NOTHING_WRITTEN)
            tape = came.tape
        write(path, tape)
        done.append((path, len(swaps)))
    return done


async def accepted(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Write what the tapes replay to in the place of what they expect; gives what has changed.

    Raises TapeError for a tape whose replay asked for something the tape does not hold: that must be recorded again.
    """
    from app.tapes.replay import replay

    changed = []
    for path in found_in(paths):
        tape = read(path)
        came = await replay(tape)
        if not came.whole:
            raise TapeError(f"{path} does not hold all that is asked for now: {came.problems[0]}.", "Record it again.")
        if not came.same:
            write(path, came.tape)
        changed.append((path, "\n".join((*came.problems, came.diff)).strip()))
    return changed
