"""How wide the columns of a table are drawn. Law: words stay whole while there is room, and the table stays low."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from app.plain_text import plain
from tools.view import Cell, Table

GAP = 2
BOUNDS = ((32, 17), (24, 17), (24, 14), (24, 11), (24, 0), (16, 0), (12, 0))
"""What is tried in turn: the longest word kept whole, and the width up to which a column is not wrapped at all."""
LEAST_GROW = 20
STEPS = 8
"""The part of what is too wide that is taken away at once: finer steps find little more and cost time."""


@dataclass(frozen=True)
class Span:
    """A column: the width it would like, the least it can do with, and how much text it holds in all."""

    want: int
    least: int
    volume: int


def live(what: Cell) -> str | None:
    """The link of a cell that may be followed: one that Valet built."""
    return what.link if what.link and what.link.startswith("https://") and what.link.isprintable() else None


def shown(what: Cell) -> str:
    """The text of a cell as it is printed; the link spelt out where it ends the text."""
    link = live(what)
    spelt = link if link and what.text.endswith(link) else ""
    return plain(what.text.removesuffix(spelt), lines=True) + spelt


@dataclass(frozen=True)
class Layout:
    """The widths of the columns, and the heights of the rows with them."""

    wide: Sequence[int]
    high: Sequence[int]


class Heights:
    """How many lines the cells of a table take at a width; each column is measured once for a width."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self._words = [[_words(text) for text in column] for column in texts]
        self._known: dict[tuple[int, int], list[int]] = {}

    def rows(self, wide: Sequence[int]) -> list[int]:
        """The height of each row."""
        columns = [self._column(index, width) for index, width in enumerate(wide)]
        return [max(cells) for cells in zip(*columns, strict=True)]

    def _column(self, index: int, width: int) -> list[int]:
        if (index, width) not in self._known:
            heights = [sum(_wrapped(line, max(width, 1)) for line in lines) for lines in self._words[index]]
            self._known[index, width] = heights
        return self._known[index, width]


def laid_out(what: Table, width: int) -> Layout | None:
    """How the table is drawn, None where its columns do not fit: those give way that cost the fewest lines.

    Words are kept whole while that is possible.
    """
    room = width - GAP * (len(what.columns) - 1)
    places = range(len(what.columns))
    texts = [[shown(row[at]) if at < len(row) else "" for row in what.rows] for at in places]
    named = [[plain(heading), *column] for heading, column in zip(what.columns, texts, strict=True)]
    tried = (_spans(named, what.grow, bounds) for bounds in BOUNDS)
    spans = next((found for found in tried if sum(span.least for span in found) <= room), None)
    if spans is None:
        return None
    heights, others = Heights(texts), sum(span.least for span in spans)
    wide = [max(min(span.want, room - others + span.least), span.least) for span in spans]
    while (excess := sum(wide) - room) > 0:
        narrower = _narrower(wide, spans, -(-excess // STEPS))
        wide = min(narrower, key=lambda one: (sum(heights.rows(one[0])) if what.fold else 0, one[1]))[0]
    return Layout(wide, heights.rows(wide) if what.fold else [1] * len(what.rows))


def _narrower(wide: Sequence[int], spans: Sequence[Span], step: int) -> list[tuple[list[int], float]]:
    """The widths with one column narrower, for each that can be; with how dense its text then is."""
    found = []
    for index, span in enumerate(spans):
        left = max(wide[index] - step, span.least)
        if left < wide[index]:
            found.append(([*wide[:index], left, *wide[index + 1 :]], span.volume / max(left, 1)))
    return found


def _spans(columns: Sequence[Sequence[str]], grow: int, bounds: tuple[int, int]) -> list[Span]:
    """The columns; the least width is the longest word, or all of a short column, within the bounds."""
    longest, unwrapped = bounds
    spans = []
    for index, column in enumerate(columns):
        texts = [line for text in column for line in text.split("\n")]
        lines = [cell_len(line) for line in texts]
        word = max(_longest_word(line) for line in texts)
        bound = max(longest, LEAST_GROW) if index == grow else longest
        least = max(lines) if max(lines) <= unwrapped else min(word, bound)
        spans.append(Span(max(lines), max(least, 1), sum(lines)))
    return spans


def _longest_word(line: str) -> int:
    """With the indentation, which stays where it is when the line is wrapped."""
    indent = len(line) - len(line.lstrip())
    return max((cell_len(word) for word in line.split()), default=0) + indent


def _words(text: str) -> list[list[int]]:
    """The widths of the words, line by line."""
    measured = len if text.isascii() else cell_len
    return [[measured(word) for word in line.split()] for line in text.split("\n")]


def _wrapped(words: Sequence[int], width: int) -> int:
    """How many lines words of these widths take; one that is too wide is broken."""
    lines, used = 1, 0
    for word in words:
        if used and used + 1 + word <= width:
            used += 1 + word
            continue
        lines += bool(used) + (max(word - 1, 0) // width)
        used = (word - 1) % width + 1 if word else used
    return lines
