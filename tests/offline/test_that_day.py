"""The day that was reckoned, or that a thing which was shown begins on, is the one that is gone on from."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.messages.tool import tool_call

from tests.offline.cases import EVERY_TOOL, planner, said

MODEL = planner(EVERY_TOOL)
WEEKS, UNTIL = "what's 3 weeks from today?", "how many days until 18 December?"


@pytest.mark.parametrize(
    ("before", "words", "call"),
    [
        ([WEEKS], "and a week after that?", ("find_date", {"value": 1, "unit": "weeks", "start": "2026-04-01"})),
        ([WEEKS], "and 2 days before that?", ("find_date", {"value": -2, "unit": "days", "start": "2026-04-01"})),
        ([WEEKS], "how many days is that from today", ("count_days", {"end": "2026-04-01"})),
        ([WEEKS], "how long until then?", ("count_days", {"end": "2026-04-01"})),
        ([WEEKS, "and a week after that?"], "what's the weather in Bern that day?",
         ("forecast", {"place": "Bern", "day": "2026-04-08"})),
        ([UNTIL], "what's on the day after?",
         ("agenda", {"start": "2026-12-19T00:00:00+01:00", "end": "2026-12-20T00:00:00+01:00"})),
        ([], "what weekday is 24 December?", ("find_date", {"value": 0, "start": "2026-12-24"})),
        ([], "is 1 May a Friday?", ("find_date", {"value": 0, "start": "2026-05-01"})),
        ([], "what's the date next Friday?", ("find_date", {"value": 0, "start": "2026-03-20"})),
        ([], "10 more working days after 14 December 2026",
         ("find_date", {"value": 10, "unit": "working days", "start": "2026-12-14"})),
    ],
)  # fmt: skip
def test_it_goes_on_from_that_day(before: list[str], words: str, call: tuple[str, dict[str, Any]]) -> None:
    assert said(MODEL, *before, words).calls == [call]


def test_what_is_to_be_done_that_day_is_due_on_it() -> None:
    ((_, args),) = said(MODEL, WEEKS, "and a week after that?", "put a reminder on that day to renew the permit").calls
    assert [item["due"] for item in args["items"]] == ["2026-04-08"]


def test_the_day_of_an_event_that_was_opened() -> None:
    shown = ["what's on tomorrow?", "open the first one"]
    ((_, counted),) = said(MODEL, *shown, "how many days is that from today?").calls
    ((_, before),) = said(MODEL, *shown, "remind me the day before to print the list").calls
    (due,) = [item["due"] for item in before["items"]]
    assert (counted["end"], due) == ("2026-03-12", "2026-03-11")


@pytest.mark.parametrize(
    ("words", "expression"),
    [
        ("what's the difference", "abs((22% of 2350) - (14% of 2350))"),
        ("how much is that together", "(14% of 2350) + (22% of 2350)"),
    ],
)
def test_the_last_two_sums_are_put_together(words: str, expression: str) -> None:
    calls = said(MODEL, "how much is 14% of 2350", "and 22%?", words).calls
    assert calls == [("calculate", {"expression": expression})]


def test_a_time_in_other_words_is_no_day() -> None:
    """As another model may have put it, on the same thread."""
    call = tool_call(name="count_days", args={"end": "Christmas"}, id="c-1")
    shown = ToolMessage("…", tool_call_id="c-1", name="count_days", artifact={"status": "ok", "lead": "32 days"})
    before = [HumanMessage("how long until Christmas"), AIMessage("", tool_calls=[call]), shown, AIMessage("32 days.")]
    (asked,) = MODEL.invoke([*before, HumanMessage("what's on that day?")]).tool_calls
    assert (asked["name"], asked["args"]) == ("agenda", {})
