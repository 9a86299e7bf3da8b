"""One expression of time as it was read, and the moment it means."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

END_OF_DAY = time(23, 59)
FRIDAY = 4


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
    week: int | None = None
    month: int | None = None
    month_end: bool = False
    early: bool = False
    part: bool = False
    week_after: bool = False

    @property
    def empty(self) -> bool:
        dated = (self.day, self.clock, self.weekday, self.offset, self.week)
        return all(part is None for part in dated) and not (self.month_end or self.part)

    def moment(self, written: datetime) -> tuple[datetime, bool]:
        """The moment meant at `written`, and whether a clock time was given (else it is the end of that day)."""
        day = self._day(written)
        clock = self.clock or END_OF_DAY
        at = datetime.combine(day or written.date(), clock, tzinfo=self.zone or written.tzinfo)
        if day is None and at <= written:
            at += timedelta(days=1)
        return at.astimezone(written.tzinfo), self.clock is not None

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
            return today + timedelta(days=7 * self.week + FRIDAY - today.weekday())
        return None

    def _weekday(self, today: date) -> date:
        weekday = self.weekday or 0
        if self.week:
            return today + timedelta(days=7 * self.week + weekday - today.weekday())
        ahead = (weekday - today.weekday()) % 7 or 7
        return today + timedelta(days=ahead + (7 if self.next and weekday > today.weekday() else 0))
