"""What of a mere look-up is worth a place on the screen: what the answer names, or all of it where that is little."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tools.view import Block, DayView, Facts, Note, Table

FEW = 5
"""Rows that nobody minds."""
_HANDLE = re.compile(r"\b[a-z]+:\d+\b")


def shown(views: Iterable[Sequence[Block]], answer: str) -> list[Block]:
    """The blocks to show once the answer is known; where all was left out, and nothing is said, a line that says so."""
    named = frozenset(_HANDLE.findall(answer))
    blocks, left = list[Block](), 0
    for view in views:
        # a card says itself what it is about, and an answer what was not found
        view = [block for block in view if not (isinstance(block, Note) and (not answer or block.text in answer))]
        size = sum(map(_size, view))
        kept = view if size <= FEW else [block.only(named) for block in view if isinstance(block, Table)]
        found = [block for block in kept if _size(block)]
        blocks, left = blocks + found, left + (0 if found else size)
    if left and not blocks and not answer:
        return [Note(text=f"Looked through {left} to find it.", tone="dim")]
    return blocks


def _size(block: Block) -> int:
    match block:
        case Table():
            return len(block.rows)
        case DayView():
            return len(block.entries)
        case Facts():
            return len(block.facts)
        case Note():
            return 1
