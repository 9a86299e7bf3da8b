"""Draws the blocks a finding consists of. Law: every text is made plain first and never read as markup."""

from __future__ import annotations

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
BOUNDS = (24, 16, 12)
LEAST_GROW = 20
GROW_WEIGHT = 2
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
    """A cell on one line; live only where Valet built the link itself."""
    link = what.link if what.link and what.link.startswith("https://") and what.link.isprintable() else None
    style = Style.parse(STYLES[what.tone]) + Style(link=link)
    return Text(plain(what.text), style=style, overflow="fold")


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


def _room(what: Table, width: int) -> int:
    return width - GAP * (len(what.columns) - 1)


def _spans(what: Table, bound: int) -> list[tuple[int, int]]:
    """For each column the width it would like and the least it can do with: its longest word, up to the bound."""
    spans = []
    for index, heading in enumerate(what.columns):
        texts = [plain(heading), *(cell(row[index]).plain for row in what.rows if index < len(row))]
        longest = max((cell_len(word) for text in texts for word in text.split()), default=0)
        most = LEAST_GROW if index == what.grow else bound
        spans.append((max(map(cell_len, texts)), max(min(longest, most), 1)))
    return spans


def widths(what: Table, width: int) -> list[int] | None:
    """The columns' widths, None where they do not fit: what each would like, the widest giving way first.

    Words are kept whole while that is possible; the growing column gives way last.
    """
    room = _room(what, width)
    spans = next((spans for spans in map(partial(_spans, what), BOUNDS) if sum(s[1] for s in spans) <= room), None)
    if spans is None:
        return None
    wide = [min(want, max(width, least)) for want, least in spans]
    while sum(wide) > room:
        able = [index for index, (_, least) in enumerate(spans) if wide[index] > least]
        wide[max(able, key=lambda index: wide[index] / (GROW_WEIGHT if index == what.grow else 1))] -= 1
    return wide


def _columns(what: Table, wide: list[int]) -> RenderableType:
    headed = any(what.columns)
    grid = Grid(
        box=None, show_header=headed, show_edge=False, pad_edge=False, padding=(0, GAP, 0, 0), header_style="dim"
    )
    for heading, span in zip(what.columns, wide, strict=True):
        grid.add_column(Text(plain(heading)), width=span, overflow="fold")
    for row in what.rows:
        grid.add_row(*(cell(value) for value in row))
    return grid


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
