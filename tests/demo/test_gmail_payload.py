"""The MIME tree as Gmail shows it."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from typing import Any

from app.demo.gmail_payload import attachment_id, find_attachment, headers_of, payload_of
from app.demo.mail_text import read_message

NESTED = b"""\
From: a@x.example
Subject: =?utf-8?q?=C3=9Cber?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Gr=FC=DFe
--inner
Content-Type: text/html; charset=utf-8

<p>x</p>
--inner--
--outer
Content-Type: message/rfc822
Content-Disposition: attachment; filename="forwarded.eml"

From: b@y.example
Subject: Inside
Content-Type: text/plain

within
--outer
Content-Type: image/png; name="=?utf-8?q?B=C3=A4r=2Epng?="
Content-Transfer-Encoding: base64
Content-ID: <bear>

iVBORw0KGgo=
--outer--
"""


def parts(payload: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = {payload["partId"]: payload}
    for part in payload.get("parts", ()):
        found |= parts(part)
    return found


def test_the_tree_has_the_numbers_types_and_names_gmail_gives() -> None:
    tree = parts(payload_of(read_message(NESTED), "1a"))
    assert {place: part["mimeType"] for place, part in tree.items()} == {
        "": "multipart/mixed",
        "0": "multipart/alternative",
        "0.0": "text/plain",
        "0.1": "text/html",
        "1": "message/rfc822",
        "1.0": "text/plain",
        "2": "image/png",
    }
    assert (tree["1"]["filename"], tree["2"]["filename"], tree["0.0"]["filename"]) == ("forwarded.eml", "Bär.png", "")
    assert tree[""]["body"] == tree["0"]["body"] == tree["1"]["body"] == {"size": 0}


def test_text_comes_in_utf_8_while_its_header_still_names_the_old_charset() -> None:
    part = parts(payload_of(read_message(NESTED), "1a"))["0.0"]
    assert urlsafe_b64decode(part["body"]["data"]).decode().strip() == "Grüße"
    assert part["body"]["size"] == len("Grüße".encode())
    assert {"name": "Content-Type", "value": "text/plain; charset=iso-8859-1"} in part["headers"]


def test_everything_else_is_fetched() -> None:
    message = read_message(NESTED)
    body = parts(payload_of(message, "1a"))["2"]["body"]
    assert body == {"attachmentId": attachment_id("1a", "2"), "size": 8}
    assert find_attachment(message, "1a", body["attachmentId"]) == b"\x89PNG\r\n\x1a\n"
    assert find_attachment(message, "other", body["attachmentId"]) is None


def test_wanted_headers_are_matched_in_any_case() -> None:
    payload = headers_of(read_message(NESTED), ["SUBJECT", "x-missing"])
    assert payload == {"mimeType": "multipart/mixed", "headers": [{"name": "Subject", "value": "Über"}]}
