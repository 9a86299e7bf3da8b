"""Text into sentences, in the languages of `words.toml`. Law: every sentence stands in the text word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.documents import lexicon
from tools.mail.phrases import fold

CODE = "    "
CELL = 120
_BOUNDARY = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+|(?<=[。！？])[」』”）]*")
_LAST_WORD = re.compile(r"[\w.'’-]+$")
_NEXT_WORD = re.compile(r"\W{0,3}([\w'’]+)")


def sentences(text: str) -> Iterator[str]:
    """The sentences of every line but code; a list item is one or more of its own, without its bullet."""
    for line in text.split("\n"):
        if line.startswith(CODE):
            continue
        item = line.strip().removeprefix("- ").strip()
        if item and not is_row(item):
            yield from _of(item)


def is_row(line: str) -> bool:
    """Whether the line is a row of a table, its cells between bars."""
    return " | " in line and max(map(len, line.split(" | "))) <= CELL


def _of(text: str) -> Iterator[str]:
    start = 0
    for found in _BOUNDARY.finditer(text):
        if found.end() < len(text) and _ends(text, found.start(), found.end()):
            yield text[start : found.end()].strip()
            start = found.end()
    if text[start:].strip():
        yield text[start:].strip()


def _ends(text: str, at: int, after: int) -> bool:
    """Whether the mark before `at` ends a sentence and does not belong to an abbreviation, a date or an initial."""
    if text[at - 1] in "。！？":
        return True
    following = _NEXT_WORD.match(text, after)
    if following is None or following[1][0].islower():
        return False
    if text[at - 1] != ".":
        return True
    before = _LAST_WORD.search(text, max(0, at - 30), at - 1)
    word = fold(before.group()) if before else ""
    if (len(word) == 1 and word.isalpha()) or word in lexicon.abbreviations():
        return False
    counter = word.isdigit() and len(word) <= 2
    return not counter or (fold(following[1]) not in lexicon.months() and before is not None and before.start() > 0)
