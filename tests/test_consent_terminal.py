"""A permission that is asked for at the terminal and not given: its page is closed as soon as the prompt is back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.demo.server import Running
from tests.consent_world import is_open
from tests.terminal import Terminal, surroundings, terminal

ASKED = "Open the page in your browser?"


@pytest.fixture
def env(tmp_path: Path, running: Running) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir()
    return surroundings(home, VALET_DEMO_ORIGIN=running.origin, VALET_DEMO_CONSENT="ask")


def asked(screen: Terminal) -> str:
    """The page of the permission that the screen asks for."""
    page: str = re.findall(r"http://\S+/connect/[\w.-]+", screen.expect(ASKED))[-1]
    assert is_open(page)
    return page


def test_a_no_and_a_card_that_is_left_close_the_page(env: dict[str, str]) -> None:
    with terminal("chat", env=env, columns=120) as screen:
        screen.expect("› ")
        screen.enter("show my inbox")
        refused = asked(screen)
        screen.enter("n")
        screen.expect("You did not connect google.")
        screen.expect("› ")
        assert not is_open(refused)
        screen.enter("show my inbox")
        for key in ("\x04", "\x03"):
            left = asked(screen)
            screen.type(key)
            screen.expect("› ")
            assert not is_open(left)
            screen.enter("/approvals")
        assert asked(screen) != left, "the permission still waits, with a page that is there"
        screen.enter("n")
        screen.expect("You did not connect google.")
        screen.expect("› ")
        assert screen.leave() == 0
