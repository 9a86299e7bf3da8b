"""Questions about what was just shown, and corrections of the request before."""

from __future__ import annotations

from typing import Any

import pytest

from app.offline.manner import MANNER
from tests.offline.cases import EVERY_TOOL, planner, said

MODEL = planner(EVERY_TOOL)
LETTER, CONTRACT, EVENT = "read the mail from Ana", "read the lease contract", "when is the budget review"


@pytest.mark.parametrize(
    "asked",
    ["what did she want?", "what does she want?", "what did she ask for?", "what does she need exactly?",
     "when exactly does she need the redlines?", "what's the deadline?", "and what did we offer them?",
     "what did she say about lunch?"],
)  # fmt: skip
def test_what_a_letter_says_is_answered_by_reading_it_again(asked: str) -> None:
    assert said(MODEL, LETTER, asked).calls == [("read_conversation", {"conversation": "mail:1"})]


@pytest.mark.parametrize(
    ("asked", "sought"), [("when is the deadline for the keys?", "keys"), ("what do they need the keys for?", "keys")]
)
def test_what_a_document_says_is_sought_in_it(asked: str, sought: str) -> None:
    ((name, args),) = said(MODEL, CONTRACT, asked).calls
    assert (name, args["file"]) == ("read_document", "file:4")
    assert sought in args["query"]


@pytest.mark.parametrize("asked", ["and who has declined?", "who's coming?", "who has accepted so far?"])
def test_who_comes_to_the_event_just_shown(asked: str) -> None:
    assert said(MODEL, EVENT, asked).calls == [("read_event", {"event": "event:2"})]


@pytest.mark.parametrize(
    ("before", "asked", "call", "left"),
    [
        ("summarise my inbox", "which of those are from Ana?", ("summarise_inbox", {"sender": "Ana"}), ""),
        ("what are my tasks", "which of them are due tomorrow?", ("list_tasks", {"start": "2026-03-12T00:00:00+01:00",
         "end": "2026-03-13T00:00:00+01:00"}), ""),
        ("any conflicts tomorrow?", "which of those is the worst?", ("find_conflicts",
         {"start": "2026-03-12T00:00:00+01:00", "end": "2026-03-13T00:00:00+01:00"}), ""),
    ],
)  # fmt: skip
def test_which_of_those_lists_them_again_and_says_what_was_left_out(
    before: str, asked: str, call: tuple[str, dict[str, Any]], left: str
) -> None:
    played = said(MODEL, before, asked)
    assert played.calls == [call]
    assert (f"I could not take “{left}” into account." in played.answer) == bool(left)


@pytest.mark.parametrize(
    ("asked", "name"),
    [("what is the weather in Oslo?", "forecast"), ("what did she say in #launch?", "catch_up")],
)  # fmt: skip
def test_a_question_of_its_own_is_none_about_the_letter(asked: str, name: str) -> None:
    assert [one for one, _ in said(MODEL, LETTER, asked).calls][:1] == [name]


@pytest.mark.parametrize("correction", ["no, Daniel Osei", "I meant Daniel Osei", "not Roth, Daniel Osei"])
def test_a_correction_takes_the_request_before_with_the_other_person(correction: str) -> None:
    played = said(MODEL, "suggest a reply to Daniel Roth", correction)
    assert played.calls == [
        ("search_mail", {"sender": "Daniel Osei"}),
        ("suggest_reply", {"conversation": "mail:1"}),
    ]


def test_a_correction_keeps_the_rest_of_the_request() -> None:
    ((_, args),) = said(MODEL, "what did Ana say about the budget?", "sorry, I meant Tom").calls
    assert args == {"sender": "Tom", "query": "budget"}


@pytest.mark.parametrize("said_", ["shorter please", "make it more formal", "a bit friendlier"])
def test_a_text_is_put_in_no_other_manner_and_nothing_is_searched(said_: str) -> None:
    played = said(MODEL, "suggest a reply to Daniel Roth", said_)
    assert (played.calls, played.answer) == ([], MANNER)


def test_who_wrote_what_was_asked_before_is_kept_by_what_leans_on_it() -> None:
    first = "what did Marcus say in #aurora-launch"
    ((_, leaning),) = said(MODEL, first, "and about the runbook?").calls
    assert leaning == {"channel": "aurora-launch", "query": "runbook", "sender": "Marcus"}
