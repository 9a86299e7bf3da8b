"""`valet standby`: start the process, ask how it is, stop it. Law: started twice, it runs once."""

from __future__ import annotations

import os
import signal
import socket
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app import settings
from app.settings import SettingsError
from app.standby import begin, place
from app.standby.client import why_by_itself
from auth.local.lock import held

ANSWER_SECONDS, END_SECONDS = 5.0, 60.0


@dataclass(frozen=True)
class State:
    """A process on standby: its number, since when, how many requests it served and serves now.

    `same`: is it of this installation, and of this place on the system?
    """

    pid: int
    same: bool = False
    since: datetime | None = None
    served: int = 0
    under_way: int = 0


def standby(
    status: Annotated[bool, typer.Option("--status", help="Say whether one runs, or why the last one ended.")] = False,
    stop: Annotated[bool, typer.Option("--stop", help="End it.")] = False,
) -> int:
    """Keep the program loaded in a process of its own, so that `ask` and `brief` start sooner (on Linux)."""
    if status and stop:
        raise typer.BadParameter("choose one of --status and --stop")
    if sys.platform != "linux":
        raise SettingsError("Standby is not offered on this system.", "Go on without: every command runs by itself.")
    home = Path(settings.home(Path.cwd()))
    if status:
        return _status(home)
    return _stop(home) if stop else _start(home)


def state(home: Path) -> State | None:
    """Who is on standby there; None where nobody answers."""
    path = place.listening(str(home))
    if path is None:
        return None
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(ANSWER_SECONDS)
        try:
            line.connect(path)
            pid, user = place.owner(line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, place.CREDENTIALS))
            if user != os.getuid():
                return None
            if line.recv(1) != place.HERE:
                return None
            line.sendall(place.packed([place.STATUS, place.identity()]))
            told = _all(line)
        except OSError:
            return None
    if len(told) <= place.HEAD:
        return None
    same, *numbers = place.unpacked(told[place.HEAD :])
    since, served, under_way = map(int, numbers)
    return State(pid, same == b"same", datetime.fromtimestamp(since).astimezone(), served, under_way)


def _all(line: socket.socket) -> bytes:
    told = b""
    while part := line.recv(4096):
        told += part
    return told


def _start(home: Path) -> int:
    _check(home)
    found = state(home)
    said = begin.TAKEN if found else begin.started(str(home))
    if said == begin.LISTENING:
        from app.standby.server import IDLE_SECONDS

        (home / place.ENDED).unlink(missing_ok=True)
        typer.echo(
            "On standby: `valet ask` and `valet brief` start sooner now.\n"
            f"It ends after {IDLE_SECONDS / 60:.0f} minutes without a request; `valet standby --stop` ends it at once."
        )
        typer.echo(_here(home), nl=False)
        return 0
    if said == begin.TAKEN:
        other = "" if found is None or found.same else " It is of another installation: `valet standby --stop` ends it."
        typer.echo(f"A standby is running already{_number(found)}.{other}")
        return 0
    sys.stderr.write(f"valet: Nobody is on standby: {said or 'the process ended while it was loading'}.\n")
    sys.stderr.write("  next: try again; every command works without it too.\n")
    return 4


def _check(home: Path) -> None:
    """A folder that only we can enter, and whose socket has a name the system takes. Raises SettingsError."""
    path = home / place.SOCKET
    if len(os.fsencode(path)) > place.LONGEST_PATH:
        raise SettingsError(
            f"{str(path)!r} is longer than the {place.LONGEST_PATH} bytes a socket's path may have.",
            "Name a folder with a shorter path in VALET_HOME.",
        )
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"{str(home)!r} cannot be made: {error.strerror}.", "Name a writable folder in VALET_HOME."
        ) from error
    if not place.private(str(home)):
        raise SettingsError(f"Others can enter {str(home)!r}, or it is not yours.", f"chmod 700 {home}")


def _status(home: Path) -> int:
    found = state(home)
    if found is not None and found.since is not None:
        of = "" if found.same else ", of another installation"
        typer.echo(
            f"On standby since {found.since:%H:%M} (process {found.pid}{of}): "
            f"{found.served} served, {found.under_way} under way."
        )
        typer.echo(_here(home), nl=False)
        return 0
    typer.echo(f"Nobody is on standby.{_last_words(home)}")
    return 0


def _here(home: Path) -> str:
    """Whether what is typed here would not be handed over, and why."""
    why = why_by_itself(["ask"], str(home), settings.environment())
    return f"Here, commands run by themselves all the same: {why}.\n" if why else ""


def _last_words(home: Path) -> str:
    try:
        words = (home / place.ENDED).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return f" The last one ended: {words}." if words else ""


def _stop(home: Path) -> int:
    """The lock is free once it takes no more callers and has served those it had."""
    found = state(home)
    if found is None:
        typer.echo("Nobody is on standby.")
        return 0
    os.kill(found.pid, signal.SIGTERM)
    with held(home / place.LOCK, END_SECONDS) as free:
        typer.echo("The standby has ended." if free else f"The standby{_number(found)} takes no more requests.")
    return 0


def _number(found: State | None) -> str:
    return f" (process {found.pid})" if found else ""
