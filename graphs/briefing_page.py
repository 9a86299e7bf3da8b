"""The briefing as one page of text or Markdown. Law: the page is made from the briefing alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from graphs.briefing import Briefing, Item
from tools.view import Block, Cell, Note, Table, Tone

PLURALS = {"mail": "mails", "message": "messages", "document": "documents", "conflict": "conflicts", "task": "tasks"}
WIDEST = 110
_WORD = re.compile(r"\w+")
NOTHING = "Nothing needs you right now."


def text(briefing: Briefing) -> str:
    """The page as a person reads it in an answer; handles in round brackets."""
    return "\n".join(_page(briefing, str, lambda item: f" ({item.handle})" if item.handle else ""))


def markdown(briefing: Briefing) -> str:
    """The page as Markdown, each line linked to its source where the service gave a link."""
    return "\n".join(_page(briefing, lambda heading: f"## {heading}", _linked)) + "\n"


def blocks(briefing: Briefing) -> tuple[Block, ...]:
    """The page for a screen: a table for each section, handles linked to their source."""
    tables = [
        Table(title=title, columns=("", ""), rows=tuple(_rows(items)), grow=1, fold=False)
        for title, items in _sections(briefing)
    ]
    notes = [Note(text=text, tone=tone) for text, tone in _remarks(briefing)]
    return (Note(text=_heading(briefing), tone="strong"), *tables, *notes)


def _rows(items: Sequence[Item], mark: str = "") -> Iterator[tuple[Cell, ...]]:
    for item in items:
        yield (Cell(text=item.handle, link=item.link, tone="dim"), Cell(text=mark + item.text))
        yield from _rows(item.belongs, "↳ ")


def _linked(item: Item) -> str:
    label = item.handle or item.kind
    return f" ([{label}]({item.link}))" if item.link else f" ({item.handle})" if item.handle else ""


def _page(briefing: Briefing, heading: Callable[[str], str], source: Callable[[Item], str]) -> Iterator[str]:
    yield heading(_heading(briefing))
    for title, items in _sections(briefing):
        yield ""
        yield heading(title)
        for item in items:
            yield from _lines(item, source, "- ")
    for remark, _ in _remarks(briefing):
        yield ""
        yield remark


def _heading(briefing: Briefing) -> str:
    return f"Briefing, {briefing.made:%A} {briefing.made.day} {briefing.made:%B, %H:%M}"


def _sections(briefing: Briefing) -> Iterator[tuple[str, tuple[Item, ...]]]:
    """Titles and items, of the sections that have any."""
    day = "today" if briefing.day == briefing.made.date() else f"{briefing.day:%A} {briefing.day.day} {briefing.day:%B}"
    sections = (("First", briefing.first), (f"Meetings {day}", briefing.meetings), ("Also", briefing.also))
    return ((title, items) for title, items in sections if items)


def _remarks(briefing: Briefing) -> Iterator[tuple[str, Tone]]:
    """What stands below: that there is nothing, what there was no room for, what could not be read."""
    if not any(_sections(briefing)):
        yield NOTHING, "plain"
    if briefing.left_out:
        counted = ", ".join(_counted(kind, number) for kind, number in briefing.left_out.items())
        yield f"Left out for room: {counted}.", "dim"
    for gap in briefing.gaps:
        whole = f"Not read, {gap.tool.replace('_', ' ')}: {gap.what} {gap.next}"
        yield whole if gap.next else f"Not all was read. {gap.what}", "notice"


def _lines(item: Item, source: Callable[[Item], str], bullet: str) -> Iterator[str]:
    reason = next((one for one in item.reasons if not _is_said(one, item.text)), "")
    why = f" [{reason}]" if reason else ""
    yield f"{bullet}{_clipped(item.text)}{source(item)}{why}"
    for part in item.belongs:
        yield from _lines(part, source, "  - ")


def _is_said(reason: str, text: str) -> bool:
    """Whether every word of the reason stands in the line already."""
    return set(_WORD.findall(reason.casefold())) <= set(_WORD.findall(_clipped(text).casefold()))


def _clipped(text: str) -> str:
    return text if len(text) <= WIDEST else text[: WIDEST - 1].rstrip() + "…"


def _counted(kind: str, number: int) -> str:
    return f"{number} {kind if number == 1 else PLURALS.get(kind, kind)}"
