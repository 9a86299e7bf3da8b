"""Changes told apart: two of one line, what is spared, what hangs on a condition, and what only a few words name."""

from __future__ import annotations

import pytest

from app.offline.planner import OfflinePlanner
from tests.offline.cases import EVERY_TOOL, Call, planner, said, writes

MAIL, TODAY, TASKS, SLACK = "check my mail", "what's on today", "my tasks", "what did I miss on slack"


@pytest.fixture(scope="module")
def model() -> OfflinePlanner:
    return planner(EVERY_TOOL)


@pytest.mark.parametrize(
    ("before", "text", "calls"),
    [
        (TASKS, "finish the review and delete the flights one", [
            ("complete_tasks", {"tasks": ["task:2"]}), ("delete_tasks", {"tasks": ["task:3"]})]),
        (TODAY, "cancel the dentist and accept the budget review", [
            ("cancel_event", {"event": "event:3"}), ("answer_invitation", {"event": "event:2", "answer": "accepted"})]),
        (MAIL, "archive the first and mark the second as read", [
            ("archive", {"conversations": ["mail:1"]}), ("mark_read", {"conversations": ["mail:2"]})]),
        ("find times with Ana", "book the second and invite Sven too", [
            ("create_event", {"people": ["Ana", "Sven"], "title": "Meeting with Ana and Sven",
             "start": "2026-03-12T14:00:00+01:00", "end": "2026-03-12T14:45:00+01:00"})]),
        (MAIL, "archive the first and the third", [("archive", {"conversations": ["mail:1", "mail:3"]})]),
    ],
)  # fmt: skip
def test_each_change_is_done_to_its_own(model: OfflinePlanner, before: str, text: str, calls: list[Call]) -> None:
    assert said(model, before, text).calls == calls


@pytest.mark.parametrize(
    ("text", "spared"),
    [
        ("archive everything except the bank one", 4),
        ("mark all but the first as read", 1),
        ("delete all except the second", 2),
    ],
)
def test_what_is_excepted_is_spared(model: OfflinePlanner, text: str, spared: int) -> None:
    [(_, args)] = said(model, MAIL, text).calls
    assert args["conversations"] == [f"mail:{i}" for i in range(1, 5) if i != spared]


def test_what_is_named_and_not_found_is_said_to_be_left_out(model: OfflinePlanner) -> None:
    played = said(model, MAIL, "archive the first and the ninth one")
    assert played.calls == [("archive", {"conversations": ["mail:1"]})]
    assert "I could not take “the ninth one” into account." in played.answer


@pytest.mark.parametrize("text", ["delete everything except the urgent ones", "archive all but those from Zoe"])
def test_where_it_is_not_known_what_to_spare_nothing_is_done(model: OfflinePlanner, text: str) -> None:
    assert not writes(said(model, MAIL, text))


@pytest.mark.parametrize(
    "text", ["cancel the lunch with Theo", "accept the quarter planning", "cancel the board review"]
)
def test_a_thing_that_few_of_the_words_name_is_left_alone(model: OfflinePlanner, text: str) -> None:
    assert not writes(said(model, text))


@pytest.mark.parametrize("text", ["if Tom writes, archive it", "archive the first if you see Ana's answer"])
def test_what_hangs_on_something_else_is_said_to_be_possible_only_now(model: OfflinePlanner, text: str) -> None:
    played = said(model, MAIL, text)
    assert not played.calls
    assert "only do that now" in played.answer


@pytest.mark.parametrize("text", ["mail the bank: I come on Friday", "email our landlord that the tap drips"])
def test_nobody_is_written_to_whose_address_nobody_said(model: OfflinePlanner, text: str) -> None:
    played = said(model, text)
    assert (played.calls, played.outcome) == ([], "ask")


def test_a_word_inside_a_document_is_not_put_in_its_whole_place(model: OfflinePlanner) -> None:
    assert not writes(said(model, "find documents about the launch", 'replace "a" with "b" in the launch plan'))
