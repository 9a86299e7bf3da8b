"""What stands above the first prompt. Law: nothing heavy is loaded for it."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from app.settings import Settings

TRIES = (
    "what is urgent in my inbox?",
    "do I have conflicts tomorrow?",
    "when could I meet Priya for an hour this week?",
)


def greeting(settings: Settings) -> str:
    """What the person sees first: what Valet works on, who plans, and three things to try."""
    bold, dim, plain = ("\x1b[1m", "\x1b[2m", "\x1b[0m") if settings.colour and sys.stdout.isatty() else ("", "", "")
    planner = f"{settings.model}"
    if settings.model == "offline":
        planner = "offline planner, because no model is set (VALET_MODEL, see .env.example)"
    where = "the demo workspace" if settings.workspace == "demo" else f"the workspace {settings.workspace!r}"
    where = "your own accounts" if settings.accounts == "own" else where
    tries = "\n".join(f"  {text}" for text in TRIES)
    return (
        f"{bold}Valet{plain} on {where}\n{dim}{planner}{plain}\n\nTry, for example:\n{tries}\n\n"
        f"{dim}/help lists commands. Ctrl-C stops a turn, Ctrl-D leaves.{plain}\n"
    )
