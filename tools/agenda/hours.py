"""Working hours as wall-clock rules of a zone, and the stretches of real time they make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from tools.agenda.spans import Span

DAY = timedelta(days=1)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """`[start, end)` in minutes from midnight, on the wall clock of one weekday (0 = Monday)."""

    weekday: int
    start: int
    end: int

    @property
    def words(self) -> str:
        return f"{_clock(self.start)}–{_clock(self.end)}"


OFFICE = tuple(Period(weekday, 9 * 60, 17 * 60 + 30) for weekday in range(5))


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When a person works; `told` by the service, or else assumed. `core` and `lunch` are minutes from midnight."""

    periods: tuple[Period, ...] = OFFICE
    told: bool = False
    core: tuple[int, int] = (10 * 60, 16 * 60)
    lunch: tuple[int, int] = (12 * 60, 13 * 60)

    def on(self, day: date) -> list[Period]:
        """The working periods of a day, in order."""
        return [one for one in self.periods if one.weekday == day.weekday()]

    def spans(self, zone: ZoneInfo, window: Span) -> list[Span]:
        """The working time inside `window`, in order."""
        return [
            span
            for day in days_of(window, zone)
            for period in self.on(day)
            if (span := _stretch(day, period.start, period.end, zone).within(window)).length > timedelta()
        ]

    def core_spans(self, zone: ZoneInfo, window: Span) -> list[Span]:
        return [_stretch(day, *self.core, zone) for day in days_of(window, zone) if self.on(day)]

    def lunch_spans(self, zone: ZoneInfo, window: Span) -> list[Span]:
        return [_stretch(day, *self.lunch, zone) for day in days_of(window, zone)]

    def widened(self, hours: int) -> WorkingHours:
        """The same working days, begun earlier and ended later by `hours`, within the day."""
        periods = []
        for _, group in groupby(sorted(self.periods), key=lambda one: one.weekday):
            day = list(group)
            first = replace(day[0], start=max(0, day[0].start - hours * 60), end=day[-1].end)
            periods.append(replace(first, end=min(24 * 60, first.end + hours * 60)))
        return replace(self, periods=tuple(periods))

    @property
    def words(self) -> str:
        """The week in words: "Mon–Fri 09:00–17:30"; days alike are named together."""
        days = [(day, ", ".join(one.words for one in self.periods if one.weekday == day)) for day in range(7)]
        runs = [(shown, [day for day, _ in group]) for shown, group in groupby(days, key=lambda pair: pair[1])]
        return "; ".join(f"{_days_words(run)} {shown}" for shown, run in runs if shown)


DEFAULT_HOURS = WorkingHours()


def wall(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of a wall-clock time; one that a clock change skips is moved on by the change."""
    return (datetime.combine(day, time()) + timedelta(minutes=minutes)).replace(tzinfo=zone).astimezone(UTC)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which `day` begins in `zone`."""
    return wall(day, 0, zone)


def days_of(window: Span, zone: ZoneInfo) -> Iterator[date]:
    """The calendar days of `zone` that `[start, end)` touches."""
    day = window.start.astimezone(zone).date()
    while midnight(day, zone) < window.end:
        yield day
        day += DAY


def day_span(day: date, zone: ZoneInfo) -> Span:
    """One whole day of `zone`: 23, 24 or 25 hours."""
    return Span(midnight(day, zone), midnight(day + DAY, zone))


def working_days_after(start: datetime, count: int, hours: WorkingHours, zone: ZoneInfo) -> datetime:
    """The end (UTC) of the `count`-th working day from `start` on; a day whose working time is over is not counted.

    Whoever has no working day at all gets calendar days.
    """
    day, left = start.astimezone(zone).date(), count
    while left:
        ends = [wall(day, one.end, zone) for one in hours.on(day)] or ([] if hours.periods else [start + DAY])
        left -= bool(ends and ends[-1] > start)
        day += DAY
    return midnight(day, zone)


def _stretch(day: date, start: int, end: int, zone: ZoneInfo) -> Span:
    return Span(wall(day, start, zone), wall(day, end, zone))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _days_words(run: list[int]) -> str:
    return WEEKDAYS[run[0]] if len(run) == 1 else f"{WEEKDAYS[run[0]]}–{WEEKDAYS[run[-1]]}"
