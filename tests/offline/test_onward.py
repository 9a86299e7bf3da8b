"""What goes on from what was shown or said: days of the week spoken of, the next of a list, and what is to be done."""

from __future__ import annotations

from typing import Any

import pytest

from app.offline.planner import OfflinePlanner
from tests.offline.cases import EVERY_TOOL, Call, planner, said


@pytest.fixture(scope="module")
def model() -> OfflinePlanner:
    return planner(EVERY_TOOL)


def day(first: str, last: str) -> dict[str, Any]:
    return {"start": f"{first}T00:00:00+01:00", "end": f"{last}T00:00:00+01:00"}


@pytest.mark.parametrize(
    ("requests", "window"),
    [
        (("what's on next week", "and on thursday?"), day("2026-03-19", "2026-03-20")),
        (("what's on next week", "what about friday"), day("2026-03-20", "2026-03-21")),
        (("what's on next week", "rather on friday"), day("2026-03-13", "2026-03-14")),
        (("show me wednesday",), day("2026-03-11", "2026-03-12")),  # it is one
        (("what's on on wednesday",), day("2026-03-18", "2026-03-19")),
        (("show me wednesday", "and thursday"), day("2026-03-12", "2026-03-13")),
    ],
)
def test_a_weekday_is_of_the_week_spoken_of(
    model: OfflinePlanner, requests: tuple[str, ...], window: dict[str, Any]
) -> None:
    assert said(model, *requests).calls == [("agenda", window)]


def test_an_event_of_a_coming_day_is_opened(model: OfflinePlanner) -> None:
    calls = said(model, "tell me about the budget review next tuesday").calls
    assert calls == [("agenda", day("2026-03-17", "2026-03-18")), ("read_event", {"event": "event:2"})]


@pytest.mark.parametrize(
    "text", ["when do I next see Ana", "when am I next meeting ana", "when's my next meeting with ana"]
)
def test_whom_one_sees_next_is_in_the_calendar(model: OfflinePlanner, text: str) -> None:
    calls = said(model, text).calls
    assert [name for name, _ in calls] == ["agenda", "read_event"]
    assert calls[1][1] == {"event": "event:2"}  # the first in which she takes part


def test_who_is_in_nothing_that_comes_is_told(model: OfflinePlanner) -> None:
    played = said(model, "when do I next see Ingrid")
    assert [name for name, _ in played.calls] == ["agenda", "agenda"]
    assert "None of these is with “ingrid”." in played.answer


@pytest.mark.parametrize(
    ("requests", "mail"),
    [
        (("and the one after that?",), "mail:3"),
        (("the next one", "and the next one"), "mail:4"),
        (("the one before",), "mail:1"),
    ],
)
def test_the_next_of_a_list_is_counted_from_what_was_opened(
    model: OfflinePlanner, requests: tuple[str, ...], mail: str
) -> None:
    calls = said(model, "unread mail", "read the second one", *requests).calls
    assert calls == [("read_conversation", {"conversation": mail})]


def test_a_mere_time_goes_on_with_the_call_before(model: OfflinePlanner) -> None:
    for words, call in {
        "what conflicts do I have this week?": "find_conflicts",
        "find half an hour with Jonas tomorrow": "find_slots",
        "what's on tomorrow?": "agenda",
    }.items():
        ((name, args),) = said(model, words, "and next week?").calls
        assert (name, args["start"], args["end"]) == (call, *day("2026-03-16", "2026-03-23").values())


@pytest.mark.parametrize(("words", "minutes"), [("make it 45 and the day after", 45), ("the day after", 30)])
def test_slots_are_sought_anew_with_another_length_for_the_same_people(
    model: OfflinePlanner, words: str, minutes: int
) -> None:
    call = {"duration_minutes": minutes, "people": ["Jonas", "Mei"], **day("2026-03-13", "2026-03-14")}
    assert said(model, "find 30 min with Jonas and Mei tomorrow", words).calls == [("find_slots", call)]


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("find 30 min with Jonas on Thursday or Friday", "what about only in the afternoon?"),
        ("what's on tomorrow and on Friday?", "just the afternoon"),
    ],
)
def test_hours_are_of_each_of_the_few_days_before(model: OfflinePlanner, before: str, words: str) -> None:
    calls = [args for _, args in said(model, before, words).calls]
    days = ("2026-03-12", "2026-03-13")
    assert [(args["start"], args["end"]) for args in calls] == [
        (f"{day}T12:00:00+01:00", f"{day}T18:00:00+01:00") for day in days
    ]


def test_hours_of_days_beside_a_change_of_the_clocks_are_by_the_wall(model: OfflinePlanner) -> None:
    calls = said(model, "agenda for 28 to 30 March", "only in the afternoon").calls
    assert [args["start"][10:] for _, args in calls] == ["T12:00:00+01:00", "T12:00:00+02:00", "T12:00:00+02:00"]


def test_behind_the_last_of_a_list_nothing_is_opened(model: OfflinePlanner) -> None:
    played = said(model, "unread mail", "read the last one", "and the one after that?")
    assert not played.calls
    assert played.answer.startswith("Nothing comes after that in the list.")
    assert not said(model, "unread mail", "and the one after that?").calls  # nothing was opened yet


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("anything in my inbox I have to deal with today?", [("summarise_inbox", {})]),
        ("what do I have to answer today", [("summarise_inbox", {"only": "owed"})]),
        ("will it be windy on Saturday for the football", [("forecast", {"day": "2026-03-14"})]),
        ("windy on Saturday for the football", [("forecast", {"day": "2026-03-14"})]),
        ("what moved to Friday?", [("calendar_changes", {})]),
        ("which meeting was moved to 16:30?", [("calendar_changes", {})]),
        ("is it raining in the hague", [("forecast", {"place": "hague"})]),
        (
            "if 24 seats cost 19 euro a month each, what is that per year",
            [("calculate", {"expression": "24 * 19 * 12"})],
        ),
        ("12 seats at 30 euros a month, how much a year", [("calculate", {"expression": "12 * 30 * 12"})]),
        (
            "85 kg in stone and pounds",
            [("convert_units", {"value": 85.0, "unit": "kg", "to": unit}) for unit in ("stone", "pounds")],
        ),
    ],
)
def test_what_is_said_is_taken_for_what_it_is(model: OfflinePlanner, text: str, calls: list[Call]) -> None:
    assert said(model, text).calls == calls
