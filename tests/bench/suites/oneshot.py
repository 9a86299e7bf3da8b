"""One command from process start to exit: what is in my unread mail, 50 of them, over new connections.

Once by itself, and once with a process on standby; either way it is a process from its start to its exit.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from tests.bench.figures import Row, interval, millis, ratio
from tests.bench.probe import Fake
from tests.bench.race import ROOT, Answer, Begin, Lap, race
from tests.bench.runner import Bench
from tests.bench.service.corpus import mailbox

ABOUT = "one-shot `valet ask` for 50 unread mails, process start to exit"
ORDER = 6
COUNT, COLD_TRIPS = 50, 2
REQUEST = "give me an overview of my unread mail"
BY_ITSELF, STANDBY, AGENT = "valet", "valet, on standby", "LangChain agent"
SLOW = {AGENT: 2}
VALET = str(Path(sys.executable).with_name("valet"))


def run(bench: Bench) -> Iterator[Row]:
    ids = [mail.id for mail in mailbox(COUNT, bench.seed)]
    homes = {BY_ITSELF: bench.folder / "oneshot", STANDBY: bench.folder / "standby"}
    for home in homes.values():
        home.mkdir(mode=0o700)
    for latency in bench.latencies:
        with Fake(COUNT, bench.seed) as fake, _standby(_env(homes[STANDBY], fake)) as served:
            request = (VALET, "ask", "--json", REQUEST)
            begun = {
                name: _begin(fake, latency, request, _env(home, fake), home, fresh=True) for name, home in homes.items()
            }
            if bench.peers:
                module = "tests.bench.contenders.one_shot"
                agent = (str(bench.peers.python), "-m", module, fake.origin, str(COUNT))
                begun[AGENT] = _begin(fake, latency, agent, _env(homes[BY_ITSELF], fake), ROOT)
            laps = race(begun, bench.reps, bench.seed, lambda answer: _lacking(answer, ids), SLOW)
            if not laps[STANDBY].void:
                laps[STANDBY].void = _by_itself(served, bench.reps + 1)
        yield from _told(bench, laps, BY_ITSELF, latency)
        yield from _told(bench, laps, STANDBY, latency)


def _env(home: Path, fake: Fake) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "VALET_HOME": str(home), "TERM": "dumb",
        "LANG": "C.UTF-8", "VALET_DEMO_ORIGIN": fake.origin, "VALET_NOW": "2026-11-18T09:30:00+00:00",
    }  # fmt: skip


@contextmanager
def _standby(env: Mapping[str, str]) -> Iterator[Callable[[], str]]:
    """A process on standby while the block runs; gives what asks for its state."""

    def said(*options: str) -> str:
        argv = [VALET, "standby", *options]
        return subprocess.run(argv, env=dict(env), capture_output=True, text=True, check=False).stdout

    said()
    try:
        yield lambda: said("--status")
    finally:
        said("--stop")


def _by_itself(state: Callable[[], str], requests: int) -> str:
    """Why these times are not those of a standby, "" where it served every request."""
    told = state().strip()
    return "" if f" {requests} served" in told else f"not every request was served on standby: {told}"


def _begin(
    fake: Fake, latency: float, argv: Sequence[str], env: Mapping[str, str], cwd: Path, *, fresh: bool = False
) -> Begin:
    """`fresh`: nothing is remembered from the time before."""

    def once() -> Answer:
        if fresh:
            for file in cwd.glob("valet.db*"):
                file.unlink()
        fake.set(latency=latency, connection_trips=COLD_TRIPS)
        start = perf_counter()
        done = subprocess.run(argv, env=dict(env), cwd=cwd, capture_output=True, text=True, check=False)
        seconds = perf_counter() - start
        error = "" if done.returncode == 0 else (done.stderr.strip() or done.stdout)[-200:]
        return {"seconds": seconds, "cpu": 0.0, "out": done.stdout, "counts": fake.counts()} | (
            {"error": error} if error else {}
        )

    return once


def _lacking(answer: Answer, ids: list[str]) -> str:
    """Every mail read is named in what is printed."""
    named = sum(1 for one in ids if one in answer["out"])
    return "" if named == len(ids) else f"{named} of {len(ids)} mails are named in the output"


def _told(bench: Bench, laps: dict[str, Lap], name: str, latency: float) -> Iterator[Row]:
    valet, agent = laps[name], laps.get(AGENT)
    what = f"50 unread, {latency:g} ms" + (", on standby" if name == STANDBY else "")
    mine = valet.of("seconds")
    if not mine:
        yield Row("oneshot", what, "", void=valet.void)
        return
    counts = valet.answers[-1]["counts"]
    note = f"{counts['requests']} requests over {counts['connections'] - 1} connections"
    if agent is None or not agent.of("seconds"):
        void = valet.void or (agent.void if agent else "")
        yield Row("oneshot", what, millis(mine), AGENT, note=bench.peers.why or note, void=void)
        return
    theirs = agent.of("seconds")
    yield Row(
        "oneshot", what, millis(mine), f"{AGENT} {millis(theirs)}", ratio(theirs, mine),
        interval(theirs, mine), least=10 if latency >= 100 else None, note=note, void=valet.void or agent.void,
    )  # fmt: skip
