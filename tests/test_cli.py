"""The commands: what each prints, what it refuses, and how it ends. Also the doctor's diagnosis."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app import cli
from app.cli import run
from tests.openai_endpoint import openai_endpoint
from tests.terminal import piped, surroundings

ROOT = Path(__file__).parent.parent


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, and an environment that points to it and says nothing else."""
    made = tmp_path / "home"
    for name in list(surroundings(made)):
        monkeypatch.setenv(name, surroundings(made)[name])
    monkeypatch.chdir(tmp_path)
    return made


def test_bare_valet_is_help(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 0
    shown = capsys.readouterr().out
    for name in ("chat", "ask", "tools", "doctor", "graph", "demo"):
        assert f"  {name} " in shown
    assert run(["demo"]) == 0
    assert "serve" in capsys.readouterr().out


def test_version(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("valet ")


def test_tools_lists_every_tool_with_its_scopes(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["tools", "--json"]) == 0
    nodes = {node["node"]: node for node in json.loads(capsys.readouterr().out)["nodes"]}
    assert nodes["calendar_conflicts"]["connection"] == "google"
    tools = {tool["name"]: tool for tool in nodes["calendar_conflicts"]["tools"]}
    assert all("calendar" in scope for scope in tools["agenda"]["scopes"])
    assert tools["agenda"]["arguments"]["type"] == "object"
    assert run(["tools"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in tools)
    assert "calendar.events.readonly" in shown


def test_the_graph_is_drawn(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["graph"]) == 0
    shown = capsys.readouterr().out
    assert "graph TD" in shown
    assert "authorize_reads" in shown


@pytest.mark.parametrize(
    ("argv", "says"),
    [(["tols"], "Did you mean 'tools'"), (["tools", "--jsno"], "--json"), (["demo", "serve", "--port", "x"], "--port")],
)
def test_a_mistyped_command_is_told_the_right_one(
    home: Path, capsys: pytest.CaptureFixture[str], argv: list[str], says: str
) -> None:
    assert run(argv) == 2
    told = capsys.readouterr()
    assert says in told.err
    assert "--help" in told.err
    assert told.out == ""


def test_a_broken_setting_ends_with_2_and_the_fix(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VALET_ZONE", "Mars/Base")
    assert run(["tools"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith("valet: VALET_ZONE cannot be 'Mars/Base'")
    assert told[1] == "  next: It comes from the environment; change it there."


def test_a_home_that_cannot_be_used_ends_with_4(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write_text("a file, not a folder")
    assert run(["ask", "hi"]) == 4
    assert "VALET_HOME" in capsys.readouterr().err


def test_a_bug_says_that_it_is_one_and_keeps_its_trace(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.ended(ZeroDivisionError("seven by nought")) == 1
    told = capsys.readouterr().err
    assert told.startswith("valet: This is a bug in Valet, not yours (ZeroDivisionError: seven by nought).")
    (kept,) = (home / "bugs").iterdir()
    assert str(kept) in told
    assert "seven by nought" in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0


def test_a_bug_without_a_home_shows_its_trace(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.write_text("a file, not a folder")
    assert cli.ended(ZeroDivisionError("seven by nought")) == 1
    assert "ZeroDivisionError: seven by nought\n" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["tools --json", "brief", "ask hello"])
def test_a_closed_pipe_is_no_error(home: Path, command: str) -> None:
    env = surroundings(home)
    done = subprocess.run(  # noqa: S602 - a pipe is what is tried here
        f"{sys.executable} -c 'from app.cli import main; main()' {command} | head -c 0",
        shell=True,
        capture_output=True, text=True, env=env, check=False,
    )  # fmt: skip
    assert done.stderr == ""


def doctor(home: Path, cwd: Path, **settings: str) -> tuple[int, dict[str, dict[str, str]]]:
    done = piped("doctor", "--json", env=surroundings(home, HOME=str(cwd), **settings))
    told = json.loads(done.stdout)
    assert told["ok"] == (done.returncode == 0)
    return done.returncode, {check["name"]: check for check in told["checks"]}


def test_the_doctor_finds_a_fresh_machine_in_order(home: Path, tmp_path: Path) -> None:
    code, checks = doctor(home, tmp_path)
    assert code == 0
    assert {check["state"] for check in checks.values()} == {"ok"}
    assert "made at first use" in checks["home"]["what"]
    assert not home.exists(), "a doctor changes nothing"


def test_the_doctor_names_what_is_missing_and_the_next_action(home: Path, tmp_path: Path) -> None:
    home.mkdir(mode=0o755)
    (home / "valet.db").write_bytes(b"SQLite format 3\x00" + b"broken" * 400)
    code, checks = doctor(
        home,
        tmp_path,
        VALET_MODEL="openai:x",
        VALET_WORKSPACE="mine",
        VALET_MODLE="y",
        VALET_NOW="2026-01-01T00:00:00Z",
    )
    assert code == 4
    assert checks["model"]["next"] == "`valet connect model` takes one, or set VALET_MODEL_KEY."
    assert checks["workspace"]["next"].startswith("`valet demo import")
    assert checks["database valet.db"]["state"] == "missing"
    assert checks["home"]["next"] == f"chmod 700 {home}"
    assert "VALET_MODLE" in checks["settings"]["what"]
    assert checks["clock"]["state"] == "note"


def test_the_doctor_asks_the_endpoint_and_the_servers(home: Path, tmp_path: Path) -> None:
    with openai_endpoint() as endpoint:
        gone = endpoint.url
    code, checks = doctor(
        home, tmp_path, VALET_MODEL="openai:x", VALET_MODEL_URL=gone, VALET_DEMO_ORIGIN="http://127.0.0.1:9"
    )
    assert code == 4
    assert "cannot be reached" in checks["model"]["what"]
    assert checks["servers"]["next"].startswith("Start `valet demo serve`")


def test_the_doctor_sees_a_home_that_is_a_file(home: Path, tmp_path: Path) -> None:
    home.write_text("")
    code, checks = doctor(home, tmp_path)
    assert code == 4
    assert checks["home"]["next"] == "Name a writable folder in VALET_HOME."


def test_the_doctor_survives_broken_settings(home: Path, tmp_path: Path) -> None:
    code, checks = doctor(home, tmp_path, VALET_ZONE="nowhere")
    assert code == 4
    assert "VALET_ZONE" in checks["settings"]["what"]


def test_the_way_to_the_prompt_loads_nothing_heavy() -> None:
    heavy = {"typer", "rich", "pydantic", "langgraph", "langchain_core", "asyncio", "dataclasses", "pathlib", "typing"}
    code = "import sys; before = set(sys.modules); import app.cli, app.chat; print(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not heavy & set(done.stdout.split())
