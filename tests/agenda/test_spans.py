"""Arithmetic of spans against sets of minutes, and hours across clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.agenda.grid import MINUTE, in_office_hours, minutes_of, span, weeks
from tools.agenda.hours import DEFAULT_HOURS, Period, WorkingHours, day_span, days_of, wall, working_days_after
from tools.agenda.spans import Span, Timeline, common, merged, time_in, without
from tools.agenda.words import clock, elsewhere, length_words, listed, span_words, times_words, window_words, zone_named

BEGIN = datetime(2027, 1, 1, tzinfo=UTC)
ZURICH = ZoneInfo("Europe/Zurich")


def _from(start: int, length: int) -> Span:
    return Span(BEGIN + start * MINUTE, BEGIN + (start + length) * MINUTE)


some = st.lists(st.builds(_from, st.integers(0, 60), st.integers(0, 20)), max_size=8)


def minutes(spans: list[Span]) -> set[datetime]:
    return {minute for one in spans for minute in minutes_of(one)}


@given(some, some)
def test_spans_are_sets_of_minutes(a: list[Span], b: list[Span]) -> None:
    first, second = merged(a), merged(b)
    assert minutes(first) == minutes(a)
    assert all(one.end < other.start for one, other in pairwise(first))
    assert minutes(common(first, second)) == minutes(a) & minutes(b)
    assert minutes(without(first, second)) == minutes(a) - minutes(b)
    whole = Span(BEGIN, BEGIN + timedelta(hours=1))
    assert time_in(whole, first) == len(minutes(a) & minutes([whole])) * MINUTE


@given(some, st.builds(_from, st.integers(0, 60), st.integers(1, 20)))
def test_a_timeline_finds_what_a_search_through_all_finds(spans: list[Span], one: Span) -> None:
    line = Timeline(merged(spans))
    assert list(line.at(one)) == [each for each in merged(spans) if each.touches(one)]
    assert line.time_in(one) == len(minutes(spans) & minutes([one])) * MINUTE


@settings(max_examples=25, deadline=None)
@given(weeks())
def test_working_hours_are_the_wall_clocks_in_every_week(week: tuple[ZoneInfo, datetime]) -> None:
    zone, begin = week
    window = Span(begin, begin + timedelta(days=5))
    expected = {minute for minute in minutes_of(window) if in_office_hours(minute, zone)}
    assert minutes(DEFAULT_HOURS.spans(zone, window)) == expected
    days = list(days_of(window, zone))
    assert [day_span(day, zone).end for day in days[:-1]] == [day_span(day, zone).start for day in days[1:]]


def test_a_day_has_23_24_or_25_hours() -> None:
    lengths = {
        day: day_span(datetime.fromisoformat(day).date(), ZURICH).length // timedelta(hours=1)
        for day in ("2027-03-27", "2027-03-28", "2027-10-31")
    }
    assert lengths == {"2027-03-27": 24, "2027-03-28": 23, "2027-10-31": 25}


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    first = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert [clock(first, ZURICH), clock(first + timedelta(hours=1), ZURICH)] == ["02:30 CEST", "02:30 CET"]
    assert clock(first + timedelta(hours=2), ZURICH) == "03:30"
    assert wall(datetime(2027, 3, 28, tzinfo=UTC).date(), 150, ZURICH) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_the_next_working_days() -> None:
    friday = span("2027-01-15 16:00", "2027-01-15 16:01").start
    late = span("2027-01-15 18:00", "2027-01-15 18:01").start
    tuesday, wednesday = (span(f"2027-01-{day} 00:00", "2027-02-01 00:00").start for day in (20, 21))
    assert working_days_after(friday, 3, DEFAULT_HOURS, ZURICH) == tuesday
    assert working_days_after(late, 3, DEFAULT_HOURS, ZURICH) == wednesday
    assert working_days_after(friday, 2, WorkingHours(()), ZURICH) > friday


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (span("2027-03-02 09:30", "2027-03-02 10:00"), "Tue 2 Mar 09:30–10:00"),
        (span("2027-03-02 22:00", "2027-03-03 02:00"), "Tue 2 Mar 22:00 – Wed 3 Mar 02:00"),
        (span("2027-03-02 22:00", "2027-03-03 00:00"), "Tue 2 Mar 22:00–24:00"),
        (span("2028-03-02 09:30", "2028-03-02 10:00"), "Thu 2 Mar 2028 09:30–10:00"),
    ],
)
def test_times_in_words(part: Span, said: str) -> None:
    now = datetime(2027, 3, 1, 12, tzinfo=UTC)
    assert span_words(part, ZURICH, now) == said
    assert said.endswith(times_words(part, ZURICH, now))


def test_whole_days_in_words() -> None:
    now = datetime(2027, 3, 1, 12, tzinfo=UTC)
    day, days = span("2027-03-28 00:00", "2027-03-29 00:00"), span("2027-03-02 00:00", "2027-03-05 00:00")
    assert span_words(day, ZURICH, now, all_day=True) == "Sun 28 Mar, all day"
    assert span_words(days, ZURICH, now, all_day=True) == "Tue 2 Mar – Thu 4 Mar, all day"
    assert window_words(span("2027-03-01 00:00", "2027-03-02 00:00"), ZURICH, now) == "today"
    assert window_words(span("2027-03-02 00:00", "2027-03-03 00:00"), ZURICH, now) == "tomorrow"
    assert window_words(span("2027-03-03 14:00", "2027-03-03 18:00"), ZURICH, now) == "on Wed 3 Mar 14:00–18:00"
    assert window_words(span("2027-03-02 14:00", "2027-03-03 00:00"), ZURICH, now) == "tomorrow from 14:00"
    assert window_words(span("2027-03-01 13:00", "2027-03-02 00:00"), ZURICH, now) == "today"  # what is left of it
    assert window_words(days, ZURICH, now) == "from Tue 2 Mar to Thu 4 Mar"


def test_another_clock_is_shown_only_where_it_differs() -> None:
    part = span("2027-03-16 15:00", "2027-03-16 15:30")  # New York has changed its clocks, Zurich not yet
    assert elsewhere(part, ZURICH, "America/New_York") == "10:00–10:30 New York"
    assert elsewhere(part, ZURICH, "Asia/Tokyo") == "23:00–23:30 Tokyo"
    assert elsewhere(part, ZURICH, "Pacific/Auckland") == "Wed 03:00–03:30 Auckland"
    assert [elsewhere(part, ZURICH, zone) for zone in ("Europe/Berlin", "", "Mars/Base")] == ["", "", ""]


def test_lengths_and_lists_in_words() -> None:
    lengths = [1, 25, 60, 90, 1440, 1500, 2881]
    assert [length_words(timedelta(minutes=each)) for each in lengths] == [
        *("1 minute", "25 minutes", "1 hour", "1 h 30 min", "1 day", "1 day 1 hour", "2 days"),
    ]
    assert [listed([]), listed(["a"]), listed(["a", "b", "c"])] == ["", "a", "a, b and c"]
    assert zone_named("Nowhere/Land") is None
    assert WorkingHours((Period(0, 0, 1440),)).words == "Mon 00:00–24:00"
