"""Finds the phrases of `words.toml` and `times.toml` in a text, all languages at once, in one pass over its words.

Law: a phrase says what is there; what it weighs is said by the module that asks.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import NamedTuple

from tools.mail.phrases import UNSPACED, WORD, Group, Phrase, ends, fold, needed, openings, parse

TABLES = ("words.toml", "times.toml")

_NOT = frozenset(("no", "not", "don't", "doesn't", "didn't", "won't", "can't", "cannot", "isn't", "aren't", "never"))
_NOT |= frozenset(("without", "nothing", "nobody", "nicht", "nichts", "nie", "kein", "keine", "keinen", "ohne", "ne"))
_NOT |= frozenset(("pas", "sans", "jamais", "nao", "sem", "nunca", "sin", "nada", "non", "senza", "mai", "niet"))
_NOT |= frozenset(("niets", "geen", "zonder"))


_STOP = re.compile(r"[,;:.!?]")


KINDS = frozenset(("absence", "greeting.generic", "instructs.strong", "lure", "marketing", "newsletter", "receipt"))
KINDS |= frozenset(("sales", "terms", "way_out"))


class Sign(NamedTuple):
    """A phrase of a concept found in a text: the indexes of its words, and its place in the text (ends exclusive).

    Where words are not spaced (Chinese, Japanese) the indexes are -1.
    """

    concept: str
    start: int
    end: int
    at: int
    until: int


class Word(NamedTuple):
    """One word, folded (lower case, no accents), and where it stands in the text."""

    folded: str
    start: int
    end: int


class Words:
    """A text as words, with the signs found in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        if text.isascii():  # folded at once: lower case changes no place in it
            self.words = [Word(found.group(), *found.span()) for found in WORD.finditer(text.lower())]
        else:
            self.words = [Word(fold(found.group()), *found.span()) for found in WORD.finditer(text)]

    @cached_property
    def folded(self) -> list[str]:
        return [word.folded for word in self.words]

    @cached_property
    def here(self) -> frozenset[str]:
        """All its words."""
        return frozenset(self.folded)

    @cached_property
    def signs(self) -> tuple[Sign, ...]:
        return tuple(_signs(self))

    @cached_property
    def _by_concept(self) -> dict[str, list[Sign]]:
        found: dict[str, list[Sign]] = {}
        for sign in self.signs:
            found.setdefault(sign.concept, []).append(sign)
        return found

    @cached_property
    def concepts(self) -> frozenset[str]:
        return frozenset(self._by_concept)

    def count(self, concept: str) -> int:
        return len(self._by_concept.get(concept, ()))

    def count_alone(self, concept: str) -> int:
        """The same, where nothing else will be asked: no other concept is looked for."""
        return sum(1 for _ in _signs(self, frozenset((concept,))))

    def of(self, concept: str) -> Sequence[Sign]:
        return self._by_concept.get(concept, ())

    def denied(self, sign: Sign, within: int) -> bool:
        """Whether a "not" stands at most so many words before a sign, in the same clause."""
        near = self.words[max(0, sign.start - within) : max(0, sign.start)]
        nots = [word for word in near if word.folded in _NOT]
        return bool(nots) and not _STOP.search(self.text, nots[-1].end, sign.at)

    def is_whole(self, concept: str) -> bool:
        """Whether the text is a phrase of the concept from its first word to its last."""
        if not self.words:
            return False
        first, last = self.words[0].start, self.words[-1].end
        return any(sign.at <= first and sign.until >= last for sign in self.of(concept))


class Seen(Words):
    """A text in which nothing but what tells the kind of a mail, and its tricks, is looked for: the KINDS."""

    @cached_property
    def signs(self) -> tuple[Sign, ...]:
        return tuple(_signs(self, KINDS))


@cache
def table() -> dict[str, tuple[str, ...]]:
    """Concept ("ask.request") -> its phrases as written, all languages."""
    texts = (resources.files("tools.mail").joinpath(name).read_text("utf-8") for name in TABLES)
    return {concept: phrases for text in texts for concept, phrases in _concepts(tomllib.loads(text), "")}


def _concepts(node: dict[str, object], path: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    lists = [value for value in node.values() if isinstance(value, list)]
    if lists:
        yield path, tuple(str(phrase) for phrases in lists for phrase in phrases)
    for name, value in node.items():
        if isinstance(value, dict):
            yield from _concepts(value, f"{path}.{name}".lstrip("."))


@dataclass(frozen=True)
class Entry:
    """A phrase by its first word; `seconds` are the words one of which must follow, None where none must."""

    concept: str
    phrase: Phrase
    seconds: frozenset[str] | None


@cache
def _spaced() -> dict[str, tuple[Entry, ...]]:
    """First word -> the phrases that may begin with it."""
    index: dict[str, list[Entry]] = {}
    for concept, phrases in table().items():
        for phrase in phrases:
            if not UNSPACED.search(phrase):
                parsed = parse(phrase)
                for first, seconds in openings(parsed).items():
                    index.setdefault(first, []).append(Entry(concept, parsed, seconds))
    return {first: tuple(found) for first, found in index.items()}


@cache
def _some(concepts: frozenset[str]) -> dict[str, tuple[Entry, ...]]:
    """The same of some concepts."""
    entries = {first: tuple(e for e in some if e.concept in concepts) for first, some in _spaced().items()}
    return {first: some for first, some in entries.items() if some}


class Opened(NamedTuple):
    """A phrase that two words may begin; `width` is how many words it takes where these two tell, else 0, and `needs`
    are words one of which must stand in the text."""

    concept: str
    width: int
    phrase: Phrase
    needs: frozenset[str]


@lru_cache(maxsize=16384)
def _opened(concepts: frozenset[str], first: str, after: str) -> tuple[Opened, ...]:
    """The phrases that two words may begin, of some concepts or, of none, of all: much the same two words stand in most
    mails."""
    entries = (_some(concepts) if concepts else _spaced())[first]
    fitting = (entry for entry in entries if entry.seconds is None or after in entry.seconds)
    return tuple(Opened(entry.concept, _width(entry.phrase), entry.phrase, needed(entry.phrase)) for entry in fitting)


def _width(phrase: Phrase) -> int:
    """The words of a phrase that its first two words decide, else 0."""
    plain = all(isinstance(head, str) or (isinstance(head, Group) and not head.others) for head in phrase)
    return len(phrase) if plain and len(phrase) <= 2 else 0


@cache
def _unspaced() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = []
    for concept, phrases in table().items():
        if unspaced := [re.escape(phrase) for phrase in phrases if UNSPACED.search(phrase)]:
            found.append((concept, re.compile("|".join(sorted(unspaced, key=len, reverse=True)))))
    return tuple(found)


def _signs(text: Words, only: frozenset[str] = frozenset()) -> Iterator[Sign]:
    yield from _found(text, only)
    if UNSPACED.search(text.text):
        for concept, pattern in _unspaced():
            for hit in () if only and concept not in only else pattern.finditer(text.text):
                yield Sign(concept, -1, -1, hit.start(), hit.end())


def _found(text: Words, concepts: frozenset[str]) -> Iterator[Sign]:
    """The phrases of some concepts, or of all, in a text: the longest of each concept at each place."""
    index = _some(concepts) if concepts else _spaced()
    words, folded, here = text.words, text.folded, text.here
    for start, (word, after) in enumerate(zip(folded, [*folded[1:], ""], strict=False)):
        if word not in index:
            continue
        longest: dict[str, int] = {}
        for concept, width, phrase, needs in _opened(concepts, word, after):
            if width:
                end = start + width
            elif needs and needs.isdisjoint(here):
                continue
            else:
                end = max(ends(phrase, folded, start), default=0)
            if end > longest.get(concept, 0):
                longest[concept] = end
        for concept, end in longest.items():
            yield Sign(concept, start, end, words[start].start, words[end - 1].end)
