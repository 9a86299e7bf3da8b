"""Reads a document of Drive: what it is, its bytes, its text; in windows of pages where it is long."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from math import ceil

from tools.base import ToolContext
from tools.documents import apart
from tools.documents.apart import Apart
from tools.documents.content import Content, fetch
from tools.documents.file import File
from tools.documents.listing import one
from tools.documents.parsing.parsed import Parsed, Passage, Unparsable, Wanted
from tools.documents.parts import parts
from tools.documents.seeking import Sought, seek
from tools.errors import BadArgument

WHOLE = 60
"""A document of more pages is not read whole to show one part of it."""
PART_PAGES = 5
WINDOW = 100
SUMMED = 500
"""Pages a summary reads at most in one go."""


@dataclass(frozen=True)
class Document:
    """A file, what was read of it, and which part of how many that is."""

    file: File
    parsed: Parsed
    part: int = 1
    parts: int = 1


async def part_of(context: ToolContext, file_id: str, part: int) -> Document:
    """One part, at most about 11,000 characters. Raises ToolError; a file without text is a Document that says why."""
    file, content = await asyncio.to_thread(_fetched, context, file_id)
    if isinstance(content, Parsed):
        return Document(file, content)
    wanted = Wanted(first=(part - 1) * PART_PAGES + 1, count=PART_PAGES, whole=WHOLE)
    parsed = _with_loss(await apart.parse(Apart(content.kind, content.data, wanted)), content)
    if parsed.outcome != "text":
        return Document(file, parsed)
    if parsed.unit == "page" and parsed.total > WHOLE:
        count = ceil(parsed.total / PART_PAGES)
        return Document(file, _checked(parsed, file, part, count), part, count)
    if parsed.unit == "page" and parsed.last < parsed.total:
        parsed = replace(parsed, gaps=(*parsed.gaps, f"Reading stopped after page {parsed.last}: it took too long."))
    found = parts(parsed.passages)
    _checked(parsed, file, part, len(found))
    return Document(file, _only(parsed, found[part - 1]), part, len(found))


async def places_of(context: ToolContext, file_id: str, words: str, part: int) -> tuple[Document, Sought | None]:
    """The places that speak of the words; the part itself where all of it does, or none does and it is short.

    Raises ToolError as `part_of` does.
    """
    document = await whole_of(context, file_id, 1)
    parsed = document.parsed
    if parsed.outcome != "text":
        return document, None
    sought = await asyncio.to_thread(seek, parsed.passages, words, document.file.name)
    if sought is None or not sought.places:
        read = await part_of(context, file_id, part)
        silent = sought is not None and read.parts > 1  # a long text that says nothing of it answers nothing
        return (replace(read, parsed=replace(read.parsed, passages=())) if silent else read), sought
    if parsed.last < parsed.total:
        gap = f"Only pages {parsed.first}–{parsed.last} were looked through."
        parsed = replace(parsed, gaps=(*parsed.gaps, gap))
    found = parts(sought.places)
    _checked(parsed, document.file, part, len(found))
    return Document(document.file, _only(parsed, found[part - 1]), part, len(found)), sought


async def whole_of(context: ToolContext, file_id: str, part: int) -> Document:
    """All of it for a summary, or the SUMMED pages that are the given part. Raises ToolError as `part_of` does."""
    file, content = await asyncio.to_thread(_fetched, context, file_id)
    if isinstance(content, Parsed):
        return Document(file, content)
    first = (part - 1) * SUMMED + 1
    parsed = _with_loss(await _window(content, first), content)
    if parsed.outcome != "text" or parsed.unit != "page":
        return Document(file, _checked(parsed, file, part, 1))
    count = max(1, ceil(parsed.total / SUMMED))
    parsed = _checked(parsed, file, part, count)
    end = min(parsed.total, first + SUMMED - 1)
    while parsed.last < end:
        context.progress(parsed.last, parsed.total, f"pages of “{file.name}” read")
        more = await _window(content, parsed.last + 1)
        if more.outcome == "timed_out" or more.outcome == "broken" or more.last <= parsed.last:
            parsed = replace(parsed, gaps=(*parsed.gaps, f"What follows page {parsed.last} could not be read."))
            break
        parsed = _joined(parsed, more)
    return Document(file, parsed, part, count)


def _fetched(context: ToolContext, file_id: str) -> tuple[File, Content | Parsed]:
    file = one(context, file_id)
    context.progress(0, None, f"fetching “{file.name}”")
    try:
        return file, fetch(context, file)
    except Unparsable as error:
        return file, Parsed(error.outcome, error.reason)


async def _window(content: Content, first: int) -> Parsed:
    wanted = Wanted(first=first, count=WINDOW, whole=WINDOW)
    return await apart.parse(Apart(content.kind, content.data, wanted))


def _with_loss(parsed: Parsed, content: Content) -> Parsed:
    return replace(parsed, gaps=(content.lost, *parsed.gaps)) if content.lost else parsed


def _checked(parsed: Parsed, file: File, part: int, count: int) -> Parsed:
    if part > count and parsed.outcome == "text":
        known = f"{count} parts" if count > 1 else "only one part"
        raise BadArgument(f"“{file.name}” has {known}, no part {part}.", f"Ask for a part from 1 to {count}.")
    return parsed


def _joined(parsed: Parsed, more: Parsed) -> Parsed:
    """Two windows, one after the other; pages without text are no reason to stop."""
    gaps = tuple(dict.fromkeys((*parsed.gaps, *more.gaps)))
    return replace(parsed, last=more.last, passages=(*parsed.passages, *more.passages), gaps=gaps)


def _only(parsed: Parsed, passages: tuple[Passage, ...]) -> Parsed:
    return replace(parsed, passages=passages, first=passages[0].number, last=passages[-1].number)
