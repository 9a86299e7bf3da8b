"""Days between two dates, counted on the calendar: no hours, so no clock changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tools.errors import BadArgument


@dataclass(frozen=True)
class Count:
    """From `start` (not counted) to `end` (counted); negative when `end` comes first."""

    days: int
    working: int

    @property
    def weeks(self) -> tuple[int, int]:
        """Whole weeks, and the days over."""
        return divmod(abs(self.days), 7)


def count(start: date, end: date) -> Count:
    """The days and the days Monday to Friday between two dates."""
    days = (end - start).days
    first, last = min(start, end), max(start, end)
    weeks, rest = divmod((last - first).days, 7)
    over = sum(1 for n in range(1, rest + 1) if (first + timedelta(days=weeks * 7 + n)).weekday() < 5)
    working = weeks * 5 + over
    return Count(days, working if days >= 0 else -working)


def as_date(value: object) -> object:
    """A date from a time with a zone: the day it names there. Anything else is left to the schema."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str) and len(value) > 10:
        try:
            return datetime.fromisoformat(value).date()
        except ValueError:
            raise BadArgument(f"{value[:40]!r} is not a date.", "Write it as 2027-03-03.") from None
    return value
