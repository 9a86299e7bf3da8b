"""Every fault of a declaration is told with its file, its line and the fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.letters_node import NODE, TOOL, changed, load
from tools.declaration import declared
from tools.errors import DeclarationError

SINCE, WINDOW = "Annotated[AwareDatetime | None", "    window: Window | None = None,\n"
OPERATIONS = '("GET host.example/a/*?format=full|raw",)'
OTHER = '''@tool()
def other(context: ToolContext) -> Letters:
    """Other."""
    return Letters()
NODE ='''

FAULTS: dict[str, tuple[str, str, int, str, str]] = {
    "no NODE": ("NODE = ", "NODES = ", 1, "must declare NODE", "Add `NODE = ToolNode("),
    "effect": ('effect="read"', 'effect="reed"', NODE, "effect is 'reed'", 'effect="write"'),
    "brief": ('brief="Letters in order."', 'brief="  "', NODE, "brief is empty", "in one line"),
    "no tools": ("tools=(list_letters,)", "tools=()", NODE, "tuple of @tool functions", "@tool(access=...)"),
    "no tuple": ("tools=(list_letters,)", "tools=(list_letters)", NODE, "tools is no tuple", "with the comma"),
    "no @tool": ("tools=(list_letters,)", "tools=(print,)", NODE, "@tool functions", "Decorate"),
    "mints": ('mints=("letter",)', 'mints="letter"', NODE, "mints is no tuple", 'mints=("...",)'),
    "briefing": ('mints=("letter",)', 'briefing=(("other", {}),)', NODE, "briefing calls 'other'", "own tools"),
    "a changing read": ("GET host", "DELETE host", NODE, "a read node may not 'DELETE", 'effect="write"'),
    "name": ("list_letters", "List_letters", TOOL, "call it by this name", "lower-case"),
    "long name": ("list_letters", "l" * 65, TOOL, "call it by this name", "64 at most"),
    "docstring": ('    """List letters."""\n', "", TOOL, "no docstring", "first line"),
    "context": ("context: ToolContext", "context: object", TOOL, "not the context", "context: ToolContext"),
    "no context": ("    context: ToolContext,\n", "", TOOL, "not the context", "context: ToolContext"),
    "a lost name": ("window: Window | None", "window: 'Windw | None'", TOOL, "cannot be resolved", "at module level"),
    "no type": (WINDOW, "    window=None,\n", TOOL, "'window' has no type", "Annotate it"),
    "*args": (WINDOW, "    *windows: Window,\n", TOOL, "'windows' cannot be given by name", "by name"),
    "**kwargs": (WINDOW, "    **windows: Window,\n", TOOL, "'windows' cannot be given by name", "by name"),
    "positional": (WINDOW, f"{WINDOW}    /,\n", TOOL, "cannot be given by name", "by name"),
    "underscore": (WINDOW, "    _window: int = 1,\n", TOOL, "'_window' cannot be given by name", "by name"),
    "no schema": (WINDOW, "    call: Name | None = None,\n", TOOL, "no JSON schema", "plain types"),
    "a naive time": (SINCE, "Annotated[datetime | None", TOOL, "'since' is a time without a zone", "AwareDatetime"),
    "naive times": (WINDOW, "    times: list[datetime] = [],\n", TOOL, "'times' is a time without", "AwareDatetime"),
    "a naive time within": ("begins: Aware", "begins: datetime #", TOOL, "'window' is a time without", "AwareDatetime"),
    "no return": (") -> Letters:", "):", TOOL, "does not return a Finding", "subclass of Finding"),
    "a text": (") -> Letters:", ") -> str:", TOOL, "does not return a Finding", "subclass of Finding"),
    "Finding itself": (") -> Letters:", ") -> Finding:", TOOL, "does not return a Finding", "says its lead"),
    "no lead": ("def lead", "def led", TOOL, "does not return a Finding", "says its lead"),
    "asks": ('asks=("list the letters",)', 'asks="list the letters"', TOOL, "asks is no tuple", "with the comma"),
    "scopes": ('("scope",)', '("scope")', TOOL, "scopes is no tuple", "with the comma"),
    "no scopes": ('("scope",)', "()", TOOL, "without scopes", "narrowest scopes"),
    "no operations": (OPERATIONS, "()", TOOL, "scopes without operations", "Access.operations"),
    "no reason": ('"read your mail"', '""', TOOL, "without a reason", "in a person's words"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_wrong_declaration_is_refused_with_its_place_and_fix(tmp_path: Path, name: str) -> None:
    old, new, line, problem, fix = FAULTS[name]
    with pytest.raises(DeclarationError) as refused:
        declared(load(tmp_path / "letters.py", changed((old, new))))
    assert (refused.value.file, refused.value.line) == (str(tmp_path / "letters.py"), line)
    told, _, action = str(refused.value).partition("\n  fix: ")
    assert problem in told
    assert fix in action
    assert told.count("\n") == 0


def test_a_node_has_one_connection(tmp_path: Path) -> None:
    text = changed(("tools=(list_letters,)", "tools=(list_letters, other)"), ("NODE =", OTHER))
    with pytest.raises(DeclarationError, match="different connections"):
        declared(load(tmp_path / "letters.py", text))


def test_a_model_that_holds_itself_is_looked_through_once(tmp_path: Path) -> None:
    text = changed(("    begins: AwareDatetime", "    begins: AwareDatetime\n    inner: 'Window | None' = None"))
    assert declared(load(tmp_path / "letters.py", text)).tools


@pytest.mark.parametrize(
    "operation",
    [
        "",
        "host.example/a",
        "get host.example/a",
        "FETCH host.example/a",
        "GET host.example",
        "GET https://host.example/a",
        "GET Host.example/a",
        "GET host.example:443/a",
        "GET *.example/a",
        "GET host.example/a b",
        "GET host.example/a?format",
        "GET host.example/a?=full",
        "GET host.example/a?x=1&y",
    ],
)
def test_an_operation_that_could_never_admit_what_it_means_is_refused(tmp_path: Path, operation: str) -> None:
    text = changed(("GET host.example/a/*?format=full|raw", operation))
    with pytest.raises(DeclarationError, match="cannot be read"):
        declared(load(tmp_path / "letters.py", text))


@pytest.mark.parametrize("operation", ["GET h.example/", "POST h.example/a/**?x=1|2&y=", "HEAD h-1.example/a:b/*"])
def test_an_operation_in_the_right_form_is_taken(tmp_path: Path, operation: str) -> None:
    text = changed(("GET host.example/a/*?format=full|raw", operation))
    assert declared(load(tmp_path / "letters.py", text)).tools
