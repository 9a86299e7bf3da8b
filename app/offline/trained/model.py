"""The weights as they are used: how likely each thing is asked for, and which words fill its arguments.

Law: what the examples never named is unlikely to nobody and likely to none: the model is silent about it.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from app.offline.trained import features, tagging
from app.offline.trained.tagging import Span
from app.offline.words import Token

FILE = "weights.z"
SCALE = 4.0  # what the features of one request weigh together, however many they are
STEPS = 24.0  # how many steps of a stored weight are one
CUT, ON = "cut", "on"
LATELY = 32  # requests whose words were marked lately
SPREAD = 1 << 21  # places that weights of words for arguments are spread over


class Classes:
    """What one of a few things it is, by what the features of it say."""

    def __init__(self, head: Mapping[str, Any], stored: bytes) -> None:
        self.names: tuple[str, ...] = tuple(head["names"])
        named = stored[: head["named"]].decode().split("\t")
        self._places = {feature: i for i, feature in enumerate(named)}
        self._rows = memoryview(stored[head["named"] :]).cast("b")

    def shares(self, told: Sequence[str]) -> dict[str, float]:
        """How likely each is; the shares add up to one."""
        width = len(self.names)
        known = [i for i in map(self._places.get, told) if i is not None]
        size = SCALE / math.sqrt(len(known) or 1) / STEPS
        rows = (self._rows[i * width : (i + 1) * width] for i in known)
        sums = [sum(column) * size for column in zip(*rows, strict=True)] or [0.0] * width
        top = max(sums)
        odds = [math.exp(value - top) for value in sums]
        total = sum(odds)
        return {name: odd / total for name, odd in zip(self.names, odds, strict=True)}


class Model:
    """Reads requests with weights as `training` wrote them."""

    def __init__(self, stored: bytes) -> None:
        head, _, rest = zlib.decompress(stored).partition(b"\n")
        told = json.loads(head)
        self.examples: str = told["examples"]
        self.tools: frozenset[str] = frozenset(told["tools"])
        self.leads: Mapping[str, int] = told["leads"]
        self._tags: tuple[str, ...] = tuple(told["tags"])
        self._open: Mapping[str, Sequence[int]] = told["open"]
        first, second = told["asked"]["size"], told["cuts"]["size"]
        self._asked = Classes(told["asked"], rest[:first])
        self._cuts = Classes(told["cuts"], rest[first : first + second])
        self._words = memoryview(rest[first + second :]).cast("b")
        self._spans = lru_cache(maxsize=LATELY)(self._marked)  # a turn is planned anew after each of its rounds

    def asked(self, tokens: Sequence[Token], context: str) -> dict[str, float]:
        """How likely each thing is asked for."""
        return self._asked.shares(features.of_request(tokens, context))

    @property
    def names(self) -> tuple[str, ...]:
        """Whatever may be asked for."""
        return self._asked.names

    def cut(self, tokens: Sequence[Token], i: int) -> float:
        """How likely another request begins at token `i`, which stands behind a joint."""
        return self._cuts.shares(features.of_joint(tokens, i, self.leads))[CUT]

    def spans(self, tokens: Sequence[Token], timed: Sequence[bool], asked: str) -> Sequence[Span]:
        """Which tokens fill which argument of what is asked for. `timed` are those of a time."""
        return self._spans(tuple(tokens), tuple(timed), asked)

    def _marked(self, tokens: tuple[Token, ...], timed: tuple[bool, ...], asked: str) -> tuple[Span, ...]:
        told = features.of_tokens(tokens, timed, asked)
        tags = [self._tags[k] for k in self._open.get(asked, ())]
        return tuple(tagging.spans(tagging.best(told, tags, self._weigh))) if tags else ()

    def _weigh(self, feature: str, tag: str) -> int:
        return self._words[place(feature, tag)]


def place(feature: str, tag: str) -> int:
    """Where the weight of a feature for a tag is kept; two may share a place, which is then right for the oftener."""
    return zlib.crc32(_encoded(feature), _begun(tag)) & (SPREAD - 1)


@lru_cache(maxsize=4096)
def _encoded(feature: str) -> bytes:
    return feature.encode("utf-8", "surrogatepass")


@cache
def _begun(tag: str) -> int:
    """The checksum of what stands before the feature: the same for every feature of the tag."""
    return zlib.crc32(f"{tag}\t".encode())


@cache
def model() -> Model:
    """The model as it is shipped, read once in a process."""
    return Model(files("app.offline.trained").joinpath(FILE).read_bytes())
