"""No secret can come onto a tape: a conversation with a consent, a refresh and services that blab is recorded."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.settings import load
from app.tapes.recording import recorded
from app.tapes.script import Unseen
from app.turn import answer_pause, take_turn
from tests.auth.local.linking import browse
from tests.canary.doubles import Watched
from tests.canary.leaks import leaks
from tests.canary.talk import MAIL, MODEL_KEY, PASSPHRASE, TASKS, environment, staged
from tests.canary.world import Clock
from tests.openai_endpoint import said


async def held(folder: Path, running: Watched, clock: Clock, env: dict[str, str]) -> None:
    """Asked with a consent, after its end, and while mail, then the token service, quotes what it was sent."""
    async with recorded(load(env, cwd=folder), folder / "a.tape.yaml", "t") as valet:
        for later, blabbing in ((0.0, ""), (3700.0, ""), (0.0, "/(gmail|batch|v1)/?.*"), (3700.0, "/token")):
            clock.ahead += later
            running.blabbing = blabbing
            came = await take_turn(valet, "t", "is there a report?", Unseen())
            while came.pending is not None:
                for item in came.pending["valet"]["items"]:
                    await asyncio.to_thread(browse, item["page"])
                came = await answer_pause(valet, "t", "yes", Unseen())
            running.blabbing = ""


def test_no_secret_is_on_a_tape(tmp_path: Path) -> None:
    with staged(tmp_path, [said("", MAIL, TASKS), said("Done.")] * 4) as stage:
        env = environment(tmp_path / "home", stage.running, stage.model)
        asyncio.run(held(tmp_path, stage.running, stage.clock, env))
        secrets = stage.running.secrets() | {"passphrase": PASSPHRASE, "model key": MODEL_KEY}
    tape = {"tape": (tmp_path / "a.tape.yaml").read_bytes()}
    assert {"access_token", "refresh_token", "code", "state"} <= {name.rpartition(" ")[0] for name in secrets}
    assert b"connect_google" in tape["tape"] or b"kind: consent" in tape["tape"]
    assert tape["tape"].count(b"gmail.googleapis.com") > 2
    assert leaks(tape, secrets) == []
    for secret in secrets.values():
        assert leaks({"tape": tape["tape"] + secret.encode()}, {"seed": secret})
