"""Which rounds are played: a kill at each step of each tool, at random moments, twice over; and every fault at HTTP."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from tests.crash.rounds import Order, Usual, Way
from tests.crash.worker import DOWN
from tests.faulty import AFTER, BEFORE, OK

WAYS: tuple[Way, ...] = ("chat", "approve", "no", "ask")
RANDOM = 4
STRIDE = 4
"""Of the steps that are alike for all tools, and of what is read before the yes, one in so many for each tool."""


def kind_of(step: str) -> str:
    """The column of the table that a step belongs to."""
    words = step.split()
    return f"wire {words[-1]}" if words[0] == "wire" else " ".join(words[:2] if words[0] == "ledger" else words[:1])


def orders(tool: str, usual: Usual, number: int) -> list[Order]:
    """All rounds of a tool; `number` is its place in the registry."""
    chance = random.Random(tool)  # the same rounds every time
    begun = usual.steps.index("ledger intend before")
    steps = [
        Order(tool, kind_of(step), at=at, way=WAYS[(at + number) % len(WAYS)])
        for at, step in enumerate(usual.steps, 1)
        if _own(step, begun < at) or (at + number) % STRIDE == 0
    ]
    moments = [Order(tool, "random", after=usual.seconds * chance.random(), way=WAYS[n % 2]) for n in range(RANDOM)]
    finish = [at for at, step in enumerate(usual.steps, 1) if at > begun and step.startswith(("ledger finish", "wire"))]
    twice = [
        Order(tool, "twice", at=chance.choice(finish), again=usual.seconds * (0.2 + chance.random()))
        for _ in range(RANDOM)
    ]
    soon = [Order(tool, "soon", at=at + 1, way=WAYS[(at + number) % 2], soon=True) for _, at in writing(usual.steps)]
    return [*steps, *moments, *twice, *soon, *_faults(tool, usual)]


def _own(step: str, begun: bool) -> bool:
    """Whether a step is this tool's own, or one at which what is known of the write changes."""
    if step.startswith("wire"):
        return begun
    return step.startswith("ledger") and not step.startswith("ledger card")


def few(tool: str, usual: Usual) -> list[Order]:
    """The kills that tell most: where the yes is in the ledger alone, amid the last request, and after it."""
    at = writing(usual.steps)[-1][1]
    answered = max(n for n, step in enumerate(usual.steps[:at], 1) if step == "state writes after")
    return [
        Order(tool, "state", at=answered),
        Order(tool, kind_of(usual.steps[at]), at=at + 1, soon=True),
        Order(tool, "wire after", at=_after(usual.steps, at), way="approve"),
    ]


def _after(steps: Sequence[str], at: int) -> int:
    """The step in which the answer to the request of step `at` is in hand."""
    name = steps[at - 1].removesuffix(" before")
    return next(n for n, step in enumerate(steps, 1) if n > at and step == f"{name} after")


def _faults(tool: str, usual: Usual) -> Iterator[Order]:
    for place, _ in writing(usual.steps):
        before: Sequence[str] = [OK] * (place - 1)
        for fault in (*BEFORE, *AFTER):
            yield Order(tool, f"fault {fault}", faults=(*before, fault))
        yield Order(tool, "outage", faults=(*before, "lost", DOWN), outage=True)


def writing(steps: Sequence[str]) -> list[tuple[int, int]]:
    """The requests that may write, once it has begun: which of all that are no GET (from 1), and which step."""
    begun = steps.index("ledger intend after")
    sends = [at for at, step in enumerate(steps) if step.startswith("wire") and step.endswith(" before")]
    posts = [at for at in sends if not steps[at].startswith("wire GET")]
    return [(place, at + 1) for place, at in enumerate(posts, 1) if at > begun]
