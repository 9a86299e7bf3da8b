"""Valet beside its peers: one table of ratios. `make bench`, or with SUITE=reading,tokens LATENCY=100 REPS=9.

One file in `suites/` is one suite: `ABOUT`, a sentence, and `run(bench)`, which yields rows. Nothing else is edited.

How it is measured:
- One fake Google service in a process of its own on 127.0.0.1 (`service/`): a mailbox from a seed, with the truth of
  every mail; knobs for latency, time per item, round trips of a new connection, requests under way, faults.
- Each contender (`contenders/`) in a process of its own; they take turns in random order, the first round is dropped,
  and figures are ratios of medians in the same run, with a 95 % bootstrap interval. No figure is an absolute time.
- The limit comes from the latency probed before and after the block. A fixed piece of work is timed beside it: where
  it drifts by more than a quarter the block is run once more, and a second drift is noted.
- A contender with one wrong answer (ids, snippets, hashes of the bodies) is void.
- Peers live in `.bench/`, made from `peers.txt`; without a package index their rows say so and the rest runs.
It needs a quiet machine: what else runs shows in the intervals.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from tests.bench import peers
from tests.bench.figures import Row, table

SUITES = Path(__file__).with_name("suites")


@dataclass(frozen=True)
class Bench:
    """What a suite needs to know. Latencies in milliseconds; `folder` is for files it needs for a while."""

    latencies: tuple[float, ...]
    reps: int
    seed: int
    peers: peers.Peers
    folder: Path


def suites(folder: Path = SUITES, package: str = "tests.bench.suites") -> dict[str, ModuleType]:
    """Every suite by name, in the order of their `ORDER`, then by name."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(folder)]))
    found = {name: importlib.import_module(f"{package}.{name}") for name in names}
    return dict(sorted(found.items(), key=lambda item: (getattr(item[1], "ORDER", 99), item[0])))


def rows(bench: Bench, chosen: dict[str, ModuleType]) -> Iterator[Row]:
    for name, suite in chosen.items():
        sys.stderr.write(f"{name}: {suite.ABOUT}\n")
        start = time.perf_counter()
        yield from suite.run(bench)
        sys.stderr.write(f"  {time.perf_counter() - start:.0f} s\n")


def options(argv: Sequence[str]) -> argparse.Namespace:
    known = suites()
    parser = argparse.ArgumentParser(prog="bench", description="Valet beside its peers.")
    parser.add_argument("--suite", default="", help=f"of: {', '.join(known)}; separated by commas")
    parser.add_argument("--latency", default="100,20", help="milliseconds, separated by commas")
    parser.add_argument("--reps", type=int, default=7, help="repetitions that count")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(argv)
    wanted = [name for name in given.suite.split(",") if name]
    if strangers := set(wanted) - set(known):
        parser.error(f"no such suite: {', '.join(sorted(strangers))}")
    given.suites = {name: known[name] for name in known if not wanted or name in wanted}
    return given


def main(argv: Sequence[str]) -> int:
    given = options(argv)
    sys.stderr.write("setting up the peers\n")
    others = peers.ready()
    if not others:
        sys.stderr.write(f"  {others.why}\n")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        latencies = tuple(float(text) for text in given.latency.split(","))
        bench = Bench(latencies, given.reps, given.seed, others, Path(folder))
        found = list(rows(bench, given.suites))
    sys.stdout.write(f"\n{table(found)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
