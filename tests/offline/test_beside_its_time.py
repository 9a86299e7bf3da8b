"""Events put elsewhere beside their own time, days that were spoken of before, and sums that go on."""

from __future__ import annotations

from typing import Any

import pytest

from app.offline import onward
from app.offline.words import Line, tokens
from tests.offline.cases import EVERY_TOOL, planner, said

MODEL = planner(EVERY_TOOL)
REVIEW = "budget review"


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        (f"push {REVIEW} back half an hour", "2026-03-12T11:30:00+01:00", "2026-03-12T12:30:00+01:00"),
        (f"push the {REVIEW} by two hours", "2026-03-12T13:00:00+01:00", "2026-03-12T14:00:00+01:00"),
        (f"make the {REVIEW} half an hour longer", "2026-03-12T11:00:00+01:00", "2026-03-12T12:30:00+01:00"),
        ("put the stand-up a quarter of an hour earlier", "2026-03-12T08:45:00+01:00", "2026-03-12T09:00:00+01:00"),
        (f"make the {REVIEW} two hours long", "2026-03-12T11:00:00+01:00", "2026-03-12T13:00:00+01:00"),
        (f"move the {REVIEW} to friday", "2026-03-13T11:00:00+01:00", "2026-03-13T12:00:00+01:00"),
    ],
)
def test_an_event_is_moved_from_the_time_it_has(words: str, start: str, end: str) -> None:
    name, args = said(MODEL, words).calls[-1]
    assert name == "move_event"
    assert (args["start"], args["end"]) == (start, end)


def test_of_everything_in_view_only_what_is_of_the_time_that_is_said() -> None:
    calls = said(MODEL, "what's tomorrow like", "cancel everything after 10").calls
    assert calls == [("cancel_event", {"event": "event:2"})]  # the dentist's time is not known


def test_an_hour_behind_a_day_is_the_hour_on_it() -> None:
    assert said(MODEL, f"where is the {REVIEW}?", "can the review go to friday 10").calls[-1][1] == {
        "event": "event:2", "start": "2026-03-13T10:00:00+01:00",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "end"),
    [("make it end at 6", "2026-03-13T18:00:00+01:00"), ("until half past five", "2026-03-13T17:30:00+01:00")],
)
def test_another_end_leaves_the_begin(words: str, end: str) -> None:
    assert said(MODEL, "book a room tour on Friday at 4pm for an hour", words).calls == [
        ("move_event", {"event": "event:9", "start": "2026-03-13T16:00:00+01:00", "end": end})
    ]


def test_where_its_time_is_not_known_the_new_one_is_asked() -> None:
    assert said(MODEL, "push the dentist by two hours").outcome == "ask"


@pytest.mark.parametrize(
    ("requests", "name", "args"),
    [
        (
            ("weather tomorrow and what's in my calendar then",),
            "agenda",
            {"start": "2026-03-12T00:00:00+01:00", "end": "2026-03-13T00:00:00+01:00"},
        ),
        (
            ("what's on next Thursday", "put supplier call in at 3 that day"),
            "create_event",
            {"start": "2026-03-19T15:00:00+01:00"},
        ),
        (("what's on next week Tuesday",), "agenda", {"start": "2026-03-17T00:00:00+01:00"}),
        (
            ("put film night in on the 27th at 8pm",),
            "create_event",
            {"start": "2026-03-27T20:00:00+01:00"},
        ),
    ],
)
def test_a_day_is_the_one_spoken_of(requests: tuple[str, ...], name: str, args: dict[str, Any]) -> None:
    calls = [given for called, given in said(MODEL, *requests).calls if called == name]
    assert calls[-1].items() >= args.items()


def test_a_day_that_nobody_spoke_of_is_asked() -> None:
    assert said(MODEL, "book supplier call that day at 10").outcome == "ask"


@pytest.mark.parametrize(
    ("words", "expression"),
    [
        ("plus 19%", "(14 * 37.50) + 19%"),
        ("and divided by 23?", "(14 * 37.50) / 23"),
        ("minus 3 percent discount on that", "(14 * 37.50) - 3%"),
        ("And if one divides that by four?", "(14 * 37.50) / 4"),
        ("half of that", "(14 * 37.50) / 2"),
        ("double it", "(14 * 37.50) * 2"),
        ("now what's 20% of that", "20% of (14 * 37.50)"),
    ],
)
def test_a_sum_goes_on_from_the_one_before(words: str, expression: str) -> None:
    assert said(MODEL, "what's 14 x 37.50", words).calls == [("calculate", {"expression": expression})]


@pytest.mark.parametrize("words", ["plus one for the party", "what's on tomorrow", "add milk to my list", "by then"])
def test_what_says_more_is_no_such_sum(words: str) -> None:
    assert onward.expression(Line(tokens(words)), "1 + 2") == ""
