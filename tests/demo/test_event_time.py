"""What the times of an event mean."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.demo.event_time import millis, moment, original_suffix, reach

ZURICH = "Europe/Zurich"


@pytest.mark.parametrize(
    ("value", "utc"),
    [
        ({"dateTime": "2026-03-25T09:00:00+01:00"}, (25, 8)),
        ({"dateTime": "2026-03-25T09:00:00Z", "timeZone": "America/New_York"}, (25, 9)),
        ({"dateTime": "2026-03-25T09:00:00", "timeZone": "America/New_York"}, (25, 13)),
        ({"dateTime": "2026-03-25T09:00:00"}, (25, 8)),
        ({"date": "2026-03-25"}, (24, 23)),
    ],
)
def test_moments(value: dict[str, Any], utc: tuple[int, int]) -> None:
    assert moment(value, ZURICH) == datetime(2026, 3, *utc, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rules", "ends"),
    [
        ([], datetime(2026, 3, 2, 10, tzinfo=UTC)),
        (["RRULE:FREQ=DAILY;UNTIL=20260310T235959Z"], datetime(2026, 3, 12, 1, tzinfo=UTC)),
        (["RRULE:FREQ=DAILY;UNTIL=20260310"], datetime(2026, 3, 12, 1, tzinfo=UTC)),
        (["RRULE:FREQ=DAILY;UNTIL=20260310", "RDATE:20260501T090000Z"], None),
        (["RRULE:FREQ=DAILY;UNTIL=20260310", "RRULE:FREQ=WEEKLY"], None),
        (["RRULE:FREQ=DAILY"], None),
    ],
)
def test_how_far_a_series_reaches(rules: list[str], ends: datetime | None) -> None:
    """Never less than it does: what lies outside is not looked at again."""
    event = {"start": {"dateTime": "2026-03-02T09:00:00Z"}, "end": {"dateTime": "2026-03-02T10:00:00Z"}}
    starts = millis(datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert reach(event | {"recurrence": rules}, ZURICH) == (starts, millis(ends) if ends else None)


def test_instances_are_named_by_their_original_start() -> None:
    assert (
        original_suffix({"originalStartTime": {"dateTime": "2026-03-30T09:00:00+02:00"}}, ZURICH) == "20260330T070000Z"
    )
    assert original_suffix({"originalStartTime": {"date": "2026-03-30"}}, ZURICH) == "20260330"
    assert original_suffix({}, ZURICH) == ""
