"""Faults on demand: which requests shall fail, how, and how often."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal, get_args

Kind = Literal["status", "delay", "reset", "truncate", "garbage"]
_SHORT = re.compile(r"^(?P<what>[a-z]+|\d{3})(?:=(?P<seconds>\d+(?:\.\d+)?))?(?P<times>\*\d*)?$")


class FaultError(ValueError):
    """A fault that cannot be made; the text names what was wrong and what is possible."""


@dataclass(frozen=True)
class Fault:
    """One fault. `match` is a pattern over "METHOD /path" (several: separated by |); `times` None = for ever.

    `after` lets the server do the work first and fail then: what the client sees is an unknown outcome.
    `seconds` belongs to a delay, `status` and `retry_after` (seconds) to a status.
    """

    match: str
    kind: Kind = "status"
    status: int = 503
    retry_after: int | None = None
    seconds: float = 0.0
    times: int | None = 1
    after: bool = False

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise FaultError(f"No fault {self.kind!r}: choose one of {', '.join(get_args(Kind))}.")
        if self.kind == "status" and not 400 <= self.status <= 599:
            raise FaultError(f"A fault's status is between 400 and 599, not {self.status}.")
        if self.seconds < 0 or (self.times is not None and self.times < 1):
            raise FaultError("A fault's seconds cannot be negative, and its times begin at 1.")

    def concerns(self, method: str, path: str) -> bool:
        request = f"{method} {path}"
        return any(
            fnmatchcase(request, pattern if " " in pattern else f"* {pattern}")
            for pattern in (part.strip() for part in self.match.split("|"))
        )


class Faults:
    """The queue of faults; the first that concerns a request is taken."""

    def __init__(self, routes: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self._routes = dict(routes or {})
        self._queue: list[Fault] = []
        self._lock = threading.Lock()

    def know(self, routes: Mapping[str, tuple[str, ...]]) -> None:
        """Services by name, each with the paths it answers (Service.routes), for the short form."""
        self._routes.update(routes)

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._queue.append(fault)

    def parse(self, text: str) -> list[Fault]:
        """Add what a short form says, such as "gmail:503*2,calendar:reset"; answer the faults.

        SERVICE:KIND, with KIND one of 4xx, 5xx, reset, truncate, garbage, delay=SECONDS; *N for N times, * for
        ever. Raises FaultError, and adds nothing then.
        """
        found = [self._parse(part.strip()) for part in text.split(",") if part.strip()]
        for fault in found:
            self.add(fault)
        return found

    def _parse(self, part: str) -> Fault:
        service, _, rest = part.partition(":")
        shape = _SHORT.match(rest)
        if service not in self._routes:
            raise FaultError(f"No service {service!r} in {part!r}: choose one of {', '.join(self._routes)}.")
        if not shape or (shape["what"] == "delay") != (shape["seconds"] is not None):
            raise FaultError(
                f"{part!r} is not SERVICE:KIND: write a status such as 503, reset, truncate, garbage or delay=2."
            )
        fault = Fault(
            match="|".join(f"{route}*" if route.endswith("/") else route for route in self._routes[service]),
            times=None if shape["times"] == "*" else int((shape["times"] or "*1")[1:]),
        )
        if shape["what"].isdigit():
            return replace(fault, status=int(shape["what"]), retry_after=1 if shape["what"] == "429" else None)
        kinds: dict[str, Kind] = {kind: kind for kind in get_args(Kind) if kind != "status"}
        if shape["what"] not in kinds:
            raise FaultError(f"No fault {shape['what']!r} in {part!r}: choose a status or {', '.join(kinds)}.")
        return replace(fault, kind=kinds[shape["what"]], seconds=float(shape["seconds"] or 0))

    def clear(self) -> None:
        with self._lock:
            self._queue.clear()

    def waiting(self) -> list[Fault]:
        """The faults still to come, with the times left."""
        with self._lock:
            return list(self._queue)

    def take(self, method: str, path: str, *, inside_batch: bool = False) -> Fault | None:
        """The fault for this request, counted down; a part of a batch can only fail with a status or be late."""
        with self._lock:
            for place, fault in enumerate(self._queue):
                if inside_batch and fault.kind not in ("status", "delay"):
                    continue
                if fault.concerns(method, path):
                    self._count_down(place, fault)
                    return fault
        return None

    def _count_down(self, place: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times == 1:
            del self._queue[place]
        else:
            self._queue[place] = replace(fault, times=fault.times - 1)
