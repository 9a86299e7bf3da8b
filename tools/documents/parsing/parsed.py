"""What goes into and comes out of the parsing process, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Outcome = Literal["text", "encrypted", "scanned", "empty", "broken", "too_large", "timed_out", "unknown_kind"]
Reason = Literal["", "expands", "memory", "long", "breaks_off", "old_office", "picture", "binary"]
Unit = Literal["page", "section", "slide", "sheet"]
Hold = Literal["limits", "hook", "network", "files"]
"""A wall around the parsing process (`confine.py` says what each keeps out)."""

CHARS = 2_000_000
"""Characters of text kept of one document."""


@dataclass(frozen=True)
class Limits:
    """What one file may cost: bytes of address space, seconds of processor, seconds on the clock."""

    memory: int = 1024 * 1024 * 1024
    processor: int = 30
    wall: int = 40


@dataclass(frozen=True)
class Wanted:
    """Which pages of a paged document: all of them where it has at most `whole`, else `count` from `first` (from 1).

    After `seconds` of work no further page is begun.
    """

    first: int = 1
    count: int = 50
    whole: int = 50
    seconds: float = 15.0


@dataclass(frozen=True)
class Passage:
    """A stretch of a document. `number` is that of its page, section, slide or sheet, from 1.

    `level` is the depth of the heading, 0 where it has none. `rows` are the cells of a table.
    """

    number: int
    heading: str = ""
    level: int = 0
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Parsed:
    """A document as text. `total` counts its units, `first` to `last` are those looked at, `gaps` say what is missing.

    Without text, `outcome` says why, and `reason` more closely. `held` are the walls that stood around the parser.
    """

    outcome: Outcome
    reason: Reason = ""
    unit: Unit = "section"
    total: int = 0
    first: int = 1
    last: int = 0
    passages: tuple[Passage, ...] = ()
    gaps: tuple[str, ...] = ()
    held: tuple[Hold, ...] = ()


class Unparsable(Exception):
    """There is no text to be had from this file, and it is known why."""

    def __init__(self, outcome: Outcome, reason: Reason = "") -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.reason = reason


def bounded(passages: list[Passage], unit: Unit, gaps: tuple[str, ...] = (), total: int = 0) -> Parsed:
    """The passages of a whole document, cut after CHARS characters. Raises Unparsable where there are none."""
    kept: list[Passage] = []
    room = CHARS
    for passage in passages:
        room -= len(passage.text) + len(passage.heading) + sum(len(cell) for row in passage.rows for cell in row)
        if room < 0:
            gaps = (*gaps, f"The document is very long: it was read up to a place in {unit} {passage.number}.")
            kept.append(replace(passage, text=passage.text[: max(0, len(passage.text) + room)], rows=()))
            break
        kept.append(passage)
    if not any(passage.text.strip() or passage.rows for passage in kept):
        raise Unparsable("empty")
    count = total or max(passage.number for passage in passages)
    return Parsed("text", unit=unit, total=count, last=kept[-1].number, passages=tuple(kept), gaps=gaps)
