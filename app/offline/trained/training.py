"""Counts the weights of the model from its examples: `make learn`, a few minutes.

Law: no chance but one that is seeded, and no clock: the same examples give the same weights.
"""

from __future__ import annotations

import json
import math
import random
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from itertools import accumulate
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.offline import times
from app.offline.heard import pieces
from app.offline.slots import Skill
from app.offline.trained import examples, features, tagging
from app.offline.trained.examples import Example
from app.offline.trained.model import CUT, FILE, ON, SCALE, SPREAD, STEPS, place
from app.offline.window import Moment
from app.offline.words import Line
from tools.registry import discover

SEED = 7
WORKERS = 2  # processes; the parts of the model are counted apart
OFTEN = 2  # examples that must hold a feature
ROUNDS = 12
STEP, DECAY, PULL = 0.5, 0.75, 2e-4
SMALL = 0.1  # a feature is left out that says no more than this for anything
WORD_ROUNDS = 6
_SOME_DAY = Moment(datetime(2026, 3, 11, 10, 20, tzinfo=ZoneInfo("Europe/Berlin")), 1, None)

Weights = dict[str, list[float]]
Words = dict[tuple[str, str], float]


def classes(told: Sequence[Sequence[str]], right: Sequence[str], names: Sequence[str]) -> Weights:
    """What each feature says for each of the names: logistic regression by stochastic descent."""
    counts = Counter(feature for one in told for feature in one)
    weights = {feature: [0.0] * len(names) for feature, count in counts.items() if count >= OFTEN}
    goals = [names.index(one) for one in right]
    rows = [[weights[f] for f in one if f in weights] for one in told]
    order, chance = list(range(len(rows))), random.Random(SEED)
    for turn in range(ROUNDS):
        chance.shuffle(order)
        for i in order:
            _descend(rows[i], goals[i], STEP * DECAY**turn)
    return {f: row for f, row in weights.items() if max(map(abs, row)) >= SMALL}


def _descend(rows: list[list[float]], goal: int, step: float) -> None:
    size = SCALE / math.sqrt(len(rows) or 1)
    sums = [sum(column) * size for column in zip(*rows, strict=True)]
    top = max(sums)
    odds = [math.exp(value - top) for value in sums]
    total = sum(odds)
    for k, odd in enumerate(odds):
        wrong = odd / total - (k == goal)
        if abs(wrong) > 1e-3:
            change, kept = step * wrong * size, 1 - step * PULL
            for row in rows:
                row[k] = row[k] * kept - change


def words(found: Sequence[Example]) -> tuple[Words, dict[str, list[str]]]:
    """What each feature of a token says for each argument, and the arguments of each thing asked for: an averaged
    structured perceptron (Collins 2002)."""
    rows = [(features.of_tokens(one.tokens, timed(one), one.asked), one) for one in found if one.tags]
    held = defaultdict[str, set[str]](set)
    for _, one in rows:
        held[one.asked] |= {tagging.OUTSIDE, *one.tags}
    open_to = {asked: sorted(tags) for asked, tags in sorted(held.items())}
    scale, chance = _Averaged(), random.Random(SEED)
    for _ in range(WORD_ROUNDS):
        chance.shuffle(rows)
        for told, one in rows:
            scale.learn(told, one.tags, tagging.best(told, open_to[one.asked], scale.weigh))
    return scale.mean(), open_to


class _Averaged:
    """Weights that are mended at every mistake; their mean over all examples is what is kept."""

    def __init__(self) -> None:
        self._now, self._sum = defaultdict[tuple[str, str], float](float), defaultdict[tuple[str, str], float](float)
        self._seen = 0

    def weigh(self, feature: str, tag: str) -> float:
        return self._now.get((feature, tag), 0.0)

    def learn(self, told: Sequence[Sequence[str]], right: Sequence[str], got: Sequence[str]) -> None:
        self._seen += 1
        for sign, tags, other in ((1.0, right, got), (-1.0, got, right)):
            wrong = [(f, tag) for one, tag, not_it in zip(told, tags, other, strict=True) if tag != not_it for f in one]
            steps = [a for a, b in zip(tagging.steps(tags), tagging.steps(other), strict=True) if a != b]
            for key in (*wrong, *steps):
                self._now[key] += sign
                self._sum[key] += sign * self._seen

    def mean(self) -> Words:
        return {key: value - self._sum[key] / self._seen for key, value in self._now.items()}


def timed(one: Example) -> list[bool]:
    """Which tokens say a time."""
    held = {i for found in times.find(Line(one.tokens), _SOME_DAY) for i in range(found.start, found.end)}
    return [i in held for i in range(len(one.tokens))]


def cuts(lines: Iterable[examples.Line], leads: Mapping[str, int]) -> Iterator[tuple[list[str], str]]:
    """Every place where another request could begin, and whether one does. `leads` as for its features."""
    for line in lines:
        tokens = [token for one in line.requests for token in one.tokens]
        ends = list(accumulate(len(one.tokens) for one in line.requests))[:-1]
        begins = {next((i for i in features.joints(tokens) if i >= end), 0) for end in ends}
        for i in features.joints(tokens):
            yield features.of_joint(tokens, i, leads), CUT if i in begins else ON


def stored(lines: Sequence[examples.Line], digest: str, tools: Iterable[str] = ()) -> bytes:
    """The model of these examples, as `Model` reads it. `tools` are those that the examples were written for, whether
    or not one of them asks for it."""
    found = [one for line in lines for one in line.requests]
    leads = features.leading(one.tokens for one in found)
    told, right = zip(*cuts(lines, leads), strict=True)
    requests = [features.of_request(one.tokens, one.context) for one in found]
    with ProcessPoolExecutor(WORKERS) as pool:
        marked = pool.submit(words, found)
        tables = [pool.submit(_table, requests, [one.asked for one in found]), pool.submit(_table, told, right)]
        asked, cut = (one.result() for one in tables)
        scale, open_to = marked.result()
    tags = sorted({tag for some in open_to.values() for tag in some})
    head = {
        "examples": digest, "tools": sorted(tools), "leads": leads, "asked": asked[0], "cuts": cut[0], "tags": tags,
        "open": {name: [tags.index(tag) for tag in some] for name, some in open_to.items()},
    }  # fmt: skip
    return zlib.compress(json.dumps(head).encode() + b"\n" + asked[1] + cut[1] + _spread(scale), 9)


def _table(told: Sequence[Sequence[str]], right: Sequence[str]) -> tuple[dict[str, Any], bytes]:
    names = sorted(set(right))
    weights = classes(told, right, names)
    named = "\t".join(weights).encode()
    body = named + bytes(_small(value * STEPS) for row in weights.values() for value in row)
    return {"names": names, "named": len(named), "size": len(body)}, body


def _spread(scale: Mapping[tuple[str, str], float]) -> bytes:
    """The weights of words at their places; of two that share one, the one that says more stands there."""
    top = max(map(abs, scale.values()), default=1.0)
    table = bytearray(SPREAD)
    for (feature, tag), value in sorted(scale.items(), key=lambda one: abs(one[1])):
        table[place(feature, tag)] = _small(value * 127 / top)
    return bytes(table)


def _small(value: float) -> int:
    """A weight as a signed byte."""
    return max(-127, min(127, round(value))) & 0xFF


def main() -> None:
    registry = discover()
    skills = {tool.name: Skill(tool, node) for node in registry.nodes for tool in node.tools}
    lines = examples.lines(lambda context, names: pieces.after(context, names, skills))
    model = stored(list(lines), examples.digest(), skills)
    path = Path(__file__).with_name(FILE)
    path.write_bytes(model)
    sys.stdout.write(f"{path.name}: {len(model):,} bytes\n")


if __name__ == "__main__":
    main()
