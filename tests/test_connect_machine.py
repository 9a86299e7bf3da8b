"""Programs that act in their own name, from linking them to a whole request, as an operator runs them."""

from __future__ import annotations

import json
from pathlib import Path
from time import time
from typing import Any

import pytest

from app.demo.google_app import GoogleApp
from app.demo.server import Running
from app.demo.service_accounts import ADDRESS, new_key
from app.demo.workspace import Workspace
from tests.auth.vault_world import everything
from tests.demo.little_office import ALEX, Clock
from tests.terminal import piped, surroundings

ASK = ("ask", "summarise my unread mail")


@pytest.fixture
def clock() -> Clock:
    """The double's; a signature must be of its time."""
    return Clock(time())


@pytest.fixture
def env(tmp_path: Path, running: Running) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return surroundings(home, VALET_DEMO_ORIGIN=running.origin, VALET_DEMO_CONSENT="ask")


@pytest.fixture
def file(office: Workspace, tmp_path: Path) -> Path:
    path = tmp_path / "key.json"
    path.write_text(json.dumps(new_key(office)))
    return path


def said(env: dict[str, str], *argv: str, stdin: str = "", code: int = 0) -> str:
    done = piped(*argv, env=env, stdin=stdin)
    assert done.returncode == code, done.stdout + done.stderr
    return " ".join((done.stdout + done.stderr).split())


def grants(env: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(said(env, "grants", "--json"))["grants"]
    return found


def registered(env: dict[str, str], *more: str) -> str:
    """The secret of a program at the tasks service."""
    done = piped("tasks", "program", "nightly", *more, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[2]


def test_a_service_account_carries_a_whole_request(env: dict[str, str], file: Path) -> None:
    told = said(env, "connect", "google", "--service-account", str(file), "--account", ALEX)
    assert f"Linked: google {ALEX}, by {ADDRESS}. Nobody is asked for it." in told
    secret = json.loads(file.read_text())["private_key"].splitlines()[1].encode()
    assert secret not in everything(Path(env["VALET_HOME"]))
    file.unlink()
    answer = json.loads(said(env, *ASK, "--json"))
    assert [call["status"] for call in answer["calls"]] == ["ok"]
    (one,) = grants(env)
    assert (one["account"], one["capability"], one["default"], one["dead"]) == (ALEX, "service-account", True, None)
    assert one["used"]
    assert f"google {ALEX}: service-account." in said(env, "doctor")
    rows = [json.loads(line) for line in piped("audit", "--json", env=env).stdout.splitlines()]
    assert [(row["kind"], row["account"]) for row in rows[:2]] == [("decision", ALEX), ("lease", ALEX)]
    assert said(env, "audit", "verify")
    parted = said(env, "disconnect", "google")
    assert f"Disconnected: google {ALEX} (service-account). Forgotten here. The key itself stays good" in parted
    assert grants(env) == []
    assert "is not linked" in said(env, "disconnect", "google", code=2)


def test_a_client_carries_a_whole_request_and_sees_its_own_tasks(env: dict[str, str]) -> None:
    secret = registered(env)
    told = said(env, "connect", "tasks", "--client", "nightly", stdin=f"{secret}\n")
    assert "Linked: tasks nightly, in its own name." in told
    answer = json.loads(said(env, "ask", "what are my tasks?", "--json", "--account", "tasks=nightly"))
    assert [call["status"] for call in answer["calls"]] == ["ok"]
    assert "nightly" in {one["account"] for one in grants(env) if one["used"]}
    assert secret.encode() not in everything(Path(env["VALET_HOME"]))


def test_the_settings_may_name_a_client_which_is_then_the_default(env: dict[str, str]) -> None:
    env |= {"VALET_TASKS_CLIENT_ID": "nightly", "VALET_TASKS_CLIENT_SECRET": registered(env)}
    said(env, "ask", "what are my tasks?")
    assert "nightly: client." in said(env, "doctor")
    assert [(one["account"], one["default"], one["linked"]) for one in grants(env)] == [("nightly", True, None)]
    assert "It is set by VALET_TASKS_CLIENT_ID: unset it there." in said(env, "disconnect", "tasks", code=2)
    env["VALET_TASKS_CLIENT_SECRET"] = "canary-of-another"
    wrong = said(env, "ask", "what are my tasks?", code=4)
    assert "the client nightly is not known, or its secret is another" in wrong
    assert "canary" not in wrong


def test_what_would_not_work_is_told_and_not_linked(
    env: dict[str, str], file: Path, running: Running, clock: Clock
) -> None:
    link = ("connect", "google", "--service-account", str(file), "--account", ALEX)
    other = (*link[:-1], "nobody@northwind.example")
    assert "to act for nobody@northwind.example, whom Google does not know" in said(env, *other, code=4)
    running.google_app = GoogleApp(delegated=False)
    assert f"{ADDRESS} may not act for {ALEX}" in said(env, *link, code=4)
    running.google_app = GoogleApp()
    clock.forward(hours=-3)
    assert "by the clock of this machine it is" in said(env, *link, code=4)
    clock.forward(hours=3)
    facts = json.loads(file.read_text())
    file.write_text(json.dumps(facts | {"private_key_id": "gone"}))
    assert "it was deleted, has expired or was replaced" in said(env, *link, code=4)
    file.write_text(json.dumps(facts | {"private_key": "pem"}))
    assert "no private RSA key" in said(env, *link, code=4)
    assert grants(env) == []


def test_a_key_that_is_refused_later_is_told_in_the_list_and_by_the_doctor(
    env: dict[str, str], file: Path, running: Running
) -> None:
    said(env, "connect", "google", "--service-account", str(file), "--account", ALEX)
    running.google_app = GoogleApp(delegated=False)
    assert f"{ADDRESS} may not act for {ALEX}" in said(env, *ASK, code=4)
    assert "`valet connect google --service-account FILE`" in said(env, "grants")
    assert f"no longer works ({ADDRESS} may not act for {ALEX})" in said(env, "doctor")
    running.google_app = GoogleApp()
    said(env, *ASK)
    assert "no longer works" not in said(env, "doctor")


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("google", "--service-account", "gone.json"), "gone.json cannot be read"),
        (("google", "--service-account", "config.json"), "is not the key file of a service account"),
        (("slack", "--service-account", "config.json"), "slack knows no service accounts"),
        (("google", "--service-account", "config.json", "--account", "work"), "'work' is no address"),
        (("google", "--client", "x"), "google knows no clients of this kind"),
        (("tasks", "--client", "x", "--service-account", "y"), "are two ways"),
        (("tasks", "--client", "x", "--account", "y"), "A client acts for itself"),
        (("tasks", "--client", "x"), "The secret of x is empty"),
    ],
)
def test_a_command_that_makes_no_sense_is_told(env: dict[str, str], argv: tuple[str, ...], told: str) -> None:
    (Path(env["HOME"]) / "config.json").write_text('{"installed": {"client_id": "a", "client_secret": "b"}}')
    assert told in said(env, "connect", *argv, code=2)


def test_a_wrong_secret_and_one_that_was_taken_away_are_told(env: dict[str, str]) -> None:
    secret = registered(env)
    wrong = said(env, "connect", "tasks", "--client", "nightly", stdin="canary\n", code=4)
    assert "its secret is another. `valet connect tasks --client nightly`" in wrong
    assert "canary" not in wrong
    said(env, "connect", "tasks", "--client", "nightly", stdin=f"{secret}\n")
    said(env, "tasks", "program", "nightly", "--remove")
    gone = said(env, "ask", "what are my tasks?", "--account", "tasks=nightly", code=4)
    assert "the client nightly is not known" in gone
