"""A document cut into parts that a person or a model can take in at once, at the seams the document itself has."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from tools.documents.parsing.parsed import Passage

T = TypeVar("T")
PART = 11_000
"""Characters of a part."""


def parts(passages: Sequence[Passage], limit: int = PART) -> tuple[tuple[Passage, ...], ...]:
    """Passages in parts of at most `limit` characters; a longer passage is divided between paragraphs or rows."""
    found: list[list[Passage]] = [[]]
    room = limit
    for passage in passages:
        for piece in _pieces(passage, limit):
            if size(piece) > room and found[-1]:
                found.append([])
                room = limit
            found[-1].append(piece)
            room -= size(piece)
    return tuple(map(tuple, found))


def size(passage: Passage) -> int:
    return len(passage.heading) + len(passage.text) + sum(len(cell) + 3 for row in passage.rows for cell in row) + 12


def _pieces(passage: Passage, limit: int) -> Iterator[Passage]:
    if size(passage) <= limit:
        yield passage
        return
    for rows in _packed(passage.rows, limit, lambda row: sum(len(cell) + 3 for cell in row)):
        yield dataclasses.replace(passage, text="", rows=tuple(rows))
    lines = [piece for line in passage.text.split("\n") for piece in _chopped(line, limit // 2)]
    for packed in _packed(lines, limit - len(passage.heading) - 12, lambda line: len(line) + 1):
        yield dataclasses.replace(passage, text="\n".join(packed), rows=())


def _packed(items: Iterable[T], limit: int, measure: Callable[[T], int]) -> Iterator[list[T]]:
    pack: list[T] = []
    room = limit
    for item in items:
        if measure(item) > room and pack:
            yield pack
            pack, room = [], limit
        pack.append(item)
        room -= measure(item)
    if pack:
        yield pack


def _chopped(line: str, limit: int) -> list[str]:
    return [line[at : at + limit] for at in range(0, len(line), limit)] or [""]
