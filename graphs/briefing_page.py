"""The briefing as one page of text or Markdown. Law: the page is made from the briefing alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from graphs.briefing import Briefing, Item

PLURALS = {"mail": "mails", "message": "messages", "document": "documents", "conflict": "conflicts", "task": "tasks"}
WIDEST = 110
NOTHING = "Nothing needs you right now."


def text(briefing: Briefing) -> str:
    """The page as a person reads it in an answer; handles in round brackets."""
    return "\n".join(_page(briefing, str, lambda item: f" ({item.handle})" if item.handle else ""))


def markdown(briefing: Briefing) -> str:
    """The page as Markdown, each line linked to its source where the service gave a link."""
    return "\n".join(_page(briefing, lambda heading: f"## {heading}", _linked)) + "\n"


def _linked(item: Item) -> str:
    label = item.handle or item.kind
    return f" ([{label}]({item.link}))" if item.link else f" ({item.handle})" if item.handle else ""


def _page(briefing: Briefing, heading: Callable[[str], str], source: Callable[[Item], str]) -> Iterator[str]:
    yield heading(f"Briefing, {briefing.made:%A} {briefing.made.day} {briefing.made:%B, %H:%M}")
    day = "today" if briefing.day == briefing.made.date() else f"{briefing.day:%A} {briefing.day.day} {briefing.day:%B}"
    sections = (("First", briefing.first), (f"Meetings {day}", briefing.meetings), ("Also", briefing.also))
    if not any(items for _, items in sections):
        yield NOTHING
    for title, items in sections:
        if items:
            yield ""
            yield heading(title)
            for item in items:
                yield from _lines(item, source, "- ")
    if briefing.left_out:
        yield ""
        yield f"Left out for room: {', '.join(_counted(kind, n) for kind, n in briefing.left_out.items())}."
    for gap in briefing.gaps:
        yield ""
        yield f"Not read, {gap.tool}: {gap.what} {gap.next}"


def _lines(item: Item, source: Callable[[Item], str], bullet: str) -> Iterator[str]:
    why = f" [{item.reasons[0]}]" if item.reasons else ""
    yield f"{bullet}{_clipped(item.text)}{source(item)}{why}"
    for part in item.belongs:
        yield from _lines(part, source, "  - ")


def _clipped(text: str) -> str:
    return text if len(text) <= WIDEST else text[: WIDEST - 1].rstrip() + "…"


def _counted(kind: str, number: int) -> str:
    return f"{number} {kind if number == 1 else PLURALS.get(kind, kind)}"
