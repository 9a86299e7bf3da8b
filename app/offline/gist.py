"""What a text that is asked for is to say: "draft an answer to Ana saying we accept, but only from June".

Law: it is the person's own words, as typed, to the end of the request; nothing in them is read as a request.
"""

from __future__ import annotations

from collections.abc import Callable

from app.offline.lexicon import listed
from app.offline.words import Line

_SAYING = frozenset(listed("saying telling"))
_WHOM = frozenset(listed("him her them it"))
_STARTS = frozenset(listed("i we you he she it they the our my your this there"))
_BEFORE_THAT = frozenset(listed("to for of on in with at about read open see"))


def openers(line: Line) -> list[tuple[int, int]]:
    """Where a gist may begin: the first token of what leads up to it, and the first of its own."""
    found = ((i, _behind(line, i)) for i in range(1, len(line)))
    return [(i, start) for i, start in found if start and start < len(line)]


def find(line: Line, takes: Callable[[Line], bool]) -> tuple[int, int] | None:
    """The first opener whose words before it ask for a text, as `takes` tells; None for a request without a gist."""
    return next((found for found in openers(line) if takes(Line(line.tokens[: found[0]]))), None)


def _behind(line: Line, i: int) -> int:
    """The first token of a gist that token `i` opens; 0 where it opens none."""
    word, after = line.word(i), line.word(i + 1)
    if word == ":" and line.tokens[i].end < line.tokens[min(i + 1, len(line) - 1)].start:
        return i + 1
    if word in _SAYING:
        j = i + 1 + (after in _WHOM)
        return j + (line.word(j) == "that")
    if (word, after) in {("that", "says"), ("to", "say"), ("and", "say")}:
        return i + 2 + (line.word(i + 2) == "that")
    if word == "that" and line.word(i - 1) not in _BEFORE_THAT and after in _STARTS:
        return i + 1
    return 0
