"""A document's passages as the few sections a summary speaks of, and how each place is cited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from tools.documents.parsing.parsed import Passage, Unit

MOST = 16
FEW = 4
PREAMBLE = 60
"""Characters before the first heading that make no section of their own: a letterhead, a stamp."""
WITHOUT_HEADINGS = 8
SIGNS = {"page": "p. ", "section": "§", "slide": "slide ", "sheet": "sheet "}


@dataclass(frozen=True)
class Section:
    """Passages under one heading; a document without headings is divided evenly."""

    heading: str
    passages: tuple[Passage, ...]

    def mark(self, unit: Unit) -> str:
        first, last = self.passages[0].number, self.passages[-1].number
        return cite(first, unit) if first == last else f"{cite(first, unit)}–{last}"


def cite(number: int, unit: Unit) -> str:
    """Such as "p. 14", "§3", "slide 2", "sheet 1"."""
    return f"{SIGNS[unit]}{number}"


def sections_of(passages: Sequence[Passage], unit: Unit) -> list[Section]:
    """The sections in order; at the depth of headings that gives most of them, up to MOST."""
    depth = _depth(passages)
    if depth == 0:
        return _evenly(passages)
    groups: list[list[Passage]] = []
    for passage in passages:
        if not groups or 0 < passage.level <= depth:
            groups.append([passage])
        else:
            groups[-1].append(passage)
    telling = [group for group in groups if any(said(one) for one in group)]
    if len(telling) > 1 and not telling[0][0].level and sum(len(one.text) for one in telling[0]) < PREAMBLE:
        telling = telling[1:]
    size = ceil(len(telling) / MOST)
    return [_merged(telling[at : at + size]) for at in range(0, len(telling), size)] if telling else []


def _merged(groups: list[list[Passage]]) -> Section:
    """One section of several where there are too many to speak of each."""
    named = [group[0].heading for group in groups if group[0].heading]
    heading = " · ".join(named[:2]) + (" …" if len(named) > 2 else "")
    return Section(heading, tuple(passage for group in groups for passage in group))


def said(passage: Passage) -> bool:
    """Whether the passage holds more than its heading."""
    return bool(passage.text or passage.rows)


def _depth(passages: Sequence[Passage]) -> int:
    """The deepest level whose headings are no more than MOST, or the next where these are too few to tell anything;
    0 where headings do not divide the document."""
    levels = sorted({passage.level for passage in passages if passage.level})
    best, few = 0, False
    for level in levels:
        count = sum(0 < passage.level <= level for passage in passages)
        if count <= MOST or best == 0 or few:
            best = level
        few = count < FEW
    return best if sum(0 < passage.level <= best for passage in passages) > 1 else 0


def _evenly(passages: Sequence[Passage]) -> list[Section]:
    kept = [passage for passage in passages if said(passage)]
    size = max(1, ceil(len(kept) / WITHOUT_HEADINGS))
    groups = [kept[at : at + size] for at in range(0, len(kept), size)]
    return [Section(group[0].heading, tuple(group)) for group in groups]
