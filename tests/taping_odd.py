"""The tapes that texts alone cannot make: `python -m tests.taping_odd FOLDER`. A consent in a browser; a crash."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from app.demo.faults import Fault
from app.settings import Settings, load
from app.tapes.recording import recorded
from app.tapes.script import Unseen, performed
from app.turn import Outcome, answer_pause, take_turn
from tests.consent_world import click
from tests.taping import LUNCH, MORNING

CRASHED = 9
NAME = "crash_resumed"


def settings(home: str, **more: str) -> Settings:
    return load({"VALET_HOME": home, "VALET_NOW": MORNING, "VALET_ZONE": "Europe/Zurich", **more}, cwd=home)


async def agreed(folder: Path, home: str) -> Outcome:
    """A question that needs a permission; the person agrees in the browser, and it is answered."""
    file = folder / "consent_given.tape.yaml"
    file.unlink(missing_ok=True)
    about = "A permission is missing; the person grants it in the browser, and the turn goes on"
    async with recorded(settings(home, VALET_DEMO_CONSENT="ask"), file, "consent_given", about) as valet:
        asked = await take_turn(valet, "consent_given", "what is on my calendar tomorrow?", Unseen())
        assert asked.pending is not None, asked
        turn = asyncio.create_task(answer_pause(valet, "consent_given", "yes", Unseen()))
        for item in asked.pending["valet"]["items"]:
            await asyncio.to_thread(click, item["page"])
        return await turn


async def declined(folder: Path, home: str) -> Outcome:
    file = folder / "consent_declined.tape.yaml"
    file.unlink(missing_ok=True)
    about = "A permission is missing, and the person declines it"
    texts = ("what is on my calendar tomorrow?", "no")
    held = await performed(settings(home, VALET_DEMO_CONSENT="ask"), file, "consent_declined", texts, about)
    return held[-1][1]


async def crash(file: Path, home: str) -> None:
    """Approve a mail, and die after it was sent and before its answer came."""
    about = "The process dies while a mail is sent; the next one looks it up, and sends no second"
    async with recorded(settings(home), file, NAME, about) as valet:
        await take_turn(valet, NAME, LUNCH, Unseen())
        assert valet.demo.faults is not None
        valet.demo.faults.add(Fault("POST /gmail/v1/users/me/drafts/send", "delay", seconds=60, after=True))
        threading.Thread(target=_die, args=(file,), daemon=True).start()
        await answer_pause(valet, NAME, "yes", Unseen())


def _die(file: Path) -> None:
    """Once the tape says that it is being sent, and the server has had time to do it."""
    while "drafts/send" not in file.read_text(encoding="utf-8"):
        threading.Event().wait(0.1)
    threading.Event().wait(3)
    os._exit(CRASHED)


async def resumed(folder: Path, home: str) -> Outcome | None:
    file = folder / f"{NAME}.tape.yaml"
    file.unlink(missing_ok=True)
    died = await asyncio.to_thread(subprocess.run, [sys.executable, "-m", "tests.taping_odd", str(folder), home])
    assert died.returncode == CRASHED, died
    held = await performed(settings(home), file, NAME, ("what is 2 + 2?",))
    return held[-1][1]


def main(folder: Path, home: str = "") -> None:
    if home:
        asyncio.run(crash(folder / f"{NAME}.tape.yaml", home))
        return
    for make in (agreed, declined, resumed):
        with tempfile.TemporaryDirectory() as fresh:
            came = asyncio.run(make(folder, fresh))
            print(make.__name__, came and came.answer)  # noqa: T201 - a script


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
