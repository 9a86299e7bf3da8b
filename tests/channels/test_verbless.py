"""Orders without a verb, in what order things are due, and what does not press."""

from __future__ import annotations

import pytest

from tests.channels.talk import DIRECT, OPS, Talk, told
from tools.channels.verbless import orders


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.mark.parametrize(
    ("said", "who", "what", "due"),
    [
        (
            "{alex} {ben} one page each on what comes after the launch, before Friday 3 April. Bullets are fine.",
            "you",
            "one page each on what comes after the launch",
            "2026-04-03",
        ),
        ("{ben} two slides for the board until Friday", "Ben Okafor", "two slides for the board", "2026-03-27"),
        ("{alex} one page, Tuesday 09:00. You have my mail.", "you", "one page, Tuesday 09:00", "2026-03-31"),
        ("{ben} eine Seite bis Freitag", "Ben Okafor", "eine Seite", "2026-03-27"),
    ],
)
def test_what_is_to_be_handed_over_is_asked_for(talk: Talk, said: str, who: str, what: str, due: str) -> None:
    talk.say("ana", said)
    item = talk.only()
    assert item.who == who
    assert item.what.startswith(what)
    assert item.due is not None
    assert item.due.at.date().isoformat() == due
    assert item.due.before == ("before" in said)


@pytest.mark.parametrize(
    "said",
    [
        "@U1 one page",
        "one page before Friday",
        "@U1 one question before lunch",
        "@U1 one coffee before the meeting",
        "@U1 one page is missing, the one before Friday",
        "@U1 two pictures before Friday?",
        "@U1 a nice photo of you from Friday",
        "@U1 the numbers, Tuesday 09:00",
        "@U1 one answer arrived on Tuesday",
        "I gave @U1 one page before Friday",
    ],
)
def test_what_only_names_a_thing_orders_nothing(said: str) -> None:
    assert not orders(said)


def test_that_another_took_it_on_is_no_promise_of_the_persons(talk: Talk) -> None:
    thread = talk.say("ben", "{alex} {ana} one page each before Friday")
    talk.say("ana", "ok, will do", thread=thread)
    assert talk.only().promised is False
    talk.say("alex", "I'll do it", thread=thread)
    assert [item.mine for item in talk.items()] == [True]


def test_what_is_due_first_comes_first(talk: Talk) -> None:
    talk.say("ana", "{alex} please sign the order form")
    talk.say("ana", "{alex} please write to the venue by Friday")
    talk.say("ben", "{alex} is the plan ready by Thursday?")
    talk.say("ben", "{ben} {ana} please sweep the hall today")
    talk.say("ana", "{alex} please call the bank, we are blocked")
    assert [item.what for item in talk.items()] == [
        "call the bank, we are blocked",
        "is the plan ready by Thursday?",
        "write to the venue",
        "sign the order form",
        "sweep the hall",
    ]


def test_the_same_thing_by_the_same_hour_from_two_askers_is_one(talk: Talk) -> None:
    talk.say("ben", "{alex} one page, tomorrow 09:00.")
    talk.say("ana", "{alex} you have to send him his page by tomorrow 09:00", OPS)
    talk.say("ana", "can you call the bank by tomorrow 09:00?", DIRECT)
    assert [len(item.covers) for item in talk.items()] == [2, 1]


@pytest.mark.parametrize(
    "said", ["{ben} please tidy the wiki, it is not urgent", "{ben} please read it: no critical bugs"]
)
def test_what_is_said_not_to_press_does_not(talk: Talk, said: str) -> None:
    talk.say("ana", said)
    assert talk.only().reasons == ()


def test_what_a_short_request_is_about_is_not_a_word_beside_it(talk: Talk) -> None:
    thread = talk.say("ben", "Look at these pastries from the new bakery")
    talk.say("ana", "Nobody. Can you bring some?", thread=thread)
    assert told(talk.items()) == [
        ("Ben Okafor", "bring some — “Look at these pastries from the new bakery”", ""),
    ]
