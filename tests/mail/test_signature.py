"""Signatures, device lines, disclaimers and banners off; everything that is still said kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.mail.signature import without_signature

ANA = ("Ana Torres", "Ana", "Torres", "AT")

OFF = [
    "--\nAna Torres",
    "Best,\nAna",
    "Best, Ana",
    "Thanks,\nAna",
    "Many thanks and regards,\nAna Torres\nHead of Sales | Acme\n+41 44 123 45 67\nwww.acme.example",
    "Mit freundlichen Grüßen\nAna Torres\n\nACME GmbH · Bahnhofstrasse 1 · 8001 Zürich",
    "Viele Grüße aus Zürich\nAna",
    "Un saludo,\nAna",
    "Abraços,\nAna",
    "Bien cordialement,\nAna Torres",
    "Med venlig hilsen\nAna",
    "Ana",
    "AT",
    "/Ana",
    "Sent from my iPhone",
    "Get Outlook for iOS<https://aka.example/x>",
    "Von meinem iPad gesendet",
    "Best\n\nSent from my phone",
    "以上、よろしくお願いいたします",
    "谢谢！\n\nAna",
    "Ana Torres\n\nThis e-mail is confidential and intended solely for the named recipient.",
    "Cheers\nAna\n\n_______________\nriak-users mailing list\nhttp://lists.example/unsubscribe",
]


@pytest.mark.parametrize("below", OFF)
def test_what_stands_below_is_off(below: str) -> None:
    assert without_signature(f"The plan is fine.\n\n{below}", ANA) == "The plan is fine."


KEPT = [
    "Thanks, that helps.\nCould you also send the list?",
    "Thank you!\n\nThe address is\nBahnhofstrasse 1\n8001 Zürich",
    "Please call me at\n+41 44 123 45 67\nor mail a@b.example",
    "- one\n- two\n- three",
    "Two options:\n\nbest\nworst\nwhat do you say?",
    "We wish you the best of luck in the drawing!",
    "Sent from my desk, this is easier than from my phone.",
    "Thanks!",
    "Best,\nAna",
    "请您在星期四下班前回复。谢谢！",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_is_said_is_kept(text: str) -> None:
    assert without_signature(text, ANA) == text


def test_a_postscript_is_kept() -> None:
    assert without_signature("Fine.\n\nBest,\nAna\n\nPS: bring the keys", ANA) == "Fine.\n\nPS: bring the keys"


def test_a_banner_of_the_mail_server_is_off() -> None:
    banner = "CAUTION: This email originated from outside of the company. Do not click links."
    assert without_signature(f"{banner}\n\nThe plan is fine.") == "The plan is fine."


def test_a_disclaimer_of_several_paragraphs_is_off() -> None:
    notice = (
        "Disclaimer\n\nThe information is confidential and intended solely for the intended recipient. "
        "Unauthorised use is forbidden.\n\nThis mail was scanned by a machine."
    )
    assert without_signature(f"The plan is fine.\n\n{notice}") == "The plan is fine."


@given(st.text("abc \n-,.!?ÀnBesthkß", max_size=300))
def test_never_raises_and_never_empties(text: str) -> None:
    found = without_signature(text, ANA)
    assert bool(found.strip()) == bool(text.strip("\n "))
