"""The audit log from the command line: read, exported line by line, verified, and found out when it was changed."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.commands import run
from app.storage import DATABASE, connector, private_file
from auth.audit import AuditLog
from tests.terminal import PLAIN, SECONDS, piped, surroundings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VALET_HOME", str(tmp_path))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tmp_path)
    with closing(AuditLog(connector(private_file(tmp_path / DATABASE)))) as log:
        log.record("local:1", "lease", capability="gmail.read", account="ana@example.org", scopes="mail.read")
        log.record("local:1", "call", capability="gmail.read", operation="GET host/path", outcome="200")
        log.record("local:1", "effect", id="abc", tool="send_mail", stage="done")
    return tmp_path


def test_the_log_is_listed_and_exported_one_object_a_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "--last", "2"]) == 0
    listed = capsys.readouterr().out
    assert "GET host/path" in listed
    assert "done  send_mail" in listed
    assert "lease" not in listed
    assert run(["audit", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["kind"] for row in rows] == ["lease", "call", "effect"]
    assert rows[0]["capability"] == "gmail.read"


def test_a_whole_log_is_said_to_be_whole_and_gives_an_anchor(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "verify"]) == 0
    told = capsys.readouterr().out
    anchor = told.rstrip().rpartition(" ")[2]
    assert anchor.startswith("3:")
    assert run(["audit", "verify", "--anchor", anchor]) == 0


@pytest.mark.parametrize(
    ("change", "row"),
    [
        ("UPDATE audit SET facts = '{}' WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 2", 3),
        ("UPDATE audit SET at = at + 1 WHERE seq = 1", 1),
    ],
)
def test_a_changed_log_is_found_out_at_its_row(
    home: Path, capsys: pytest.CaptureFixture[str], change: str, row: int
) -> None:
    with closing(sqlite3.connect(home / DATABASE)) as database, database:
        database.execute(change)
    assert run(["audit", "verify"]) == 4
    assert f"broken at row {row}" in capsys.readouterr().err


def test_a_cut_tail_is_found_against_an_anchor_only(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "verify"]) == 0
    anchor = capsys.readouterr().out.rstrip().rpartition(" ")[2]
    with closing(sqlite3.connect(home / DATABASE)) as database, database:
        database.execute("DELETE FROM audit WHERE seq = 3")
    assert run(["audit", "verify"]) == 0
    assert run(["audit", "verify", "--anchor", anchor]) == 4


def test_an_anchor_in_another_form_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "verify", "--anchor", "three"]) == 2
    assert "SEQ:HASH" in capsys.readouterr().err


@pytest.mark.parametrize("argv", [["audit"], ["audit", "--json"], ["audit", "verify"]])
def test_a_database_that_is_none_is_told(tmp_path: Path, argv: list[str]) -> None:
    (tmp_path / DATABASE).write_bytes(b"no database at all, but long enough to be read as one" * 100)
    done = piped(*argv, env=surroundings(tmp_path))
    assert (done.returncode, "cannot be used" in done.stderr, "`valet doctor`" in done.stderr) == (4, True, True)


def test_a_disk_that_takes_nothing_is_told(home: Path) -> None:
    """Without a byte to write, SQLite cannot even begin; nothing of it is a bug of Valet's."""
    env = surroundings(home)
    asked = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); {PLAIN}"
    for argv in (["audit"], ["grants"], ["vault", "rotate"]):
        code = [sys.executable, "-c", asked, *argv]
        done = subprocess.run(code, env=env, cwd=home, capture_output=True, text=True, check=False, timeout=SECONDS)
        assert done.returncode in (2, 4), done.stderr
        assert "Free some disk space" in done.stderr
        assert "Traceback" not in done.stderr
