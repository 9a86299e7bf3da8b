"""A thing asked about by its name is listed and opened; an event moved without a day stays on its own; an answer goes
where the person wrote."""

from __future__ import annotations

import pytest
from langchain_core.messages import BaseMessage

from app.offline.planner import OfflinePlanner
from tests.offline.cases import EVERY_TOOL, HOMES, Played, load, planner, turn


@pytest.fixture(scope="module")
def model() -> OfflinePlanner:
    return planner(EVERY_TOOL)


def played(model: OfflinePlanner, *requests: str) -> Played:
    messages: list[BaseMessage] = []
    return [turn(messages, request, model) for request in requests][-1]


def test_an_event_is_found_by_its_name(model: OfflinePlanner) -> None:
    found = played(model, "when is the budget review")
    assert [name for name, _ in found.calls] == ["agenda", "read_event"]
    assert found.calls[1][1] == {"event": "event:2"}


def test_a_name_that_nothing_has_is_told(model: OfflinePlanner) -> None:
    found = played(model, "when is the board review")
    assert [name for name, _ in found.calls] == ["agenda", "agenda"]  # the second farther ahead
    assert "None of these is called “board review”." in found.answer


@pytest.mark.parametrize(
    ("requests", "start"),
    [
        (("what's on tomorrow", "move the dentist to 4pm"), "2026-03-12T16:00:00+01:00"),
        (("what's on today", "move the dentist to 4pm"), "2026-03-11T16:00:00+01:00"),
        (("move tomorrow's dentist to 4pm",), "2026-03-12T16:00:00+01:00"),
        (("what's on this week", "move the dentist to 4pm", "on friday"), "2026-03-13T16:00:00+01:00"),
        (("move the dentist to 4pm", "friday at 5"), "2026-03-13T17:00:00+01:00"),
    ],
)
def test_a_time_without_a_day_is_of_the_events_own(
    model: OfflinePlanner, requests: tuple[str, ...], start: str
) -> None:
    assert played(model, *requests).calls[-1] == ("move_event", {"event": "event:3", "start": start})


def test_where_the_day_is_not_known_it_is_asked(model: OfflinePlanner) -> None:
    found = played(model, "what's on this week", "move the dentist to 4pm")
    assert not found.calls
    assert found.answer == "On which day, at 16:00?"


def test_somebody_is_answered_where_they_wrote(model: OfflinePlanner) -> None:
    assert played(model, "unread mail", "tell Ana the budget is fine").calls == [
        ("send_reply", {"conversation": "mail:1", "body": "The budget is fine."})
    ]
    assert played(model, "unread mail", "tell Omar the budget is fine").outcome == "ask"


@pytest.mark.parametrize("said", ["when is my next meeting?", "the agenda for tomorrow?"])
def test_a_statement_put_as_a_question_is_no_text(model: OfflinePlanner, said: str) -> None:
    assert [name for name, _ in played(model, "unread mail", "reply to the second one", said).calls] == ["agenda"]


def test_nothing_that_only_asks_proposes_a_change(model: OfflinePlanner) -> None:
    asking = [case for case in load("last.toml") if case.group == "reading"]
    asking += [case for case in load("services.toml") if case.group in ("mail", "slack")]
    for case in asking:
        calls = played(model, *case.before, case.say).calls
        assert all(HOMES[name].effect == "read" for name, _ in calls if name in HOMES), case.say
