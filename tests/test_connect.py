"""`valet connect`, `grants` and `disconnect`, as a person runs them against the demo's identity services."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from app.connect import chosen, missing
from app.connections import GOOGLE_STEPS, google_client
from app.demo.consent import Consent
from app.demo.server import Running, serve
from app.grants_view import asked_of, listed, tables, warnings
from auth.broker import Brokers, Unset
from auth.consent import GrantFacts
from auth.local.grants import Client
from auth.local.machine_proof import ServiceAccount
from auth.local.slack import PORTS
from auth.need import Misconfigured
from tests.auth.local.linking import fetch, sent_back
from tests.demo.little_office import ALEX, DANA, Clock
from tests.demo.slack.team import team_office
from tests.terminal import PLAIN, SECONDS, piped, surroundings
from tools.registry import discover

NOW = 1_774_429_200.0
DAY = 86_400.0
GONE = GrantFacts("google", ALEX, "gmail.read", frozenset({"a/gmail.readonly"}), linked=NOW, dead="it was revoked")
SOON = GrantFacts("slack", "alex@n", "slack.read", frozenset({"channels:read"}), used=NOW, expires=NOW + DAY)
LONG = GrantFacts("slack", "alex@n", "slack.search", frozenset({"search:read"}), expires=NOW + 20 * DAY, default=True)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with team_office(tmp_path, Clock()) as workspace, serve(workspace) as server:
        yield server


@pytest.fixture
def env(tmp_path: Path, running: Running) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir()
    return surroundings(home, VALET_DEMO_ORIGIN=running.origin, VALET_DEMO_CONSENT="ask")


class Run:
    """A `valet connect` under way: what it printed, and what is pasted into it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.said = process, ""

    def page(self) -> str:
        """The address it prints next."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if found := re.search(r"http://\S+/connect/\S+", line):
                return found[0]
        raise AssertionError(self.said)

    def paste(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{text}\n")
        self.process.stdin.flush()

    def end(self) -> tuple[int, str]:
        rest, wrong = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, " ".join((self.said + rest + wrong).split())


@contextmanager
def connecting(env: dict[str, str], *argv: str) -> Iterator[Run]:
    process = subprocess.Popen(
        [sys.executable, "-c", PLAIN, "connect", *argv],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env={**env, "PYTHONUNBUFFERED": "1"}, cwd=env["HOME"],
    )  # fmt: skip
    with process:
        try:
            yield Run(process)
        finally:
            process.kill()


def grants(env: dict[str, str]) -> list[dict[str, Any]]:
    done = piped("grants", "--json", env=env)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["grants"]
    return found


def test_google_is_linked_over_a_pasted_redirect_listed_and_unlinked(env: dict[str, str], running: Running) -> None:
    with connecting(env, "google", "--for", "gmail.read", "--no-browser") as run:
        page = run.page()
        run.paste("http://127.0.0.1:1/somewhere/else")
        run.paste(sent_back(page))
        code, said = run.end()
    assert code == 0, said
    assert "gmail.read: read your mail read all of your mail and its settings (gmail.readonly)" in said
    assert "the address begins with http://127.0.0.1" in said
    assert f"Linked: google {ALEX}, to read your mail." in said
    (grant,) = grants(env)
    assert (grant["account"], grant["capability"], grant["default"], grant["dead"]) == (ALEX, "gmail.read", True, None)
    done = piped("disconnect", "google", env=env)
    assert (done.returncode, "Revoked at the provider" in done.stdout) == (0, True), done
    assert grants(env) == []
    assert not {"1//", "ya29", "4/0A"} & set(re.split(r"\b", said))


def test_every_reading_permission_is_asked_one_page_each_and_only_once(env: dict[str, str]) -> None:
    wanted = chosen(discover(), "slack")
    with connecting(env, "slack", "--no-browser") as run:
        for _ in wanted:
            assert "is linked" in fetch(sent_back(run.page())).text
        code, said = run.end()
    assert code == 0, said
    assert [grant["capability"] for grant in grants(env)] == [capability.name for capability in wanted]
    again = piped("connect", "slack", "--no-browser", env=env)
    assert (again.returncode, "linked already" in again.stdout) == (0, True)


def test_google_is_linked_in_a_page_for_each_service(env: dict[str, str]) -> None:
    with connecting(env, "google", "--no-browser") as run:
        for _ in range(4):
            assert "is linked" in fetch(sent_back(run.page())).text
        code, said = run.end()
    assert (code, "4 pages" in said) == (0, True), said
    assert [grant["capability"] for grant in grants(env)] == ["calendar.read", "drive.own", "drive.read", "gmail.read"]
    every = {scope for capability in chosen(discover(), "google") for scope in capability.scopes}
    assert {scope for grant in grants(env) for scope in grant["scopes"]} == every


def test_a_part_of_a_bundle_names_the_whole() -> None:
    (found,) = chosen(discover(), "google", ["calendar.meet", "calendar.read"])
    assert found.name == "calendar.read"
    with pytest.raises(KeyError, match=r"gmail\.fly"):
        chosen(discover(), "google", ["gmail.read", "gmail.fly"])


def test_who_declines_is_asked_no_further(env: dict[str, str], running: Running) -> None:
    running.consent = Consent("deny")
    with connecting(env, "google", "--no-browser") as run:
        assert "was not linked" in fetch(sent_back(run.page())).text
        code, said = run.end()
    assert code == 3
    assert "the consent was declined" in said
    assert grants(env) == []


def test_a_second_account_has_a_name_of_its_own(env: dict[str, str], running: Running) -> None:
    for person, argv in ((ALEX, ()), (DANA, ("--account", "home"))):
        running.consent = Consent(account=person)
        with connecting(env, "google", "--for", "gmail.read", "--no-browser", *argv) as run:
            fetch(sent_back(run.page()))
            assert run.end()[0] == 0
    assert [(grant["account"], grant["default"]) for grant in grants(env)] == [(ALEX, True), ("home", False)]
    assert piped("disconnect", "google", "--account", "home", env=env).returncode == 0
    assert piped("disconnect", "google", "--account", "home", env=env).returncode == 2
    assert [grant["account"] for grant in grants(env)] == [ALEX]


def test_at_another_machine_the_way_back_is_told(env: dict[str, str]) -> None:
    with connecting(env | {"SSH_CONNECTION": "203.0.113.5 1 203.0.113.6 22", "DISPLAY": ":0"}, "slack") as run:
        page = run.page()
        fetch(sent_back(page))
        run.page()
        assert "ssh -L 53682:localhost:53682" in run.said
        assert "Open in a browser:" in run.said, "no window is opened here"


@pytest.mark.parametrize(("argv", "told"), [
    (("google", "--for", "gmail.fly"), "It has calendar"),
    (("fax",), "The connections are google, slack"),
])  # fmt: skip
def test_what_no_tool_needs_is_not_asked(env: dict[str, str], argv: tuple[str, ...], told: str) -> None:
    done = piped("connect", *argv, env=env)
    assert (done.returncode, told in done.stderr) == (2, True), done


@pytest.mark.parametrize(("connection", "name"), [("google", "VALET_GOOGLE_CLIENT"), ("slack", "VALET_SLACK_CLIENT")])
def test_own_accounts_need_a_registered_client_first(tmp_path: Path, connection: str, name: str) -> None:
    env = surroundings(tmp_path, VALET_ACCOUNTS="own", VALET_VAULT_PASSPHRASE="correct horse")
    done = piped("connect", connection, env=env)
    assert done.returncode == 4
    assert f"{name} is not set" in done.stderr


def test_a_token_is_pasted_not_given_as_an_argument(env: dict[str, str]) -> None:
    done = piped("connect", "slack", "--paste-token", env=env, stdin="xoxb-canary\n")
    assert (done.returncode, "begins with xoxp-" in done.stderr) == (4, True)
    done = piped("connect", "slack", "--paste-token", env=env, stdin="xoxp-canary-of-nobody\n")
    assert (done.returncode, "was not linked" in done.stderr) == (3, True)
    assert "canary" not in done.stdout + done.stderr


def test_the_file_of_a_desktop_client_is_read_and_anything_else_is_told(tmp_path: Path) -> None:
    file = tmp_path / "client.json"
    file.write_text(json.dumps({"installed": {"client_id": "id.example", "client_secret": "hush"}}))
    assert google_client(str(file)) == Client("id.example", "hush")
    robot = {"client_email": "robot@p.example", "private_key_id": "1", "private_key": "pem"}
    file.write_text(json.dumps({"type": "service_account"} | robot))
    assert google_client(str(file)) == ServiceAccount("robot@p.example", "1", "pem")
    for text in (
        "",
        "[]",
        '{"type": "service_account"}',
        "{}",
        '{"web": {"client_id": "x"}}',
        '{"installed": {"client_id": 7, "client_secret": ""}}',
    ):
        file.write_text(text)
        assert google_client(str(file)) == Misconfigured(
            "google", f"{file} is not the file of a desktop client", GOOGLE_STEPS
        )
    gone = google_client(str(tmp_path / "gone.json"))
    assert isinstance(gone, Misconfigured)
    assert "cannot be read" in gone.missing


def test_what_is_missing_is_what_no_living_grant_covers() -> None:
    google = chosen(discover(), "google")
    assert {"gmail.read", "calendar.read"} <= {capability.name for capability in google}
    unset = Brokers({"google": Unset(Misconfigured("google", "x", "y"))})
    assert missing(unset, "me", "", google) == google


def test_what_ends_soon_is_warned_of() -> None:
    assert warnings([GONE, SOON, LONG], NOW, UTC) == [
        "The link to slack (alex@n) ends 26 Mar 09:00; `valet connect slack` renews it."
    ]
    assert warnings([LONG], NOW, UTC) == []
    found = tables([GONE, SOON, LONG], NOW, UTC)
    assert [account.title for account in found] == [f"google {ALEX}", "slack alex@n"]
    shown = {row[0].text: row[-1] for account in found for row in account.rows}
    assert shown["gmail.read"].text == "no longer works: it was revoked; `valet connect google`"
    assert [shown[name].tone for name in ("gmail.read", "slack.read", "slack.search")] == ["urgent", "notice", "good"]
    assert [row["expires"] for row in listed([GONE, SOON])] == [None, "2026-03-26T09:00:00+00:00"]


def test_grants_of_an_older_valet_are_told_from_those_of_now() -> None:
    asked = asked_of(discover())
    scopes = asked.bundles["google", "calendar.read"].scopes
    whole = GrantFacts("google", ALEX, "calendar.read", scopes)
    freebusy = next(scope for scope in scopes if scope.endswith("freebusy"))
    part = replace(whole, scopes=scopes - {freebusy})
    merged = replace(whole, capability="calendar.meet")
    told = [tables([one], NOW, UTC, asked)[0].rows[0][-1].text for one in (whole, part, merged)]
    assert told == [
        "works",
        "works, but not to see when you and others are free; `valet connect google`",
        "no longer used, it is part of another now; `valet disconnect google --for calendar.meet`",
    ]


def test_the_manifest_asks_for_what_the_tools_need_and_sends_back_to_our_ports() -> None:
    text = (Path(__file__).parent.parent / "docs/slack-manifest.yaml").read_text(encoding="utf-8")
    entries = re.findall(r"^ +- (\S+)$", text, re.MULTILINE)
    needed = {scope for capability in chosen(discover(), "slack") for scope in capability.scopes}
    assert set(entries) == needed | {f"http://localhost:{port}/slack/callback" for port in PORTS}
