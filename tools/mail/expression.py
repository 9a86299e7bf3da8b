"""One expression of time as it was read, and the moment it means."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from tools.mail.dayparts import Daypart

END_OF_DAY, NOON = time(23, 59), time(12)
MONDAY, WEDNESDAY, FRIDAY = 0, 2, 4


@dataclass
class Expression:
    """What was read. `end` is the place in the text after it."""

    end: int
    day: date | None = None
    clock: time | None = None
    zone: tzinfo | None = None
    weekday: int | None = None
    offset: int | None = None
    next: bool = False
    coming: bool = False
    closing: bool = False
    inside: int | None = None
    """The weekday that "early" or "mid" makes of a week."""
    week: int | None = None
    month: int | None = None
    month_end: bool = False
    part: bool = False
    daypart: Daypart = ""
    week_after: bool = False

    @property
    def early(self) -> bool:
        """Whether an hour such as "at four" is one of a morning."""
        return self.daypart == "morning"

    @property
    def empty(self) -> bool:
        dated = (self.day, self.clock, self.weekday, self.offset, self.week)
        return all(part is None for part in dated) and not (self.month_end or self.part)

    def place(self, kind: str, period: str) -> None:
        """Take up where in a period it is: its "start", "middle" or "end", or when a week or month is "out"."""
        if kind in ("end", "out"):
            self.closing, self.week = True, 0 if period == "week" else self.week
            self.month_end = self.month_end or period == "month"
        else:
            self.inside = MONDAY if kind == "start" else WEDNESDAY

    def moment(self, written: datetime) -> tuple[datetime, bool]:
        """The moment meant at `written`, and whether a clock time was given (else it is the end of that day)."""
        day = self._day(written)
        clock = self.clock or END_OF_DAY
        at = datetime.combine(day or written.date(), clock, tzinfo=self.zone or written.tzinfo)
        if day is None and at <= written:
            at += timedelta(days=1)
        return at.astimezone(written.tzinfo), self.clock is not None

    def limit(self, written: datetime) -> tuple[datetime, bool, bool]:
        """The last moment "before" it, whether it is a clock time, and whether it is where the day begins.

        Before a day is before it begins, and so is before its morning; before its evening, or its end, is on that day.
        """
        at, has_time = self.moment(written)
        if self.daypart == "morning" and self.clock in (None, NOON):
            return datetime.combine(at.date(), time(), at.tzinfo), False, True
        if has_time or self.closing or self.daypart in ("evening", "end"):
            return at, has_time, False
        if self.daypart == "afternoon":
            return datetime.combine(at.date(), NOON, at.tzinfo), True, False
        return datetime.combine(at.date(), time(), at.tzinfo), False, True

    def _day(self, written: datetime) -> date | None:
        today = written.date()
        if self.day is not None:
            return self.day
        if self.weekday is not None and not self.offset:
            return self._weekday(today) + timedelta(days=7 if self.week_after else 0)
        if self.offset is not None:
            return today + timedelta(days=self.offset)
        if self.month_end:
            return today.replace(day=monthrange(today.year, today.month)[1])
        if self.week is not None:
            weekday = FRIDAY if self.inside is None else self.inside
            return today + timedelta(days=7 * self.week + weekday - today.weekday())
        return None

    def _weekday(self, today: date) -> date:
        weekday = self.weekday or 0
        if self.week:
            return today + timedelta(days=7 * self.week + weekday - today.weekday())
        ahead = (weekday - today.weekday()) % 7 or 7
        return today + timedelta(days=ahead + (7 if self.next and weekday > today.weekday() else 0))
