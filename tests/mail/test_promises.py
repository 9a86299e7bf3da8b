"""What the person promised in their own last mail is held up to them until it is done, withdrawn or long past."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.mail.made import NOW, ZURICH, Post, judged, mine
from tools.mail.inbox_finding import InboxFinding

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ASK = Post("Could you send me the price list?", ago=2 * DAY)


@pytest.mark.parametrize(
    "text",
    [
        "I'll send it tomorrow.",
        "Sure. I will share the sheet on Thursday.",
        "Will do.",
        "You'll have it by Friday.",
        "Let me check with Li and get back to you.",
        "Ich schicke dir die Liste morgen.",
        "Te envío la lista mañana.",
        "Vou enviar a lista amanhã.",
        "Je t'envoie la liste demain.",
        "我会发给你。",
        "明日お送りします。",
    ],
)
def test_my_own_word_is_held_up_to_me(text: str) -> None:
    (promise,) = judged(ASK, mine(text, DAY)).promises
    assert promise.text in text
    assert promise.at == NOW - DAY


def test_by_when() -> None:
    (promise,) = judged(ASK, mine("I'll send it tomorrow.", HOUR)).promises
    assert promise.due is not None
    assert promise.due.at.date() == (NOW + DAY).date()


@pytest.mark.parametrize(
    "text",
    [
        "Grace will send you times.",
        "Shall I send it tomorrow?",
        "If you like, I'll send it tomorrow.",
        "Li will be there.",
        "Here it is.",
        "Thanks!",
    ],
)
def test_what_is_no_promise(text: str) -> None:
    assert judged(ASK, mine(text, DAY)).promises == ()


def test_others_promise_nothing_for_me() -> None:
    assert judged(mine("Could you send it?", DAY), Post("I'll send it tomorrow.", ago=HOUR)).promises == ()


def test_a_promise_ends_when_i_write_again_or_it_is_withdrawn_or_old() -> None:
    word = mine("I'll send it tomorrow.", DAY)
    assert judged(ASK, word, Post("Thanks!", ago=HOUR)).promises
    assert not judged(ASK, word, mine("Here it is.", HOUR)).promises
    assert not judged(ASK, word, Post("Never mind, I found it.", ago=HOUR)).promises
    assert not judged(Post("Could you?", ago=40 * DAY), mine("I'll send it tomorrow.", 30 * DAY)).promises


def test_the_inbox_says_it_with_who_and_by_when() -> None:
    digest = judged(ASK, mine("I'll send it tomorrow.", HOUR))
    found = InboxFinding(
        now=NOW,
        zone=ZURICH,
        scope="",
        only="owed",
        digests=(digest,),
        estimate=1,
        more=False,
        account="a@b.example",
    )
    assert found.lead(lambda ref: "mail:1").startswith(
        "You owe no reply. You promised Ana Moreira, I'll send it tomorrow. (by tomorrow) (mail:1)."
    )
    assert [line.text for line in found.lines()] == ["You promised Ana Moreira, by tomorrow: I'll send it tomorrow."]
    assert found.refs() == (digest.ref(),)
