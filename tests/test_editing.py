"""The arguments of a call as they are edited: what is set and what could be, in a file and line by line."""

from __future__ import annotations

import shlex
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from app.editing import edited
from app.screen import Screen, terminal
from graphs.menu import menu_entry
from tools.registry import Registry, discover

LUNCH = {"title": "Lunch", "start": "2026-03-26T10:00:00+01:00", "place": None}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return discover()


@pytest.fixture
def screen() -> Screen:
    return terminal(colour=False)


def schema_of(registry: Registry, name: str) -> dict[str, Any]:
    tool = registry.tool(name)
    assert tool is not None
    schema: dict[str, Any] = menu_entry(tool)["function"]["parameters"]
    return schema


def program(folder: Path, code: str) -> str:
    """An editor that keeps what it was shown, and changes the text as told."""
    script = folder / "ed.py"
    head = "import pathlib, sys\nfile = pathlib.Path(sys.argv[1])\ntext = file.read_text()\n"
    script.write_text(f"{head}pathlib.Path(__file__).with_name('shown').write_text(text)\n{code}\n")
    return shlex.join([sys.executable, str(script)])


def change(old: str, new: str) -> str:
    return f"assert {old!r} in text, text\nfile.write_text(text.replace({old!r}, {new!r}))"


def test_what_is_not_set_is_shown_and_can_be_set(screen: Screen, registry: Registry, tmp_path: Path) -> None:
    action = {"name": "create_event", "args": dict(LUNCH)}
    editor = program(tmp_path, change('# place = ""', 'place = "Canteen"'))
    found = edited(screen, action, schema_of(registry, "create_event"), editor)
    assert found == {"title": "Lunch", "start": LUNCH["start"], "place": "Canteen"}
    shown = (tmp_path / "shown").read_text(encoding="utf-8")
    assert tomllib.loads(shown) == {"title": "Lunch", "start": LUNCH["start"]}
    assert "# people = []  # Whom to invite" in shown
    assert '# end = ""  # When it ends; or give a length; as 2026-03-12T09:00:00+01:00' in shown


@pytest.mark.parametrize("name", ["create_event", "send_reply", "create_document", "change_task"])
def test_every_argument_is_on_the_page_and_what_is_offered_can_be_read(
    screen: Screen, registry: Registry, tmp_path: Path, name: str
) -> None:
    schema = schema_of(registry, name)
    action = {"name": name, "args": {"title": "Lunch"}}
    bare = "import re\nfile.write_text(re.sub(r'(?m)^# (\\w+ = )', r'\\1', text))"
    found = edited(screen, action, schema, program(tmp_path, bare))
    assert found is not None
    assert set(schema["properties"]) <= set(found)


def test_what_the_parts_of_a_list_may_hold_is_said(screen: Screen, registry: Registry, tmp_path: Path) -> None:
    action = {"name": "create_tasks", "args": {"items": [{"title": "Call Ana"}]}}
    assert edited(screen, action, schema_of(registry, "create_tasks"), program(tmp_path, "")) is None
    shown = (tmp_path / "shown").read_text(encoding="utf-8")
    assert "# Each of items may hold: title, due, notes, source." in shown


def test_a_time_without_quotes_is_its_text(screen: Screen, registry: Registry, tmp_path: Path) -> None:
    action = {"name": "create_event", "args": dict(LUNCH)}
    editor = program(tmp_path, change('start = "2026-03-26T10:00:00+01:00"', "start = 2026-03-26T11:00:00+01:00"))
    found = edited(screen, action, schema_of(registry, "create_event"), editor)
    assert found is not None
    assert found["start"] == "2026-03-26T11:00:00+01:00"
