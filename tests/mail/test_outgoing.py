"""The bytes of a mail that goes out: what stands in them is what was planned, however long or strange."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import BadArgument
from tools.mail.addresses import Person
from tools.mail.outgoing import Mailbox, Outgoing, mailboxes, message_id, unread_addresses, written

LONG = f"<{'A' * 90}@{'eurprd04.' * 12}prod.outlook.example>"
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=300)


def mail(**given: object) -> Outgoing:
    base = {"sender": "me@here.example", "to": (Mailbox(address="a@b.example"),), "subject": "S", "text": "T"}
    return Outgoing.model_validate({**base, **given})


def parsed(outgoing: Outgoing) -> Message:
    return message_from_bytes(urlsafe_b64decode(outgoing.raw("key")))


def test_long_message_ids_are_neither_cut_nor_encoded() -> None:
    found = parsed(mail(in_reply_to=LONG, references=("<first@x.example>", LONG)))
    assert found["In-Reply-To"] == LONG
    assert found["References"].split() == ["<first@x.example>", LONG]


@given(subject=WORDS.map(lambda text: " ".join(text.split())), text=WORDS, name=WORDS)
def test_subject_text_and_names_arrive_as_they_are(subject: str, text: str, name: str) -> None:
    shown = " ".join(name.split())
    found = parsed(mail(subject=subject, text=text, to=(Mailbox(address="a@b.example", name=shown),)))
    assert str(make_header(decode_header(found["Subject"] or ""))).strip() == subject.strip()
    body = found.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().replace("\r\n", "\n").removesuffix("\n") == text.removesuffix("\n")
    assert [address for _, address in getaddresses([str(found["To"])])] == ["a@b.example"]
    assert sorted(key.lower() for key in found) == [
        "content-transfer-encoding",
        "content-type",
        "from",
        "message-id",
        "mime-version",
        "subject",
        "to",
    ]


def test_the_message_id_is_the_key_s_alone() -> None:
    assert message_id("k1", "me@here.example") == message_id("k1", "me@here.example")
    assert message_id("k1", "me@here.example") != message_id("k2", "me@here.example")
    assert parsed(mail())["Message-ID"] == f"<{message_id('key', 'me@here.example')}>"


@pytest.mark.parametrize(
    "address", ["", "a", "a@", "@b", "a b@c.example", "a@b@c", "a@bücher.example", "a@b\r\nBcc: c@d"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadArgument):
        mailboxes((Person("Ana", address),))


def test_each_address_once_and_not_too_many() -> None:
    ana = Person("Ana", "ana@x.example")
    assert mailboxes((ana, Person("A.", "ana@x.example"))) == (Mailbox(address="ana@x.example", name="Ana"),)
    with pytest.raises(BadArgument, match="too many"):
        mailboxes(tuple(Person("", f"p{n}@x.example") for n in range(101)))


def test_addresses_that_nobody_reads_are_named() -> None:
    boxes = tuple(Mailbox(address=f"{local}@x.example") for local in ("no-reply", "noreply-7", "nora", "postmaster"))
    assert [told.partition("@")[0] for told in unread_addresses(boxes)] == ["no-reply", "noreply-7", "postmaster"]


def test_an_empty_text_is_refused() -> None:
    assert written(" a\r\nb\rc \n") == "a\nb\nc"
    with pytest.raises(BadArgument):
        written(" \n ")
