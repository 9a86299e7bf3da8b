"""Summaries are extracts of newly written text, in the mail's own language."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.mail.made import NOW, Post, conversation, judged, mine
from tools.mail.asks import is_closing
from tools.mail.summary import LENGTH

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG = "I hope you are well. The weather has been strange here. " * 5


@pytest.mark.parametrize(
    ("text", "held"),
    [
        (f"Hi Alex,\n\n{LONG}\n\nCould you send me the price list?\n\nBest\nAna", "Could you send me the price list?"),
        (f"{LONG}\n\nWe have decided to move the launch to May.", "We have decided to move the launch to May."),
        (f"{LONG}\n\nOur shop is down and nobody can order.", "Our shop is down and nobody can order."),
        ("Hallo Alex,\n\nkannst du bis Freitag liefern? Sonst fragen wir Li.", "kannst du bis Freitag liefern?"),
        ("Hola Alex:\n\n¿puedes revisarlo?", "¿puedes revisarlo?"),
    ],
)
def test_the_sentence_that_matters_is_in(text: str, held: str) -> None:
    found = judged(Post(text)).summary
    assert held in found
    assert len(found) <= LENGTH


def test_only_words_of_the_mail_and_none_of_the_quoted() -> None:
    text = "It is the red one.\n\nOn Mon, 17 Nov 2025 at 10:00, Li <li@x.example> wrote:\n> Could it be blue?"
    found = judged(Post(text))
    assert found.summary == "It is the red one."


def test_a_greeting_alone_is_not_filled_up_with_the_quoted_mail() -> None:
    post = Post("Hello\n\nOn Mon, 17 Nov 2025 at 10:00, Li <li@x.example> wrote:\n> Secret of before")
    assert judged(post).summary == "Hello"


def test_thanks_alone_give_way_to_the_mail_before() -> None:
    said = judged(Post("The key is under the mat, door code 5512.", ago=DAY), mine("Thanks!", HOUR))
    assert said.summary == "The key is under the mat, door code 5512."
    assert said.last_mine


def test_what_was_decided() -> None:
    talk = [Post("Red or blue?", ago=3 * DAY), mine("Let's go with the red one.", 2 * DAY), Post("Fine.", ago=HOUR)]
    assert judged(*talk).decided == "Let's go with the red one."
    assert judged(Post("Red or blue?", ago=DAY), mine("We could go with red, if you want.", HOUR)).decided == ""


def test_a_decision_has_its_author_and_time() -> None:
    talk = [Post("Red or blue?", ago=3 * DAY), mine("Let's go with the red one.", 2 * DAY), Post("Fine.", ago=HOUR)]
    settled = judged(*talk).decision
    assert settled is not None
    assert (settled.mine, settled.by, settled.at) == (True, "Alex Rivera", NOW - 2 * DAY)
    board = judged(Post("Any news?", ago=2 * DAY), Post("The board approved the budget.", ago=DAY)).decision
    assert board is not None
    assert (board.mine, board.by, board.text) == (False, "Ana Moreira", "The board approved the budget.")


@pytest.mark.parametrize(
    ("text", "settles"),
    [
        ("发布日期已决定改到五月。", True),
        ("我们采用方案二，已通过。", True),
        ("发布日期还没决定。", False),
        ("是否改到五月？", False),
        ("ローンチは五月に変更しました。", True),
        ("案Bで進めます。", True),
        ("日程はまだ決定していません。", False),
        ("来週に変更できますか。", False),
    ],
)
def test_decisions_in_chinese_and_japanese(text: str, settles: bool) -> None:
    assert (judged(Post("?", ago=DAY), Post(text, ago=HOUR)).decided == text) is settles


@pytest.mark.parametrize("text", ["搞定，问题解决了。", "收到了，谢谢。", "解決済みです。", "かしこまりました。"])
def test_closings_in_chinese_and_japanese(text: str) -> None:
    assert is_closing(conversation(Post(text)).last)


def test_a_list_is_shown_with_the_sentence_that_leads_into_it() -> None:
    text = "Could you please confirm that\n\n- Wen takes Monday\n- Aditya takes Tuesday\n\nThanks"
    assert judged(Post(text)).wants == ("Could you please confirm that Wen takes Monday; Aditya takes Tuesday",)


def test_a_forward_without_words_is_summarised_by_what_it_forwards() -> None:
    below = "---------- Forwarded message ---------\nFrom: Ben <b@x.example>\nSubject: Keys\n\nThe code is 5512."
    assert "The code is 5512." in judged(Post(below, subject="Fwd: Keys")).summary


def test_a_mass_mailing_gets_its_first_sentence() -> None:
    text = "View in browser\n\nThree recipes for cold evenings. Read more.\n\nUnsubscribe"
    post = Post(text, by="Food <news@food.example>", headers={"List-Unsubscribe": "<mailto:o@food.example>"})
    assert judged(post).summary == "Three recipes for cold evenings."


def test_an_empty_mail() -> None:
    found = judged(Post("", html="<p></p>", subject=""))
    assert found.summary == ""
    assert found.subject == "(no subject)"
