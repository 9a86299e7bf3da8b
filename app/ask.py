"""One request, one answer, an exit code: for people in a hurry and for programs.

Law: in a pipe, standard output holds the answer and nothing else; with `json`, exactly one object. What takes long to
load is loaded where it is first needed, so that it loads while the network is waited for.
"""

# pathlib would cost the process 8 ms:
# ruff: noqa: PTH109

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from app.setting_rows import SettingsError
from app.settings import Settings, load
from app.strangers import mention
from app.unlock import unlocked
from app.watching import Late, Shown, Silent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.screen import Screen
    from app.turn import Outcome

FEW_COLLECTIONS = 100_000
"""New objects before they are looked through: one turn makes fewer, and the process ends with it."""
EXIT = {"answered": 0, "waiting": 3, "failed": 4}


def main(argv: list[str]) -> int | None:
    """`valet ask` without the command parser, which costs 60 ms; None for what is left to that parser."""
    given = _given(argv)
    if given is None:
        return None
    settings = load(cwd=os.getcwd(), explicit={"VALET_WORKSPACE": given.get("--workspace")})
    settings.check_workspace()
    chosen = accounts_given([given["--account"]] if "--account" in given else [])
    thread, as_json = given.get("--thread", ""), "--json" in given
    return ask(unlocked(settings), given["text"], thread=thread, as_json=as_json, accounts=chosen)


def _given(argv: list[str]) -> dict[str, str] | None:
    """The options and the request ("text"), each at most once; None where anything else is given."""
    given: dict[str, str] = {}
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        name = word if word.startswith("-") else "text"
        takes = name in ("--thread", "--workspace", "--account")
        if name in given or not (takes or name in ("--json", "text")) or (takes and not rest):
            return None
        given[name] = rest.pop(0) if takes else word.strip()
    usable = given.get("text") and not any(value.startswith("-") for name, value in given.items() if name != "--json")
    return given if usable else None


def accounts_given(options: Sequence[str]) -> dict[str, str]:
    """The account to be used of each connection, from "google=work". Raises SettingsError."""
    found = {}
    for option in options:
        connection, _, name = option.partition("=")
        if not connection or not name:
            raise SettingsError(f"{option!r} names no account.", "Write it as --account google=NAME.")
        found[connection] = name
    return found


def ask(settings: Settings, text: str, *, thread: str, as_json: bool, accounts: Mapping[str, str] | None = None) -> int:
    """Carry out one request, on a new thread unless one is named, and print what came of it; gives the exit code.

    `accounts` names the account to be used of a connection.
    """
    mention(settings)
    loading()
    gc.disable()  # while loading makes objects that stay; wiring ends it
    gc.set_threshold(FEW_COLLECTIONS)
    screen = Late(partial(_terminal, settings.colour))
    with asyncio.Runner() as runner:
        outcome = runner.run(_turn(settings, text, thread, screen, silent=as_json, accounts=accounts or {}))
    if as_json:
        sys.stdout.write(json.dumps(reported(outcome), ensure_ascii=False, indent=2) + "\n")
    elif outcome.pending is not None:
        from app.deciding import needed

        screen.made.error(*needed(outcome.pending, outcome.thread))
    return EXIT[outcome.ending]


def _terminal(colour: bool) -> Screen:
    from app.screen import terminal

    return terminal(colour)


async def _turn(
    settings: Settings, text: str, thread: str, screen: Late, *, silent: bool, accounts: Mapping[str, str]
) -> Outcome:
    from app.threads import new_thread
    from app.wiring import wire

    shown = Shown(screen)
    try:
        async with wire(settings, "" if thread else text, named=accounts) as valet:
            from app.turn import take_turn
            from graphs.context import Context

            loading(over=True)
            options = Context(accounts=dict(accounts))
            watcher = Silent(screen) if silent else shown
            outcome = await take_turn(valet, thread or new_thread(), text, watcher, options)
        if not silent:
            shown.ended(outcome)
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
