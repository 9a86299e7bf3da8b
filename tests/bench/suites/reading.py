"""Unread mail with its bodies, over warm and over new connections, at most 50 requests under way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from statistics import mean

from tests.bench.figures import Row, interval, millis, ratio
from tests.bench.probe import Fake, limit
from tests.bench.race import Answer, Begin, Lap, Worker, ours, race, spin, workers
from tests.bench.runner import Bench
from tests.bench.service.corpus import mailbox
from tests.bench.service.prose import codes

ABOUT = "read 100 unread mails with their bodies"
ORDER = 1
COUNT, WALL, COLD_TRIPS = 100, 50, 2
SLOW = {"GmailSearch": 2}
DRIFT = 1.25


def run(bench: Bench) -> Iterator[Row]:
    with ExitStack() as stack:
        fake = stack.enter_context(Fake(COUNT, bench.seed))
        wanted = {"valet": (ours(), "valet", [fake.origin]), "batch of 50": (ours(), "plain", [fake.origin])}
        if bench.peers:
            wanted["GmailSearch"] = (bench.peers.python, "langchain", [fake.origin])
        running = workers(stack, wanted)
        for latency in bench.latencies:
            for cold in (False, True):
                yield from _block(bench, fake, running, latency, cold)


def _block(bench: Bench, fake: Fake, running: dict[str, Worker], latency: float, cold: bool) -> Iterator[Row]:
    knobs = {"latency": latency, "connection_trips": COLD_TRIPS if cold else 0, "wall": WALL}
    note = ""
    for _ in range(2):
        fake.set(**knobs)
        before, trips = spin(), [fake.round_trip()]
        laps = race(_begun(fake, running, knobs, cold), bench.reps, bench.seed, check_of(bench.seed), SLOW)
        fake.set(**knobs)
        trips.append(fake.round_trip())
        drift = max(before, now := spin()) / min(before, now)
        if drift <= DRIFT:
            break
        note = f"the machine was not quiet (x{drift:.2f})"
    best = limit(mean(trips), COUNT, WALL, cold_trips=COLD_TRIPS if cold else 0)
    yield from _told(bench, laps, best, f"{latency:g} ms, {'cold' if cold else 'warm'}", latency >= 100, note)


def _begun(fake: Fake, running: dict[str, Worker], knobs: dict[str, float], cold: bool) -> dict[str, Begin]:
    deeds = {"valet": "read", "batch of 50": "batched", "GmailSearch": "search"}

    def begin(name: str) -> Begin:
        def once() -> Answer:
            fake.set(**knobs)
            return running[name].do(do=deeds[name], count=COUNT, cold=cold) | {"counts": fake.counts()}

        return once

    return {name: begin(name) for name in running}


def check_of(seed: int) -> Callable[[Answer], str]:
    """Ids, snippets, and the hash of every body; where a tool gives text, that it holds no other mail's words."""
    mails = {mail.id: mail for mail in mailbox(COUNT, seed)}

    def check(answer: Answer) -> str:
        found = answer["mails"]
        if set(found) != set(mails):
            return f"{len(found)} of {COUNT} mails came"
        for identity, (snippet, body) in found.items():
            mail = mails[identity]
            known = codes(" ".join([*mail.new, *mail.quoted]))
            if snippet != mail.resource["snippet"] or (
                set(body) - known if isinstance(body, list) else body != mail.digest
            ):
                return f"the mail {identity} is another one's"
        return "more requests under way than admitted" if answer["counts"]["most_under_way"] > WALL else ""

    return check


def _told(bench: Bench, laps: dict[str, Lap], best: float, what: str, headline: bool, note: str) -> Iterator[Row]:
    valet = laps["valet"]
    mine, shown = valet.of("seconds"), f"read 100, {what}"
    if not mine:
        yield Row("reading", shown, "", void=valet.void)
        return
    counts = valet.answers[-1]["counts"]
    figures = ", ".join(f"{counts[name]} {said}" for name, said in SAID.items())
    yield Row(
        "reading", shown, millis(mine), f"limit {millis([best])}", ratio(mine, [best]), interval(mine, [best]),
        most=1.3 if headline else None, void=valet.void, note="; ".join(filter(None, (figures, note))),
    )  # fmt: skip
    for name, least in (("batch of 50", None), ("GmailSearch", 25 if headline else None)):
        lap = laps.get(name)
        if lap is None or not lap.of("seconds"):
            yield Row("reading", shown, millis(mine), name, note=bench.peers.why, void=lap.void if lap else "")
            continue
        theirs, empty = lap.of("seconds"), lap.answers[-1].get("empty", 0)
        said = _bound(ratio(theirs, [best]), least) + (
            f"; {name} left {empty} of {COUNT} bodies empty" if empty else ""
        )
        yield Row(
            "reading", shown, millis(mine), f"{name} {millis(theirs)}", ratio(theirs, mine), interval(theirs, mine),
            least=least, void=lap.void, note=said,
        )  # fmt: skip


def _bound(most: float, least: float | None) -> str:
    """What the ratio would be for a reader that is as fast as can be."""
    told = f"at the limit it would be {most:.3g}x"
    return (
        told if least is None or most >= least else f"{told}: both wait for new connections, and nobody reaches the aim"
    )


SAID = {"requests": "requests", "most_under_way": "under way at most", "turned_away": "turned away", "units": "units"}
