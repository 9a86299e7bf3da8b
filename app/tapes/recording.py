"""A wired Valet that records itself on a tape."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.settings import Settings
from app.tapes.recorder import Recorder
from app.tapes.tape import Tape
from app.tapes.tape_error import TapeError
from app.tapes.tape_file import SUFFIX, read, write

if TYPE_CHECKING:
    from app.wiring import Valet


def checked(path: Path, thread: str) -> Tape | None:
    """What is on the tape already. Raises TapeError where this conversation cannot be recorded on this file."""
    _named(path)
    begun = read(path) if path.exists() else None
    if begun is not None and begun.thread != thread:
        raise TapeError(
            f"{path} holds another conversation ({begun.thread}).",
            "Name a new file, or go on with that conversation by --thread.",
        )
    return begun


def unused(path: Path) -> None:
    """Raise TapeError where no new tape can be written."""
    _named(path)
    if path.exists():
        raise TapeError(f"{path} is there already.", "Name another file.")


def _named(path: Path) -> None:
    if not path.name.endswith(SUFFIX):
        raise TapeError(f"{path} is no name of a tape.", f"Name a file that ends with {SUFFIX}.")
    if not path.parent.is_dir():
        raise TapeError(f"There is no folder {path.parent}.", "Make it, or name another.")


@asynccontextmanager
async def recorded(settings: Settings, path: Path, thread: str, about: str = "") -> AsyncIterator[Valet]:
    """The assistant, recording this thread on this file; an existing tape of the thread is gone on with.

    Raises TapeError, and what `wire` raises.
    """
    from app.tapes.graph_heard import HeardGraph
    from app.wiring import local_user, wire

    begun = checked(path, thread)
    blank = Tape(
        about=about,
        thread=thread,
        user=local_user(),
        zone=settings.zone.key,
        workspace=settings.workspace if settings.accounts == "demo" else settings.accounts,
        model=settings.model,
        watched=list(settings.watched),
        faults=settings.demo_faults,
    )
    recorder = Recorder(begun or blank, lambda tape: write(path, tape))
    async with wire(settings, change=recorder.parts) as valet:
        if begun is None and valet.storage.threads.knows(thread):
            raise TapeError(
                f"The conversation {thread} has begun before, and a tape holds all of one.",
                "Record a new one, or make a tape of this with `valet tapes from-thread`.",
            )
        recorder.tape = recorder.tape.model_copy(update={"limits": unusual(valet.limits)})
        graph: Any = HeardGraph(valet.graph, recorder)
        yield replace(valet, graph=graph)


def unusual(limits: Any) -> dict[str, float]:
    """The limits that differ from the usual."""
    usual = asdict(type(limits)())
    return {name: value for name, value in asdict(limits).items() if value != usual[name]}
