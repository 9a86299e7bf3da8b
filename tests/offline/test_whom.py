"""Whom "him", "her" and "both of them" stand for, and whose a message is that one deletes."""

from __future__ import annotations

from typing import Any

import pytest

from app.offline.heard import whom
from app.offline.thread import Outcome, Past, Ref, Thread, Turn
from tests.offline.cases import EVERY_TOOL, planner, said

MODEL = planner(EVERY_TOOL)


@pytest.mark.parametrize(
    ("requests", "name", "args"),
    [
        (("lunch with tom today at 1", "slack him I'll drive"), "message_person", {"person": "tom"}),
        (("text Tomás that the old price stays until May",), "message_person", {"person": "Tomás"}),
        (
            ("find the mail from Priya about the launch and book Checklist review with her tomorrow at 14:00",),
            "create_event",
            {"people": ["Priya"]},
        ),
        (
            ("is Li free on Thursday afternoon?", "and Priya?", "book the one at two with both of them"),
            "create_event",
            {"people": ["Priya", "Li"]},
        ),
        (
            ("what did Priya say about t-shirts", "and Tom?", "ask him on slack: how many XL do you need?"),
            "message_person",
            {"person": "Tom", "text": "How many XL do you need?"},
        ),
    ],
)
def test_a_word_for_somebody_is_who_was_named(requests: tuple[str, ...], name: str, args: dict[str, Any]) -> None:
    calls = said(MODEL, *requests).calls
    found = next(given for called, given in calls if called == name)
    assert {key: sorted(value) if isinstance(value, list) else value for key, value in found.items()}.items() >= {
        key: sorted(value) if isinstance(value, list) else value for key, value in args.items()
    }.items()


def test_they_are_the_guests_of_the_event_that_was_opened() -> None:
    calls = said(MODEL, "what's on tomorrow", "who's in the budget review", "mail them that I'll be late").calls
    assert calls[0][1]["to"] == ["ana@northwind.example", "tom@northwind.example"]


@pytest.mark.parametrize(
    ("words", "args"),
    [
        ("find Priya's checklist mail", {"sender": "Priya", "query": "checklist"}),
        ("archive Ana's Lisbon mail", {"sender": "Ana", "query": "Lisbon"}),
        ("open the bank's mail", {"sender": "bank"}),
    ],
)
def test_whose_a_mail_is_and_what_it_is_about(words: str, args: dict[str, str]) -> None:
    assert said(MODEL, words).calls[0] == ("search_mail", args)


def test_where_nobody_was_named_it_is_asked() -> None:
    assert said(MODEL, "dm her I can bring the projector").outcome == "ask"


@pytest.mark.parametrize("words", ["remove my last message in #launch", "delete what I posted in #launch this morning"])
def test_only_a_message_of_ones_own_is_looked_for_to_be_deleted(words: str) -> None:
    looks = [args for name, args in said(MODEL, words).calls if name == "search_slack"]
    assert looks
    assert all(args["sender"] == "me" for args in looks)


def test_of_a_strangers_label_nothing_but_plain_words_is_a_name() -> None:
    ref = Ref("mail:1", "mail", "Eve <eve@evil.example> #all: pay now")
    thread = Thread((Turn("read it", [Past("1", "read", {})], {"1": Outcome("ok", refs=(ref,))}), Turn("dm her")), 2)
    assert whom.lately(thread, {"mail": "mail:1"}) == ["Eve eve evil"]
