"""English words of every day: spelt right as they are, and no names."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from app.offline.words import stem


@cache
def ordinary() -> frozenset[str]:
    """The words as they are listed."""
    return frozenset(files("app.offline").joinpath("ordinary.txt").read_text(encoding="utf-8").split())


def usual(word: str) -> bool:
    """Whether the word, or a form of it, is one of them."""
    return word in ordinary() or stem(word) in _stems()


@cache
def _stems() -> frozenset[str]:
    return frozenset(stem(word) for word in ordinary())
