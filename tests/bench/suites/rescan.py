"""A mailbox of 10,000 unread mails looked at again, when 10 new ones have come and when none has."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import mean

from tests.bench.figures import Row, interval, millis, ratio
from tests.bench.probe import Fake
from tests.bench.race import Answer, Begin, Worker, ours, race
from tests.bench.runner import Bench
from tests.bench.service.corpus import id_of, kinds, mail_of
from tests.bench.service.prose import codes

ABOUT = "re-scan of 10,000 mails with 10 and with 0 new"
ORDER = 3.5
COUNT, MOST = 10_000, 1.2
SLOW = {"re-list": 2}


def run(bench: Bench) -> Iterator[Row]:
    with (
        Fake(COUNT + 10, bench.seed) as fake,
        Worker(ours(), "valet", fake.origin) as valet,
        Worker(ours(), "plain", fake.origin) as plain,
    ):
        for latency in bench.latencies:
            for new in (10, 0):
                yield from _block(bench, fake, valet, plain, latency, new)


def _block(bench: Bench, fake: Fake, valet: Worker, plain: Worker, latency: float, new: int) -> Iterator[Row]:
    fake.set(latency=latency)
    trips = [fake.round_trip()]

    def again() -> Answer:
        fake.set(hidden=new)
        valet.do(do="rescan", learn=True)
        fake.set(latency=latency)
        return valet.do(do="rescan") | {"counts": fake.counts()}

    def listed() -> Answer:
        fake.set(latency=latency)
        return plain.do(do="relist", before=COUNT + 10 - new) | {"counts": fake.counts()}

    begun: dict[str, Begin] = {"valet": again, "re-list": listed}
    laps = race(begun, bench.reps, bench.seed, lambda answer: _wrong(bench.seed, answer, new), SLOW)
    fake.set(latency=latency)
    best = mean([*trips, fake.round_trip()]) * (2 if new else 1)
    what, mine, theirs = f"{new} new, {latency:g} ms", laps["valet"].of("seconds"), laps["re-list"].of("seconds")
    if not mine:
        yield Row("rescan", what, "", void=laps["valet"].void)
        return
    units = {name: lap.answers[-1]["counts"]["units"] for name, lap in laps.items() if lap.answers}
    yield Row(
        "rescan", what, millis(mine), f"limit {millis([best])}", ratio(mine, [best]), interval(mine, [best]),
        most=MOST if latency >= 100 else None, void=laps["valet"].void, note=f"{units['valet']} units",
    )  # fmt: skip
    if laps["re-list"].void:
        yield Row("rescan", what, millis(mine), "re-list", void=laps["re-list"].void)
    elif theirs:
        yield Row(
            "rescan", what, millis(mine), f"re-list {millis(theirs)}", ratio(theirs, mine), interval(theirs, mine),
            note=f"re-list: {units['re-list']} units",
        )  # fmt: skip


def _wrong(seed: int, answer: Answer, new: int) -> str:
    """Each new mail is there with its own words, and no other's."""
    order = kinds(COUNT + 10, seed)
    for number in range(new):
        mail = mail_of(number, order[number], seed)
        found = codes(answer["mails"].get(id_of(number), ""))
        if not found or found - codes(" ".join(mail.new)):
            return f"the new mail {mail.id} is not there with its words"
    return ""
