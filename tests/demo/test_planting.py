"""The built-in workspace is made when it is needed, dated anew, and made anew after an older version."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.demo.seed import fresh
from app.demo.workspace import Person, Workspace
from app.demo.workspace_error import WorkspaceError
from tests.terminal import piped, surroundings

TODAY = date(2026, 3, 4)
ZONE = "Europe/Zurich"


def test_fresh_dates_anew_until_frozen(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    made = fresh(path, today=TODAY, zone=ZONE)
    first = {row[0] for row in made.database.rows("SELECT received FROM messages")}
    token = made.events.calendars()[0].sequence
    made.close()
    again = fresh(path, today=TODAY + timedelta(days=5), zone="Asia/Tokyo")
    assert again.zone == "Asia/Tokyo"
    assert again.note("anchor") == (TODAY + timedelta(days=5)).isoformat()
    assert {row[0] for row in again.database.rows("SELECT received FROM messages")} != first
    assert all(calendar.floor > token for calendar in again.events.calendars())
    again.note("frozen", "yes")
    again.close()
    kept = fresh(path, today=TODAY + timedelta(days=9), zone=ZONE)
    assert kept.note("anchor") == (TODAY + timedelta(days=5)).isoformat()
    kept.close()
    assert path.stat().st_mode & 0o777 == 0o600
    assert not [entry for entry in tmp_path.iterdir() if entry.name.endswith(".new")]


def aged(path: Path) -> None:
    """As an older version left it: another layout under another number."""
    older = sqlite3.connect(path)
    older.execute("DROP TABLE people")
    older.execute("CREATE TABLE people (name TEXT)")
    older.execute("PRAGMA user_version = 1")
    older.commit()
    older.close()


def test_fresh_makes_the_workspace_of_an_older_version_anew(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    fresh(path, today=TODAY, zone=ZONE).close()
    aged(path)
    made = fresh(path, today=TODAY, zone=ZONE)
    assert made.owner.address == "alex.rivera@northwind.example"
    assert made.note("anchor") == TODAY.isoformat()
    assert made.database.value("SELECT count(*) FROM messages") > 250
    made.close()
    fresh(path, today=TODAY, zone=ZONE).close()


def test_fresh_keeps_what_somebody_changed_in_an_older_version(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    made = fresh(path, today=TODAY, zone=ZONE)
    made.note("frozen", "yes")
    made.close()
    aged(path)
    before = path.read_bytes()
    with pytest.raises(WorkspaceError, match="older"):
        fresh(path, today=TODAY, zone=ZONE)
    assert path.read_bytes() == before


def test_two_at_once_make_one_workspace(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    for _ in range(2):
        with ThreadPoolExecutor(3) as pool:
            made = list(pool.map(lambda _: fresh(path, today=TODAY, zone=ZONE), range(3)))
        assert len({one.database.value("SELECT count(*) FROM messages") for one in made}) == 1
        for one in made:
            one.close()
        assert [entry.name for entry in tmp_path.iterdir()] == ["demo.db"]
        aged(path)


@pytest.mark.parametrize("blocks", [64, 512, 4096])  # of 512 bytes: in the tables, in the mail, in the last fold
def test_a_full_disk_is_said_and_leaves_nothing_half_made(blocks: int, tmp_path: Path) -> None:
    env = surroundings(tmp_path)
    home = tmp_path / "workspaces"
    run = f'ulimit -f {blocks}; exec "$0" -c "from app.cli import main; main()" ask "2+2"'
    done = subprocess.run(
        ["sh", "-c", run, sys.executable], env=env, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "Free some disk space" in done.stderr
    assert list(home.iterdir()) == []
    assert "4" in piped("ask", "2+2", env=env).stdout


def test_fresh_leaves_an_imported_workspace_alone(tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    owner = Person("me@example.org", "Me")
    Workspace.create(path, owner=owner, zone="UTC").close()
    opened = fresh(path, today=TODAY, zone=ZONE)
    assert opened.owner.address == "me@example.org"
    assert not opened.database.rows("SELECT 1 FROM messages")
    opened.close()
