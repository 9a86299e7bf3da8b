"""Parses a file in a short-lived process of its own. Law: whatever the file does to its parser, it does only there."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from tools.documents.kinds import Kind
from tools.documents.parsing.parsed import Limits, Parsed, Wanted
from tools.text.characters import visible

CODE = "import sys; sys.path[:0] = sys.argv[2:]; __import__(sys.argv[1], fromlist=['main']).main()"
HOUSE = Path(__file__).parent.parent.parent
ANSWER = 48 * 1024 * 1024
"""Bytes of an answer that are taken; no document within the limits has more."""
AT_ONCE = 4
OUT_OF_TIME = frozenset({-14, -24})
"""Ends by SIGALRM and SIGXCPU."""

_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Program:
    """What the process runs: a module with a `main()`, found in one of the folders."""

    module: str = "tools.documents.parsing.child"
    folders: tuple[Path, ...] = (HOUSE,)

    @property
    def command(self) -> list[str]:
        """The interpreter isolated from the environment, the user's packages and the current folder."""
        return [sys.executable, "-I", "-c", CODE, self.module, *map(str, self.folders)]


@dataclass
class Apart:
    """One parsing process. `end` ends it from any thread, also before it has begun."""

    kind: Kind
    data: bytes
    wanted: Wanted = field(default_factory=Wanted)
    limits: Limits = field(default_factory=Limits)
    program: Program = field(default_factory=Program)
    begun: threading.Event = field(default_factory=threading.Event)
    _process: subprocess.Popen[bytes] | None = None
    _ended: threading.Event = field(default_factory=threading.Event)
    _late: threading.Event = field(default_factory=threading.Event)

    @property
    def pid(self) -> int | None:
        """The process, once it has begun."""
        return self._process.pid if self._process else None

    def run(self) -> Parsed:
        """Blocks until there is an answer or the time is up; never raises for what a file does."""
        with _places:
            if self._ended.is_set():
                return Parsed("broken")
            with subprocess.Popen(  # noqa: S603 - our own interpreter on a module of ours
                self.program.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                start_new_session=True,
            ) as process:
                self._process = process
                self.begun.set()
                if self._ended.is_set():  # ended between the check and the beginning
                    self.end()
                return self._heard(process)

    def _heard(self, process: subprocess.Popen[bytes]) -> Parsed:
        clock = threading.Timer(self.limits.wall, self._too_late)
        clock.start()
        try:
            raw = self._exchange(process)
        finally:
            clock.cancel()
            self.end()
        code = process.wait()
        if self._late.is_set() or code in OUT_OF_TIME:
            return Parsed("timed_out")
        if len(raw) > ANSWER:
            return Parsed("too_large", "long")
        return _understood(raw) if code == 0 else Parsed("broken")

    def _exchange(self, process: subprocess.Popen[bytes]) -> bytes:
        """Tell it all, then hear it out: it answers only after it has read everything."""
        if process.stdin is None or process.stdout is None:
            raise AssertionError("both are pipes")
        told = {
            "kind": self.kind,
            "wanted": dataclasses.asdict(self.wanted),
            "limits": dataclasses.asdict(self.limits),
        }
        with contextlib.suppress(BrokenPipeError):  # it died while being told: its exit code says how
            process.stdin.write(json.dumps(told).encode() + b"\n" + self.data)
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        raw = process.stdout.read(ANSWER + 1)
        if len(raw) <= ANSWER:
            process.wait()
        return raw

    def _too_late(self) -> None:
        self._late.set()
        self.end()

    def end(self) -> None:
        """End the process at once."""
        self._ended.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.kill()


async def parse(apart: Apart) -> Parsed:
    """As `run`, beside the event loop; cancelling it ends the process."""
    try:
        return await asyncio.to_thread(apart.run)
    finally:
        apart.end()


def _understood(raw: bytes) -> Parsed:
    """The answer, checked like anything foreign, its texts made plain."""
    try:
        answer = TypeAdapter(Parsed).validate_json(raw)
    except ValidationError:
        return Parsed("broken")
    passages = tuple(
        dataclasses.replace(
            passage,
            heading=" ".join(visible(passage.heading).split()),
            text=visible(passage.text),
            rows=tuple(tuple(visible(cell) for cell in row) for row in passage.rows),
        )
        for passage in answer.passages
    )
    return dataclasses.replace(answer, passages=passages, gaps=tuple(map(visible, answer.gaps)))
