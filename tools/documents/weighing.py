"""Sentences of a document, each with what speaks for it as part of a summary. Law: the same text, the same weights."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tools.documents import lexicon
from tools.documents.parsing.parsed import Passage
from tools.documents.sentences import sentences
from tools.mail.phrases import UNSPACED, WORD

SHORTEST, BEST, LONGEST = 25, 220, 420
SHORTEST_UNSPACED = 8
PROSE = 0.2
OFTEN, ALIKE_TO, STALE = 4, 30, 1.0
"""In so many passages, to so many characters alike, costs so much weight."""
_ENDS = (".", "!", "?", "…", ":", ".”", '."', ".)", ".»")
_DIGITS = re.compile(r"\d")
_COUNT = re.compile(r"^\d{1,3}[.)]\s+")
_NUMBER = re.compile(r"^[\W\d]+|\d+")
_LEANING = re.compile(
    r"(?i)(?:this|that|these|those|it|he|she|they|however|but|also|moreover|furthermore|for example|dies|diese|er|sie"
    r"|es|jedoch|aber|ceci|cela|il|elle|cependant|esto|eso|sin embargo|isto|isso|no entanto)\b"
)


@dataclass(frozen=True)
class Sentence:
    """A sentence, where it stands, and its weight (about 0 to 2). `recurs`: others elsewhere begin like it."""

    text: str
    passage: Passage
    place: int
    words: frozenset[str]
    weight: float
    recurs: bool = False


def weighed(passages: Sequence[Passage], title: str) -> list[Sentence]:
    """Every sentence fit to be quoted, in order; code, tables of contents and fragments are not."""
    spoken = [(passage, place, text) for passage in passages for place, text in _placed(passage)]
    words = [lexicon.content_words(text) for _, _, text in spoken]
    counted = Counter(word for found in words for word in set(found))
    most = max(counted.values(), default=1)
    named = frozenset(lexicon.content_words(title))
    common = _recurring((passage, text) for passage, _, text in spoken)
    found = []
    for (passage, place, text), own in zip(spoken, words, strict=True):
        kept, recurs = frozenset(own), beginning(text) in common
        weight = _topic(kept, counted, most) + _bonus(text, passage, place, kept, named) - STALE * recurs
        found.append(Sentence(text, passage, place, kept, round(weight, 4), recurs))
    return found


def _recurring(spoken: Iterable[tuple[Passage, str]]) -> set[str]:
    """How sentences begin that stand in many passages: what every clause of a contract says tells little of one."""
    places = {(beginning(text), id(passage)) for passage, text in spoken}
    counted = Counter(begun for begun, _ in places)
    return {begun for begun, count in counted.items() if count >= OFTEN and len(begun) >= ALIKE_TO}


def beginning(text: str) -> str:
    """How a sentence begins, whatever its number: what recurs is told by it."""
    return _NUMBER.sub("", text)[:ALIKE_TO].casefold()


def _placed(passage: Passage) -> Iterator[tuple[int, str]]:
    kept = (text for text in sentences(passage.text) if fit(text))
    yield from enumerate(kept)


def fit(text: str) -> bool:
    """Whether a sentence can stand alone: long enough, made of words, no heading in capitals, nothing of every page."""
    shortest = SHORTEST_UNSPACED if UNSPACED.search(text) else SHORTEST
    if not shortest <= len(text) <= LONGEST or "...." in text or ". . ." in text:
        return False
    letters = sum(c.isalpha() for c in text)
    if letters < 0.55 * len(text.replace(" ", "")) or text.isupper():
        return False
    if any(sign in text for sign in ("::=", "</", "=>", "();", "{", "#include")):
        return False
    words = [match.group() for match in WORD.finditer(text)]
    if UNSPACED.search(text):
        return True
    return len(words) >= 4 and not lexicon.says(text, "boilerplate") and _prose(text, words)


def _prose(text: str, words: Sequence[str]) -> bool:
    """Whether it reads as a sentence: it ends as one, or it has the small words of some language."""
    if any(1 for word in words if "_" in word or (word[1:] != word[1:].lower() and not word.isupper())):
        return text.endswith(_ENDS) and lexicon.share_common(words) >= PROSE
    return text.endswith(_ENDS) or lexicon.share_common(words) >= PROSE


def _topic(words: frozenset[str], counted: Counter[str], most: int) -> float:
    """How much the sentence speaks of what the document speaks of: words that come back weigh more."""
    if not words:
        return 0.0
    telling = sorted((math.log1p(counted[word]) / math.log1p(most) for word in words), reverse=True)[:12]
    return sum(telling) / max(len(telling), 5)


def _bonus(text: str, passage: Passage, place: int, words: frozenset[str], named: frozenset[str]) -> float:
    text = _COUNT.sub("", text)  # the number of an item says nothing of its weight
    heading = frozenset(lexicon.content_words(passage.heading))
    bonus = 0.3 if place == 0 else 0.12 if place == 1 else 0.0
    bonus += 0.1 * min(len(words & heading), 2) + 0.08 * min(len(words & named), 3)
    bonus += 0.25 if lexicon.says(text, "cue") else 0.0
    bonus += 0.2 if lexicon.says(text, "decision") else 0.0
    bonus += 0.08 if _DIGITS.search(text) else 0.0
    bonus -= 0.2 if _LEANING.match(text) else 0.0
    bonus -= 0.3 if text.rstrip().endswith(("?", "？", ":", "：")) else 0.0
    return bonus - min(max(len(text) - BEST, 0) / 600, 0.3)


def picked(candidates: Sequence[Sentence], count: int, *, beside: Sequence[Sentence] = ()) -> list[Sentence]:
    """The `count` heaviest that say different things, also different from `beside`; in the order of the document."""
    order = {id(sentence): index for index, sentence in enumerate(candidates)}
    chosen: list[Sentence] = []
    for sentence in sorted(candidates, key=lambda one: (-one.weight, order[id(one)])):
        if len(chosen) == count:
            break
        if not any(_alike(sentence, other) for other in (*chosen, *beside)):
            chosen.append(sentence)
    return sorted(chosen, key=lambda one: order[id(one)])


def _alike(one: Sentence, other: Sentence) -> bool:
    shared = len(one.words & other.words)
    return one.text == other.text or shared > 0.6 * max(min(len(one.words), len(other.words)), 1)
