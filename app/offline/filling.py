"""A tool's arguments as a clause fills them, part by part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from app.offline.clause import Clause
from app.offline.slots import Skill, Slot
from app.offline.thread import Ref

Variant = dict[str, Any]
_TOO = frozenset({"too", "also", "well", "additionally", "plus"})
_PAIRS = (frozenset({"start", "end"}), frozenset({"since", "until"}))


@dataclass(frozen=True)
class Part:
    """Ways to fill one or a few arguments, each a call of its own, and the tokens that said so.

    `guessed`: nothing in the clause says that these words are the argument; they were merely left.
    """

    variants: tuple[Variant, ...]
    used: frozenset[int]
    guessed: bool = False


@dataclass(frozen=True)
class View:
    """What was shown, newest list first, the handle of each kind that is in hand, and what was last asked about.

    `there` is where that was: the arguments that say so, by name.
    """

    lists: Sequence[tuple[Ref, ...]] = ()
    hand: Mapping[str, str] = field(default_factory=dict)
    topic: str = ""
    there: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Usage:
    """The words of a skill: it `knows` those its asks use, `means` something by those of its groups of like words.

    The `familiar` ones are those that a tool of the same service uses often.
    """

    knows: Callable[[str], bool]
    means: Callable[[str], bool]
    familiar: Callable[[str], bool]


@dataclass
class Filling:
    """A skill, the clause read for it, and what came of it.

    `loose`: the clause adds to a call made before. `guesses` are the sorts of argument that people do name when they
    ask for this, so that words which nothing explains are one.
    """

    skill: Skill
    clause: Clause
    view: View
    usage: Usage
    loose: bool = False
    guesses: frozenset[str] = frozenset()
    parts: list[Part] = field(default_factory=list)

    @property
    def used(self) -> frozenset[int]:
        return frozenset(i for part in self.parts for i in part.used)

    @property
    def filled(self) -> frozenset[str]:
        return frozenset(name for part in self.parts for variant in part.variants for name in variant)

    @property
    def guessed(self) -> frozenset[int]:
        return frozenset(i for part in self.parts if part.guessed for i in part.used)

    @property
    def free(self) -> list[int]:
        """Tokens that no argument took, that name no time and are not of the topic."""
        topic = set(range(self.clause.topic.start, self.clause.topic.end)) if self.clause.topic else set()
        held = self.used | self.clause.timed | topic
        return [i for i in range(len(self.clause.line)) if i not in held]

    def sure(self) -> Filling:
        """The same without what was guessed."""
        return replace(self, parts=[part for part in self.parts if not part.guessed])

    def calls(self, base: Mapping[str, Any]) -> list[Variant]:
        """The arguments of each call; what is filled replaces what `base` had, a window as a whole."""
        replaced = set(self.filled)
        for slots in _PAIRS:
            pair = {slot.name for slot in self.skill.slots if slot.sort in slots}
            replaced |= pair if replaced & pair else set()
        kept = {name: value for name, value in base.items() if name not in replaced}
        chosen = product(*(part.variants for part in self.parts))
        found = [{k: v for one in variants for k, v in one.items()} for variants in chosen]
        return [{**kept, **{name: self._with(base.get(name), value) for name, value in args.items()}} for args in found]

    def _with(self, before: Any, value: Any) -> Any:
        """The value, put behind what a list held before where the clause says "too"."""
        more = any(token.word in _TOO for token in self.clause.line.tokens)
        return [*before, *value] if more and isinstance(before, list) and isinstance(value, list) else value

    def missing(self, base: Mapping[str, Any]) -> list[Slot]:
        return [slot for slot in self.skill.required if slot.name not in self.filled | set(base)]
