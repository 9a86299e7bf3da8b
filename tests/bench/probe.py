"""The fake service as the runner sees it: started, set, asked for its counts, and probed for its round trip."""

from __future__ import annotations

import json
import subprocess
import sys
from http.client import HTTPConnection
from statistics import median
from time import perf_counter

from tests.bench.race import ROOT, bare

PROBES = 12


class Fake:
    """A running fake service with so many mails."""

    def __init__(self, count: int, seed: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.service.server", str(count), str(seed)],
            stdout=subprocess.PIPE, text=True, cwd=ROOT, env=bare(),
        )  # fmt: skip
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self.count, self.seed = count, seed

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Fake:
        return self

    def __exit__(self, *trouble: object) -> None:
        self._process.kill()
        self._process.communicate()

    def set(self, **knobs: float) -> None:
        """Set the knobs (the rest to their defaults) and begin the counts anew."""
        self._get("/_set?" + "&".join(f"{name}={value}" for name, value in knobs.items()))

    def counts(self) -> dict[str, int]:
        found: dict[str, int] = json.loads(self._get("/_stats"))
        return found

    def _get(self, target: str) -> bytes:
        line = HTTPConnection("127.0.0.1", self.port)
        line.request("GET", target)
        body = line.getresponse().read()
        line.close()
        return body

    def round_trip(self, probes: int = PROBES) -> float:
        """Seconds of one small request on a warm connection, the median of several."""
        line = HTTPConnection("127.0.0.1", self.port)
        times = list[float]()
        for _ in range(probes + 1):
            start = perf_counter()
            line.request("GET", "/gmail/v1/users/me/labels")
            line.getresponse().read()
            times.append(perf_counter() - start)
        line.close()
        return float(median(times[1:]))


def limit(round_trip: float, count: int, wall: int, *, cold_trips: int = 0) -> float:
    """Seconds nobody can beat: one listing, then as many waves as the wall asks for, and a connection if cold."""
    waves = -(-count // wall)
    return round_trip * (1 + waves + cold_trips)
