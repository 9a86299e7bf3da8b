"""The places of a document that speak of something. Law: what is left out between them is marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from tools.documents import lexicon
from tools.documents.parsing.parsed import Passage
from tools.documents.weighing import Sentence, weighed

SHORT = 900
"""A place of so many characters is shown whole."""
SAID = 2
LEFT_OUT = "…"
_SECTION = re.compile(r"\b([^\W\d_]{3,})\s+(\d+(?:\.\d+)*)\b")


@dataclass(frozen=True)
class Sought:
    """What was sought and where it is spoken of: the places in order, and the sentences that say most of it."""

    words: str
    places: tuple[Passage, ...]
    said: tuple[Sentence, ...]


def seek(passages: Sequence[Passage], words: str, title: str) -> Sought | None:
    """The places that speak of all the words, or else of any; None for words that the title itself holds.

    Those name the document, and all of it is about them. A numbered section ("article 22") is looked into first.
    """
    section = _SECTION.search(words)
    inside = _headed(passages, section) if section else []
    rest = f"{words[: section.start()]} {words[section.end() :]}" if section and inside else words
    wanted = frozenset(lexicon.content_words(rest))
    if inside and not wanted:
        return Sought(words, tuple(inside), tuple(_best(passages, title, lambda one: one.passage in inside)))
    if not wanted or wanted <= frozenset(lexicon.content_words(title)):
        return None
    within = inside or passages
    fullest = max((len(wanted & _words(one)) for one in within), default=0)
    found = [one for one in within if fullest and len(wanted & _words(one)) == fullest]
    said = _best(passages, title, lambda one: one.passage in within and len(wanted & one.words) == fullest > 0)
    return Sought(words, tuple(_shortened(one, wanted) for one in found), tuple(said))


def _headed(passages: Sequence[Passage], section: re.Match[str]) -> list[Passage]:
    """The places whose heading bears the number."""
    name = re.compile(rf"(?i)\b{re.escape(section[1])}\s+{re.escape(section[2])}(?![\w]|\.\d)")
    return [one for one in passages if name.search(one.heading)]


def _best(passages: Sequence[Passage], title: str, speaks: Callable[[Sentence], bool]) -> list[Sentence]:
    """The sentences that say most of it, in order, to the reader and not to an assistant."""
    said = [one for one in weighed(passages, title) if speaks(one) and not lexicon.says(one.text, "addressed")]
    said = [one for one in said if not one.recurs] or said
    return sorted(sorted(said, key=lambda one: -one.weight)[:SAID], key=said.index)


def _words(passage: Passage) -> frozenset[str]:
    cells = " ".join(cell for row in passage.rows for cell in row)
    return frozenset(lexicon.content_words(f"{passage.heading}\n{passage.text}\n{cells}"))


def _shortened(passage: Passage, wanted: frozenset[str]) -> Passage:
    """A long place cut to the lines that have one of the words, and their neighbours, unless its heading has it."""
    whole = wanted & frozenset(lexicon.content_words(passage.heading)) or len(passage.text) <= SHORT
    lines = [line for line in passage.text.split("\n") if line.strip()]
    text = passage.text if whole else "\n".join(_around(lines, wanted))
    head, rows = passage.rows[:1], passage.rows[1:]
    kept = tuple(row for row in rows if wanted & frozenset(lexicon.content_words(" ".join(row))))
    return replace(passage, text=text, rows=(*head, *kept) if kept else passage.rows)


def _around(lines: Sequence[str], wanted: frozenset[str]) -> Iterator[str]:
    hits = {at for at, line in enumerate(lines) if wanted & frozenset(lexicon.content_words(line))}
    kept = {near for at in hits for near in (at - 1, at, at + 1) if 0 <= near < len(lines)}
    for at, line in enumerate(lines):
        if at in kept:
            yield line
        elif at - 1 in kept or at == 0:
            yield LEFT_OUT
