"""Texts of others: nothing that steers a terminal or hides from the eye gets through, and real scripts stay whole."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.plain_text import host_of, inert, visible

TRICKS = (
    "\x00\x07\x1b\x7f\x85\x9b\u00ad\u034f\u061c\u200b\u200e\u200f\u2028\u202a\u202e\u2060\u2066\u2069\ufeff\U000e0041"
)


@pytest.mark.parametrize("sign", list(TRICKS))
def test_a_sign_that_steers_or_hides_is_shown_as_an_escape(sign: str) -> None:
    assert sign not in visible(f"a{sign}b", lines=True)
    assert f"{ord(sign):x}" in visible(f"a{sign}b")


@given(st.text())
def test_what_is_shown_has_no_control_and_no_direction_sign(text: str) -> None:
    kept = {sign for sign in visible(text) if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")}
    assert kept <= {"\u200c", "\u200d"}
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize("text", ["日本語", "می‌خواهم", "क्‍ष", "👩‍👩‍👧", "❤️ 1️⃣", "שלום", "e\u0301"])
def test_scripts_and_emoji_stay_whole(text: str) -> None:
    assert visible(text) == text


def test_lines_are_kept_where_asked_and_spaces_elsewhere() -> None:
    assert visible("a\r\nb\tc\u00a0d") == "a b c d"
    assert visible("a\r\nb", lines=True) == "a\nb"


def test_a_run_of_hidden_signs_is_counted_not_spelled() -> None:
    assert visible("Hi" + " \u200c\u034f" * 30 + "!") == "Hi \\u200c\\u034f…(60 hidden characters) !"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("go https://google.com@evil.example/a?b=1.", "go evil.example/a?b=1."),
        ("<HTTP://Evil.Example>", "evil.example"),
        ("https://аррle.com/x", "xn--le-6kc8da.com/x"),
        ("javascript:alert(1)", "javascript : alert(1)"),
        ("at 10:30, room 4", "at 10:30, room 4"),
    ],
)
def test_an_address_shows_its_real_host_and_is_no_link(text: str, shown: str) -> None:
    assert inert(text) == shown


def test_no_host_is_no_error() -> None:
    assert host_of("http://[broken") == ""
    assert host_of("mailto:a@b.example") == ""
