"""The streamed answer, progress and errors: what stays on the screen, and what passes."""

import io
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from app.screen import Screen

TEXT = "\n# Today\nTwo things are **urgent**:\n- sign the `lease`\n1. call back\n\n```\nx = [1]\n```\nBye"


def streamed(*chunks: str, allowed: frozenset[str] = frozenset()) -> str:
    out = io.StringIO()
    screen = Screen(Console(file=out, width=80, markup=False), None)
    for chunk in chunks:
        screen.write(chunk, allowed)
    screen.end_answer()
    return out.getvalue()


def test_the_markdown_models_write_becomes_plain_reading() -> None:
    assert streamed(TEXT) == "Today\nTwo things are urgent:\n  • sign the lease\n  1. call back\n\n    x = [1]\nBye\n"


@given(st.lists(st.integers(0, len(TEXT)), max_size=8))
def test_how_an_answer_is_cut_into_pieces_does_not_show(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(TEXT)]
    assert streamed(*(TEXT[a:b] for a, b in pairwise(places))) == streamed(TEXT)


@pytest.mark.parametrize(
    ("text", "absent", "present"),
    [
        ("![pixel](https://t.example/p.png)", "t.example/p", "image not shown"),
        ("see [the bank](https://evil.example/login)", "https://", "evil.example"),
        ("go to https://evil.example/x", "https://", "evil.example"),
        ("\x1b[2J\u202e", "\x1b", "\\u202e"),
    ],
)
def test_no_image_is_shown_and_no_link_is_live(text: str, absent: str, present: str) -> None:
    assert absent not in streamed(text)
    assert present in streamed(text)


def test_a_link_the_person_typed_stays() -> None:
    url = "https://docs.example/x"
    assert url in streamed(f"You asked about {url}", allowed=frozenset({url}))


def on_terminal() -> tuple[Screen, io.StringIO]:
    out = io.StringIO()
    console = Console(file=out, width=60, force_terminal=True, color_system=None, markup=False)
    return Screen(console, console), out


def test_progress_passes_and_leaves_nothing() -> None:
    screen, out = on_terminal()
    screen.working("a", "mail", "reading", 3, 40)
    screen.say("a line that stays")
    screen.worked("a")
    screen.settle()
    assert out.getvalue().count("a line that stays") == 1
    left = out.getvalue().split("a line that stays\n")[1]
    assert re.sub(r"\x1b\[[?0-9]*[A-Za-z]|\r", "", left) == ""


def test_progress_tells_how_far_and_how_long() -> None:
    screen, out = on_terminal()
    screen.working("a", "mail\x1b", "reading", 3, 40)
    for work in screen.under_way:
        work.began -= 5
    screen.refresh()
    screen.settle()
    assert "mail\\x1b: reading 3 of 40  5 s" in out.getvalue()


def test_without_a_terminal_nothing_passes() -> None:
    out = io.StringIO()
    screen = Screen(Console(file=out, width=60), None)
    screen.working("a", "mail", "reading", 3, 40)
    screen.settle()
    assert out.getvalue() == ""


def test_an_error_says_who_what_and_what_next() -> None:
    out = io.StringIO()
    Screen(Console(file=out, width=60), None).error("it did not answer", "Try again.", who="Gmail")
    assert out.getvalue() == "! Gmail: it did not answer\n  Try again.\n"
