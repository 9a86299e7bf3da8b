"""Stretches of time in the person's zone, and the arithmetic of days, weeks and months on them.

Law: every time carries the zone of the moment it is reckoned from; `end` is exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

Lean = Literal[-1, 1]
Grain = Literal["clock", "part", "day", "span", "open"]
UnitName = Literal["minute", "hour", "day", "week", "weekend", "month", "quarter", "year"]


@dataclass(frozen=True)
class Moment:
    """From when a text is read: `lean` is 1 where the coming Friday is meant, -1 where the past one is.

    `anchor` is the day that was spoken of last ("the day after"); with `there`, a time without a day is of that day.
    `week` is a day of the week that a weekday is of, where one was spoken of.
    """

    now: datetime
    lean: Lean
    anchor: datetime | None = None
    there: bool = False
    week: datetime | None = None

    @property
    def day(self) -> datetime:
        """The day of a time that names none."""
        return midnight(self.anchor) if self.there and self.anchor else self.today

    @property
    def today(self) -> datetime:
        return midnight(self.now)


@dataclass(frozen=True)
class Window:
    """From `start` to `end` (exclusive), None where it is open; `grain` says what was named."""

    start: datetime | None
    end: datetime | None
    grain: Grain = "span"

    @property
    def one_day(self) -> bool:
        return self.start is not None and self.end == self.start + timedelta(days=1)

    def moved(self, days: int) -> Window:
        gap = timedelta(days=days)
        return replace(self, start=self.start and self.start + gap, end=self.end and self.end + gap)


@dataclass(frozen=True)
class Hours:
    """A stretch within a day, in minutes since midnight; None is the day's own edge."""

    start: int | None
    end: int | None
    grain: Grain = "clock"


def midnight(at: datetime) -> datetime:
    return datetime.combine(at.date(), time(), at.tzinfo)


def on(day: date, moment: Moment) -> datetime:
    return datetime.combine(day, time(), moment.now.tzinfo)


def days(first: datetime, count: int = 1) -> Window:
    return Window(first, first + timedelta(days=count), "day" if count == 1 else "span")


def weekday(number: int, moment: Moment) -> Window:
    """The nearest such weekday strictly before or after today, as the moment leans (Monday is 0)."""
    gap = (number - moment.today.weekday()) % 7
    gap = (gap or 7) if moment.lean > 0 else (gap - 7)
    return days(moment.today + timedelta(days=gap))


def unit(name: UnitName, offset: int, moment: Moment) -> Window:
    """This, next (1) or last (-1) calendar day, week, weekend, month, quarter or year."""
    today = moment.today
    if name == "day":
        return days(today + timedelta(days=offset))
    if name in ("week", "weekend"):
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=offset)
        return days(monday, 7) if name == "week" else days(monday + timedelta(days=5), 2)
    size = {"month": 1, "quarter": 3, "year": 12}[name]
    index = today.year * 12 + today.month - 1
    first = (index // size + offset) * size
    return Window(_month(first, moment), _month(first + size, moment))


def month(number: int, year: int | None, moment: Moment) -> Window:
    """A month by number (1 to 12); without a year the current one, else the nearest as the moment leans."""
    if year is None:
        year = moment.today.year
        gap = number - moment.today.month
        year += 1 if gap < 0 < moment.lean else -1 if gap > 0 > moment.lean else 0
    first = year * 12 + number - 1
    return Window(_month(first, moment), _month(first + 1, moment))


def _month(index: int, moment: Moment) -> datetime:
    return datetime(index // 12, index % 12 + 1, 1, tzinfo=moment.now.tzinfo)


def span(name: UnitName, count: float, lean: Lean, moment: Moment) -> Window:
    """The next or the last `count` units: hours to the minute, days and longer by whole days at the far end."""
    if name in ("minute", "hour"):
        gap = timedelta(minutes=count * (60 if name == "hour" else 1))
        there = _elapsed(moment.now, gap * lean)
        return Window(moment.now, there) if lean > 0 else Window(there, moment.now)
    far = midnight(shifted(name, count * lean, moment))
    return Window(moment.now, far + timedelta(days=1)) if lean > 0 else Window(far, moment.now)


def shifted(name: UnitName, count: float, moment: Moment) -> datetime:
    """The time `count` units from now; months keep the day where it exists."""
    if name in ("minute", "hour"):
        return _elapsed(moment.now, timedelta(minutes=count * (60 if name == "hour" else 1)))
    if name in ("day", "week", "weekend"):
        return moment.now + timedelta(days=count * (1 if name == "day" else 7))
    size = {"month": 1, "quarter": 3, "year": 12}[name]
    first = _month(moment.now.year * 12 + moment.now.month - 1 + int(count * size), moment)
    last = _month(first.year * 12 + first.month, moment) - timedelta(days=1)
    return moment.now.replace(year=first.year, month=first.month, day=min(moment.now.day, last.day))


def _elapsed(at: datetime, gap: timedelta) -> datetime:
    """Elapsed time, across a change of the clocks too."""
    return (at.astimezone(UTC) + gap).astimezone(at.tzinfo)


def within(day: Window, hours: Hours) -> Window:
    """Those hours of that day."""
    if day.start is None or day.end is None:
        return day
    start = day.start if hours.start is None else at_minute(day.start, hours.start)
    end = day.end if hours.end is None else at_minute(day.start, hours.end)
    return Window(start, end, hours.grain)


def at_minute(day: datetime, minute: int) -> datetime:
    """Wall-clock time on that day."""
    extra, minute = divmod(minute, 24 * 60)
    first = midnight(day) + timedelta(days=extra)
    return first.replace(hour=minute // 60, minute=minute % 60)
