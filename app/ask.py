"""One request, one answer, an exit code: for people in a hurry and for programs.

Law: in a pipe, standard output holds the answer and nothing else; with `json`, exactly one object.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from app.settings import Settings

if TYPE_CHECKING:
    from app.screen import Screen
    from app.turn import Outcome

EXIT = {"answered": 0, "waiting": 3, "failed": 4}


def ask(settings: Settings, text: str, *, thread: str, as_json: bool) -> int:
    """Carry out one request and print what came of it; gives the exit code."""
    loading()
    from app.screen import terminal

    screen = terminal(settings.colour)
    with asyncio.Runner() as runner:
        outcome = runner.run(_turn(settings, text, thread, screen, silent=as_json))
    if as_json:
        sys.stdout.write(json.dumps(reported(outcome), ensure_ascii=False, indent=2) + "\n")
    elif outcome.pending is not None:
        screen.error("This waits for your decision.", f"Open it with `valet chat --thread {outcome.thread}`.")
    return EXIT[outcome.ending]


async def _turn(settings: Settings, text: str, thread: str, screen: Screen, *, silent: bool) -> Outcome:
    from app.turn import take_turn
    from app.watching import Shown, Silent
    from app.wiring import wire

    shown = Shown(screen)
    try:
        async with wire(settings) as valet:
            loading(over=True)
            outcome = await take_turn(valet, thread, text, Silent(screen) if silent else shown)
        if not silent and outcome.answer and not shown.spoke:
            shown.said(outcome.answer, frozenset())
        screen.end_answer()
    finally:
        screen.settle()
    return outcome


def reported(outcome: Outcome) -> dict[str, Any]:
    """The outcome as the object `--json` prints."""
    return {
        "answer": outcome.answer,
        "calls": [asdict(call) for call in outcome.calls],
        "pending": outcome.pending,
        "thread": outcome.thread,
        "receipts": list(outcome.receipts),
        "sources": [source.model_dump(mode="json") for source in outcome.sources],
    }


def loading(over: bool = False) -> None:
    """Say in passing, on a terminal, that Valet is being loaded."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K" if over else "  getting ready…")
        sys.stderr.flush()
