"""Processes of the crash test: forked from one that has everything loaded, each with nothing but the disk in common."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.demo.server import serve
from app.settings import load
from app.wiring import clock_of, open_workspace

PATIENCE = 60.0
"""Seconds until a worker that neither ends nor dies is a failure."""


@dataclass(frozen=True)
class Ended:
    """How a process ended: by itself (`code`), or killed."""

    killed: bool
    code: int
    stuck: bool = False


def fork(work: Callable[[], None], errors: Path) -> int:
    """Do it in a process of its own; what it says and what goes wrong is in `errors`. Its id."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        handle = os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - the end of a process: all of it is told
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def wait(child: int, kill_after: float | None = None) -> Ended:
    """Until it has ended. With `kill_after` seconds it is killed then, wherever it is."""
    begun, killed = time.monotonic(), False
    while True:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            gone = os.WIFSIGNALED(status)
            return Ended(gone, -1 if gone else os.WEXITSTATUS(status))
        spent = time.monotonic() - begun
        if kill_after is not None and spent >= kill_after and not killed:
            os.kill(child, signal.SIGKILL)
            killed = True
        if spent > PATIENCE:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return Ended(killed=True, code=-1, stuck=True)
        time.sleep(0.002)


def port_to_come_back_to() -> int:
    """A free port of 127.0.0.1 that no system gives to an outgoing connection, which would keep it from us later."""
    for port in random.sample(range(20_000, 32_000), 100):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise RuntimeError("no port between 20000 and 32000 is free")


@contextmanager
def demo_here(home: Path, port: int) -> Iterator[str]:
    """The demo workspace of this home, served as `valet demo serve` does it. Its origin."""
    settings = load({"VALET_HOME": str(home), "VALET_ZONE": "Europe/Zurich", "HOME": str(home)}, cwd=home)
    workspace = open_workspace(settings, clock_of(settings))
    try:
        with serve(workspace, port=port) as running:
            yield running.origin
    finally:
        workspace.close()


@contextmanager
def demo_server(home: Path, port: int, errors: Path) -> Iterator[str]:
    """The same, in a process of its own."""
    told, tell = os.pipe()

    def work() -> None:
        with demo_here(home, port) as origin:
            os.write(tell, origin.encode())
            os.close(tell)
            threading.Event().wait()

    child = fork(work, errors)
    os.close(tell)
    try:
        with os.fdopen(told, "rb") as stream:
            origin = stream.read().decode()
        if not origin:
            raise RuntimeError(f"the demo server did not start:\n{errors.read_text()}")
        yield origin
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def join(children: list[int]) -> list[int]:
    """Until all have ended, however long it takes. Their exit codes, -1 for one that was killed."""
    statuses = [os.waitpid(child, 0)[1] for child in children]
    return [os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1 for status in statuses]
