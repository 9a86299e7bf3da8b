"""The date so many days, weeks, months, years or working days from another; on the calendar, without clocks."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from tools.errors import BadArgument

Step = Literal["days", "weeks", "months", "years", "working days"]


@dataclass(frozen=True)
class Shift:
    """The date, and `cut` where a month had no such day (31 January and one month: the last of February)."""

    date: date
    cut: bool = False


def shifted(start: date, amount: int, step: Step) -> Shift:
    """`amount` steps after `start`, before it when negative. Raises BadArgument for a date out of reach.

    Working days are Monday to Friday; `start` itself is not counted.
    """
    try:
        if step in ("months", "years"):
            return _months(start, amount * (12 if step == "years" else 1))
        if step == "working days":
            return Shift(_working(start, amount))
        return Shift(start + timedelta(days=amount * (7 if step == "weeks" else 1)))
    except (OverflowError, ValueError):
        raise BadArgument("That date is out of reach.", "Ask for one between the years 1 and 9999.") from None


def _months(start: date, months: int) -> Shift:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return Shift(date(year, month + 1, min(start.day, last)), start.day > last)


def _working(start: date, amount: int) -> date:
    """Whole weeks at once, the rest day by day."""
    ahead = 1 if amount >= 0 else -1
    weeks, rest = divmod(abs(amount), 5)
    if not rest and weeks:
        weeks, rest = weeks - 1, 5
    day = start + timedelta(weeks=ahead * weeks)
    while rest:
        day += timedelta(days=ahead)
        rest -= day.weekday() < 5
    return day
