"""The time a request is about: what was asked for, or a default that is said; checked before any service is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tools.agenda.hours import DAY, WorkingHours, day_span, midnight, working_days_after
from tools.agenda.spans import Span
from tools.errors import BadArgument

WEEK = timedelta(days=7)
LONGEST = timedelta(days=366)
LONGEST_FOR_SLOTS = timedelta(days=62)
SLOT_DAYS = 5


def agenda_window(start: datetime | None, end: datetime | None, now: datetime, zone: ZoneInfo) -> Span:
    """Today without times; the day of `start` without an end; from now without a start."""
    if start is None and end is None:
        return day_span(now.astimezone(zone).date(), zone)
    begin = _instant(start or now)
    finish = _instant(end) if end else midnight(begin.astimezone(zone).date() + DAY, zone)
    return _checked(Span(begin, finish), LONGEST)


def conflict_window(start: datetime | None, end: datetime | None, now: datetime) -> Span:
    """Seven days from `start`, which is now where none is given."""
    begin = _instant(start or now)
    return _checked(Span(begin, _instant(end) if end else begin + WEEK), LONGEST)


def slot_window(
    start: datetime | None, end: datetime | None, now: datetime, zone: ZoneInfo, hours: WorkingHours
) -> Span:
    """Five working days from `start`, never before now. Raises BadArgument for a time that is over."""
    begin = max(_instant(start or now), _instant(now))
    finish = _instant(end) if end else working_days_after(begin, SLOT_DAYS, hours, zone)
    if finish <= begin and end and _instant(end) <= _instant(now):
        raise BadArgument("That time is over.", "Ask for a time that is still to come.")
    return _checked(Span(begin, finish), LONGEST_FOR_SLOTS)


def _instant(at: datetime) -> datetime:
    if not 1971 <= at.year <= 2400:
        raise BadArgument(f"The year {at.year} is out of reach.", "Ask for a time in this century.")
    return at.astimezone(UTC)


def _checked(window: Span, longest: timedelta) -> Span:
    if window.end <= window.start:
        raise BadArgument("The end is not after the start.", "Give an end that is later than the start.")
    if window.length > longest:
        raise BadArgument(
            f"{window.length.days} days are too long a time.", f"Ask for at most {longest.days} days at once."
        )
    return window
