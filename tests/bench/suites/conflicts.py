"""Conflicts among a thousand to a million events: the time per event may grow as its logarithm does, and no faster."""

from __future__ import annotations

from collections.abc import Iterator
from math import log2

from tests.bench.figures import Row
from tests.bench.race import Worker, ours
from tests.bench.runner import Bench

ABOUT = "conflicts among 1e3 to 1e6 events"
ORDER = 7
SIZES = (1_000, 10_000, 100_000, 1_000_000)
MOST = 1.6
"""Times as much per event and doubling as at the size before: caches and memory have their say too."""


def run(bench: Bench) -> Iterator[Row]:
    before = 0.0
    for count in SIZES:
        with Worker(ours(), "bulk") as worker:
            answer = worker.do(do="conflicts", count=count, seed=bench.seed)
        if "error" in answer:
            yield Row("conflicts", f"{count:,} events", "", void=answer["error"])
            return
        each = answer["seconds"] / (count * log2(count))
        wrong = (
            "" if answer["found"] == answer["expected"] else f"{answer['found']} of {answer['expected']} overlaps found"
        )
        yield Row(
            "conflicts", f"{count:,} events", f"{answer['seconds'] * 1e6 / count:.1f} us each", "the size before",
            each / before if before else None, most=MOST if before else None, void=wrong,
            note=f"{answer['found']} overlaps, counted again by another way; ratio is of time / (n log n)",
        )  # fmt: skip
        before = each
