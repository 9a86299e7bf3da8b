"""The findings of arithmetic: one sentence each, made from what was understood and what came out."""

from __future__ import annotations

from datetime import date

from tools.base import Finding, Name
from tools.reckoning.days import Count
from tools.reckoning.expression import Calculation
from tools.reckoning.shift import Shift, Step
from tools.reckoning.units import Conversion

ONE_LESS = frozenset({"years", "cups", "decades", "quarters", "months", "oil barrels"})  # lose their "s" after 1
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


class CalculationFinding(Finding):
    """A calculation as it was read, and its result; "≈" where the result is rounded."""

    calculation: Calculation

    def lead(self, name: Name) -> str:
        one = self.calculation
        return f"{one.reading} {_sign(one.exact)} {one.result}"


class ConversionFinding(Finding):
    """A measure in another unit."""

    conversion: Conversion

    def lead(self, name: Name) -> str:
        one = self.conversion
        said = f"{_measure(one.value, one.unit)} {_sign(one.exact)} {_measure(one.result, one.to)}"
        return f"{said} ({one.note.rstrip('.')})" if one.note else said


class CountFinding(Finding):
    """Days from `start` to `end`; `today` is the person's."""

    start: date
    end: date
    today: date
    count: Count

    def lead(self, name: Name) -> str:
        end, start = _day(self.end), _day(self.start)
        if not self.count.days:
            return f"{end} is today." if self.start == self.today else f"{start} and {end} are the same day."
        if self.start == self.today:
            past = self.count.days < 0
            return f"{end} was {self._length()} ago." if past else f"{self._length()} until {end}, counted from today."
        first, last = (start, end) if self.count.days > 0 else (end, start)
        return f"{self._length()} from {first} to {last}."

    def _length(self) -> str:
        days, working = abs(self.count.days), abs(self.count.working)
        weeks, rest = self.count.weeks
        over = f" and {_many(rest, 'day')}" if rest else ""
        in_weeks = f"{_many(weeks, 'week')}{over}, " if weeks else ""
        return f"{_many(days, 'day')} ({in_weeks}{_many(working, 'day')} Monday to Friday)"


class DateFinding(Finding):
    """The date that lies `amount` steps from `start`; `today` is the person's."""

    start: date
    today: date
    amount: int
    step: Step
    shift: Shift

    def lead(self, name: Name) -> str:
        if not self.amount:
            days = (self.start - self.today).days
            away = f", {_many(abs(days), 'day')} {'from today' if days > 0 else 'ago'}" if days else ""
            return f"{'That' if days else 'Today'} is {_day(self.start)}{away}."
        start = "today" if self.start == self.today else _day(self.start)
        steps = _many(abs(self.amount), self.step.removesuffix("s"))
        side = "before" if self.amount < 0 else "after"
        cut = " That month is shorter, so it is its last day." if self.shift.cut else ""
        weekends = " Holidays are counted as working days." if self.step == "working days" else ""
        return f"{steps} {side} {start} is {_day(self.shift.date)}.{cut}{weekends}"


def _measure(value: str, unit: str) -> str:
    return f"{value} {unit[:-1] if value == '1' and unit in ONE_LESS else unit}"


def _sign(exact: bool) -> str:
    return "=" if exact else "≈"


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
