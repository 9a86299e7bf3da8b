"""`valet tasks serve` where a tenant issues the tokens: it takes those, and has none of its own to give."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE
from time import time

import pytest

from app.demo.auth0.tenant import ISSUER, TASKS
from app.demo.server import serve
from tests.auth.auth0.tenant_world import BY_SIGN_IN, TO_DO, World, leased, linked
from tests.demo.little_office import Clock
from tests.demo.slack.team import team_office
from tests.tasks.office import Office
from tests.terminal import PLAIN, piped, surroundings


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    clock = Clock(time())
    with team_office(tmp_path, clock) as workspace, serve(workspace) as running:
        opened = World(running, clock)
        yield opened
        opened.wire.close()


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return surroundings(home, VALET_BROKER="auth0")


@contextmanager
def served(env: dict[str, str]) -> Iterator[tuple[str, Office]]:
    """What the command says of its tokens, and the service while it runs."""
    argv = [sys.executable, "-c", PLAIN, "tasks", "serve", "--port", "0"]
    with subprocess.Popen(argv, env=env, cwd=env["HOME"], text=True, stdout=PIPE) as process:
        assert process.stdout is not None
        tokens, at = process.stdout.readline(), process.stdout.readline()
        found = re.search(r"at (http://\S+);", at)
        assert found, tokens + at
        try:
            yield tokens, Office(found[1])
        finally:
            process.send_signal(signal.SIGINT)


def test_the_tenant_s_tokens_are_taken_and_none_is_issued(world: World, env: dict[str, str]) -> None:
    broker = world.broker(BY_SIGN_IN)
    linked(broker, TO_DO)
    lease = leased(broker, TO_DO)
    assert lease.token is not None
    with served(env | {"VALET_DEMO_ORIGIN": world.running.origin}) as (said, service):
        assert said == f"Its tokens are those of {ISSUER}, for {TASKS}.\n"
        assert service.send("GET", "/v1/tasks").status == 401
        service.token = lease.token.reveal()
        assert service.send("GET", "/v1/tasks").json["tasks"] == []
        assert [service.send(*asked).status for asked in (("POST", "/oauth/token"), ("GET", "/authorize"))] == [404] * 2


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Start `valet demo serve` and name it in VALET_DEMO_ORIGIN"),
        ({"VALET_ACCOUNTS": "own"}, "Auth0 issues the tokens, and VALET_AUTH0_DOMAIN is not set."),
    ],
)
def test_a_tenant_that_cannot_be_asked_is_not_replaced_by_another_issuer(
    env: dict[str, str], given: dict[str, str], told: str
) -> None:
    done = piped("tasks", "serve", "--port", "0", env=env | given)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in " ".join(done.stderr.split())


def test_no_program_is_registered_where_the_tenant_knows_them(env: dict[str, str]) -> None:
    done = piped("tasks", "program", "nightly", env=env)
    assert (done.returncode, done.stdout) == (2, "")
    assert "machine-to-machine application" in done.stderr
    assert json.loads(piped("grants", "--json", env=env | {"VALET_BROKER": "local"}).stdout) == {"grants": []}
