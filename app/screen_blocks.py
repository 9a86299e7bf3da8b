"""Draws the blocks a finding consists of. Law: every text is made plain first and never read as markup."""

from __future__ import annotations

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
LEAST = 12
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
    drawn = _columns(what, width) if _fits(what, width) else _stacked(what)
    notes = [Text(plain(what.note), style="dim", overflow="fold")] if what.note else []
    return Group(*_title(what.title), drawn, *notes)


def _title(title: str) -> list[Text]:
    return [Text(plain(title), style="bold", overflow="fold")] if title else []


def _fits(what: Table, width: int) -> bool:
    return _room(what, width) >= sum(least for _, least in _spans(what))


def _room(what: Table, width: int) -> int:
    return width - GAP * (len(what.columns) - 1)


def _spans(what: Table) -> list[tuple[int, int]]:
    """For each column the width it would like and the least it can do with: its longest word, up to a bound."""
    spans = []
    for index, heading in enumerate(what.columns):
        texts = [plain(heading), *(cell(row[index]).plain for row in what.rows if index < len(row))]
        longest = max((cell_len(word) for text in texts for word in text.split()), default=0)
        bound = LEAST_GROW if index == what.grow else LEAST
        spans.append((max(map(cell_len, texts)), max(min(longest, bound), 1)))
    return spans


def widths(what: Table, width: int) -> list[int]:
    """The columns' widths: what they would like, the widest giving way first; the growing one gives way last."""
    spans = _spans(what)
    wide = [min(want, max(width, least)) for want, least in spans]
    while sum(wide) > _room(what, width):
        able = [index for index, (_, least) in enumerate(spans) if wide[index] > least]
        wide[max(able, key=lambda index: wide[index] / (GROW_WEIGHT if index == what.grow else 1))] -= 1
    return wide


def _columns(what: Table, width: int) -> RenderableType:
    grid = Grid(box=None, show_edge=False, pad_edge=False, padding=(0, GAP, 0, 0), header_style="dim")
    for heading, wide in zip(what.columns, widths(what, width), strict=True):
        grid.add_column(Text(plain(heading)), width=wide, overflow="fold")
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
