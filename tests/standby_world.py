"""A copy of the program that nobody edits meanwhile, a home, and a process on standby there."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.standby import place
from auth.local.lock import held
from tests.terminal import PLAIN, SECONDS, surroundings

ROOT = Path(__file__).parent.parent
NOW = {"VALET_NOW": "2026-11-18T09:30:00+00:00", "VALET_ZONE": "Europe/Zurich"}


def copied(folder: Path) -> Path:
    """The packages, as a checkout of their own."""
    for name in ("app", "auth", "graphs", "tools"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("studio"))
    return folder


@dataclass
class Place:
    """Where commands run: a checkout, and a home of mode 0700."""

    checkout: Path
    home: Path
    settings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.home.mkdir(mode=0o700, exist_ok=True)

    def env(self, **more: str) -> dict[str, str]:
        return surroundings(self.home, **NOW, **self.settings) | more

    def argv(self, *argv: str) -> list[str]:
        return [sys.executable, "-c", PLAIN, *argv]

    def run(self, *argv: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command in a pipe, to its end."""
        return subprocess.run(
            self.argv(*argv), input=stdin, capture_output=True, text=True, env=self.env(**more),
            cwd=self.checkout, timeout=SECONDS, check=False,
        )  # fmt: skip

    @contextmanager
    def begun(self, *argv: str, **more: str) -> Iterator[subprocess.Popen[str]]:
        """A command that is under way, in a process group of its own."""
        with subprocess.Popen(
            self.argv(*argv), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=self.env(**more), cwd=self.checkout, process_group=0,
        ) as process:  # fmt: skip
            try:
                yield process
            finally:
                process.kill()

    def start(self) -> int:
        """Start a standby; gives its process."""
        done = self.run("standby")
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("On standby"), done.stdout
        return self.pid()

    def status(self) -> str:
        return self.run("standby", "--status").stdout

    def pid(self) -> int:
        found = re.search(r"\(process (\d+)", self.status())
        assert found is not None
        return int(found[1])

    def served(self) -> int:
        found = re.search(r"(\d+) served", self.status())
        assert found is not None, self.status()
        return int(found[1])

    def ended(self) -> bool:
        """Wait for the end of the standby: its lock is free then."""
        with held(self.home / place.LOCK, SECONDS) as free:
            return free


@contextmanager
def on_standby(place: Place) -> Iterator[int]:
    """Its process, while it stands by."""
    pid = place.start()
    try:
        yield pid
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        assert place.ended()


def spares_of(place: Place) -> list[int]:
    """The children of a standby that wait for somebody, once there is one; they stand where it stands itself."""
    pid, end = place.pid(), time.monotonic() + SECONDS
    while not (found := [child for child in _forked(pid) if _stands_at(child, "/")]) and time.monotonic() < end:
        time.sleep(0.02)
    return found


@contextmanager
def silent_model() -> Iterator[tuple[socket.socket, dict[str, str]]]:
    """A model that takes the request and never answers, and the settings that lead to it."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(SECONDS)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        yield silent, {"VALET_MODEL": "openai:loopback", "VALET_MODEL_URL": url, "VALET_MODEL_KEY": "x"}


def children(pid: int) -> list[int]:
    """Those who serve somebody, of a process with one thread; the zombies too."""
    return [child for child in _forked(pid) if not _stands_at(child, "/")]


def buried(standby: int) -> bool:
    """Is nobody's child left, soon after its caller has ended?"""
    end = time.monotonic() + SECONDS
    while children(standby) and time.monotonic() < end:
        time.sleep(0.01)
    return not children(standby)


def _forked(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _stands_at(pid: int, folder: str) -> bool:
    with suppress(OSError):
        return str(Path(f"/proc/{pid}/cwd").readlink()) == folder
    return False


def gone(pid: int) -> bool:
    """Wait for the end of a process that is not ours."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    import select

    try:
        return bool(select.select([handle], [], [], SECONDS)[0])
    finally:
        os.close(handle)
