"""`valet brief`: one page across the services, without asking any model what to look at."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Literal

from app.settings import Settings
from app.strangers import mention

if TYPE_CHECKING:
    from app.screen import Screen
    from app.turn import Outcome
    from graphs.briefing import Briefing

Shape = Literal["screen", "json", "markdown"]
REQUEST = "Brief me."


def brief(settings: Settings, *, thread: str, shape: Shape) -> int:
    """Gather and print the briefing; exit code 0, 3 where it waits for a permission, 4 where nothing could be read."""
    from app.ask import loading
    from app.screen import terminal

    mention(settings)
    loading()
    screen = terminal(settings.colour)
    with asyncio.Runner() as runner:
        page, outcome = runner.run(_gathered(settings, thread, screen))
    if page is None:
        from app.deciding import needed

        screen.error(*needed(outcome.pending or {}, thread))
        return 3
    _print(screen, page, shape)
    if shape == "screen":
        first = next((item.handle for item in (*page.first, *page.meetings, *page.also) if item.handle), "")
        tried = f": “open {first}”" if first else ""
        screen.say(f"Go on with `valet chat --thread {outcome.thread}`{tried}.", "dim")
    return 4 if any(gap.next for gap in page.gaps) and not (page.first or page.meetings or page.also) else 0


async def _gathered(settings: Settings, thread: str, screen: Screen) -> tuple[Briefing | None, Outcome]:
    """The page, and how the turn ended; None where it waits for a permission."""
    from app.ask import loading
    from app.turn import last_briefing, take_turn
    from app.watching import Silent
    from app.wiring import wire
    from graphs.context import Context

    try:
        async with wire(settings) as valet:
            loading(over=True)
            outcome = await take_turn(valet, thread, REQUEST, Silent(screen), Context(briefing=True))
            return None if outcome.pending else await last_briefing(valet, thread), outcome
    finally:
        screen.settle()


def _print(screen: Screen, page: Briefing, shape: Shape) -> None:
    from graphs.briefing_page import blocks, markdown

    if shape == "json":
        sys.stdout.write(json.dumps(page.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n")
    elif shape == "markdown":
        sys.stdout.write(markdown(page))
    else:
        screen.show(blocks(page))
