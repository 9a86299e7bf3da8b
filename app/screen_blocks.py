"""Draws the blocks a finding consists of. Law: every text is made plain first and never read as markup."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.table import Table as Grid
from rich.text import Text

from app.plain_text import plain
from app.screen_day import day
from app.screen_tones import STYLES
from tools.view import Block, Cell, DayView, Facts, Note, Table

INDENT = 2
GAP = 2
BOUNDS = ((32, 17), (24, 17), (24, 14), (24, 11), (24, 0), (16, 0), (12, 0))
"""What is tried in turn: the longest word kept whole, and the width up to which a column is not wrapped at all."""
LEAST_GROW = 20
HIGH = 3
SIGNS = {"urgent": "! ", "notice": "", "good": "", "plain": "", "strong": "", "dim": ""}


def block(what: Block, width: int) -> RenderableType:
    """One block, to be printed `width` columns wide."""
    return Padding(_drawn(what, width - INDENT), (0, 0, 0, INDENT))


def _drawn(what: Block, width: int) -> RenderableType:
    if isinstance(what, Table):
        return table(what, width)
    if isinstance(what, DayView):
        return day(what, width)
    if isinstance(what, Facts):
        return facts(what)
    return note(what)


def cell(what: Cell) -> Text:
    """A cell; live only where Valet built the link itself, and spelt out where it ends the text."""
    link = what.link if what.link and what.link.startswith("https://") and what.link.isprintable() else None
    style = Style.parse(STYLES[what.tone]) + Style(link=link)
    spelt = link if link and what.text.endswith(link) else ""
    return Text(plain(what.text.removesuffix(spelt), lines=True) + spelt, style=style, overflow="fold")


def note(what: Note) -> Text:
    """A sentence or a paragraph."""
    text = plain(what.text, lines=True)
    return Text(SIGNS[what.tone] + text, style=STYLES[what.tone], overflow="fold")


def facts(what: Facts) -> RenderableType:
    """Labels in one column, values in the next."""
    grid = Grid.grid(padding=(0, GAP, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    for label, value in what.facts:
        grid.add_row(Text(plain(label)), cell(value))
    return Group(*_title(what.title), grid)


def table(what: Table, width: int) -> RenderableType:
    """Rows under headings; where the width does not carry the columns, every row becomes a few lines of its own."""
    wide = widths(what, width)
    drawn = _columns(what, wide) if wide else _stacked(what)
    notes = [Text(plain(what.note), style="dim", overflow="fold")] if what.note else []
    return Group(*_title(what.title), drawn, *notes)


def _title(title: str) -> list[Text]:
    return [Text(plain(title), style="bold", overflow="fold")] if title else []


@dataclass(frozen=True)
class Span:
    """A column: the width it would like, the least it can do with, and how much text it holds in all."""

    want: int
    least: int
    volume: int


def _spans(what: Table, bounds: tuple[int, int]) -> list[Span]:
    """The columns; the least width is the longest word, or all of a short column, within the bounds."""
    longest, unwrapped = bounds
    spans = []
    for index, heading in enumerate(what.columns):
        cells = [plain(heading), *(cell(row[index]).plain for row in what.rows if index < len(row))]
        texts = [line for text in cells for line in text.split("\n")]
        lines = [cell_len(line) for line in texts]
        word = max(_longest_word(line) for line in texts)
        least = (
            max(lines)
            if max(lines) <= unwrapped
            else min(word, max(longest, LEAST_GROW) if index == what.grow else longest)
        )
        spans.append(Span(max(lines), max(least, 1), sum(lines)))
    return spans


def _longest_word(line: str) -> int:
    """With the indentation, which stays where it is when the line is wrapped."""
    indent = len(line) - len(line.lstrip())
    return max((cell_len(word) for word in line.split()), default=0) + indent


def widths(what: Table, width: int) -> list[int] | None:
    """The columns' widths, None where they do not fit: those give way that stay lowest with it.

    Words are kept whole while that is possible.
    """
    room = width - GAP * (len(what.columns) - 1)
    spans = next((found for found in map(partial(_spans, what), BOUNDS) if sum(s.least for s in found) <= room), None)
    if spans is None:
        return None
    wide = [max(min(span.want, width), span.least) for span in spans]
    while sum(wide) > room:
        able = [index for index, span in enumerate(spans) if wide[index] > span.least]
        wide[min(able, key=lambda index: spans[index].volume / (wide[index] - 1))] -= 1
    return wide


def _columns(what: Table, wide: list[int]) -> RenderableType:
    headed = any(what.columns)
    grid = Grid(
        box=None, show_header=headed, show_edge=False, pad_edge=False, padding=(0, GAP, 0, 0), header_style="dim"
    )
    for heading, span in zip(what.columns, wide, strict=True):
        grid.add_column(Text(plain(heading)), width=span, no_wrap=not what.fold)
    apart = what.fold and _high(what, wide)
    for place, row in enumerate(what.rows):
        if apart and place:
            grid.add_row()
        grid.add_row(*(cell(value) if what.fold else _cut(cell(value)) for value in row))
    return grid


def _cut(text: Text) -> Text:
    """On one line, with an ellipsis where it ends early."""
    text.overflow, text.no_wrap = "ellipsis", True
    return text


def _high(what: Table, wide: list[int]) -> bool:
    """Are most rows so high that they would run into each other?"""
    heights = sorted(
        max((_lines(value.text, span) for value, span in zip(row, wide, strict=False)), default=1) for row in what.rows
    )
    return bool(heights) and heights[len(heights) // 2] >= HIGH


def _lines(text: str, span: int) -> int:
    return sum(-(-cell_len(line) // max(span, 1)) for line in text.split("\n"))


def _stacked(what: Table) -> RenderableType:
    records: list[RenderableType] = []
    for row in what.rows:
        grid = Grid.grid(padding=(0, GAP, 0, 0))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(overflow="fold", ratio=1)
        for heading, value in zip(what.columns, row, strict=False):
            if value.text:
                grid.add_row(Text(plain(heading)), cell(value))
        records += [grid, Text()]
    return Group(*records[:-1])
