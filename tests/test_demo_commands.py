"""The demo workspaces from the command line: import, list, serve, reset."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.faults_order import FaultsRefused, order
from tests.terminal import PLAIN, SECONDS, piped, surroundings, terminal

MAIL = b"""From: Ana Lima <ana@example.com>\r
To: Kim Lee <kim@example.net>\r
Delivered-To: kim@example.net\r
Subject: Lunch?\r
Date: Fri, 20 Nov 2026 10:00:00 +0000\r
Message-ID: <1@example.com>\r
\r
Tuesday?\r
"""
CALENDAR = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//x//x//EN\r
BEGIN:VEVENT\r
UID:1@example.com\r
DTSTAMP:20261101T000000Z\r
DTSTART:20261124T120000Z\r
DTEND:20261124T130000Z\r
SUMMARY:Lunch\r
END:VEVENT\r
END:VCALENDAR\r
"""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A clean home, and beside it a folder of exports with one that is no mail."""
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "lunch.eml").write_bytes(MAIL)
    (exports / "lunch.ics").write_bytes(CALENDAR)
    (exports / "holiday\x1b[31m.gif").write_bytes(b"GIF89a")
    return surroundings(tmp_path, VALET_ZONE="UTC")


def test_an_import_says_what_became_of_every_file(env: dict[str, str], tmp_path: Path) -> None:
    done = piped("demo", "import", str(tmp_path / "exports"), env=env)
    assert done.returncode == 0
    assert "1 message and 1 event from 3 files" in done.stdout
    assert "holiday\\x1b[31m.gif" in " ".join(done.stdout.split())
    assert "refused" in done.stdout
    assert "'imported' of kim@example.net" in done.stdout
    again = json.loads(piped("demo", "import", "--json", str(tmp_path / "exports"), env=env).stdout)
    assert (again["messages"], again["events"], again["duplicates"]) == (0, 0, 2)
    assert "kim@example.net" in piped("demo", "list", env=env).stdout


def test_the_help_of_an_import_names_all_that_it_takes(env: dict[str, str]) -> None:
    said = " ".join(piped("demo", "import", "--help", env=env).stdout.split())
    assert "Take your own mail, calendars, Slack and documents in" in said
    assert "mbox, .eml" in said
    assert "a Slack export (.zip or its folder)" in said


def test_an_import_of_nothing_usable_exits_with_4(env: dict[str, str], tmp_path: Path) -> None:
    done = piped("demo", "import", str(next((tmp_path / "exports").glob("*.gif"))), env=env)
    assert done.returncode == 4
    assert "1 refused" in done.stdout


def test_an_import_shows_how_far_it_is_on_a_terminal(env: dict[str, str], tmp_path: Path) -> None:
    with terminal("demo", "import", str(tmp_path / "exports"), env=env) as screen:
        assert screen.ended() == 0
    assert "bytes" in screen.text
    assert "1 message and 1 event" in screen.text


def test_a_path_that_is_not_there_is_usage(env: dict[str, str]) -> None:
    done = piped("demo", "import", "/nowhere.mbox", env=env)
    assert done.returncode == 2
    assert "/nowhere.mbox" in done.stderr


def test_reset_asks_first(env: dict[str, str], tmp_path: Path) -> None:
    piped("demo", "import", str(tmp_path / "exports"), env=env)
    file = tmp_path / "workspaces" / "imported.db"
    refused = piped("demo", "reset", "--workspace", "imported", env=env)
    assert refused.returncode == 2
    assert "--yes" in refused.stderr
    with terminal("demo", "reset", "--workspace", "imported", env=env) as screen:
        screen.expect("[y/N]")
        screen.enter("n")
        assert screen.ended() == 0
    assert file.exists()
    assert piped("demo", "reset", "--workspace", "imported", "--yes", env=env).returncode == 0
    assert not list(file.parent.iterdir())


@contextmanager
def served(env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`valet demo serve` on a free port, killed if it has not ended by itself."""
    argv = [sys.executable, "-c", PLAIN, "demo", "serve", "--port", "0", "--workspace", "imported"]
    with subprocess.Popen(
        argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env, cwd=env["HOME"]
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_serve_is_reached_from_other_processes_until_ctrl_c(env: dict[str, str], tmp_path: Path) -> None:
    piped("demo", "import", str(tmp_path / "exports"), env=env)
    with served(env) as process:
        assert process.stdout is not None
        origin = process.stdout.readline().split(" at ")[1].split(". ")[0]
        checks = json.loads(piped("doctor", "--json", env=env | {"VALET_DEMO_ORIGIN": origin}).stdout)["checks"]
        assert f"{origin} answers." in [check["what"] for check in checks]
        port = origin.rpartition(":")[2]
        taken = piped("demo", "serve", "--port", port, "--workspace", "imported", env=env)
        assert taken.returncode == 2
        assert "--port" in taken.stderr
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=SECONDS)
        assert (process.returncode, err) == (0, "")
    with pytest.raises(FaultsRefused, match="does not answer"):
        order(origin, "")


def test_faults_are_ordered_and_cleared_from_outside(env: dict[str, str], tmp_path: Path) -> None:
    piped("demo", "import", str(tmp_path / "exports"), env=env)
    with served(env) as process:
        assert process.stdout is not None
        origin = process.stdout.readline().split(" at ")[1].split(". ")[0]
        (waiting,) = order(origin, "gmail:503*2")
        assert waiting.startswith("waiting at gmail")
        assert waiting.endswith(": status 503, 2 times")
        with pytest.raises(FaultsRefused, match="nonsense"):
            order(origin, "nonsense:503")
        assert order(origin, "clear") == []


def test_the_person_of_a_served_workspace_is_asked_where_the_settings_say_so(
    env: dict[str, str], tmp_path: Path
) -> None:
    piped("demo", "import", str(tmp_path / "exports"), env=env)
    for setting, mode in (("at-once", "grant"), ("ask", "page")):
        with served(env | {"VALET_DEMO_CONSENT": setting}) as process:
            assert process.stdout is not None
            origin = process.stdout.readline().split(" at ")[1].split(". ")[0]
            with urllib.request.urlopen(f"{origin}/__consent") as answer:  # noqa: S310 - loopback
                assert json.load(answer)["consent"] == mode
