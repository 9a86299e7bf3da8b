"""Which tool a clause asks for: a linear model over its words, their neighbours and what marks it holds.

Weights are log odds counted from the tools' asks, in a few milliseconds; a word no ask has used speaks for nothing.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from app.offline.clause import Clause
from app.offline.lexicon import ASKING, CONCEPTS, EMPTY, SORTS
from app.offline.words import stem

OWN, OTHER = 2.0, 20.0  # how many asks the common rate of a word counts for, inside and outside a class
PAIR = 0.5  # a pair of neighbours weighs this much of a word
CONCEPT = 0.7  # so does a concept
SORT = 0.4  # and a sort of thing
AGAINST = -0.6  # that a class has not used a pair of words says little with so few asks
USUAL = 0.3  # a word is usual that so many asks of the class hold
LACK = 0.7  # what a usual word says by being absent, of what it could
_VOICELESS = frozenset(
    {
        "<time>",
        "<duration>",
        "<from>",
        "<with>",
        "<for>",
        "<subject>",
        "<at>",
        "<bare>",
        "<topic>",
        "<object>",
        "<measure>",
    }
)


def concepts(groups: Mapping[str, str] = CONCEPTS) -> dict[str, tuple[str, ...]]:
    """Stem -> the concepts it stands for."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, words in groups.items():
        for word in words.split():
            found[stem(word)].append(f"={name}")
    return {word: tuple(names) for word, names in found.items()}


class Intents:
    """Classes, each with what the asks for it hold. `extra` are words that are no request, yet belong to it."""

    def __init__(self, asks: Mapping[str, Sequence[Sequence[str]]], extra: Mapping[str, Iterable[str]]) -> None:
        self._concepts = concepts()
        self._sorts = concepts(SORTS)
        self._counts = {name: self._counted(held) for name, held in asks.items()}
        self._sizes = {name: len(held) for name, held in asks.items()}
        self._known = {name: self._stems(name, extra.get(name, ())) for name in asks}

    def widened(self, features: Iterable[str]) -> list[str]:
        """The features, and the concepts of the words among them."""
        found = list(features)
        more = (c for f in found for c in (*self._concepts.get(f, ()), *self._sorts.get(f, ())))
        return [*found, *dict.fromkeys(more)]

    def scores(self, clause: Clause) -> dict[str, float]:
        """How much each class is asked for: the log odds of what the clause holds, and of the usual that it lacks."""
        features = [f for f in self.widened(clause.features) if f in self._total]
        return {
            name: sum(self._weight(name, f) for f in features) + self._lack(name, features) for name in self._counts
        }

    def _lack(self, name: str, features: Iterable[str]) -> float:
        held = set(features)
        return sum(weight for f, weight in self._usual[name].items() if f not in held)

    @cached_property
    def _usual(self) -> dict[str, dict[str, float]]:
        """What most asks of a class hold, and what it says against the class that a clause does not."""
        return {name: dict(self._missed(name)) for name in self._counts}

    def _missed(self, name: str) -> Iterable[tuple[str, float]]:
        for feature, count in self._counts[name].items():
            if " " not in feature and count / self._sizes[name] >= USUAL:
                inside, outside = self._rates(name, feature)
                yield feature, math.log((1 - inside) / (1 - outside)) * LACK

    def spoken(self, name: str, clause: Clause, but: Iterable[str]) -> float:
        """The same for one class, without the marks that speak for no tool, and without the stems in `but`."""
        left_out = {*but, *_VOICELESS}
        words = [f for f in clause.features if left_out.isdisjoint(f.split())]
        return sum(self._weight(name, f) for f in self.widened(words) if f in self._total)

    def favours(self, name: str, marks: Iterable[str]) -> bool:
        """Whether any of these marks speaks for the class."""
        return name in self._counts and any(mark in self._total and self._weight(name, mark) > 0 for mark in marks)

    def knows(self, name: str, word: str) -> bool:
        """Whether the class has used the word, or one that means the same."""
        known = self._known.get(name, frozenset())
        return stem(word) in known or any(c in known for c in self._concepts.get(stem(word), ()))

    def means(self, name: str, word: str) -> bool:
        """Whether the class has used a word that means the same."""
        held: Mapping[str, int] = self._counts.get(name, {})
        return any(held.get(concept) for concept in self._concepts.get(stem(word), ()))

    def familiar(self, names: Iterable[str], word: str) -> bool:
        """Whether one of the classes uses the word, or one that means the same, more than once: it is then no topic."""
        found = (stem(word), *self._concepts.get(stem(word), ()))
        held = [self._counts[name] for name in names if name in self._counts]
        return any(counts[feature] > 1 for feature in found for counts in held)

    def common(self, word: str) -> bool:
        """Whether the word, or one that means the same, is in any ask or group."""
        return word in EMPTY or stem(word) in self._concepts or stem(word) in self._total

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(self._total) | frozenset(self._concepts)

    def _counted(self, asks: Sequence[Sequence[str]]) -> Counter[str]:
        return Counter(f for features in asks for f in self.widened(features))

    def _stems(self, name: str, extra: Iterable[str]) -> frozenset[str]:
        more = self.widened(stem(word) for word in extra if word not in EMPTY)
        return frozenset(f for f in (*self._counts[name], *more) if " " not in f and not f.startswith("<"))

    @cached_property
    def _total(self) -> Counter[str]:
        total = Counter[str]()
        for counts in self._counts.values():
            total.update(counts)
        return total

    @cached_property
    def _size(self) -> int:
        return sum(self._sizes.values())

    def _rates(self, name: str, feature: str) -> tuple[float, float]:
        """How often the asks of the class, and all others, hold the feature."""
        here, size, total = self._counts[name][feature], self._sizes[name], self._total[feature]
        rate = total / self._size
        return (here + OWN * rate) / (size + OWN), (total - here + OTHER * rate) / (self._size - size + OTHER)

    def _weight(self, name: str, feature: str) -> float:
        """What a feature that asks hold says for the class; worked out once, since the same requests come again."""
        weights = self._weights[name]
        if feature not in weights:
            weights[feature] = self._weighed(name, feature)
        return weights[feature]

    @cached_property
    def _weights(self) -> dict[str, dict[str, float]]:
        return {name: {} for name in self._counts}

    def _weighed(self, name: str, feature: str) -> float:
        inside, outside = self._rates(name, feature)
        odds = math.log(inside / outside) * self._total[feature] / (self._total[feature] + 1)
        if " " in feature:
            return max(odds, AGAINST) * PAIR
        if feature.startswith("="):
            return odds * (SORT if feature.removeprefix("=") in SORTS else CONCEPT)
        if feature in ASKING or feature.startswith("<"):
            return max(odds, AGAINST)
        same = any(self._counts[name][concept] for concept in self._concepts.get(feature, ()))
        return max(odds, 0.0) if same else odds
