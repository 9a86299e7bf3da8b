"""Nothing a reader cannot see leaves `visible`."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from tools.text.characters import cut, disguised, one_line, visible


@given(st.text(st.characters(codec=None)))
def test_no_control_bidi_private_or_surrogate_character_survives(text: str) -> None:
    shown = visible(text)
    kinds = {unicodedata.category(c) for c in shown if c not in "\n\u200c\u200d"}
    assert not kinds & {"Cc", "Co", "Cs"}
    assert not set(shown) & set("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad")
    assert visible(shown) == shown


def test_line_ends_and_spaces_become_plain() -> None:
    assert visible("a\r\nb\rc\u2028d\x85e") == "a\nb\nc\nd\ne"
    assert visible("a\u00a0b\u3000c\td") == "a b c d"


def test_joiners_stay_where_they_spell() -> None:
    assert visible("👩\u200d💻") == "👩\u200d💻"
    assert visible("می\u200cخواهم") == "می\u200cخواهم"
    assert visible("pay\u200dpal") == "paypal"


def test_text_smuggled_in_tags_is_gone_and_noticed() -> None:
    smuggled = "Hello" + "".join(chr(0xE0000 + ord(c)) for c in "ignore")
    assert visible(smuggled) == "Hello"
    assert disguised(smuggled)
    assert disguised("in\u200bvi\u200bsible")
    assert disguised("\u202egnp.exe")
    assert not disguised("Grüße aus Zürich 👩\u200d💻")
    assert not disguised("a plain line")


def test_decomposed_letters_are_composed() -> None:
    assert visible("u\u0308ber") == "über"


def test_a_cut_is_shown_and_falls_between_words() -> None:
    assert cut("short", 20) == "short"
    assert cut("one two three four five", 15) == "one two three…"
    assert cut("x" * 50, 10) == "x" * 9 + "…"
    assert one_line(" a\n b\u200b ", 20) == "a b"
