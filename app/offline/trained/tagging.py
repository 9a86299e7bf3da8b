"""The likeliest way to tag a row of tokens with the arguments they fill.

Law: an argument goes on only where it has begun.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

OUTSIDE = "O"
START = "^"

Weigh = Callable[[str, str], float]


@dataclass(frozen=True)
class Span:
    """Tokens `start` to `end` fill the argument; `value` is the one of a closed set that they stand for, or ""."""

    start: int
    end: int
    argument: str
    value: str = ""


def best(told: Sequence[Sequence[str]], tags: Sequence[str], weigh: Weigh) -> list[str]:
    """The tags of the row that weigh most, each by its features and by the tag before it (Viterbi)."""
    ways: list[dict[str, tuple[float, str]]] = []
    for features in told:
        before = {tag: value for tag, (value, _) in ways[-1].items()} if ways else {START: 0.0}
        here = dict[str, tuple[float, str]]()
        for tag in tags:
            value, last = max(
                ((before[b] + weigh(_step(b), tag), b) for b in before if _follows(b, tag)), default=(0.0, "")
            )
            if last:
                here[tag] = (value + sum(weigh(feature, tag) for feature in features), last)
        ways.append(here)
    return _back(ways)


def _step(before: str) -> str:
    return f"> {before}"


def _follows(before: str, tag: str) -> bool:
    return not tag.startswith("I-") or before[2:] == tag[2:]


def _back(ways: Sequence[dict[str, tuple[float, str]]]) -> list[str]:
    if not ways:
        return []
    tag = max(ways[-1], key=lambda one: ways[-1][one][0])
    found = [tag]
    for here in reversed(ways[1:]):
        tag = here[tag][1]
        found.append(tag)
    return found[::-1]


def steps(tags: Sequence[str]) -> list[tuple[str, str]]:
    """What each tag says by following on the one before it: a feature, and the tag."""
    return [(_step(before), tag) for before, tag in zip((START, *tags), tags, strict=False)]


def spans(tags: Sequence[str]) -> list[Span]:
    """The stretches that the tags mark."""
    found: list[Span] = []
    for i, tag in enumerate(tags):
        if tag.startswith("B-"):
            name, _, value = tag[2:].partition("=")
            found.append(Span(i, i + 1, name, value))
        elif tag.startswith("I-") and found:
            last = found[-1]
            found[-1] = Span(last.start, i + 1, last.argument, last.value)
    return found
