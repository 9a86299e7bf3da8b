"""Reading raw mail, the broken kind included."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.demo.gmail_payload import payload_of
from app.demo.mail_text import as_text, decoded, read_facts, read_message


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?= an =?iso-8859-1?b?RvxsbGU=?=", "Grüße an Fülle"),
        ("=?utf-8?b?4pyI?=\r\n =?utf-8?b?4pyI?=", "✈✈"),
        ("folded\r\n line", "folded line"),
        ("=?nosuch?q?a=FC?=", "aü"),
        ("=?utf-8?b?not base64!?=", "=?utf-8?b?not base64!?="),
        ("Gr\udcc3\udcbc\udcc3\udc9fe", "Grüße"),
        ("Gr\udcfc\udcdfe", "Grüße"),
    ],
)
def test_header_values_become_text(stated: str, text: str) -> None:
    assert decoded(stated) == text


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("日本".encode("iso-2022-jp"), "iso-2022-jp", "日本"),
        (b"caf\xe9", "utf-8", "café"),
        ("café".encode(), "us-ascii", "café"),
        (b"caf\xe9", "x-unknown", "café"),
        (b"caf\xe9", None, "café"),
        (b"\x81", "utf-8", "\ufffd"),
    ],
)
def test_bytes_become_text_whatever_they_claim(data: bytes, charset: str | None, text: str) -> None:
    assert as_text(data, charset) == text


@pytest.mark.parametrize(
    ("subject", "key"),
    [
        ("Re: AW: Fwd:  Plan", "plan"),
        ("[team] Re: [team] Plan", "plan"),
        ("RE[2]: Plan", "plan"),
        ("回复：计划", "计划"),
        ("Rebate: 5 %", "rebate: 5 %"),
        ("Re:", ""),
    ],
)
def test_reply_marks_and_list_tags_do_not_count(subject: str, key: str) -> None:
    assert read_facts(f"Subject: {subject}\r\n\r\n".encode()).subject_key == key


def test_facts_of_an_html_letter() -> None:
    raw = (
        b"From: A <a@x.example>\r\nTo: B <B@Y.example>, c@z.example\r\nMessage-ID: <i@x.example>\r\n"
        b"References: <r1@x.example>\r\n <r2@x.example>\r\nIn-Reply-To: <r2@x.example>\r\n"
        b"Content-Type: text/html; charset=utf-8\r\n\r\n"
        b'<html><head><style>p{color:red}</style></head><body><!-- no --><p>Caf\xc3\xa9 &amp; <b>"bar"</b></p>'
    )
    facts = read_facts(raw)
    assert facts.people == {"a@x.example", "b@y.example", "c@z.example"}
    assert facts.references == ("<r1@x.example>", "<r2@x.example>")
    assert facts.message_id == "<i@x.example>"
    assert facts.snippet == "Café &amp; &quot;bar&quot;"


def test_a_snippet_ends_at_a_word() -> None:
    snippet = read_facts(b"Subject: x\r\n\r\n" + b"lengthy " * 100).snippet
    assert len(snippet) <= 200
    assert snippet.endswith("lengthy")


BROKEN = [
    b"",
    b"no headers at all",
    b"Content-Type: multipart/mixed\r\n\r\nno boundary",
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nunfinished',
    b"Content-Type: text/plain; charset*=x''%FF%FE\r\n\r\nx",
    b"Content-Transfer-Encoding: base64\r\n\r\n!!!!",
    b"Content-Type: text/plain; charset=\"\"\r\nContent-Disposition: attachment; filename*0*=''%E4\r\n\r\nx",
    b"Subject: =?utf-7?q?+2AA-?=\r\n\r\n\x00\xff",
    b"From: <<<>>>@@\r\nDate: yesterday\r\n: empty\r\n\r\n",
    b"Content-Type: message/rfc822\r\n\r\n",
]


@pytest.mark.parametrize("raw", BROKEN)
def test_broken_mail_is_read_as_far_as_it_goes(raw: bytes) -> None:
    facts = read_facts(raw)
    json.dumps([facts.subject, facts.text, facts.snippet, facts.filenames], ensure_ascii=False).encode()
    payload = payload_of(read_message(raw), "1")
    json.dumps(payload, ensure_ascii=False).encode()
    assert payload["partId"] == ""


def test_the_standard_library_s_own_hard_cases_are_read() -> None:
    """CPython ships its test mails with most builds; where it does not, there is nothing to try."""
    import email

    samples = sorted((Path(email.__file__).parent.parent / "test/test_email/data").glob("msg_*.txt"))
    for sample in samples:
        raw = sample.read_bytes()
        json.dumps(payload_of(read_message(raw), "1"), ensure_ascii=False).encode()
        assert read_facts(raw).snippet is not None
