"""Amounts, shares and dates a document names, each with the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from tools.documents import lexicon
from tools.documents.weighing import Sentence

AROUND = 70
MOST = 8
Kind = Literal["amount", "share", "date"]

_NUMBER = r"(?:\d{1,3}(?:[.,'’\u00a0 ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?)"
_SCALES = (
    r"k|m|bn|tn|thousand|million(?:en|s|i)?|billion(?:s|en)?|mio\.?|mrd\.?|tsd\.?|millones|milh[õo]es|miljoen|万|億|亿"
)
_SCALED = rf"{_NUMBER}(?:\s?(?:{_SCALES}))?\b"
_COINS = "EUR|USD|GBP|CHF|JPY"
_MONEY = rf"(?:[€$£¥₹]|{_COINS})\s?{_SCALED}|{_SCALED}\s?(?:[€$£¥₹]|(?:d[e']\s?)?(?:{_COINS}|euros?|dollars?)\b)"
_PERCENT = r"percent\b|per cent\b|prozent\b|pour cent\b|por ciento\b"
_SHARE = rf"[+−-]?{_NUMBER}\s?(?:%|{_PERCENT})"
_DAY = r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
_UNTIL = r"(?:\d{1,2}(?:\.|st|nd|rd|th)?\s?(?:[–-]|to|bis|au|al?|and|und)\s?)?"
_WRITTEN = r"\d{4}年\d{1,2}月(?:\d{1,2}日)?|\d{1,2}月\d{1,2}日"


@dataclass(frozen=True)
class Figure:
    """A figure as written, and the sentence around it, cut at words."""

    kind: Kind
    value: str
    around: str
    number: int


@cache
def _pattern() -> re.Pattern[str]:
    months = "|".join(sorted(map(re.escape, _spelled()), key=len, reverse=True))
    day_first = rf"{_UNTIL}\d{{1,2}}(?:\.|st|nd|rd|th|er|º)? (?:de )?(?:{months})\b\.?(?: (?:de )?\d{{4}})?"
    month_first = rf"(?:{months})\.? \d{{1,2}}(?:st|nd|rd|th)?(?:, \d{{4}})?\b"
    date = rf"{_DAY}|{day_first}|{month_first}"
    return re.compile(
        rf"(?<![\w.,])(?:(?P<amount>{_MONEY})|(?P<share>{_SHARE})|(?P<date>{date}))(?![\d])|(?P<written>{_WRITTEN})",
        re.IGNORECASE,
    )


def _spelled() -> set[str]:
    """Month names as they are written, with their accents."""
    accents = ("février", "août", "décembre", "março", "märz", "maerz")
    return {*lexicon.months(), *accents}


def figures_of(sentences: Sequence[Sentence], most: int = MOST) -> list[Figure]:
    """The figures of the heaviest sentences first met, each value once, in the order of the document."""
    heavy = sorted(range(len(sentences)), key=lambda index: -sentences[index].weight)
    chosen: dict[str, tuple[int, Figure]] = {}
    for index in heavy:
        for figure in _in(sentences[index]):
            if figure.value not in chosen and len(chosen) < most:
                chosen[figure.value] = (index, figure)
    return [figure for _, figure in sorted(chosen.values(), key=lambda pair: pair[0])]


def _in(sentence: Sentence) -> Iterator[Figure]:
    for found in _pattern().finditer(sentence.text):
        kind: Kind = "amount" if found["amount"] else "share" if found["share"] else "date"
        yield Figure(kind, found.group().strip(" ."), around(sentence.text, *found.span()), sentence.passage.number)


def around(text: str, start: int, end: int) -> str:
    """The stretch of a sentence around a place, cut at words, the cuts marked."""
    left, right = max(0, start - AROUND), min(len(text), end + AROUND)
    if left:
        left = text.find(" ", left, start) + 1 or left
    if right < len(text):
        cut = text.rfind(" ", end, right)
        right = cut if cut > 0 else right
    return f"{'…' if left else ''}{text[left:right].strip()}{'…' if right < len(text) else ''}"
