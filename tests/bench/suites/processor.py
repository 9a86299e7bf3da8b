"""Processor time per mail: request, unpack, parse, and decode the bodies; cleaning and judging apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median

from tests.bench.figures import Row, interval, ratio
from tests.bench.probe import Fake
from tests.bench.race import Answer, Begin, Lap, Worker, ours, race, workers
from tests.bench.runner import Bench
from tests.bench.service.corpus import as_json, mailbox
from tests.bench.suites.reading import COUNT, check_of

ABOUT = "processor time per mail, without cleaning"
ORDER = 2
DEEDS = {
    "valet": "read",
    "batch of 50": "batched",
    "one by one": "sequential",
    "GmailSearch": "search",
    "floor": "floor",
}


def run(bench: Bench) -> Iterator[Row]:
    file = bench.folder / "mails.json"
    mails = [as_json(mail.resource).decode() for mail in mailbox(COUNT, bench.seed)]
    file.write_text(json.dumps(mails), encoding="utf-8")
    with ExitStack() as stack:
        fake = stack.enter_context(Fake(COUNT, bench.seed))
        wanted = {name: (ours(), "valet" if name == "valet" else "plain", [fake.origin]) for name in DEEDS}
        wanted.pop("GmailSearch")
        if bench.peers:
            wanted["GmailSearch"] = (bench.peers.python, "langchain", [fake.origin])
        running = workers(stack, wanted)
        begun = {name: _begin(fake, running[name], DEEDS[name], str(file)) for name in running}
        laps = race(begun, bench.reps, bench.seed, check_of(bench.seed))
    yield from _told(bench, laps)


def _begin(fake: Fake, worker: Worker, deed: str, file: str) -> Begin:
    def once() -> Answer:
        fake.set(item=0)
        return worker.do(do=deed, count=COUNT, file=file) | {"counts": fake.counts()}

    return once


def _told(bench: Bench, laps: dict[str, Lap]) -> Iterator[Row]:
    valet = laps["valet"]
    mine = valet.of("cpu")
    if not mine:
        yield Row("processor", "per mail", "", void=valet.void)
        return
    shown, value = f"{median(mine) * 1000 / COUNT:.3f} ms", median(mine) * 1000 / COUNT
    yield Row("processor", "per mail", shown, "", value, most=0.3, unit=" ms", void=valet.void)
    for name in [name for name in DEEDS if name != "valet"]:
        lap = laps.get(name)
        if lap is None or not lap.of("cpu"):
            yield Row("processor", "per mail", shown, name, note=bench.peers.why, void=lap.void if lap else "")
            continue
        theirs = lap.of("cpu")
        pair = (mine, theirs) if name == "floor" else (theirs, mine)
        beside = f"{name} {median(theirs) * 1000 / COUNT:.3f} ms"
        yield Row("processor", "per mail", shown, beside, ratio(*pair), interval(*pair), void=lap.void)
