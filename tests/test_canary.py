"""No secret leaves its place: a conversation with everything in it, then a search of every byte it left behind."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from app.demo.google_oauth import CLIENT_SECRET
from tests.canary.leaks import files, forms, leaks
from tests.canary.talk import (
    API_KEY,
    DAY,
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
    Held,
    Turn,
    answers,
    environment,
    hold,
    staged,
)
from tests.canary.world import Children, every_log
from tests.openai_endpoint import Endpoint, said
from tests.terminal import piped, terminal

OWN = {"api key": API_KEY, "passphrase": PASSPHRASE, "model key": MODEL_KEY, "google client secret": CLIENT_SECRET}
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
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    """The conversation is held once for all the tests."""
    folder = tmp_path_factory.mktemp("canary")
    home = folder / "home"
    home.mkdir(mode=0o700)
    with staged(folder, answers(TURNS)) as stage, every_log() as lines:
        env = environment(home, stage.running, stage.model)
        linked = piped("connect", "weather", env=env, stdin=f"{API_KEY}\n")
        assert linked.returncode == 0, linked
        children = Children()
        with pytest.MonkeyPatch.context() as patch:
            for name, value in env.items():
                patch.setenv(name, value)  # as it is in a terminal, so that children could inherit it
            found = asyncio.run(hold(stage, env, folder, TURNS))
            children.open = False
        screens = _in_the_terminal(env, stage.model)
        evidence = found.evidence | {f"screen {name}": content for name, content in screens.items()}
        evidence |= {"logs": b"\n".join(lines.told), "children": b"\n".join(children.told)}
        evidence["prompts"] = json.dumps(stage.model.requests).encode()
        evidence |= files(folder)
        secrets = OWN | found.secrets | stage.running.secrets()
    return replace(found, evidence=evidence, secrets=secrets, loggers=frozenset(lines.names))


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
