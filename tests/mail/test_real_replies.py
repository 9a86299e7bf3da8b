"""Replies as mail programs really send them: the right reply text for every one."""

from __future__ import annotations

import email
import sys
from email import policy
from pathlib import Path

import pytest

from tests.mail.made import REAL, leaf, resource
from tools.mail.message import Message, read_message
from tools.mail.page import read_page
from tools.mail.quotes import part

REPLIES = sorted((REAL / "replies").glob("*.eml"))
PAGES = sorted((REAL / "html_replies").glob("*.html"))
SIGNED = {
    "iphone": (REAL / "replies" / "iphone_reply_text").read_text().strip(),
    "sparrow": "Hello\n\n--\nxxx\nSent with Sparrow (http://www.sparrowmailapp.com/?sig)",
}


def read(path: Path) -> Message:
    return read_message(resource(path.read_bytes()))


def page(html: str) -> Message:
    return read_message({"payload": leaf("text/html", html)})


def named(path: Path) -> str:
    return path.stem


def test_there_are_fourteen_replies_of_eleven_programs_and_nine_pages() -> None:
    assert (len(list((REAL / "replies").iterdir())), len(REPLIES), len(PAGES)) == (14, 12, 9)


@pytest.mark.parametrize("path", REPLIES, ids=named)
def test_only_what_was_written_anew_is_left(path: Path) -> None:
    found = read(path)
    assert found.text == "Hello"
    assert " ".join(found.reply.split()) == " ".join(SIGNED.get(path.stem, "Hello").split())
    assert found.quoted
    assert not found.forwarded


@pytest.mark.parametrize("path", REPLIES, ids=named)
def test_the_html_alternative_of_the_same_mail_reads_the_same(path: Path) -> None:
    whole = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    html = whole.get_body(("html",))
    if html is None:
        assert path.stem in {"apple_mail", "apple_mail_2", "iphone", "thunderbird", "yahoo"}
        return
    expected = "Allo! Follow up MIME!" if path.stem == "outlook" else "Hello"  # Outlook's two texts differ
    assert page(html.get_content()).text == expected


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_pages_of_nine_programs(path: Path) -> None:
    found = page(path.read_text(encoding="utf-8"))
    assert found.text == "Hi. I am fine."
    assert [line for line in found.reply.split("\n") if line] == ["Hi. I am fine.", "Thanks,", "Alex"]
    assert found.quoted


def test_a_forward_keeps_what_it_forwards() -> None:
    for path in REPLIES:
        raw = path.read_bytes().replace(b"Subject: Re: Test", b"Subject: Fwd: Test")
        found = read_message(resource(raw))
        if b"Subject: Fwd" in raw and found.forwarded:
            assert found.text == "Hello"
            assert "Hi" in found.forwarded
    outlook = (REAL / "html_replies" / "ms_outlook_2010.html").read_text(encoding="utf-8")
    forwarded = part(read_page(outlook).text, "FW: Conversation").forwarded
    assert forwarded.startswith("From: Foo [mailto:foo@bar.com]")
    assert forwarded.endswith("Hello! How are you?")


RAW = Path(sys.prefix if sys.prefix == sys.base_prefix else sys.base_prefix)
CPYTHON = sorted((RAW / "lib" / f"python3.{sys.version_info.minor}" / "test" / "test_email" / "data").glob("msg_*.txt"))


@pytest.mark.skipif(not CPYTHON, reason="this Python came without its own test mails")
def test_the_broken_mails_of_cpython_are_read() -> None:
    for path in CPYTHON:
        found = read_message(resource(path.read_bytes()))
        assert "\x00" not in found.text
        assert found.at.tzinfo is not None
