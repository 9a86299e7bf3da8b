"""The grammar of times, read on Wednesday 11 March 2026 at 10:20 in Berlin; the clocks go forward on the 29th."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.offline import times
from app.offline.lexicon import listed
from app.offline.window import Lean, Moment
from app.offline.words import Line, tokens

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 11, 10, 20, tzinfo=ZONE)


def read(text: str, lean: Lean = 1, zone: ZoneInfo = ZONE) -> list[str]:
    found = times.find(Line(tokens(text)), Moment(NOW.astimezone(zone), lean))
    return [f"{_short(one.window.start)} to {_short(one.window.end)}" for one in found]


def _short(at: datetime | None) -> str:
    if at is None:
        return "open"
    year = "" if at.year == 2026 else f"{at.year}-"
    return f"{year}{at:%m-%d}" + (f" {at:%H:%M}" if (at.hour, at.minute) != (0, 0) else "")


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("today", "03-11 to 03-12"),
        ("tomorrow morning", "03-12 06:00 to 03-12 12:00"),
        ("the day after tomorrow", "03-13 to 03-14"),
        ("on friday at 3", "03-13 15:00 to 03-13 16:00"),
        ("at half past nine on friday", "03-13 09:30 to 03-13 10:30"),
        ("between 2 and 4 pm tomorrow", "03-12 14:00 to 03-12 16:00"),
        ("from 11 to 1pm on monday", "03-16 11:00 to 03-16 13:00"),
        ("9 to 5 pm on monday", "03-16 09:00 to 03-16 17:00"),
        ("after 3pm on friday", "03-13 15:00 to 03-14"),
        ("before noon tomorrow", "03-12 to 03-12 12:00"),
        ("this evening at 7", "03-11 19:00 to 03-11 20:00"),
        ("tonight", "03-11 18:00 to 03-12"),
        ("this week", "03-09 to 03-16"),
        ("next week", "03-16 to 03-23"),
        ("the week after next", "03-23 to 03-30"),
        ("the rest of the week", "03-11 10:20 to 03-16"),
        ("the weekend", "03-14 to 03-16"),
        ("next friday", "03-20 to 03-21"),
        ("friday next week", "03-20 to 03-21"),
        ("a week from friday", "03-20 to 03-21"),
        ("in the next 3 days", "03-11 10:20 to 03-15"),
        ("in two weeks", "03-25 to 03-26"),
        ("in 2 hours", "03-11 12:20 to 03-11 13:20"),
        ("3 days ago", "03-08 to 03-09"),
        ("on 3 April", "04-03 to 04-04"),
        ("March 3rd", "03-03 to 03-04"),
        ("3 February", "2027-02-03 to 2027-02-04"),
        ("friday, 13 march 2026", "03-13 to 03-14"),
        ("the 20th", "03-20 to 03-21"),
        ("the 2nd", "04-02 to 04-03"),
        ("2026-03-17", "03-17 to 03-18"),
        ("17.3.", "03-17 to 03-18"),
        ("from 23 to 27 March", "03-23 to 03-28"),
        ("March 16 to 20", "03-16 to 03-21"),
        ("from monday to wednesday", "03-16 to 03-19"),
        ("Mon-Fri", "03-16 to 03-21"),
        ("in april", "04-01 to 05-01"),
        ("by friday", "03-11 10:20 to 03-14"),
        ("until thursday", "03-11 10:20 to 03-13"),
        ("from thursday on", "03-12 to open"),
        ("christmas", "12-25 to 12-26"),
        ("thursday and friday", "03-12 to 03-14"),
    ],
)
def test_a_coming_time(text: str, window: str) -> None:
    assert read(text) == [window]


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("on friday", "03-06 to 03-07"),
        ("since monday", "03-09 to open"),
        ("since 9am", "03-11 09:00 to open"),
        ("last two weeks", "02-25 to 03-11 10:20"),
        ("the past 24 hours", "03-10 10:20 to 03-11 10:20"),
        ("last week", "03-02 to 03-09"),
        ("last month", "02-01 to 03-01"),
        ("in february", "02-01 to 03-01"),
        ("in december", "2025-12-01 to 2026-01-01".replace("2026-", "")),
        ("last night", "03-10 18:00 to 03-11"),
        ("before 1 march", "open to 03-01"),
        ("between 1 and 5 march", "03-01 to 03-06"),
        ("in 2025", "2025-01-01 to 01-01"),
    ],
)
def test_a_time_that_was(text: str, window: str) -> None:
    assert read(text, -1) == [window]


def test_two_times_that_do_not_touch_stay_two() -> None:
    assert read("today and on friday") == ["03-11 to 03-12", "03-13 to 03-14"]


@pytest.mark.parametrize(
    "text", ["the 3rd mail", "find me 2 hours", "10 mails", "good morning", "you may go", "next 5 mails"]
)
def test_what_names_no_time(text: str) -> None:
    assert read(text) == []


def test_slashes_read_as_they_are_written_where_the_person_is() -> None:
    assert read("3/4") == ["04-03 to 04-04"]
    assert read("on 3/4", 1, ZoneInfo("America/New_York")) == ["03-04 to 03-05"]


def test_wall_clock_times_hold_across_the_change_of_the_clocks_and_elapsed_ones_count_it() -> None:
    evening = datetime(2026, 3, 28, 20, 0, tzinfo=ZONE)
    found = times.find(Line(tokens("tomorrow at 9")), Moment(evening, 1))[0].window
    assert found.start is not None
    assert found.start.astimezone(UTC).hour == 7
    later = times.find(Line(tokens("in 8 hours")), Moment(evening, 1))[0].window
    assert later.start is not None
    assert (later.start - evening.astimezone(UTC)).total_seconds() == 8 * 3600


WORDS = """today tomorrow friday monday next last this week month the in at on from to until since between and 3 14 31
99 march may 2pm 10:30 noon days hours ago rest of after before weekend morning 2026-02-30 31.2. half past , - ?"""


@settings(max_examples=300, deadline=None)
@given(words=st.lists(st.sampled_from(listed(WORDS)), max_size=9), lean=st.sampled_from(get_args(Lean)))
def test_any_words_are_read_without_a_crash_and_with_a_zone(words: list[str], lean: Lean) -> None:
    for found in times.find(Line(tokens(" ".join(words))), Moment(NOW, lean)):
        ends = [at for at in (found.window.start, found.window.end) if at is not None]
        assert all(at.tzinfo is ZONE for at in ends)
        assert 0 <= found.start < found.end


@pytest.mark.parametrize(
    ("text", "lean", "window"),
    [
        ("between 1 January and 31 December", 1, "01-01 to 2027-01-01"),
        ("between March and May", -1, "2025-03-01 to 2025-06-01"),
        ("between December and February", 1, "12-01 to 2027-03-01"),
        ("from 1 March 2025 to 24 December", 1, "2025-03-01 to 2025-12-25"),
        ("between 20 March and 5 April 2027", 1, "2027-03-20 to 2027-04-06"),
        ("between 20 December and 3 January", -1, "2025-12-20 to 01-04"),
        ("between the 3rd and the 5th of March", 1, "03-03 to 03-06"),
        ("from the 28th to the 3rd of April", 1, "03-28 to 04-04"),
        ("from Friday to Tuesday", 1, "03-13 to 03-18"),
    ],
)
def test_a_range_of_dates_runs_forward(text: str, lean: Lean, window: str) -> None:
    assert read(text, lean) == [window]


def test_a_range_of_this_year_is_kept_together_late_in_it() -> None:
    late = Moment(datetime(2026, 11, 22, tzinfo=ZONE), 1)
    found = times.find(Line(tokens("between 1 March and 24 December")), late)
    assert [(_short(one.window.start), _short(one.window.end)) for one in found] == [("03-01", "12-25")]


def test_may_is_no_month_where_somebody_may() -> None:
    assert read("May I ask how long it is until 3 June") == ["03-11 10:20 to 06-04"]
