"""HTML to text: what a reader would see, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.mail.page import NEST_LIMIT, read_page


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"),
        ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
        ("<p>a\n   b &amp;\tc</p>", "a b & c"),
        ("<p class=MsoNormal>a</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>b</p>", "a\n\nb"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("<b>От:</b>&nbsp;Alex", "От: Alex"),
        ("<style>p{color:red}</style><script>x()</script><p>seen</p>", "seen"),
        ("<title>t</title><!-- c --><p>seen</p>", "seen"),
        ("a&#8203;b&#xE000;c&zwnj;d", "abcd"),
        ("", ""),
    ],
)
def test_text(html: str, text: str) -> None:
    assert read_page(html).text == text


def test_a_table_of_data_is_read_row_by_row() -> None:
    rows = "<tr><th>Item</th><th>Price</th></tr><tr><td>Desk</td><td>€ 120</td></tr>"
    assert read_page(f"<table>{rows}</table>").text == "Item | Price\nDesk | € 120"


def test_a_table_of_layout_is_no_table() -> None:
    html = "<table><tr><td><p>Left</p><p>more</p></td><td>Right</td></tr></table>"
    assert read_page(html).text == "Left\n\nmore\nRight"


HIDDEN = [
    "<div style='display:none'>{}</div>",
    "<div style='DISPLAY: none !important'>{}</div>",
    "<span style='visibility:hidden'>{}</span>",
    "<span style='font-size:0'>{}</span>",
    "<span style='font-size:1px;color:#333'>{}</span>",
    "<span style='opacity:0'>{}</span>",
    "<div style='max-height:0;overflow:hidden'>{}</div>",
    "<div style='height:0;overflow:hidden'>{}</div>",
    "<p hidden>{}</p>",
    "<p style='text-indent:-9999px'>{}</p>",
    "<p style='color:#fff'>{}</p>",
    "<p style='color: rgb(254, 255, 255)'>{}</p>",
    "<font color=white>{}</font>",
    "<table bgcolor='#222222'><tr><td style='color:#222'>{}</td></tr></table>",
    "<style>.gone{{display:none}}</style><p class='gone'>{}</p>",
    "<style>#pre{{font-size:14px;display:none;}}</style><p id=pre>{}</p>",
]


@pytest.mark.parametrize("html", HIDDEN)
def test_what_cannot_be_seen_is_not_read_but_kept_aside(html: str) -> None:
    page = read_page(html.format("SECRET") + "<p>seen</p>")
    assert page.text == "seen"
    assert page.hidden == "SECRET"


SEEN = [
    "<table bgcolor=#1144aa><tr><td style='color:white'>{}</td></tr></table>",
    "<div style='background:url(x.png)'><p style='color:#fff'>{}</p></div>",
    "<style>.dark{{background-color:#000}}</style><div class=dark><p style='color:#fff'>{}</p></div>",
    "<style>@media screen{{.m{{display:none}}}}</style><p class=m>{}</p>",
    "<td style='font-size:0px'><div style='font-size:14px'>{}</div></td>",
    "<p style='font-size:0.9em'>{}</p>",
    "<p style='color:#ccc'>{}</p>",
    "<p style='font-size:;color:'>{}</p>",
]


@pytest.mark.parametrize("html", SEEN)
def test_what_can_be_seen_is_read(html: str) -> None:
    assert read_page(html.format("seen")).text == "seen"


def test_links_keep_their_text_and_lose_their_address() -> None:
    page = read_page("<p>See <a href='https://click.example/t?u=1'>the plan</a>.</p>")
    assert page.text == "See the plan."
    assert [(link.text, link.href) for link in page.links] == [("the plan", "https://click.example/t?u=1")]


def test_a_page_nested_to_death_is_still_read() -> None:
    page = read_page("<div>" * (NEST_LIMIT + 1_000) + "deep")
    assert page.text.strip() == "deep"
    assert page.truncated
    assert read_page("<b></i>" * 4_000 + "end").truncated


def test_many_ordinary_elements_are_no_nest() -> None:
    page = read_page("<p>x</p>" * 5_000 + "<img src=a><br>" * 3_000)
    assert not page.truncated


@given(
    st.text(st.characters(codec=None), max_size=300) | st.text("<>/= abdivspntrblockquote\"'&;#x0{}:!-", max_size=300)
)
def test_never_raises_and_never_shows_a_mark_of_its_own(html: str) -> None:
    page = read_page(html)
    assert not set(page.text) & set("\x00\x04\x05\x06\ue000")
