"""A conversation on the server with everything in it, watched from outside: what it left, and what was secret."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.demo.google_oauth import CLIENT_SECRET
from app.wiring import local_user
from tests.auth.local.linking import browse, fetch
from tests.canary.leaks import files
from tests.canary.talk import (
    API_KEY,
    FILES,
    HALF_A_DAY,
    HOUR,
    MAIL,
    MODEL_KEY,
    NOTE,
    PASSPHRASE,
    SLACK,
    TASKS,
    WEATHER,
    WRITE,
    Stage,
    Turn,
    answers,
    environment,
    staged,
)
from tests.canary.world import world
from tests.studio.served import ROOT, Served, served
from tests.terminal import piped

SEED = "seeded-canary-Hq4ZpT8vNc2LrWk6Yd0s"
OWN = {"api key": API_KEY, "passphrase": PASSPHRASE, "model key": MODEL_KEY, "google client secret": CLIENT_SECRET}
MODES: Any = ["values", "updates", "custom", "messages", "checkpoints", "tasks", "debug", "events"]
LISTENER = """
import sys
def _hear(event, args, _into=open({into!r}, "a")):
    if event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"):
        _into.write(repr((event, *args[:2])) + chr(10)); _into.flush()
sys.addaudithook(_hear)
"""
"""What every Python process of the server loads first: it writes down how other programs are started."""


TURNS = (
    Turn((MAIL, SLACK, FILES, TASKS, WEATHER)),
    Turn((MAIL, SLACK, TASKS), later=HOUR),
    Turn((WRITE, NOTE)),
    Turn((MAIL, SLACK), later=HALF_A_DAY),
    Turn((MAIL,), "gmail:401"),
    Turn((MAIL,), "gmail:503*"),
    Turn((MAIL,), "gmail:truncate"),
    Turn((MAIL,), "oauth:503", HOUR),
    Turn((SLACK,), "slack-oauth:truncate", HALF_A_DAY),
    Turn((WRITE,), "gmail:503"),
    Turn((MAIL, FILES, WEATHER), blabbing="/(gmail|drive|v1|batch)/?.*"),
    Turn((SLACK,), later=HALF_A_DAY, blabbing="/api/oauth.*"),
    Turn((MAIL,), later=HOUR, blabbing="/token"),
)


@dataclass
class Held:
    """`evidence` by where it was found, `secrets` by what they are; `seeded` is what was found once the seed was in."""

    evidence: dict[str, bytes] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    seeded: dict[str, bytes] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)

    def keep(self, where: str, content: object, seed: bool = False) -> None:
        into = self.seeded if seed else self.evidence
        into[where] = into.get(where, b"") + b"\n" + repr(content).encode("utf-8", "replace")


@dataclass
class Talk:
    """A person at the server, over its own client."""

    server: Served
    stage: Stage
    client: Any
    thread: str
    held: Held

    async def turn(self, number: int, turn: Turn) -> None:
        turn.arrange(self.stage.running, self.stage.clock)
        await self.run(input={"messages": [{"type": "human", "content": f"request {number}"}]})
        while decisions := await self.yes():
            await self.run(command={"resume": {"decisions": decisions}})
        self.stage.running.blabbing = ""
        state = await self.client.threads.get_state(self.thread)
        self.held.answers.append(str(state["values"]["messages"][-1]["content"]))

    async def run(self, seed: bool = False, **given: Any) -> None:
        async for part in self.client.runs.stream(self.thread, "valet", stream_mode=MODES, **given):
            self.held.keep(f"stream {part.event.partition('|')[0]}", part, seed)

    async def yes(self) -> list[dict[str, str]]:
        """The decisions that agree to all that is asked, after the browser has been where it is sent."""
        state: Any = await self.client.threads.get_state(self.thread)
        for pause in state["interrupts"]:
            self.held.keep("interrupts", json.dumps(pause))
            for item in pause["value"]["valet"]["items"]:
                if "page" in item:
                    await asyncio.to_thread(browse, item["page"])
            return [{"type": "approve"}] * len(pause["value"]["action_requests"])
        return []

    async def ask_everything(self, seed: bool = False) -> None:
        """What the API tells of a thread."""
        self.held.keep("state", await self.client.threads.get_state(self.thread), seed)
        self.held.keep("history", await self.client.threads.get_history(self.thread, limit=1000), seed)
        self.held.keep("thread", await self.client.threads.get(self.thread), seed)
        self.held.keep("runs", await self.client.runs.list(self.thread, limit=1000), seed)
        self.held.keep("assistants", await self.client.assistants.search(), seed)


@contextmanager
def conversation(folder: Path) -> Iterator[Held]:
    """Hold it, and stop the server; then everything is found that was written."""
    held = Held()
    (folder / "site").mkdir()
    (folder / "server/home").mkdir(parents=True, mode=0o700)
    (folder / "site/sitecustomize.py").write_text(LISTENER.format(into=str(folder / "started.log")))
    with staged(folder, answers(TURNS)) as stage:
        env = environment(folder / "server/home", stage.running, stage.model)
        linked = piped("connect", "weather", env=env, stdin=f"{API_KEY}\n")
        assert linked.returncode == 0, linked
        given = {name: value for name, value in env.items() if name.startswith("VALET_")}
        with served(folder / "server", **given, LOG_LEVEL="DEBUG", PYTHONPATH=f"{folder / 'site'}:{ROOT}") as server:
            key = server.key(local_user())
            asyncio.run(_held(held, server, stage, key))
            held.keep("arguments", _arguments(server))
        asyncio.run(_note_own(held, stage, given, folder))
        held.keep("prompts", stage.model.requests)
        held.secrets |= OWN | {"person's key": key} | stage.running.secrets()
        held.seeded |= files(folder / "server") | {"started": (folder / "started.log").read_bytes()}
    yield held


async def _held(held: Held, server: Served, stage: Stage, key: str) -> None:
    async with server.client(key) as client:
        thread = (await client.threads.create())["thread_id"]
        talk = Talk(server, stage, client, thread, held)
        for number, turn in enumerate(TURNS, 1):
            await talk.turn(number, turn)
        await talk.ask_everything()
        held.evidence |= {f"{where} (open)": content for where, content in files(server.work, server.home).items()}
        await talk.run(seed=True, input={"messages": [{"type": "human", "content": f"I say {SEED}"}]})
        await talk.ask_everything(seed=True)
        await asyncio.to_thread(fetch, f"{server.origin}/ok?said={SEED}")


async def _note_own(held: Held, stage: Stage, env: dict[str, str], folder: Path) -> None:
    """The secrets of Valet's own services, which are known from the vault alone."""
    async with world(stage.running, stage.clock, env, folder) as place:
        place.note_grants()
        held.secrets |= place.own


def _arguments(server: Served) -> list[bytes]:
    """How the processes were started that have to do with this server, as anybody on the machine sees it."""
    found = []
    for about in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(about.read_bytes())
        except OSError:  # it has ended
            continue
    return [line for line in found if server.origin.rpartition(":")[2].encode() in line]
