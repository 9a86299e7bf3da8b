"""What a conversation holds for the planner: requests, calls, and the handles and leads of their results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Ref:
    """A thing shown in a result: its handle ("mail:2"), kind, label, the addresses of who takes part in it, and when it
    begins and ends, in ISO 8601, "" for what has no time."""

    handle: str
    kind: str
    label: str
    people: tuple[str, ...] = ()
    begins: str = ""
    ends: str = ""


@dataclass(frozen=True)
class Past:
    """A call that was proposed. Those of one reply share a `round`."""

    id: str
    name: str
    args: Mapping[str, Any]
    round: int = 0


@dataclass(frozen=True)
class Outcome:
    """What became of a call, from its artifact alone. `receipt` is the id of a done write's receipt; `undo`: it can be
    taken back; `takes_back`: the receipt of the write that this one took back."""

    status: Literal["ok", "failed", "not_executed"]
    lead: str = ""
    what: str = ""
    next: str = ""
    refs: tuple[Ref, ...] = ()
    receipt: str = ""
    undo: bool = False
    takes_back: str = ""


@dataclass(frozen=True)
class Asked:
    """A question the planner put: the call it needs the answer for, and the argument that is missing."""

    name: str
    args: Mapping[str, Any]
    missing: str


@dataclass
class Turn:
    """One request and what followed it. `page` are the things a briefing put in an order of its own, or a question left
    to choose from; `chosen` is the handle of the one that was chosen of those the request may mean."""

    request: str
    calls: list[Past] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    asked: Asked | None = None
    page: tuple[Ref, ...] = ()
    chosen: str = ""

    @property
    def results(self) -> Iterator[tuple[Past, Outcome]]:
        """The calls that have an outcome, in call order."""
        return ((call, self.outcomes[call.id]) for call in self.calls if call.id in self.outcomes)

    def refs(self) -> list[tuple[Ref, ...]]:
        """The refs of each result that has some: of the newest round first, in each round as they were shown."""
        rounds = list(dict.fromkeys(past.round for past, _ in self.results))
        shown = [(past, outcome.refs) for past, outcome in self.results if outcome.refs]
        found = [refs for newest in reversed(rounds) for past, refs in shown if past.round == newest]
        return [self.page, *found] if self.page else found


@dataclass(frozen=True)
class Thread:
    """The turns, oldest first; the last one is being answered. `number` is the next free number for call ids."""

    turns: tuple[Turn, ...]
    number: int

    @property
    def now(self) -> Turn:
        return self.turns[-1]

    @property
    def before(self) -> tuple[Turn, ...]:
        return self.turns[:-1]

    def lists(self) -> list[tuple[Ref, ...]]:
        """What was shown, newest list first."""
        return [refs for turn in reversed(self.turns) for refs in turn.refs()]
