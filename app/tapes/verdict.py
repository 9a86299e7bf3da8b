"""Replays files of tapes, one after the other, and says of each whether it is as recorded."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.tapes.tape_error import TapeError
from app.tapes.tape_file import SUFFIX, read, write

UNUSABLE, DIFFERS = 2, 4


@dataclass(frozen=True)
class Verdict:
    """`told`: what differs, or why the tape cannot be used. `code`: the exit code that belongs to it."""

    path: str
    steps: int
    seconds: float
    told: str = ""
    code: int = 0

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


async def verdicts(paths: Sequence[Path]) -> list[Verdict]:
    """Replay from the tapes alone. Raises TapeError where there is none."""
    return [await verdict(path) for path in found_in(paths)]


async def verdict(path: Path) -> Verdict:
    from app.tapes.replay import replay

    begun = time.monotonic()
    try:
        tape = read(path)
        came = await replay(tape)
    except TapeError as error:
        return Verdict(str(path), 0, time.monotonic() - begun, f"{error.what}\n{error.next}", UNUSABLE)
    told = "\n".join(part for part in (*came.problems, came.diff) if part)
    return Verdict(str(path), len(tape.steps), time.monotonic() - begun, told, 0 if came.same else DIFFERS)


async def accepted(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Write what the tapes replay to in the place of what they expect; gives what has changed.

    Raises TapeError for a tape whose replay asked for something the tape does not hold: that must be recorded again.
    """
    from app.tapes.replay import replay

    changed = []
    for path in found_in(paths):
        tape = read(path)
        came = await replay(tape)
        if len(came.tape.steps) < len(tape.steps) or any("not recorded" in problem for problem in came.problems):
            raise TapeError(f"{path} does not hold all that is asked for now: {came.problems[0]}.", "Record it again.")
        if not came.same:
            write(path, came.tape)
        changed.append((path, "\n".join((*came.problems, came.diff)).strip()))
    return changed
