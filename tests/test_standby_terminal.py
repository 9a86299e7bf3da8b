"""A command that was handed over, on a terminal: keys, and what is read there."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.openai_endpoint import openai_endpoint, said
from tests.standby_world import Place, children, copied, gone, on_standby, silent_model
from tests.terminal import terminal

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="standby is offered on Linux"),
]
PASSPHRASE = "correct horse battery staple"


@pytest.fixture(scope="module")
def helped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("terminal")
    place = Place(copied(folder / "checkout"), folder / "home")
    with on_standby(place):
        yield place


def there(place: Place, **more: str) -> dict[str, str]:
    """The environment of a command on a terminal: `terminal` runs it where HOME is."""
    return place.env(HOME=str(place.checkout), **more)


def test_ctrl_c_reaches_the_child(helped: Place) -> None:
    with silent_model() as (silent, model), terminal("ask", "hi", env=there(helped, **model)) as screen:
        accepted, _ = silent.accept()
        with accepted:
            (child,) = children(helped.pid())
            screen.type("\x03")
            assert screen.ended() == 130
            assert gone(child)


def test_the_screen_is_the_callers(helped: Place) -> None:
    """It is a terminal, of its width, in colour; and what is passing passes."""
    before = helped.served()
    with (
        openai_endpoint(said("Some **answer**. " * 10)) as endpoint,
        terminal(
            "ask", "x", env=there(helped, VALET_MODEL="openai:x", VALET_MODEL_URL=endpoint.url), columns=50
        ) as screen,
    ):
        assert screen.ended() == 0
    assert helped.served() == before + 1
    assert "getting ready…" in screen.text
    frames = re.sub(r"\x1b\[\d*[A-HJK]", "\n", screen.raw)  # what is drawn anew begins a line
    shown = re.sub(r"\x1b\[[?0-9;]*[a-zA-Z]|\r", "", frames)
    lines = [line for line in shown.replace("getting ready…", "\n").splitlines() if "Some answer." in line]
    assert len(lines) > 1
    assert max(map(len, lines)) <= 50
    assert "\x1b[1m" in screen.raw


def test_a_request_typed_at_the_terminal_is_read_by_the_command_itself(helped: Place) -> None:
    before = helped.served()
    with terminal("ask", "-", env=there(helped)) as screen:
        screen.type("what is 6*7?\n\x04")
        screen.expect("42")
        assert screen.ended() == 0
    assert helped.served() == before


def test_a_passphrase_is_asked_for_by_the_command_itself(helped: Place, tmp_path: Path) -> None:
    """It is read without echo. Once it is set, nothing is asked, and the request is handed over."""
    place = Place(helped.checkout, tmp_path)
    assert place.run("ask", "what is 6*7?", VALET_VAULT_PASSPHRASE=PASSPHRASE).returncode == 0
    with on_standby(place):
        with terminal("ask", "what is 6*7?", env=there(place)) as screen:
            screen.expect("Passphrase of the vault:")
            screen.enter(PASSPHRASE)
            screen.expect("42")
            assert screen.ended() == 0
        assert PASSPHRASE not in screen.text
        assert place.served() == 0
        assert "42" in place.run("ask", "what is 6*7?", VALET_VAULT_PASSPHRASE=PASSPHRASE).stdout
        assert place.served() == 1


def test_where_nobody_can_be_asked_it_is_told_as_ever(helped: Place, tmp_path: Path) -> None:
    place = Place(helped.checkout, tmp_path)
    assert place.run("ask", "what is 6*7?", VALET_VAULT_PASSPHRASE=PASSPHRASE).returncode == 0
    with on_standby(place):
        done = place.run("ask", "what is 6*7?")
        assert done.returncode == 4
        assert "locked with a passphrase" in done.stderr
