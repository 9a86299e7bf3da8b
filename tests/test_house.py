"""The rules of the house, held by machine: layers, environment, imports, sizes, what the graph may not use."""

from __future__ import annotations

import ast
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("app", "auth", "graphs", "tools")
SOURCES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
FILE_LINES, FUNCTION_LINES = 300, 40

MAY_IMPORT = {
    "app": {"app", "graphs", "tools", "auth"},
    "graphs": {"graphs", "tools", "auth"},
    "tools": {"tools"},
    "auth": {"auth"},
}
LANGGRAPH_OUTSIDE_GRAPHS = {"app/checkpoints.py", "app/tapes/replay.py", "app/turn.py", "app/wiring.py"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    with tokenize.open(path) as source:
        return ast.parse(source.read(), str(path))


def imports(module: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_layers(path: Path) -> None:
    home = path.relative_to(ROOT).parts[0]
    strangers = {found for found in imports(tree(path)) if found.split(".")[0] in set(FOLDERS) - MAY_IMPORT[home]}
    assert not strangers, f"{name(path)} may import {sorted(MAY_IMPORT[home])} only"


@pytest.mark.parametrize("path", sorted((ROOT / "app/demo").rglob("*.py")), ids=name)
def test_demo_servers_share_no_code_with_the_clients(path: Path) -> None:
    ours = {found for found in imports(tree(path)) if found.split(".")[0] in FOLDERS}
    clients = {
        found
        for found in imports(tree(path))
        if found.split(".")[0] in {"googleapiclient", "google", "google_auth_oauthlib", "slack_sdk", "langchain_core"}
    }
    assert all(found == "app" or found.startswith("app.demo") for found in ours), ours
    assert not clients


@pytest.mark.parametrize("path", [p for p in SOURCES if p.relative_to(ROOT).parts[0] != "graphs"], ids=name)
def test_langgraph_stays_in_its_place(path: Path) -> None:
    used = [found for found in imports(tree(path)) if found.split(".")[0] == "langgraph"]
    assert not used or name(path) in LANGGRAPH_OUTSIDE_GRAPHS


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_only_settings_reads_the_environment(path: Path) -> None:
    if name(path) == "app/settings.py":
        return
    reading = {"environ", "getenv", "environb", "putenv", "load_dotenv", "dotenv_values"}
    used = [n.attr for n in ast.walk(tree(path)) if isinstance(n, ast.Attribute) and n.attr in reading]
    used += [n.id for n in ast.walk(tree(path)) if isinstance(n, ast.Name) and n.id in reading]
    if name(path) == "app/setting_files.py":  # parses `.env` for settings.py
        used = [found for found in used if found != "dotenv_values"]
    assert not used


@pytest.mark.parametrize("path", sorted((ROOT / "graphs").rglob("*.py")), ids=name)
def test_graphs_use_neither_command_nor_send(path: Path) -> None:
    module = tree(path)
    named = {n.id for n in ast.walk(module) if isinstance(n, ast.Name)}
    named |= {n.attr for n in ast.walk(module) if isinstance(n, ast.Attribute)}
    named |= {found.rpartition(".")[2] for found in imports(module)}
    assert not named & {"Command", "Send"}, "both bypass the drawn edges"


@pytest.mark.parametrize("path", SOURCES + TESTS, ids=name)
def test_files_and_functions_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= FILE_LINES
    functions = (n for n in ast.walk(tree(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    long = {f.name: f.end_lineno - f.lineno + 1 for f in functions if f.end_lineno}
    assert not {f: lines for f, lines in long.items() if lines > FUNCTION_LINES}


def authorization_written(module: ast.Module) -> list[int]:
    """The lines that set a header of this name: a key of a dict, an item that is assigned, a pair, an argument."""
    found: list[ast.expr | None] = []
    for node in ast.walk(module):
        if isinstance(node, ast.Dict):
            found += node.keys
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            found.append(node.slice)
        elif isinstance(node, ast.Tuple) and len(node.elts) == 2:
            found.append(node.elts[0])
        elif isinstance(node, ast.Call):
            found += [ast.Constant(word.arg, lineno=node.lineno) for word in node.keywords if word.arg]
            found += node.args[:1] if len(node.args) == 2 else []
    texts = [(part.value, part.lineno) for part in found if isinstance(part, ast.Constant)]
    return [line for text, line in texts if isinstance(text, str) and text.lower() == "authorization"]


def test_authorization_is_set_in_one_place_only() -> None:
    clients = [path for path in SOURCES if not name(path).startswith("app/demo/")]
    assert [name(path) for path in clients if authorization_written(tree(path))] == ["auth/placing.py"]


@pytest.mark.parametrize(
    "line",
    [
        'h = {"Authorization": t}',
        'h["authorization"] = t',
        'h = [("Authorization", t)]',
        "f(authorization=t)",
        'r.add_header("Authorization", t)',
    ],
)
def test_a_second_place_would_be_found(line: str) -> None:
    assert authorization_written(ast.parse(line)) == [1]


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_every_module_says_its_duty(path: Path) -> None:
    assert ast.get_docstring(tree(path)), "a module's docstring says its duty and its law"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_module_is_named_like_the_standard_library(path: Path) -> None:
    assert path.stem not in sys.stdlib_module_names - {"__init__"}
    assert path.stem not in {"utils", "helpers", "util", "misc"}


IMPORT_EVERYTHING = """
import importlib, os, socket, sys

def shut(event, args):
    if event in ("socket.connect", "socket.bind", "subprocess.Popen", "os.mkdir"):
        raise RuntimeError(f"{event} at import: {args}")
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        raise RuntimeError(f"a file is written at import: {args[0]}")

sys.dont_write_bytecode = True
sys.addaudithook(shut)
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2:]:
    importlib.import_module(name)
print(len(sys.argv) - 2)
"""


def test_nothing_works_at_import() -> None:
    """Every module is imported in an empty environment, with sockets and files for writing closed."""
    modules = [name(p).removesuffix(".py").replace("/", ".").removesuffix(".__init__") for p in SOURCES]
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_EVERYTHING, str(ROOT), *modules],
        env={},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(len(modules))], "an import printed something"


def test_the_repository_speaks_of_itself_alone() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    hosts = ["py" + "pi.org", "python" + "hosted", "npm" + "js.org", "deb" + ".debian"]
    for line in listed.stdout.splitlines():
        path = ROOT / line
        if not path.is_file():
            continue
        content = path.read_bytes()
        assert not [host for host in hosts if host.encode() in content], f"{line} names a package registry's host"
