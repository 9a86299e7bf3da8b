"""What was just written, put otherwise: drafts, posts and documents; and words of a text put in the place of others."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from app.offline.orders import rewording
from app.offline.window import Moment
from tests.offline.cases import EVERY_TOOL, HOMES, NOW, planner, said

MODEL = planner(EVERY_TOOL)
DRAFT = "draft a mail to Li saying we meet on Monday"
POST = "post in #launch that the demo is at 7"


def calls(*requests: str) -> list[tuple[str, dict[str, Any]]]:
    return said(MODEL, *requests).calls


def test_a_draft_gives_way_to_one_with_more() -> None:
    old, new = calls(DRAFT, "add that I'll bring cake")
    assert old == ("discard_draft", {"draft": "draft:1"})
    assert new[0] == "draft_mail"
    assert new[1]["body"] == "We meet on Monday.\n\nI'll bring cake."
    assert new[1]["subject"] == "We meet on Monday"


@pytest.mark.parametrize(
    "words", ["change Monday to Tuesday", "not Monday, Tuesday", "sorry, Tuesday instead of Monday"]
)
def test_a_word_gives_way_and_so_does_the_subject_taken_from_it(words: str) -> None:
    assert calls(DRAFT, words)[1] == (
        "draft_mail", {"to": ["Li"], "body": "We meet on Tuesday.", "subject": "We meet on Tuesday"},
    )  # fmt: skip


def test_a_subject_that_was_said_stays() -> None:
    asked = "draft a mail to Li with the subject Lunch saying we meet on Monday"
    assert calls(asked, "change Monday to Tuesday")[1][1]["subject"] == "Lunch"


def test_a_draft_goes_to_somebody_else_too() -> None:
    assert calls(DRAFT, "add Priya")[1][1]["to"] == ["Li", "Priya"]


@pytest.mark.parametrize(
    ("words", "text"),
    [("sorry, 7:30, change it", "The demo is at 7:30."), ("i meant 8", "The demo is at 8.")],
)
def test_a_post_that_was_wrong_is_taken_back(words: str, text: str) -> None:
    assert calls(POST, words) == [
        ("delete_message", {"message": "message:9"}),
        ("post_message", {"channel": "launch", "text": text}),
    ]


def test_what_is_added_to_a_post_is_another_one() -> None:
    assert calls(POST, "also say that lunch is provided") == [
        ("post_message", {"channel": "launch", "text": "Lunch is provided."})
    ]


@pytest.mark.parametrize("made", ["make a document Ideas", "make a document Ideas saying buy a tent"])
def test_a_document_is_gone_on_with(made: str) -> None:
    assert calls(made, "add: call Bob") == [
        ("update_document", {"document": "file:9", "content": "Call Bob.", "mode": "append"})
    ]


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (DRAFT, "is Monday free"),
        (DRAFT, "what's on Monday"),
        (DRAFT, "remind me to call Bob on Monday"),
        (DRAFT, "add a meeting on monday at 10 with Li"),
        (POST, "do I have meetings after lunch"),
        (POST, "and tell Li that I'm late"),
        ("make a document Ideas saying buy a tent", "add milk to my tasks"),
        ("send Li a mail saying we meet on Monday", "change Monday to Tuesday"),
    ],
)
def test_what_is_about_something_else_leaves_it_as_it_is(before: str, words: str) -> None:
    found = {name for name, _ in calls(before, words)}
    assert not found & {"draft_mail", "post_message", "update_document", "discard_draft", "delete_message", "send_mail"}
    assert found <= HOMES.keys()


@pytest.mark.parametrize(
    ("words", "text", "after"),
    [
        ("make it tomorrow instead of today", "I will do it today.", "I will do it tomorrow."),
        ("change the contract to the lease", "The contract is fine.", "The lease is fine."),
        ("not Friday but Monday", "Friday works. See you Friday.", ""),
        ("make it tomorrow", "I will do it today.", ""),
        ("change the lease to the contract", "We meet on Monday.", ""),
    ],
)
def test_words_give_way_where_it_is_plain_which(words: str, text: str, after: str) -> None:
    assert rewording.changed(_clause(words, NOW), text) == after


def _clause(words: str, now: datetime) -> Any:
    knowledge = MODEL.learnt.from_tools(EVERY_TOOL)
    return knowledge.clause(words, knowledge.line(words), Moment(now, 1), shown=False)
