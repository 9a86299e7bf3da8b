"""No secret leaves its place: a conversation with everything in it, then a search of every byte it left behind."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.demo.google_oauth import CLIENT_SECRET
from tests.canary.doubles import Watched
from tests.canary.leaks import files, forms, leaks
from tests.canary.world import Children, Clock, World, every_log, world
from tests.demo.little_office import open_office
from tests.demo.slack.team import make_team
from tests.openai_endpoint import Endpoint, openai_endpoint, said
from tests.terminal import piped, surroundings, terminal

PASSPHRASE = "canary-passphrase-Zw7uQ9xK2mLr"
MODEL_KEY = "sk-canary-Model0Key1PqRsTuVwXyZ23456789"
API_KEY = "demo-weather-canary/Kx7+Pq2=Wv9RtYz3Lm"
OWN = {"api key": API_KEY, "passphrase": PASSPHRASE, "model key": MODEL_KEY, "google client secret": CLIENT_SECRET}
HOUR, HALF_A_DAY = 3700.0, 50_000.0
Call = tuple[str, dict[str, Any]]
MAIL: Call = ("search_mail", {"query": "report"})
SLACK: Call = ("slack_action_items", {})
DAY = ("agenda", {"start": "2026-03-25T00:00:00Z", "end": "2026-03-26T00:00:00Z"})
FILES = ("find_documents", {"query": "plan"})
TASKS: Call = ("list_tasks", {})
WEATHER = ("forecast", {"place": "Berlin"})
WRITE: Call = ("send_mail", {"to": ["lee@partner.example"], "subject": "a note", "body": "Hello Lee."})
NOTE: Call = ("create_tasks", {"items": [{"title": "call Lee"}]})


@dataclass(frozen=True)
class Turn:
    """A request, the calls the model makes of it, and what is wrong outside meanwhile."""

    calls: tuple[Call, ...]
    faults: str = ""
    later: float = 0.0
    blabbing: str = ""
    answer: str = field(default="Done.")


TURNS = (
    Turn((MAIL, SLACK)),
    Turn((DAY, FILES, TASKS, WEATHER)),
    Turn((MAIL, DAY, SLACK, TASKS), later=HOUR),
    Turn((WRITE, NOTE)),
    Turn((MAIL, SLACK, FILES), later=HALF_A_DAY),
    *(Turn((MAIL,), f"gmail:{fault}") for fault in ("401", "403", "503", "truncate", "garbage")),
    *(Turn((SLACK,), f"slack:{fault}") for fault in ("503", "garbage")),
    *(Turn((MAIL,), f"oauth:{fault}", HOUR) for fault in ("400", "503", "truncate", "garbage")),
    *(Turn((SLACK,), f"slack-oauth:{fault}", HALF_A_DAY) for fault in ("503", "truncate")),
    Turn((WRITE,), "gmail:503"),
    Turn((MAIL, FILES, WEATHER), blabbing="/(gmail|drive|v1|batch)/?.*"),
    Turn((SLACK,), blabbing="/api/(?!oauth).*"),
    Turn((SLACK,), later=HALF_A_DAY, blabbing="/api/oauth.*"),
    Turn((MAIL,), later=HOUR, blabbing="/token"),
    Turn((MAIL, SLACK)),
)


@dataclass(frozen=True)
class Held:
    """What the conversation left, and the secrets that were in play."""

    evidence: dict[str, bytes]
    secrets: dict[str, str]
    answers: list[str]
    loggers: set[str]


def answers() -> list[Any]:
    return [part for turn in TURNS for part in (said("", *turn.calls), said(turn.answer))]


def environment(home: Path, running: Watched, model: Endpoint) -> dict[str, str]:
    return surroundings(
        home,
        VALET_DEMO_ORIGIN=running.origin,
        VALET_DEMO_CONSENT="ask",
        VALET_VAULT_PASSPHRASE=PASSPHRASE,
        VALET_MODEL="openai:canary",
        VALET_MODEL_URL=model.url,
        VALET_MODEL_KEY=MODEL_KEY,
    )


async def _converse(place: World) -> list[str]:
    told = []
    for number, turn in enumerate(TURNS, 1):
        place.clock.ahead += turn.later
        place.running.faults.clear()
        place.running.faults.parse(turn.faults)
        place.running.blabbing = turn.blabbing
        told.append(await place.turn(f"request {number}"))
        place.running.blabbing = ""
    await place.close_books()
    return told


def _in_the_terminal(env: dict[str, str], model: Endpoint) -> dict[str, bytes]:
    """The commands, as a person runs them, on what the conversation left."""
    model.answers += [said("", MAIL), said("Done."), said("", TASKS), said("Done.")]
    runs = [
        ("ask", "and once more?", "--json"),
        ("grants", "--json"),
        ("audit", "--json"),
        ("doctor",),
        ("vault", "status", "--json"),
        ("receipts",),
    ]
    found = {" ".join(run): piped(*run, env=env) for run in runs}
    screens = {name: f"{done.stdout}\n{done.stderr}".encode() for name, done in found.items()}
    assert all(done.returncode in (0, 4) for done in found.values()), found
    with terminal("chat", env=env) as screen:
        screen.expect("›")
        screen.enter("what is to do?")
        screen.expect("Done.")
        screen.expect("›")
        screen.leave()
        screens["chat"] = screen.raw.encode()
    return screens


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    """The conversation is held once for all the tests."""
    import asyncio

    folder = tmp_path_factory.mktemp("canary")
    home, clock = folder / "home", Clock()
    home.mkdir(mode=0o700)
    workspace = open_office(folder / "office.sqlite", clock)
    make_team(workspace)
    with Watched(workspace, clock) as running, openai_endpoint(*answers()) as model, every_log() as lines:
        env = environment(home, running, model)

        linked = piped("connect", "weather", env=env, stdin=f"{API_KEY}\n")
        assert linked.returncode == 0, linked
        children = Children()

        async def converse() -> tuple[dict[str, bytes], dict[str, str], list[str]]:
            async with world(running, clock, env, folder) as place:
                told = await _converse(place)
                while_open = {f"{path} (open)": content for path, content in files(folder).items()}
                return place.evidence | while_open, place.own, told

        with pytest.MonkeyPatch.context() as patch:
            for name, value in env.items():
                patch.setenv(name, value)  # as it is in a terminal, so that children could inherit it
            evidence, own, told = asyncio.run(converse())
            children.open = False
        evidence |= {f"screen {name}": content for name, content in _in_the_terminal(env, model).items()}
        evidence |= {"logs": b"\n".join(lines.told), "children": b"\n".join(children.told)}
        evidence["prompts"] = json.dumps(model.requests).encode()
        evidence |= files(folder)
        yield Held(evidence, OWN | own | running.secrets(), told, lines.names)
    workspace.close()


def test_the_conversation_had_everything_in_it(held: Held) -> None:
    kinds = {name.rpartition(" ")[0] for name in held.secrets}
    assert {"access_token", "refresh_token", "code", "code_verifier", "state"} <= kinds
    begun = {secret[:6] for secret in held.secrets.values()}
    assert {"ya29.d", "1//dem", "xoxe.x", "xoxe-1", "4/0Ade"} <= begun
    assert any(secret.startswith("eyJ") for secret in held.secrets.values())
    assert b"connect_google" in held.evidence["interrupts"]
    assert b"connect_slack" in held.evidence["interrupts"]
    assert b"send_mail" in held.evidence["interrupts"]
    assert {f"stream {mode}" for mode in ("values", "updates", "custom", "checkpoints", "tasks", "debug")} <= set(
        held.evidence
    )
    assert re.search(rb"[Rr]eceipt \w{6}", held.evidence["stream values"])
    for said_of in (b"HTTP 503", b"refused access", b"broke off", b"not JSON"):
        assert said_of in held.evidence["prompts"], said_of
    assert {"urllib3.connectionpool", "googleapiclient.discovery", "openai._base_client"} <= held.loggers
    assert b"send_mail" in held.evidence["tracing"]
    assert any(path.endswith("valet.db-wal (open)") for path in held.evidence)


def test_no_secret_is_anywhere(held: Held) -> None:
    assert leaks(held.evidence, held.secrets) == []


@pytest.mark.parametrize("place", ["logs", "stream values", "prompts", "tracing", "audit", "screen chat"])
def test_a_leak_would_be_found_in_any_form(held: Held, place: str) -> None:
    name, secret = next((name, secret) for name, secret in held.secrets.items() if secret.startswith("ya29."))
    for form, needle in forms(secret):
        seeded = held.evidence[place] + b"~" + needle + b"~"
        assert [leak.where for leak in leaks({place: seeded}, {name: secret})], form
    wrapped = base64.b64encode(b'{"authorization": "Bearer ' + secret.encode() + b'", "n": 1}')
    assert leaks({place: wrapped}, {name: secret})


def test_a_leak_into_a_file_would_be_found(held: Held, tmp_path: Path) -> None:
    name, secret = next(iter(held.secrets.items()))
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "valet.db-wal").write_bytes(os.urandom(5000) + secret.encode() + os.urandom(5000))
    assert leaks(files(tmp_path), {name: secret})
