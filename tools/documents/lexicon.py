"""The words of `words.toml`: which are common, what a sentence or a heading says. Law: texts are folded before."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any, Literal

from tools.mail.phrases import UNSPACED, WORD, fold

Concept = Literal["addressed", "decision", "undecided", "action", "cue", "boilerplate"]
Title = Literal["summary", "decision", "action"]

_EDGES = re.compile(r"^[\d.)\s§•*–-]+|[\s:.*]+$")


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("tools.documents").joinpath("words.toml").read_text("utf-8"))


@cache
def _pattern(concept: str) -> re.Pattern[str]:
    """All phrases of a concept; those of scripts without spaces are found anywhere, the others where a word begins."""
    phrases = [phrase for found in _table()[concept].values() for phrase in found]
    anywhere = [phrase for phrase in phrases if UNSPACED.search(phrase)]
    spaced = [phrase for phrase in phrases if phrase not in anywhere]
    return re.compile("|".join([rf"(?<!\w)(?:{'|'.join(spaced)})", *anywhere]))


@cache
def _titles(title: Title) -> re.Pattern[str]:
    return re.compile("|".join(phrase for found in _table()["heading"][title].values() for phrase in found))


@cache
def common() -> frozenset[str]:
    """Words of all languages that say nothing of a topic."""
    return frozenset(word for line in _table()["common"].values() for word in line.split())


@cache
def languages() -> dict[str, frozenset[str]]:
    """Common words by language."""
    return {language: frozenset(line.split()) for language, line in _table()["common"].items()}


@cache
def months() -> frozenset[str]:
    return frozenset(_table()["month"]["all"].split())


@cache
def abbreviations() -> frozenset[str]:
    return frozenset(_table()["abbreviation"]["all"].split())


def says(text: str, concept: Concept) -> bool:
    """Whether the text holds a phrase of the concept."""
    return bool(_pattern(concept).search(fold(text)))


def titled(heading: str, title: Title) -> bool:
    """Whether a heading, without its number, is one of the title's names."""
    return bool(heading) and bool(_titles(title).fullmatch(_EDGES.sub("", fold(heading))))


def content_words(text: str) -> list[str]:
    """The words that carry the topic, folded; of unspaced scripts, pairs of characters."""
    found = []
    for match in WORD.finditer(text):
        word = fold(match.group())
        if UNSPACED.search(word):
            found += [word[at : at + 2] for at in range(len(word) - 1)] or [word]
        elif len(word) > 2 and word not in common() and not word.isdigit():
            found.append(stem(word))
    return found


def stem(word: str) -> str:
    """Enough of the word to meet its other forms: plural and case endings off, no more."""
    for ending in ("ies", "es", "s", "en", "er", "n", "e"):
        if len(word) - len(ending) >= 4 and word.endswith(ending):
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word


def topic_words(query: str, limit: int = 8) -> list[str]:
    """The words of a request as typed, common ones left out unless there are no others."""
    words = [match.group() for match in WORD.finditer(query)]
    telling = [word for word in words if fold(word).partition("'")[0] not in common()]
    return list(dict.fromkeys(telling or words))[:limit]


def share_common(words: Iterable[str]) -> float:
    """Which share of the words is common in some one language: prose has much of it, code and lists have little."""
    folded = [fold(word) for word in words]
    if not folded:
        return 0.0
    return max(sum(word in known for word in folded) for known in languages().values()) / len(folded)
