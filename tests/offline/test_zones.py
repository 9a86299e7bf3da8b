"""The time elsewhere, asked on Wednesday 11 March 2026 at 10:20 in Berlin, when America is an hour nearer."""

from __future__ import annotations

import pytest

from app.offline.planner import OfflinePlanner
from tests.offline.cases import EVERY_TOOL, planner, said


@pytest.fixture(scope="module")
def model() -> OfflinePlanner:
    return planner(EVERY_TOOL)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("what time is it in Tokyo", "In Tokyo it is 18:20 on Wednesday, 11 March (8 hours ahead of here)."),
        (
            "What's the time in New York right now?",
            "In New York it is 05:20 on Wednesday, 11 March (5 hours behind here).",
        ),
        ("tell me the time in delhi", "In Delhi it is 14:50 on Wednesday, 11 March (4:30 hours ahead of here)."),
        ("time in São Paulo", "In São Paulo it is 06:20 on Wednesday, 11 March (4 hours behind here)."),
        ("when it's 3pm here, what time is it in Sydney?", "15:00 here is 01:00 the day after in Sydney."),
        ("what is 3 pm Berlin time in Tokyo", "15:00 in Berlin is 23:00 in Tokyo."),
        ("15:00 in Berlin, what time is that in Tokyo?", "15:00 in Berlin is 23:00 in Tokyo."),
        ("what time is 15:00 Berlin in Tokyo", "15:00 in Berlin is 23:00 in Tokyo."),
        ("what is 9am Tokyo time here", "09:00 in Tokyo is 01:00 here."),
        ("time difference between Berlin and Tokyo", "Berlin is 8 hours behind Tokyo (10:20 and 18:20)."),
        ("how many hours ahead is Singapore", "Singapore is 7 hours ahead of here (17:20 and 10:20)."),
        (
            "what time is it in Gotham",
            "I do not know the time in Gotham. Name a large city of its time zone, such as Tokyo or New York.",
        ),
    ],
)
def test_the_time_elsewhere_is_told(model: OfflinePlanner, text: str, answer: str) -> None:
    found = said(model, text)
    assert (found.calls, found.outcome, found.answer) == ([], "talk", answer)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("what time is the dentist", "agenda"),
        ("is it raining in Tokyo", "forecast"),
        ("5 hours in minutes", "convert_units"),
        ("am I free at 3pm", "agenda"),
    ],
)
def test_what_else_holds_a_time_or_a_place_is_left_alone(model: OfflinePlanner, text: str, name: str) -> None:
    assert said(model, text).calls[0][0] == name


def test_the_time_here_is_told_as_before(model: OfflinePlanner) -> None:
    assert said(model, "what time is it").answer == "It is 10:20 on Wednesday, 11 March 2026 (Europe/Berlin)."
