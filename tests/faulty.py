"""Stands before a real server on loopback and makes requests fail, before or after the server has done the work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import urllib3

from tests.loopback import Got, Hostile, Line, whole

BEFORE = ("429", "503", "reset")
AFTER = ("lost", "503 after", "cut short")
OK = ""


@dataclass
class Faulty:
    """`faults` happen to the requests that `match`, in order; OK lets one through. `passed` are what the server got."""

    target: str
    match: Callable[[Got], bool] = lambda got: got.method != "GET"
    faults: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    origin: str = ""

    def play(self, got: Got, line: Line) -> None:
        fault = self.faults.pop(0) if self.faults and self.match(got) else OK
        if fault in ("429", "503"):
            line.reply(int(fault), {"detail": "Not now.", "status": int(fault)})
            return
        if fault == "reset":
            line.reset()
            return
        answer = self._forward(got)
        match fault:
            case "lost":
                line.reset()
            case "503 after":
                line.reply(503, {"detail": "Lost it.", "status": 503})
            case "cut short":
                line.send(whole(answer.status, answer.data + b" " * 50)[:-60])
                line.hang_up()
            case _:
                kept = {name: value for name, value in answer.headers.items() if name.lower() in _KEPT}
                line.reply(answer.status, answer.data, **{n.replace("-", "_"): v for n, v in kept.items()})

    def _forward(self, got: Got) -> urllib3.BaseHTTPResponse:
        self.passed.append(f"{got.method} {got.path}")
        headers = {name: value for name, value in got.headers.items() if name not in ("host", "content-length")}
        with urllib3.PoolManager(retries=False) as pool:
            return pool.request(got.method, self.target + got.target, body=got.body, headers=headers, redirect=False)


_KEPT = ("content-type", "etag", "location", "retry-after")


@contextmanager
def faulty(target: str, match: Callable[[Got], bool] = lambda got: got.method != "GET") -> Iterator[Faulty]:
    """A server that passes everything on to `target`, until a fault is ordered."""
    between = Faulty(target, match)
    with Hostile(between.play) as hostile:
        between.origin = hostile.origin
        yield between
