"""Ends a process at its n-th step, as a power cut would. Law: a step is in the log, on disk, before it can be the last.

What steps are is told by proxies that are passed in where the real parts go: before and after every durable change of
the ledger, the audit, the results and the conversation, and before, amid and after every request on the wire.
"""

from __future__ import annotations

import copy
import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata

from app.checkpoints import Checkpoints
from auth.underway import Later, Sending
from auth.wire import Answer, Cut, Wire

LEDGER = frozenset({"propose", "decide", "withdraw", "intend", "note", "finish", "card"})


def _nothing() -> None:
    """Nothing is left to be done before the end."""


@dataclass
class Fuse:
    """Kills this process at step `at` (0: never). `log` gets a line for each step."""

    log: Path
    at: int = 0
    count: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def step(self, name: str, last: Callable[[], None] = _nothing) -> None:
        """`last` is done only where the process ends here."""
        with self.lock, self.log.open("a", encoding="utf-8") as log:
            log.write(f"{name}\n")
            log.flush()
            self.count += 1
            if self.count == self.at:
                last()
                os.kill(os.getpid(), signal.SIGKILL)


class Stepping:
    """Stands before a part: some of its methods are steps."""

    def __init__(self, part: Any, name: str, methods: frozenset[str], fuse: Fuse) -> None:
        self._part, self._name, self._methods, self._fuse = part, name, methods, fuse

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._part, name)
        if name not in self._methods:
            return found

        def stepped(*args: Any, **named: Any) -> Any:
            self._fuse.step(f"{self._name} {name} before")
            given = found(*args, **named)
            self._fuse.step(f"{self._name} {name} after")
            return given

        return stepped


class SteppingWire(Wire):
    """A wire whose requests are steps: before the first byte, amid the body, and with the answer in hand."""

    def __init__(self, fuse: Fuse) -> None:
        super().__init__()
        self._fuse = fuse

    def begin(self, method: str, url: str, *, body: bytes | None, headers: Mapping[str, str], cut: Cut) -> Sending:
        return Later(partial(self.send, method, url, body=body, headers=headers, cut=cut))

    def send(self, method: str, url: str, *, body: bytes | None, headers: Mapping[str, str], cut: Cut) -> Answer:
        name = f"wire {method} {urlsplit(url).path}"
        self._fuse.step(f"{name} before")
        if body and method != "GET":
            self._fuse.step(f"{name} amid", lambda: _half(method, url, body, headers))
        answer = super().send(method, url, body=body, headers=headers, cut=cut)
        self._fuse.step(f"{name} after")
        return answer


def _half(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Send a request up to the middle of its body."""
    at = urlsplit(url)
    target = at.path + (f"?{at.query}" if at.query else "")
    given = {"host": at.netloc, **headers, "content-length": str(len(body))}
    head = "\r\n".join([f"{method} {target} HTTP/1.1", *(f"{k}: {v}" for k, v in given.items()), "", ""])
    with socket.create_connection((at.hostname or "", at.port or 80)) as line:
        line.sendall(head.encode("latin-1") + body[: len(body) // 2])


class SteppingCheckpoints(Checkpoints):
    """A checkpointer whose writes are steps."""

    fuse: Fuse

    @classmethod
    def over(cls, saver: Checkpoints, fuse: Fuse) -> SteppingCheckpoints:
        clone = copy.copy(saver)
        clone.__class__ = cls
        assert isinstance(clone, cls)
        clone.fuse = fuse
        return clone

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        self.fuse.step("state put before")
        saved = await super().aput(config, checkpoint, metadata, new_versions)
        self.fuse.step("state put after")
        return saved

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        self.fuse.step("state writes before")
        await super().aput_writes(config, writes, task_id, task_path)
        self.fuse.step("state writes after")
