"""What a long conversation costs: bytes and seconds of a turn at 10, 100 and 500, each with a call and its result."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.figures import Row
from tests.bench.race import Worker, ours
from tests.bench.runner import Bench

ABOUT = "bytes and time of a turn at 10, 100 and 500 turns"
ORDER = 8
TURNS = (10, 100, 500)
MOST = 1.2
"""Times as many bytes per further turn between the last two sizes as between the first two."""
LATER = 1.3
"""Times as long a turn may take at 500 turns as at 100."""


def run(bench: Bench) -> Iterator[Row]:
    with Worker(ours(), "bulk") as worker:
        answer = worker.do(do="turns", turns=list(TURNS))
    if "error" in answer:
        yield Row("growth", "bytes after turns", "", void=answer["error"])
        return
    first, second, third = sizes = answer["bytes"]
    early, late = (second - first) / (TURNS[1] - TURNS[0]), (third - second) / (TURNS[2] - TURNS[1])
    yield Row(
        "growth", "bytes per further turn", f"{late / 1024:.1f} KiB", f"up to {TURNS[1]}: {early / 1024:.1f} KiB",
        late / early, most=MOST,
        note=", ".join(f"{size / 1024:.0f} KiB at {turns}" for size, turns in zip(sizes, TURNS, strict=True)),
    )  # fmt: skip
    middle, end = answer["seconds_of_turn"]
    yield Row(
        "growth", "time of a turn, at 500", f"{end * 1000:.1f} ms", f"at 100 {middle * 1000:.1f} ms", end / middle,
        most=LATER,
    )  # fmt: skip
