"""Finding tool nodes: built in, dropped in, or of another distribution; all told apart by their names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.letters_node import GOOD, NODE, TOOL, changed, load
from tools.errors import DeclarationError
from tools.registry import Registry, discover

UNTOLD = ('mints=("letter",)', "mints=()")
OTHER = ("list_letters", "other")


def test_a_node_is_known_by_its_module_and_its_tools(tmp_path: Path) -> None:
    registry = Registry.of([load(tmp_path / "letters.py", GOOD)])
    (node,) = registry.nodes
    assert (node.name, node.effect, node.connection) == ("letters", "read", "google")
    assert registry.tool("list_letters") is node.tools[0]
    assert registry.node_of("list_letters") is node
    assert (registry.tool("absent"), registry.node_of("absent")) == (None, None)
    assert (registry.of_effect("read"), registry.of_effect("write")) == ((node,), ())
    assert [tool.name for tool in registry.tools] == ["list_letters"]


@pytest.mark.parametrize(
    ("name", "swaps", "problem"),
    [
        ("letters", (OTHER, UNTOLD), "node 'letters' is also in 'letters'"),
        ("post", (UNTOLD,), "tool 'list_letters' is also in 'letters'"),
        ("post", (OTHER,), "handle kind 'letter' is also in 'letters'"),
        ("post", (OTHER, UNTOLD, ('("scope",)', '("wider",)')), "'mail.read' has other scopes elsewhere"),
    ],
)
def test_two_nodes_that_could_be_taken_for_one_another_are_refused(
    tmp_path: Path, name: str, swaps: tuple[tuple[str, str], ...], problem: str
) -> None:
    (tmp_path / "else").mkdir()
    first = load(tmp_path / "letters.py", GOOD)
    second = load(tmp_path / "else" / f"{name}.py", changed(*swaps))
    with pytest.raises(DeclarationError) as refused:
        Registry.of([first, second])
    assert problem in str(refused.value)


def test_the_order_of_nodes_is_that_of_their_names(tmp_path: Path) -> None:
    later = load(tmp_path / "zeta.py", changed(OTHER, UNTOLD))
    registry = Registry.of([later, load(tmp_path / "alpha.py", GOOD)])
    assert [node.name for node in registry.nodes] == ["alpha", "zeta"]


FIND = """
import importlib, json
from tools.errors import DeclarationError
from tools.registry import discover
try:
    print(json.dumps([node.name for node in discover(importlib.import_module("shelf")).nodes]))
except DeclarationError as error:
    print(json.dumps({"file": error.file, "line": error.line, "text": str(error)}))
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A package of tool nodes; its parent folder is where other distributions are installed."""
    made = tmp_path / "site" / "shelf"
    made.mkdir(parents=True)
    (made / "__init__.py").write_text("")
    return made


def found(shelf: Path) -> object:
    env = dict(os.environ) | {"PYTHONPATH": str(shelf.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", FIND], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def install(site: Path, name: str, target: str, text: str | None) -> None:
    """What an installer leaves behind of a distribution with one entry point."""
    info = site / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[valet.tools]\n{name} = {target}\n")
    if text is not None:
        (site / f"{name}.py").write_text(text)


def test_a_file_dropped_into_the_package_is_a_node(shelf: Path) -> None:
    assert found(shelf) == []
    (shelf / "letters.py").write_text(GOOD)
    (shelf / "words").mkdir()
    (shelf / "words" / "__init__.py").write_text("raise SystemExit('support code is not looked into')")
    (shelf / "view.py").write_text("raise SystemExit('nor is what the tools share')")
    assert found(shelf) == ["letters"]


@pytest.mark.parametrize("target", ["parcels", "parcels:NODE", "parcels:NODE [extra]"])
def test_a_node_of_another_distribution_enters_by_its_entry_point(shelf: Path, target: str) -> None:
    (shelf / "letters.py").write_text(GOOD)
    install(shelf.parent, "parcels", target, changed(OTHER, UNTOLD))
    assert found(shelf) == ["letters", "parcels"]


def test_a_node_of_another_distribution_is_checked_the_same_way(shelf: Path) -> None:
    (shelf / "letters.py").write_text(GOOD)
    install(shelf.parent, "parcels", "parcels", GOOD)
    told = found(shelf)
    assert isinstance(told, dict)
    assert "'list_letters' is also in 'letters'" in told["text"] or "'letter' is also in 'letters'" in told["text"]
    assert told["file"].endswith("parcels.py")


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("x = 1\nimport no_such_module\n", 2, "No module named 'no_such_module'"),
        ("x = 1\n\ny = (\n", 3, "was never closed"),
        (changed(('effect="read"', 'efect="read"')), NODE, "efect"),
        (changed(("@tool(access=ACCESS", "@tool(acess=ACCESS")), TOOL, "acess"),
        ("NODE = ToolNode()\n", 1, "'ToolNode' is not defined"),
        ("import tools.base\nNODE = tools.base.ToolNod\n", 2, "ToolNod"),
    ],
)
def test_a_module_that_cannot_be_imported_is_a_wrong_declaration(
    shelf: Path, text: str, line: int, problem: str
) -> None:
    (shelf / "letters.py").write_text(text)
    told = found(shelf)
    assert isinstance(told, dict)
    assert (told["file"], told["line"]) == (str(shelf / "letters.py"), line)
    assert problem in told["text"]


def test_an_entry_point_that_leads_nowhere_is_a_wrong_declaration(shelf: Path) -> None:
    install(shelf.parent, "parcels", "parcels", None)
    told = found(shelf)
    assert isinstance(told, dict)
    assert (told["file"], "No module named 'parcels'" in told["text"]) == ("parcels", True)


def test_the_tools_that_are_built_in_are_declared_rightly() -> None:
    registry = discover()
    assert registry.nodes
    assert all(registry.node_of(tool.name) in registry.nodes for tool in registry.tools)
