"""The README tells the truth: its table is the registry's, its tool node works when dropped in, its commands exist."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.readme import README as PAGE
from tests.readme import with_table

ROOT = PAGE.parent
README = PAGE.read_text(encoding="utf-8")


def test_the_table_of_tools_is_the_registry() -> None:
    assert with_table(README) == README, "run `make readme`"


def test_it_is_one_screen_to_the_first_result() -> None:
    before = README[: README.index("make chat")]
    assert len(before.splitlines()) <= 24


def test_every_make_target_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"make ([a-z]+)", README))
    assert named
    assert named <= targets


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The packages as a fresh checkout has them."""
    for folder in ("app", "auth", "graphs", "tools"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def run(checkout: Path, *argv: str) -> str:
    environment = {"VALET_HOME": str(checkout / "home"), "HOME": str(checkout), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", *argv],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_tool_node_of_the_readme_is_one_file_and_works(checkout: Path) -> None:
    block = re.search(r"```python\n# (tools/\w+\.py)\n(.*?)```", README, re.DOTALL)
    assert block is not None
    assert len(block[2].splitlines()) < 30
    (checkout / block[1]).write_text(block[2], encoding="utf-8")
    assert "dice" in {node["node"] for node in json.loads(run(checkout, "tools", "--json"))["nodes"]}
    assert "dice" in run(checkout, "graph")
    answer = json.loads(run(checkout, "ask", "dice with 12 faces", "--json"))
    assert [(c["name"], c["args"], c["status"]) for c in answer["calls"]] == [("dice", {"faces": 12}, "ok")]
    assert "A die with 12 faces has 12 outcomes." in answer["answer"]
