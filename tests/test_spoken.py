"""Commands of the chat said in plain words, and what was done last taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.slash import spoken
from tests.terminal import surroundings, terminal

ASKED = "or say what to change"
NOW = {"VALET_NOW": "2026-11-22T09:00:00+00:00", "VALET_ZONE": "UTC"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for all, so that the workspace is made once."""
    return tmp_path_factory.mktemp("home")


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("undo", "/undo"),
        ("Undo that.", "/undo"),
        ("exit", "/quit"),
        ("receipts", "/receipts"),
        ("undo the change of the title", "undo the change of the title"),
        ("find my receipts", "find my receipts"),
        ("/undo k3j5h2", "/undo k3j5h2"),
    ],
)
def test_only_a_line_of_nothing_but_its_words_is_a_command(line: str, command: str) -> None:
    assert spoken(line) == command


@pytest.mark.parametrize("word", ["undo that", "/undo"])
def test_what_was_done_last_is_proposed_to_be_taken_back_in_a_word(home: Path, word: str) -> None:
    with terminal("chat", env=surroundings(home, **NOW), columns=100, rows=60) as screen:
        screen.expect("› ")
        screen.enter(word)
        screen.expect("Nothing was done in this conversation that still stands.")
        screen.expect("› ")
        screen.enter('post "We ship Friday." in #launch')
        screen.expect(ASKED)
        screen.enter("y")
        screen.expect("Done: ")
        screen.expect("› ")
        screen.enter(word)
        assert "Delete a message in #" in screen.expect(ASKED)
        screen.enter("y")
        screen.expect("Done: ")
        screen.expect("› ")
        screen.enter("exit")
        assert screen.ended() == 0
