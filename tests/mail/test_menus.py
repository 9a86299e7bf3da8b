"""Menus of mass mail are left out; buttons, headlines and what people list are not."""

from __future__ import annotations

import base64

from hypothesis import given
from hypothesis import strategies as st

from tools.mail.menus import without_menus
from tools.mail.message import read_message

MENU = ("Home", "New in", "Women", "Men", "Sale")


def test_a_menu_is_left_out_and_the_gap_around_it_stays() -> None:
    text = "Dear reader\n\nHome\nNew in\nWomen\nMen\nSale\n\nThe sale begins on Monday."
    assert without_menus(text, MENU) == "Dear reader\n\nThe sale begins on Monday."


def test_a_menu_may_stand_on_one_line_or_go_over_empty_ones() -> None:
    assert without_menus("Home | New in | Women | Men\nHello", MENU) == "Hello"
    assert without_menus("Hello\n- Home\n\n- Women\n\n- Men\n- Sale", MENU) == "Hello"


def test_a_few_links_are_buttons() -> None:
    text = "Your parcel is here.\nTrack it\nHelp\nMen\nBye"
    assert without_menus(text, ("Track it", "Help", "Men")) == text


def test_headlines_and_lines_that_say_more_than_their_link_stay() -> None:
    heads = tuple(f"The council votes on {what}" for what in ("trams", "parks", "schools", "noise"))
    assert without_menus("\n".join(heads), heads) == "\n".join(heads)
    priced = "Home 10 EUR\nWomen 20 EUR\nMen 30 EUR\nSale 40 EUR"
    assert without_menus(priced, MENU) == priced


def test_a_mail_that_is_nothing_but_links_is_kept() -> None:
    text = "\n".join(MENU)
    assert without_menus(text, MENU) == text


@given(st.lists(st.sampled_from(("", "Home", "Women", "Men | Sale", "A sentence stands here.", "Home again"))))
def test_nothing_but_links_and_empty_lines_goes(lines: list[str]) -> None:
    kept = without_menus("\n".join(lines), MENU).split("\n")
    said = [line for line in lines if line in ("A sentence stands here.", "Home again")]
    assert [line for line in kept if line in ("A sentence stands here.", "Home again")] == said


def read(*headers: tuple[str, str]) -> str:
    page = "<p>See below.</p>" + "".join(f'<p><a href="https://x.example/{name}">{name}</a></p>' for name in MENU)
    data = base64.urlsafe_b64encode(page.encode()).decode()
    named = [{"name": name, "value": value} for name, value in headers]
    return read_message({"payload": {"mimeType": "text/html", "headers": named, "body": {"data": data}}}).text


def test_only_mass_mail_has_menus() -> None:
    """What a colleague sends as a list of links is what they have to say."""
    assert read(("List-Unsubscribe", "<https://x.example/u>")) == "See below."
    assert all(name in read() for name in MENU)
