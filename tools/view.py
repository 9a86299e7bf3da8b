"""What a finding looks like on a screen, as plain data: every screen renders these blocks and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Tone = Literal["plain", "strong", "dim", "good", "notice", "urgent"]


class Cell(BaseModel):
    """One cell: its text, its tone (a meaning, not a colour) and, for links Valet built itself, where it leads."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    text: str
    tone: Tone = "plain"
    link: str | None = None


class Table(BaseModel):
    """Rows under headings. `grow` is the index of the column that takes what width is left.

    With `fold` off every row is one line, cut where the width ends: for pages that are read at a glance.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    block: Literal["table"] = "table"
    title: str = ""
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    grow: int = 0
    fold: bool = True
    note: str = ""

    def only(self, named: Collection[str]) -> Table:
        """The rows that begin with one of these; a blank in the first named column stands for the cell above."""
        kept, above = [], self.rows[0][1:2] if self.rows else ()
        for row in self.rows:
            above = row[1:2] if row[1:2] and row[1].text else above
            if row[0].text in named:
                kept.append((row[0], *above, *row[2:]))
        return self.model_copy(update={"rows": tuple(kept)})


class Entry(BaseModel):
    """One event of a day view; times are aware.

    `lane` is the calendar's name, `clash`: it stands in a conflict, `busy`: it takes the person's time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    start: datetime
    end: datetime
    title: str
    lane: str = ""
    place: str = ""
    all_day: bool = False
    tone: Tone = "plain"
    clash: bool = False
    busy: bool = True


class DayView(BaseModel):
    """One day: entries in order, in the person's zone, with the free stretches between them left to the screen."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    block: Literal["day"] = "day"
    title: str
    zone: str
    entries: tuple[Entry, ...]


class Facts(BaseModel):
    """Label and value pairs."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    block: Literal["facts"] = "facts"
    title: str = ""
    facts: tuple[tuple[str, Cell], ...]


class Note(BaseModel):
    """A sentence or a paragraph."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    block: Literal["note"] = "note"
    text: str
    tone: Tone = "plain"


Block = Annotated[Table | DayView | Facts | Note, Field(discriminator="block")]


def cells(values: Sequence[str | Cell]) -> tuple[Cell, ...]:
    """A row from texts and cells."""
    return tuple(value if isinstance(value, Cell) else Cell(text=value) for value in values)
