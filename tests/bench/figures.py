"""What is made of repeated measurements: medians, ratios of medians with an interval, a table. Pure functions."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

DRAWS = 500
Held = Literal["held", "MISSED", "void", "-"]


@dataclass(frozen=True)
class Row:
    """One line of the table. `ratio` is to be at most `most`, or at least `least`; without either it only informs.

    `void` says why the figure does not count; `note` what else a reader should know.
    """

    suite: str
    what: str
    ours: str
    beside: str = ""
    ratio: float | None = None
    interval: tuple[float, float] | None = None
    most: float | None = None
    least: float | None = None
    unit: str = "x"
    note: str = ""
    void: str = ""

    @property
    def aim(self) -> str:
        if self.most is not None:
            return f"<= {self.most:g}{self.unit}"
        return f">= {self.least:g}{self.unit}" if self.least is not None else ""

    @property
    def held(self) -> Held:
        if self.void:
            return "void"
        if self.ratio is None or (self.most is None and self.least is None):
            return "-"
        missed = (self.most is not None and self.ratio > self.most) or (
            self.least is not None and self.ratio < self.least
        )
        return "MISSED" if missed else "held"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Median of the first over median of the second."""
    return median(ours) / median(theirs)


def interval(ours: Sequence[float], theirs: Sequence[float], seed: int = 7) -> tuple[float, float]:
    """Where the ratio of medians lies in 95 % of resamplings (bootstrap)."""
    draw = random.Random(seed)
    found = sorted(ratio(draw.choices(ours, k=len(ours)), draw.choices(theirs, k=len(theirs))) for _ in range(DRAWS))
    return found[DRAWS * 25 // 1000], found[DRAWS * 975 // 1000 - 1]


def millis(seconds: Sequence[float]) -> str:
    """The median of times in seconds, as milliseconds."""
    value = median(seconds) * 1000
    return f"{value:.0f} ms" if value >= 100 else f"{value:.3g} ms"


COLUMNS = ("suite", "what", "ours", "beside", "ratio", "95 %", "aim", "")


def table(rows: Iterable[Row]) -> str:
    """The rows in columns, each note on a line of its own below its row."""
    listed = list(rows)
    cells = [COLUMNS, *(_cells(row) for row in listed)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    written = [lines[0], "-" * max(len(line) for line in lines)]
    for row, line in zip(listed, lines[1:], strict=True):
        said = "; ".join(text for text in (f"void: {row.void}" if row.void else "", row.note) if text)
        written += [line, *([f"    {said}"] if said else [])]
    return "\n".join(written)


def _cells(row: Row) -> tuple[str, ...]:
    shown = "" if row.ratio is None else f"{row.ratio:.3g}{row.unit}"
    span = "" if row.interval is None else f"{row.interval[0]:.3g}..{row.interval[1]:.3g}"
    return (row.suite, row.what, row.ours, row.beside, shown, span, row.aim, row.held)
