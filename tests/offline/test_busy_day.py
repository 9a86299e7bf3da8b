"""Requests of a busy day: things by the names people have for them, and nothing left out without a word."""

from __future__ import annotations

from typing import Any

import pytest

from tests.offline.cases import EVERY_TOOL, planner, said

MODEL = planner(EVERY_TOOL)


@pytest.mark.parametrize(
    ("asked", "call"),
    [
        ("anything about pricing in my files?", ("find_documents", {"query": "pricing"})),
        ("where do I need to be at lunch?", ("agenda", {"start": "2026-03-11T12:00:00+01:00",
                                                        "end": "2026-03-11T14:00:00+01:00"})),
    ],
)  # fmt: skip
def test_things_by_the_names_that_people_have_for_them(asked: str, call: tuple[str, dict[str, Any]]) -> None:
    assert said(MODEL, asked).calls[0] == call


def test_where_one_meets_somebody_next() -> None:
    assert [name for name, _ in said(MODEL, "where's my next meeting with Ana?").calls] == ["agenda", "read_event"]


@pytest.mark.parametrize("said_", [", say I have the go/no-go", " and say I have the go/no-go"])
def test_a_comment_to_an_invitation_goes_with_the_answer(said_: str) -> None:
    *_, (_, args) = said(MODEL, f"decline the budget review{said_}").calls
    assert args == {"event": "event:2", "answer": "declined", "note": "I have the go/no-go."}


def test_a_reason_that_is_no_comment_is_said_to_be_left_out() -> None:
    played = said(MODEL, "decline the budget review, I have to leave early")
    assert "I could not take “I have to leave early” into account." in played.answer


def test_who_is_of_a_group_is_said_not_to_be_known() -> None:
    played = said(MODEL, "any mail I haven't read from customers?")
    assert played.calls == [("summarise_inbox", {"unread_only": True})]
    assert "I could not take “from customers” into account." in played.answer


def test_what_was_taken_is_not_said_to_be_left_out() -> None:
    assert "could not" not in said(MODEL, "suggest an answer to Daniel Roth").answer


def test_a_statement_and_a_question_are_told_as_two_sentences() -> None:
    ((_, args),) = said(
        MODEL, "tell Ana in slack that the draft is in the folder and ask whether it needs the map"
    ).calls
    assert args["text"] == "The draft is in the folder. Could you tell me whether it needs the map?"


def test_a_document_of_a_list_is_asked_what_it_says() -> None:
    played = said(MODEL, "find documents about the launch", "what does it say about rollback?")
    assert played.calls == [("read_document", {"file": "file:1", "query": "rollback"})]


@pytest.mark.parametrize("time", ["say at 3", "say around 3pm"])
def test_a_time_that_is_only_proposed_is_of_the_day_that_was_said(time: str) -> None:
    ((_, args),) = said(MODEL, f"book a meeting with Ana tomorrow, {time}").calls
    assert (args["start"], args["title"]) == ("2026-03-12T15:00:00+01:00", "Meeting with Ana")
