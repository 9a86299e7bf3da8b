"""Some words of a text put in the place of others: "make it tomorrow instead of today", "change the venue to the hall".

Law: the words that give way stand in the text, once; what takes their place stands as typed.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.offline.clause import Clause
from app.offline.lexicon import EMPTY, listed
from app.offline.words import Line, tokens

Span = tuple[int, int]
_CHANGING = frozenset(listed("instead not rather than change replace swap correct fix"))
"""One of these says that something is to give way."""
_AROUND = _CHANGING | frozenset(
    listed(
        "make it to with by into for of but say meant mean sorry actually please i put write no oops wait should be is"
        " that and"
    )
)
_OLD = frozenset(listed("not of than change replace swap correct fix"))
"""Behind one of these stands what gives way."""
_ARTICLES = frozenset(listed("the a an my our your"))


def changed(clause: Clause, text: str) -> str:
    """The text with the other words; "" where it is not plain which, or by what."""
    line, there = clause.line, Line(tokens(text))
    if _CHANGING.isdisjoint(line.row):
        return ""
    old = _old(line, there)
    new = _new(line, old) if old else None
    if old is None or new is None:
        return ""
    place = _places(there, line.row[slice(*old)])[0]
    start, end = there.tokens[place].start, there.tokens[place + old[1] - old[0] - 1].end
    said = clause.said(range(*new))
    return (
        f"{text[:start]}{said[:1].upper() if text[start].isupper() and not start else said[:1]}{said[1:]}{text[end:]}"
    )


def _old(line: Line, there: Line) -> Span | None:
    """The words of the line that stand in the text, once: those that are named as giving way, else the most."""
    spans = [(i, j) for i in range(len(line)) for j in range(i + 1, len(line) + 1) if _told(line, i, j)]
    held = [span for span in spans if len(_places(there, line.row[slice(*span)])) == 1]
    return max(held, key=lambda span: (line.word(span[0] - 1) in _OLD, span[1] - span[0]), default=None)


def _told(line: Line, i: int, j: int) -> bool:
    """Whether the run says something, and is not only what stands around it."""
    ends = {line.word(j - 1), line.word(i)} - _ARTICLES
    named = line.word(i - 1) in _OLD or any(line.word(k) not in EMPTY | _AROUND for k in range(i, j))
    return bool(ends) and ends.isdisjoint(_AROUND) and named


def _places(there: Line, run: Sequence[str]) -> list[int]:
    return [i for i in range(len(there)) if tuple(there.row[i : i + len(run)]) == tuple(run)]


def _new(line: Line, old: Span) -> Span | None:
    """What takes their place: all else that is said, which stands in one piece."""
    rest = [i for i in range(len(line)) if not old[0] <= i < old[1] and line.kind(i) != "symbol"]
    said = [i for i in rest if line.word(i) not in _AROUND | _ARTICLES]
    if not said or any(i not in rest for i in range(said[0], said[-1] + 1)):
        return None
    first = said[0] - (line.word(said[0] - 1) in _ARTICLES and said[0] - 1 in rest)
    return first, said[-1] + 1
