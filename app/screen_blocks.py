"""Draws the blocks a finding consists of. Law: every text is made plain first and never read as markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.table import Table as Grid
from rich.text import Text

from app.plain_text import plain
from app.screen_day import day
from app.screen_tones import STYLES
from app.screen_widths import GAP, Layout, laid_out, live, shown
from tools.view import Block, Cell, DayView, Facts, Note, Table

INDENT = 2
HIGH = 3
SIGNS = {"urgent": "! ", "notice": "", "good": "", "plain": "", "strong": "", "dim": ""}


def drawn(blocks: Sequence[Block], width: int) -> Iterator[RenderableType]:
    """The blocks of one finding, to be printed `width` columns wide; tables with the same columns look the same."""
    inner = width - INDENT
    tables = {id(each): laid_out(each, inner) for each in blocks if isinstance(each, Table)}
    high = {each.columns for each in blocks if isinstance(each, Table) and _is_high(tables[id(each)])}
    for each in blocks:
        apart = isinstance(each, Table) and each.columns in high
        yield Padding(_drawn(each, inner, tables.get(id(each)), apart=apart), (0, 0, 0, INDENT))


def _drawn(what: Block, width: int, layout: Layout | None, *, apart: bool) -> RenderableType:
    if isinstance(what, Table):
        return table(what, layout, apart=apart)
    if isinstance(what, DayView):
        return day(what, width)
    if isinstance(what, Facts):
        return facts(what)
    return note(what)


def cell(what: Cell) -> Text:
    """A cell; live only where Valet built the link itself, and spelt out where it ends the text."""
    style = Style.parse(STYLES[what.tone]) + Style(link=live(what))
    return Text(shown(what), style=style, overflow="fold")


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


def table(what: Table, layout: Layout | None, *, apart: bool) -> RenderableType:
    """Rows under headings, with space between where they are kept `apart`.

    Where the width does not carry the columns, every row becomes a few lines of its own.
    """
    grid = _columns(what, layout.wide, apart=apart) if layout else _stacked(what)
    notes = [Text(plain(what.note), style="dim", overflow="fold")] if what.note else []
    return Group(*_title(what.title), grid, *notes)


def _title(title: str) -> list[Text]:
    return [Text(plain(title), style="bold", overflow="fold")] if title else []


def _columns(what: Table, wide: Sequence[int], *, apart: bool) -> RenderableType:
    headed = any(what.columns)
    grid = Grid(
        box=None, show_header=headed, show_edge=False, pad_edge=False, padding=(0, GAP, 0, 0), header_style="dim"
    )
    for heading, span in zip(what.columns, wide, strict=True):
        grid.add_column(Text(plain(heading)), width=span, no_wrap=not what.fold)
    for place, row in enumerate(what.rows):
        if apart and place:
            grid.add_row()
        grid.add_row(*(cell(value) if what.fold else _cut(cell(value)) for value in row))
    return grid


def _cut(text: Text) -> Text:
    """On one line, with an ellipsis where it ends early."""
    text.overflow, text.no_wrap = "ellipsis", True
    return text


def _is_high(layout: Layout | None) -> bool:
    """Are most rows so high that they would run into each other?"""
    if layout is None or not layout.high:
        return False
    return sorted(layout.high)[len(layout.high) // 2] >= HIGH


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
