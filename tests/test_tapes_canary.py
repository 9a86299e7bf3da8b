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
from tests.canary.world import Clock
from tests.demo.little_office import open_office
from tests.demo.slack.team import make_team
from tests.openai_endpoint import openai_endpoint, said
from tests.terminal import surroundings

PASSPHRASE, MODEL_KEY = "canary-passphrase-Zw7uQ9xK2mLr", "sk-canary-Model0Key1PqRsTuVwXyZ23456789"
READ: tuple[tuple[str, dict[str, str]], ...] = ("search_mail", {"query": "report"}), ("list_tasks", {})


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
    clock = Clock()
    workspace = open_office(tmp_path / "office.sqlite", clock)
    make_team(workspace)
    with Watched(workspace, clock) as running, openai_endpoint(*[said("", *READ), said("Done.")] * 4) as model:
        env = surroundings(
            tmp_path / "home",
            VALET_DEMO_ORIGIN=running.origin,
            VALET_DEMO_CONSENT="ask",
            VALET_VAULT_PASSPHRASE=PASSPHRASE,
            VALET_MODEL="openai:canary",
            VALET_MODEL_URL=model.url,
            VALET_MODEL_KEY=MODEL_KEY,
        )
        asyncio.run(held(tmp_path, running, clock, env))
        secrets = running.secrets() | {"passphrase": PASSPHRASE, "model key": MODEL_KEY}
    workspace.close()
    tape = {"tape": (tmp_path / "a.tape.yaml").read_bytes()}
    assert {"access_token", "refresh_token", "code", "state"} <= {name.rpartition(" ")[0] for name in secrets}
    assert b"connect_google" in tape["tape"] or b"kind: consent" in tape["tape"]
    assert tape["tape"].count(b"gmail.googleapis.com") > 2
    assert leaks(tape, secrets) == []
    for secret in secrets.values():
        assert leaks({"tape": tape["tape"] + secret.encode()}, {"seed": secret})
