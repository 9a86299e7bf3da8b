"""People named in a row: "ana, li, priya and I", "the six of us, Ana, Li and me".

Law: a row is one thing said several times, and is never cut; whoever stands in a row with the person is somebody.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass

from app.offline.lexicon import EMPTY, listed
from app.offline.words import Line

SELF = frozenset(listed("i me us myself ourselves"))
_JOINS = frozenset({",", "and", "&", "or"})
_LEADS = frozenset(listed("are is can could do does did will would should have has between :"))
_COPIED = frozenset({"cc", "bcc"})
_LONGEST = 3  # words of a name


@dataclass(frozen=True)
class Row:
    """Tokens `start` to `end` that name people in a row, and where each name begins; `mine`: the person is among them.

    `apart`: it tells who "we" are, so that what stands before it goes on behind it.
    """

    start: int
    end: int
    names: tuple[int, ...]
    mine: bool
    apart: bool


def rows(line: Line, taken: Container[int], common: Callable[[str], bool]) -> list[Row]:
    """Every row of at least two, one of them a name; `common` tells the words that are none, unless written so."""
    if _JOINS.isdisjoint(line.row):
        return []
    found: list[Row] = []
    i = 0
    while i < len(line):
        here = _row(line, i, taken, common)
        found += [here] if here else []
        i = here.end if here else i + 1
    return found


def _row(line: Line, i: int, taken: Container[int], common: Callable[[str], bool]) -> Row | None:
    strange = {k for k in range(len(line)) if k not in taken and _named(line, k, common)}
    loose = _items(line, i, strange, loose=True)
    mine = any(line.word(start) in SELF for start, _ in loose)
    few = -1 if line.word(i - 1) in _LEADS and mine and line.word(loose[-1][0]) in SELF else 1
    items = loose if mine and sum(k in strange for k, _ in loose) > few else _items(line, i, strange, loose=False)
    names = tuple(start for start, _ in items if line.word(start) not in SELF)
    if len(items) < 2 or not names:
        return None
    return Row(i, items[-1][1], names, len(names) < len(items), line.word(i) in SELF and line.word(i + 1) == ",")


def _items(line: Line, i: int, strange: Container[int], *, loose: bool) -> list[tuple[int, int]]:
    """Where the names begin and end that stand in a row from token `i` on; `loose`: an everyday word may be one."""
    found: list[tuple[int, int]] = []
    while end := _item(line, i, strange) or (loose and _between(line, i)):
        found.append((i, end))
        i = end
        while line.word(i) in _JOINS:
            i += 1
        if i == end:
            break
    return found


def _item(line: Line, i: int, strange: Container[int]) -> int:
    """Where the name, or the word for the person, ends that begins here; 0 where none does."""
    if line.word(i) in SELF:
        return i + 1
    end = i
    while end - i < _LONGEST and end in strange and not line.tokens[end].possessive:
        end += 1
    return end if end > i and not (end < len(line) and end in strange and line.tokens[end].possessive) else 0


def _between(line: Line, i: int) -> int:
    """The same for any word that stands alone between two joints, or before the first."""
    alone = line.word(i - 1) in _JOINS | _LEADS and line.word(i + 1) in _JOINS
    return i + 1 if alone and line.kind(i) == "word" and line.word(i) not in EMPTY else 0


def _named(line: Line, i: int, common: Callable[[str], bool]) -> bool:
    word = line.word(i)
    return line.kind(i) == "address" or (line.kind(i) == "word" and word not in _COPIED and not common(word))
