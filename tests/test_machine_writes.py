"""A program's writes, from the request over its card to the receipt, in its own name or in the name of a person."""

from __future__ import annotations

import json
from pathlib import Path
from time import time
from typing import Any

import pytest

from app.demo.server import Running
from app.demo.service_accounts import ADDRESS, new_key
from app.demo.workspace import Workspace
from tests.demo.little_office import ALEX, Clock
from tests.terminal import piped, surroundings


@pytest.fixture
def clock() -> Clock:
    """The double's; a signature must be of its time."""
    return Clock(time())


@pytest.fixture
def env(tmp_path: Path, running: Running) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return surroundings(home, VALET_DEMO_ORIGIN=running.origin, VALET_DEMO_CONSENT="ask", VALET_ZONE="UTC")


def said(env: dict[str, str], *argv: str, stdin: str = "", code: int = 0) -> str:
    done = piped(*argv, env=env, stdin=stdin)
    assert done.returncode == code, done.stdout + done.stderr
    return " ".join((done.stdout + done.stderr).split())


def listed(env: dict[str, str], what: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(said(env, what, "--json"))[what]
    return found


def approved(env: dict[str, str], *argv: str) -> dict[str, Any]:
    """Ask for one write, approve its card; gives the card. Nobody is asked for a consent on the way."""
    said(env, "ask", *argv, code=3)
    [card] = listed(env, "approvals")
    said(env, "approve", card["id"], "--yes")
    return card


def test_a_client_makes_a_task_of_its_own_and_there_is_a_receipt(env: dict[str, str]) -> None:
    secret = piped("tasks", "program", "nightly", "--writes", env=env).stdout.splitlines()[2]
    said(env, "connect", "tasks", "--client", "nightly", stdin=f"{secret}\n")
    card = approved(env, "add a task: order new toner", "--account", "tasks=nightly")
    assert card["account"] == "nightly"
    [receipt] = listed(env, "receipts")
    assert (receipt["id"], receipt["stage"]) == (card["id"], "done")
    assert "order new toner" in said(env, "ask", "what are my tasks?", "--account", "tasks=nightly").lower()
    assert "order new toner" not in said(env, "ask", "what are my tasks?", "--account", "tasks=this computer").lower()


def test_a_client_that_may_only_read_has_written_nothing(env: dict[str, str]) -> None:
    secret = piped("tasks", "program", "nightly", env=env).stdout.splitlines()[2]
    said(env, "connect", "tasks", "--client", "nightly", stdin=f"{secret}\n")
    said(env, "ask", "add a task: order new toner", "--account", "tasks=nightly", code=3)
    [card] = listed(env, "approvals")
    told = said(env, "approve", card["id"], "--yes", code=4)
    assert "the client nightly may not do this (tasks:write)" in told
    assert [one["stage"] for one in listed(env, "receipts")] == []


def test_a_service_account_puts_a_meeting_into_the_calendar_of_the_person_it_acts_for(
    env: dict[str, str], office: Workspace, running: Running, tmp_path: Path
) -> None:
    file = tmp_path / "key.json"
    file.write_text(json.dumps(new_key(office)))
    said(env, "connect", "google", "--service-account", str(file), "--account", ALEX)
    card = approved(env, "put stocktaking in my calendar for tomorrow at 15:00")
    assert card["account"] == ALEX
    [receipt] = listed(env, "receipts")
    assert receipt["stage"] == "done"
    assert "stocktaking" in said(env, "ask", "what is on my calendar tomorrow?").lower()
    rows = [json.loads(line) for line in piped("audit", "--json", env=env).stdout.splitlines()]
    assert {row["account"] for row in rows if row["kind"] in ("lease", "call")} <= {ALEX, ""}
    assert ADDRESS in said(env, "grants")
