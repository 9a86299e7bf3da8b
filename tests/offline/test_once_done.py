"""What is said of a change just made: the same for somebody else, another time for it, or undone by its kind."""

from __future__ import annotations

from typing import Any

import pytest

from tests.offline.cases import EVERY_TOOL, planner, said

MODEL = planner(EVERY_TOOL)
TEXT = "The hall is flooded."
REMINDED = "remind me to renew the insurance on the 20th"
BOOKED = "book site walk with Tom friday 9am"
LATE = "book chess club committee tomorrow 6pm"


@pytest.mark.parametrize(
    ("before", "words", "call"),
    [
        (f"mail Priya: {TEXT}", "same for Tom", ("send_mail", {"to": ["Tom"], "body": TEXT})),
        (f"tell Tom on Slack: {TEXT}", "and the same to Ana", ("message_person", {"person": "Ana", "text": TEXT})),
        (f"post in #launch: {TEXT}", "same in #ops please", ("post_message", {"channel": "ops", "text": TEXT})),
        (LATE, "and friday the same", ("create_event", {"start": "2026-03-13T18:00:00+01:00"})),
        (LATE, "and again saturday at 10", ("create_event", {"start": "2026-03-14T10:00:00+01:00"})),
    ],
)
def test_the_same_is_done_for_others(before: str, words: str, call: tuple[str, dict[str, Any]]) -> None:
    found = said(MODEL, before, words)
    assert [name for name, _ in found.calls] == [call[0]]
    assert found.calls[0][1].items() >= call[1].items()


def test_the_same_is_done_to_another_thing() -> None:
    for words in ("same for the second", "and the second too", "the second one as well please"):
        found = said(MODEL, "read me my tasks", "move the first one to Friday", words)
        assert found.calls == [("change_task", {"task": "task:2", "due": "2026-03-13"})], words


@pytest.mark.parametrize(
    ("before", "words", "call"),
    [
        (REMINDED, "make it the 18th", ("change_task", {"task": "task:9", "due": "2026-03-18"})),
        (
            "remind me to ring the bus company tomorrow at 10",
            "11 rather",
            ("change_task", {"task": "task:9", "due": "2026-03-12T11:00:00+01:00"}),
        ),
        (BOOKED, "make it 8:00 after all", ("move_event", {"event": "event:9", "start": "2026-03-13T08:00:00+01:00"})),
        (BOOKED, "can we do the 26th", ("move_event", {"event": "event:9", "start": "2026-03-26T09:00:00+01:00"})),
        (LATE, "7 actually", ("move_event", {"event": "event:9", "start": "2026-03-12T19:00:00+01:00"})),
    ],
)
def test_what_was_made_is_put_at_another_time(before: str, words: str, call: tuple[str, dict[str, Any]]) -> None:
    assert said(MODEL, before, words).calls == [call]


@pytest.mark.parametrize("words", ["what's on at 5?", "and tomorrow at 5 the dentist", "do I have anything on friday?"])
def test_a_request_of_its_own_moves_nothing(words: str) -> None:
    assert "move_event" not in [name for name, _ in said(MODEL, BOOKED, words).calls]


def test_again_repeats_no_change_that_the_words_take_back() -> None:
    calls = said(MODEL, "inbox", "bin the bank statement", "that was a mistake, fetch it out of the bin again").calls
    assert "move_to_trash" not in [name for name, _ in calls]


@pytest.mark.parametrize(
    ("before", "back"),
    [
        ("put Launch plan in the bin", "restore_document"),
        ("drop the task about the flights", "restore_tasks"),
        ("cancel the dentist", "restore_event"),
    ],
)
def test_it_is_of_the_kind_that_was_changed(before: str, back: str) -> None:
    assert [name for name, _ in said(MODEL, before, "no wait, bring it back").calls] == [back]


def test_a_deleted_task_is_named_by_the_handle_it_had() -> None:
    calls = said(MODEL, "drop the task about the flights", "no wait, bring it back").calls
    assert calls == [("restore_tasks", {"tasks": ["task:3"]})]


@pytest.mark.parametrize(
    ("words", "call"),
    [
        ("cancel it", ("delete_tasks", {"tasks": ["task:9"]})),
        ("move it to thursday", ("change_task", {"task": "task:9", "due": "2026-03-12"})),
    ],
)
def test_it_is_what_was_made_last_and_nothing_older(words: str, call: tuple[str, dict[str, Any]]) -> None:
    assert said(MODEL, LATE, REMINDED, words).calls == [call]


def test_a_change_of_mail_is_taken_back_by_that_change() -> None:
    calls = said(MODEL, "bin the bank mail", "bring it back").calls
    assert calls == [("restore_labels", {"change": "relabelling:1"})]
