"""Recurring starts: wall time over changes of the clocks, exceptions, old endless series."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr

from app.demo.recurrence import starts

ZURICH = ZoneInfo("Europe/Zurich")


def series(start: str, *lines: str, zone: str = "Europe/Zurich") -> dict[str, Any]:
    return {"start": {"dateTime": start, "timeZone": zone}, "recurrence": list(lines)}


def some(event: dict[str, Any], after: datetime | None = None, count: int = 5) -> list[str]:
    moment = after or datetime(2026, 1, 1, tzinfo=UTC)
    return [start.isoformat() for start in islice(starts(event, "Europe/Zurich", after=moment), count)]


def test_nine_stays_nine_when_the_clocks_go_forward() -> None:
    found = some(series("2026-03-23T09:00:00", "RRULE:FREQ=WEEKLY;COUNT=2"))
    assert found == ["2026-03-23T09:00:00+01:00", "2026-03-30T09:00:00+02:00"]


def test_and_back() -> None:
    found = some(series("2026-10-24T23:30:00", "RRULE:FREQ=DAILY;COUNT=2"))
    assert found == ["2026-10-24T23:30:00+02:00", "2026-10-25T23:30:00+01:00"]


def test_the_zone_of_the_event_counts_not_that_of_the_calendar() -> None:
    event = series("2026-03-02T09:00:00", "RRULE:FREQ=WEEKLY;COUNT=2", zone="America/New_York")
    assert some(event) == ["2026-03-02T09:00:00-05:00", "2026-03-09T09:00:00-04:00"]


@pytest.mark.parametrize(
    "left_out",
    [
        "EXDATE;TZID=Europe/Zurich:20260303T090000",
        "EXDATE:20260303T080000Z",
        "EXDATE;VALUE=DATE:20260303",
        "EXDATE;TZID=Europe/London:20260303T080000",
        "EXDATE:20260303T090000",
    ],
)
def test_dates_are_left_out_however_they_are_written(left_out: str) -> None:
    found = some(series("2026-03-02T09:00:00", "RRULE:FREQ=DAILY;COUNT=3", left_out))
    assert [start[:10] for start in found] == ["2026-03-02", "2026-03-04"]


@pytest.mark.parametrize("until", ["20260304T080000Z", "20260304", "20260304T090000"])
def test_until_includes_its_moment(until: str) -> None:
    found = some(series("2026-03-02T09:00:00", f"RRULE:FREQ=DAILY;UNTIL={until}"))
    assert [start[8:10] for start in found] == ["02", "03", "04"]


def test_further_dates_are_added() -> None:
    event = series("2026-03-02T09:00:00", "RRULE:FREQ=WEEKLY;COUNT=1", "RDATE;TZID=Europe/Zurich:20260303T140000")
    assert some(event) == ["2026-03-02T09:00:00+01:00", "2026-03-03T14:00:00+01:00"]
    alone = series("2026-03-02T09:00:00", "RDATE:20260305T080000Z")
    assert [start[:10] for start in some(alone)] == ["2026-03-02", "2026-03-05"]


def test_whole_days_recur_as_days() -> None:
    event = {"start": {"date": "2026-03-28"}, "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"]}
    found = starts(event, "Europe/Zurich", after=datetime(2026, 1, 1, tzinfo=UTC))
    assert [start.date() for start in found] == [date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30)]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=WEEKLY;BYDAY=MO,WE,FR",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
        "FREQ=WEEKLY;INTERVAL=5",
        "FREQ=DAILY;BYMONTH=3;BYDAY=SA",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=29",
    ],
)
def test_an_old_series_keeps_its_phase(rule: str) -> None:
    """The series is not counted from its beginning; the result is the same as if it were."""
    wall = datetime(2015, 1, 6, 9, 0)  # noqa: DTZ001 - wall time on purpose
    after = datetime(2026, 3, 20, tzinfo=ZURICH)
    whole = rrulestr(rule, dtstart=wall).xafter(after.replace(tzinfo=None), count=10, inc=True)
    found = some(series("2015-01-06T09:00:00", f"RRULE:{rule}"), after, 10)
    assert found == [start.replace(tzinfo=ZURICH).isoformat() for start in whole]


def test_a_rule_that_never_comes_ends() -> None:
    assert some(series("2026-03-02T09:00:00", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")) == []


def test_a_series_begins_where_it_is_looked_at() -> None:
    after = datetime(2026, 3, 25, 8, 30, tzinfo=UTC)
    event = series("2026-03-02T09:00:00", "RRULE:FREQ=DAILY")
    assert some(event, after, 1) == ["2026-03-26T09:00:00+01:00"]
    assert some(event, after - timedelta(minutes=30), 1) == ["2026-03-25T09:00:00+01:00"]
