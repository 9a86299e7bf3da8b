"""Misspelt words put right, towards the words that are known here; names and words of every day are left alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.offline.words import Token, stem

SWAPPED = 7  # letters of a word in which two swapped ones are a slip, whatever else the word might be


def mended(found: Iterable[Token], known: frozenset[str], lengths: dict[int, tuple[str, ...]]) -> tuple[Token, ...]:
    """The tokens with misspelt words put right, where one known word is close enough.

    `known` are words that are right as they are, `lengths` the words to mend towards, by length.
    """
    return tuple(_mend(token, known, lengths) for token in found)


def _mend(token: Token, known: frozenset[str], lengths: dict[int, tuple[str, ...]]) -> Token:
    word = token.word
    if token.kind != "word" or len(word) < 4 or word in known or stem(word) in known:
        return token
    allowed = 2 if len(word) >= 8 else 1
    near = [
        (gap, other)
        for size in range(len(word) - allowed, len(word) + allowed + 1)
        for other in lengths.get(size, ())
        if other[0] == word[0] and (gap := distance(word, other, allowed)) <= allowed and _likely(word, other)
    ]
    swapped = "" if near else _swapped(word, known)
    return replace(token, word=min(near)[1] if near else swapped or word)


def _swapped(word: str, known: frozenset[str]) -> str:
    """The known word that a long one is with two neighbours swapped; "" where there is none."""
    swaps = (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1))
    return next((one for one in swaps if one in known), "") if len(word) >= SWAPPED else ""


def _likely(word: str, other: str) -> bool:
    """In a short word only a lost letter, two swapped ones or, from five letters on, a wrong vowel is a slip."""
    if len(word) > 5 or len(other) == len(word) + 1:
        return True
    if len(word) < 5 or len(other) != len(word):
        return False
    changed = "".join(a + b for a, b in zip(word, other, strict=True) if a != b)
    return sorted(word) == sorted(other) or set(changed) <= set("aeiouy")


def distance(one: str, two: str, limit: int) -> int:
    """Edits between two words (insert, delete, change, swap of neighbours), or limit + 1 if more."""
    if abs(len(one) - len(two)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(two, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]
