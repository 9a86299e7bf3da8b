"""A change that was proposed and not decided on, put otherwise by whoever asks anew: a process for each request."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.talking import Talk


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.mark.parametrize(
    ("first", "then", "wanted"),
    [
        ("remind me to buy a gift for Rosa", 'call it "buy flowers" instead', {"items": [{"title": "buy flowers"}]}),
        (
            "send Theo a mail saying it's 18",
            "actually 22",
            {"to": ["Theo"], "subject": "It's 22", "body": "It's 22."},
        ),
        (
            "write an email to Theo saying the hut is free",
            "subject: the hut",
            {"to": ["Theo"], "subject": "the hut", "body": "The hut is free."},
        ),
        (
            "draft a mail to Li saying we meet on Monday",
            "cc Priya",
            {"to": ["Li"], "subject": "We meet on Monday", "body": "We meet on Monday.", "cc": ["Priya"]},
        ),
        (
            "draft a mail to Li saying we meet on Monday",
            "not Monday, Tuesday",
            {"to": ["Li"], "subject": "We meet on Tuesday", "body": "We meet on Tuesday."},
        ),
        (
            "draft a mail to Li saying we meet on Monday",
            'put "Best, Alex" at the end',
            {"to": ["Li"], "subject": "We meet on Monday", "body": "We meet on Monday.\n\nBest, Alex"},
        ),
        (
            "draft a mail to Li saying it is on Monday",
            "start with Hi Li,",
            {"to": ["Li"], "subject": "It is on Monday", "body": "Hi Li,\n\nIt is on Monday."},
        ),
        (
            "draft a reply to Grace saying I'll do it",
            "make it to Priya too",
            {"conversation": "mail:1", "body": "I'll do it.", "cc": ["Priya"]},
        ),
        (
            "reply to Grace: I'll do it",
            "sign it with Alex",
            {"conversation": "mail:1", "body": "I'll do it.\n\nAlex"},
        ),
    ],
)
def test_what_is_said_changes_and_the_rest_stays(home: Path, first: str, then: str, wanted: dict[str, Any]) -> None:
    talk = Talk(home, then)
    assert len(talk.proposed(first)) == 1
    assert talk.proposed(then) == [wanted]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("archive the mail about the launch", "the second one instead"),
        ("archive the mail about the launch", "the one from Marcus"),
        ("reply to Jonas that I agree", "the second one"),
    ],
)
def test_another_thing_takes_its_place(home: Path, first: str, then: str) -> None:
    talk = Talk(home, f"{first}, {then}")
    (old,), (new,) = talk.proposed(first), talk.proposed(then)
    differs = {name for name in old if old[name] != new[name]}
    assert old.keys() == new.keys()
    assert len(differs) == 1
    assert str(new[differs.pop()]).count("mail:") == 1


def test_the_very_thing_it_was_about_is_proposed_again(home: Path) -> None:
    talk = Talk(home, "the same")
    proposed = talk.proposed("reply to Jonas that I confirm it")
    assert talk.proposed("the go/no-go one") == proposed


def test_another_day_of_those_left_to_choose_from(home: Path) -> None:
    talk = Talk(home, "days")
    talk.say("cancel the stand-up")
    (old,), (new,) = talk.proposed("tomorrow's"), talk.proposed("no, Wednesday's please")
    assert int(new["event"].partition(":")[2]) > int(old["event"].partition(":")[2])


def test_a_question_is_none_of_that(home: Path) -> None:
    talk = Talk(home, "question")
    talk.say("cancel the stand-up")
    talk.proposed("tomorrow's")
    assert "Wed 25 Nov" in " ".join(talk.say("no, what's on Wednesday"))


@pytest.mark.parametrize("own", ["add a task to buy bread", "remind me to call Bob tomorrow at 5"])
def test_a_request_of_its_own_is_none_of_that(home: Path, own: str) -> None:
    talk = Talk(home, own)
    talk.proposed("book lunch with Li tomorrow at 12")
    (args,) = talk.proposed(own)
    assert "items" in args


@pytest.mark.parametrize("words", ["make it a bit more friendly", "attach the agenda"])
def test_words_that_cannot_be_read_lose_no_proposal(home: Path, words: str) -> None:
    talk = Talk(home, f"unread: {words}")
    first = talk.proposed("draft a reply to Grace saying I'll do it today")
    assert talk.proposed(words) == first


def test_what_clearly_asks_for_something_else_is_done_instead(home: Path) -> None:
    talk = Talk(home, "something else")
    talk.proposed("draft a reply to Grace saying I'll do it today")
    assert not any("I did not understand" in line for line in talk.say("how much is 14% of 2350?"))
