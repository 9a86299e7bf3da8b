"""What a request comes to: steps to take, things to say, at most one question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from app.offline.slots import Slot
from app.offline.talk import Talk

Take = Literal["handle", "label", "people", "handles", "span", "items"]


@dataclass(frozen=True)
class Wait:
    """An argument that is known once the step before has its result: something of the things of `kind` it showed.

    `take`: their handle, their label, or the addresses of who takes part. `each`: of all of them, one call each; else
    of the one whose label holds most of `words`, else of the first shown, where `first` holds, or of the only one.
    "handles" takes all their handles in one call; "items" a task of each; "span" the begin and end of a slot.
    `named`: the words are its name, and of several of that name it is the first. `who`: they are the name of somebody,
    and it is the first in which that one takes part.
    `mostly`: more than half of the words are of its label, or of those who take part.
    `most`: how many at most, 0 for as many as is usual.
    """

    argument: str
    kind: str
    words: tuple[str, ...] = ()
    first: bool = False
    place: int = 0
    take: Take = "handle"
    each: bool = False
    most: int = 0
    named: bool = False
    who: bool = False
    mostly: bool = False


@dataclass(frozen=True)
class Step:
    """One call to propose. With a `wait`, the step before only looks up what this one needs; `further` are the
    arguments it is made with again where that is not among what it shows. `aside`: nobody asked to see what it shows.
    """

    name: str
    args: Mapping[str, Any]
    wait: Wait | None = None
    further: Mapping[str, Any] | None = None
    aside: bool = False


@dataclass(frozen=True)
class Question:
    """What must be asked before a call can be made; `why` the value given will not do, "" where none was.

    `shown`: such things are in view, so one of them can be pointed at; `near` are the handles of those it may be.
    `ask`: the question in words of its own.
    """

    name: str
    args: Mapping[str, Any]
    slot: Slot
    why: str = ""
    shown: bool = False
    near: tuple[str, ...] = ()
    ask: str = ""


@dataclass(frozen=True)
class Pick:
    """Words, as `said`, that the things the tool lists are to hold; `who`: in the names of those who take part."""

    name: str
    words: tuple[str, ...]
    said: str
    who: bool = False


@dataclass
class Plan:
    """What is to be done and said. The texts are pieces of the request as typed.

    `unknown`: not understood; `open`: understood, but follows on nothing; `cannot`: asks for a change that no tool
    makes, by the verb in `verbs`; `unused`: said beside a request, and of no use to its tool; `cut`: only so many
    words of it were read, 0 for all; `blind`: services that were meant and cannot be searched for a topic.
    `picks`: which of what is listed is meant. `near` are requests like what was not understood, that would be.
    `notes` are said as they stand; `revised` are the ids of calls that were proposed anew, as the person wanted them;
    `beside` is said with the calls that are due.
    """

    steps: list[Step] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    cannot: list[str] = field(default_factory=list)
    verbs: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    picks: list[Pick] = field(default_factory=list)
    blind: list[str] = field(default_factory=list)
    near: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    revised: set[str] = field(default_factory=set)
    beside: str = ""
    question: Question | None = None
    cut: int = 0
