"""Contenders against each other: a subprocess each, interleaved in random order, answers checked every time.

Law: the first repetition is dropped, and one wrong answer voids all that contender's times.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).parent.parent.parent
Answer = dict[str, Any]
Check = Callable[[Answer], str]
"""Says what is wrong with an answer, "" where nothing is."""


@dataclass
class Lap:
    """What one contender did: its answers (each with "seconds" and "cpu"), and why they do not count, if so."""

    answers: list[Answer] = field(default_factory=list)
    void: str = ""

    def of(self, name: str) -> list[float]:
        return [float(answer[name]) for answer in self.answers]


class Worker:
    """A contender in a process of its own: one JSON command in, one JSON answer out."""

    def __init__(self, python: Path, module: str, *argv: str) -> None:
        self._process = subprocess.Popen(
            [str(python), "-m", f"tests.bench.contenders.{module}", *argv],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=bare(),
        )  # fmt: skip

    def do(self, **command: Any) -> Answer:
        """Raises RuntimeError when the contender dies."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(command) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise RuntimeError("the contender has ended") from None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the contender ended with {self._process.wait()}")
        answer: Answer = json.loads(line)
        return answer

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *trouble: object) -> None:
        self._process.kill()
        self._process.communicate()


def bare() -> dict[str, str]:
    """The environment of a contender: nothing of the machine's settings."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "HOME": os.environ.get("HOME", "/")}


def ours() -> Path:
    return Path(sys.executable)


Begin = Callable[[], Answer]


def race(
    contenders: Mapping[str, Begin], reps: int, seed: int, check: Check, slow: Mapping[str, int] | None = None
) -> dict[str, Lap]:
    """Each contender once per repetition in an order drawn anew; the first is dropped. `slow` ones run fewer times."""
    laps = {name: Lap() for name in contenders}
    draw = random.Random(seed)
    for rep in range(reps + 1):
        order = list(contenders)
        draw.shuffle(order)
        for name in order:
            lap = laps[name]
            if lap.void or rep > (slow or {}).get(name, reps):
                continue
            try:
                answer = contenders[name]()
            except RuntimeError as error:
                lap.void = str(error)
                continue
            lap.void = answer.get("error", "") or check(answer)
            if rep:
                lap.answers.append(answer)
    return laps


def workers(stack: ExitStack, wanted: Mapping[str, tuple[Path, str, Sequence[str]]]) -> dict[str, Worker]:
    """Start them all; they end with the stack."""
    return {name: stack.enter_context(Worker(python, module, *argv)) for name, (python, module, argv) in wanted.items()}


def spin() -> float:
    """Seconds a fixed piece of work takes now: how quiet the machine is."""
    start = perf_counter()
    total = 0
    for number in range(1_000_000):
        total += number * number & 7
    return perf_counter() - start
