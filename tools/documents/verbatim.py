"""Passages of a document as they stand, for a model and for the screen, each under its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from tools.documents import tables
from tools.documents.parsing.parsed import Passage, Unit
from tools.documents.sections import cite
from tools.documents.sentences import is_row
from tools.view import Block, Cell, Note, Table, cells

COLUMNS = 8
ROWS = 60


def told(passage: Passage, unit: Unit) -> str:
    rows = "\n".join(" | ".join(row) for row in passage.rows)
    head = f"[{cite(passage.number, unit)}] {passage.heading}".rstrip()
    return "\n".join(part for part in (head, passage.text, rows) if part)


def blocks(passage: Passage, unit: Unit, *, cited: bool = True) -> Iterator[Block]:
    """Its heading and place, its text with its tables, its cells. `cited` off leaves the place out."""
    mark = cite(passage.number, unit) if cited else ""
    if head := f"{mark} {passage.heading}".strip():
        yield Note(text=head, tone="strong" if passage.heading else "dim")
    for row, lines in groupby(passage.text.split("\n") if passage.text else (), is_row):
        given = list(lines)
        yield _table([line.strip().split(" | ") for line in given]) if row else Note(text="\n".join(given))
    if passage.rows:
        yield _table(passage.rows)


def page(passages: Sequence[Passage], unit: Unit) -> Iterator[Block]:
    """A short document whole: slides as rows of a table, the rest one after the other; a single one needs no place."""
    if unit == "slide" and not any(one.rows for one in passages):
        rows = (cells((Cell(text=cite(one.number, unit), tone="dim"), one.heading, one.text)) for one in passages)
        yield Table(columns=("Where", "Slide", "What it says"), rows=tuple(rows), grow=2)
        return
    for one in passages:
        yield from blocks(one, unit, cited=len(passages) > 1)


def _table(given: tables.Rows) -> Table:
    """Rows of cells; a screen has room for COLUMNS of them."""
    has_head = tables.headed(given)
    wide = min(max(map(len, given)), COLUMNS)
    names = given[0] if has_head else ()
    body = given[1:] if has_head else given
    rows = tuple(tuple(Cell(text=row[at] if at < len(row) else "") for at in range(wide)) for row in body[:ROWS])
    left = [
        f"{len(body) - ROWS} more rows" if len(body) > ROWS else "",
        f"{max(map(len, given)) - wide} more columns" if max(map(len, given)) > wide else "",
    ]
    note = ", ".join(part for part in left if part)
    columns = tuple(names[at] if at < len(names) else "" for at in range(wide))
    return Table(columns=columns, rows=rows, note=f"Not shown: {note}." if note else "")
