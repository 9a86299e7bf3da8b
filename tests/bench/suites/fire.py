"""Six rounds of eight parallel tool calls, with 5 % of the answers failing and the wall up: who gets which mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

from tests.bench.figures import Row
from tests.bench.probe import Fake
from tests.bench.race import Answer, Worker, ours
from tests.bench.runner import Bench
from tests.bench.service.corpus import Mail, mailbox
from tests.bench.service.prose import codes

ABOUT = "eight parallel tool calls under faults: right, wrong, lost"
ORDER = 4
COUNT, WIDTH, ROUNDS, FAULTS, WALL = 100, 8, 6, 0.05, 50


def run(bench: Bench) -> Iterator[Row]:
    latency = bench.latencies[-1]
    asked = WIDTH * ROUNDS
    with ExitStack() as stack:
        fake = stack.enter_context(Fake(COUNT, bench.seed))
        valet = _counted(fake, stack.enter_context(Worker(ours(), "calls", fake.origin)), latency, bench.seed)
        if bench.peers:
            peer = stack.enter_context(Worker(bench.peers.python, "langchain", fake.origin))
            theirs = _said(bench, _counted(fake, peer, latency, bench.seed))
        else:
            theirs = ("", bench.peers.why)
    shown, note = _said(bench, valet)
    counts = valet["counts"]
    right = int(shown.split(" of ")[0]) if " of " in shown else 0
    under = f"{counts['faulted']} faults met, {counts['most_under_way']} under way at most"
    yield Row(
        "fire", f"{ROUNDS} x {WIDTH} calls, {FAULTS:.0%} faults", shown, f"ToolNode {theirs[0]}", 100 * right / asked,
        least=100, unit=" %", note=f"Valet: {note}, {under}; ToolNode with GmailToolkit: {theirs[1]}",
        void="" if counts["most_under_way"] <= WALL else "more requests under way than admitted",
    )  # fmt: skip


def _counted(fake: Fake, worker: Worker, latency: float, seed: int) -> Answer:
    fake.set(latency=latency, faults=FAULTS, wall=WALL, seed=seed)
    ids = [mail.id for mail in mailbox(COUNT, seed)][: WIDTH * ROUNDS]
    return worker.do(do="fire", width=WIDTH, rounds=ROUNDS, ids=ids) | {"counts": fake.counts()}


def _said(bench: Bench, answer: Answer) -> tuple[str, str]:
    """How many were right, and the rest in words."""
    if "error" in answer:
        return "", str(answer["error"])
    mails = mailbox(COUNT, bench.seed)
    verdicts = Counter(verdict(mails, *entry) for entry in answer["answers"])
    told = ", ".join(f"{verdicts[name]} {name}" for name in ("right", "wrong", "empty", "lost"))
    return f"{verdicts['right']} of {WIDTH * ROUNDS} right", told


def verdict(mails: list[Mail], number: int, status: str, text: str) -> str:
    """Was the answer to the call about the mail of that number (0 is the newest) about that mail?"""
    if status != "success":
        return "lost"
    found = codes(text)
    mine, known = codes(" ".join(mails[number].new)), codes(" ".join([*mails[number].new, *mails[number].quoted]))
    if found - known:
        return "wrong"
    return "right" if mine <= found else "empty"
