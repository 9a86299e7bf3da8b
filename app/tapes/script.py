"""Holds a conversation that was written down beforehand, and records it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.settings import Settings
from app.tapes.recording import recorded

if TYPE_CHECKING:
    from app.turn import Outcome
    from app.wiring import Valet


async def performed(
    settings: Settings, file: Path, thread: str, texts: Sequence[str], about: str = ""
) -> list[tuple[str, Outcome]]:
    """Say one text after the other; at a pause, the next is the answer. Raises TapeError, and what `wire` raises.

    What was cut off before is finished first.
    """
    from app.turn import carry_on

    async with recorded(settings, file, thread, about) as valet:
        await carry_on(valet, thread, Unseen())
        return [(text, await said(valet, thread, text)) for text in texts]


async def said(valet: Valet, thread: str, text: str) -> Outcome:
    """One text of the person: a request, or the answer to what the thread waits for."""
    from app.turn import answer_pause, last_outcome, take_turn

    waits = (await last_outcome(valet, thread)).pending is not None
    if waits:
        return await answer_pause(valet, thread, meant(text), Unseen())
    return await take_turn(valet, thread, text, Unseen())


def meant(text: str) -> Any:
    """A decision: JSON where it is written as an object, else the words."""
    return json.loads(text) if text.startswith("{") else text


class Unseen:
    """The watcher of a conversation that nobody looks at."""

    def began(self, call: str, node: str, tool: str) -> None:
        """Nobody looks."""

    def progressed(self, call: str, text: str, done: int, total: int | None) -> None:
        """Nobody looks."""

    def found(self, call: str, result: object) -> None:
        """Nobody looks."""

    def looked(self, call: str, result: object) -> None:
        """Nobody looks."""

    def failed(self, call: str, tool: str, what: str, next: str) -> None:  # noqa: A002 - the house word
        """Nobody looks."""

    def said(self, chunk: str, allowed: frozenset[str]) -> None:
        """Nobody looks."""
