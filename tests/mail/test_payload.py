"""Payload trees to text: the right part, the right charset, attachments named, nothing that breaks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.made import encoded, leaf, tree
from tools.mail.message import TEXT_LIMIT, Message, read_message
from tools.mail.payload import BODY_LIMIT, decode, read_body


def read(payload: object) -> Message:
    return read_message({"id": "a", "internalDate": "1763447700000", "payload": payload})


def test_plain_text_is_preferred() -> None:
    payload = tree("alternative", leaf("text/plain", "the plain words"), leaf("text/html", "<p>the rich words</p>"))
    assert read(payload).text == "the plain words"


LONG = "<p>" + "A long letter with many words in it. " * 20 + "</p>"


@pytest.mark.parametrize(
    "plain",
    [
        "",
        " \n ",
        "Your mail program does not show HTML.",
        "View this email in your browser",
        "<html><body>x</body></html>",
    ],
)
def test_a_plain_part_that_stands_in_for_the_html_is_passed_over(plain: str) -> None:
    assert read(tree("alternative", leaf("text/plain", plain), leaf("text/html", LONG))).text.startswith(
        "A long letter"
    )


def test_a_short_answer_is_no_stub() -> None:
    rich = "<p>Fine with me, go on.</p>"
    assert read(tree("alternative", leaf("text/plain", "Fine with me, go on."), leaf("text/html", rich))).text == (
        "Fine with me, go on."
    )


@pytest.mark.parametrize(
    ("raw", "charset", "text"),
    [
        ("Grüße".encode("latin-1"), "iso-8859-1", "Grüße"),
        ("Grüße".encode(), "iso-8859-1", "Grüße"),
        ("Grüße".encode("cp1252"), "", "Grüße"),
        ("日程".encode("shift_jis"), "shift_jis", "日程"),
        ("日程".encode("iso-2022-jp"), "iso-2022-jp", "日程"),
        ("你好".encode("gb18030"), "gb18030", "你好"),
        ("Привет".encode("koi8-r"), "koi8-r", "Привет"),
        ("text".encode("utf-16"), "utf-16", "text"),
        (b"caf\xe9", "x-unheard-of", "café"),
        ("naïve".encode()[:-1] + b"\xc3", "utf-8", "naïv"),
    ],
)
def test_charsets(raw: bytes, charset: str, text: str) -> None:
    assert decode(raw, charset) == text
    assert read(leaf("text/plain", raw, content_type=f'text/plain; charset="{charset}"')).text == text


def test_attachments_are_named_with_type_and_size() -> None:
    pdf = leaf("application/pdf", b"%PDF-1.7", filename="plan\u202efdp.exe")
    inline = leaf("image/png", b"png", filename="")
    found = read(tree("mixed", leaf("text/plain", "see the file"), pdf, inline))
    assert [(a.name, a.kind, a.size) for a in found.attachments] == [
        ("planfdp.exe", "application/pdf", 8),
        ("unnamed image/png", "image/png", 3),
    ]


def test_a_text_file_is_an_attachment_and_not_the_letter() -> None:
    note = leaf("text/plain", "not the letter", filename="note.txt")
    found = read(tree("mixed", leaf("text/plain", "the letter"), note))
    assert found.text == "the letter"
    assert [a.name for a in found.attachments] == ["note.txt"]


def test_a_mail_enclosed_in_a_mail_is_forwarded_text() -> None:
    inner = leaf("text/plain", "the older words") | {
        "headers": [{"name": "From", "value": "Ben <b@x.example>"}, {"name": "Subject", "value": "Old"}]
    }
    enclosed = {"mimeType": "message/rfc822", "filename": "old.eml", "body": {"size": 9}, "parts": [inner]}
    found = read(tree("mixed", leaf("text/plain", "please look"), enclosed))
    assert found.text == "please look"
    assert found.forwarded == "from: Ben <b@x.example>\nsubject: Old\n\nthe older words"


def test_a_huge_mail_is_cut_and_says_so() -> None:
    found = read(leaf("text/plain", "word " * BODY_LIMIT))
    assert found.truncated
    assert len(found.text) <= TEXT_LIMIT
    assert not read(leaf("text/plain", "word " * 100)).truncated


def test_a_tree_without_end_is_not_followed_to_its_end() -> None:
    payload = leaf("text/plain", "deep")
    for _ in range(100):
        payload = tree("mixed", payload)
    assert read_body(payload).truncated


BROKEN: list[Any] = [
    None,
    {},
    [],
    "x",
    {"mimeType": None, "body": None, "headers": None, "parts": None},
    {"mimeType": "multipart/mixed", "parts": [None, 1, "x", {"body": {"data": 5}}]},
    {"mimeType": "text/plain", "body": {"data": "!!!not base64!!!", "size": "big"}},
    {"mimeType": "text/plain", "headers": [{"name": 1, "value": 2}], "body": {"data": encoded("a")[:-1]}},
    {"mimeType": "text/html", "headers": [{"name": "Content-Type", "value": "text/html; charset*=utf-8''%zz"}]},
    {"mimeType": "text/calendar", "body": {"data": encoded("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:nonsense")}},
]


@pytest.mark.parametrize("payload", BROKEN)
def test_a_broken_tree_never_raises(payload: object) -> None:
    found = read(payload)
    assert found.sender.shown == "unknown sender"
    assert found.at.tzinfo is not None


KEYS = ["mimeType", "filename", "headers", "name", "value", "body", "data", "size", "parts", "internalDate", "labelIds"]
JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["id", "payload", "internalDate", "snippet"]), JSON))
def test_whatever_the_service_sends_is_read(resource: dict[str, Any]) -> None:
    read_message(resource)
