"""When a new event is: a time on the clock or whole days, once or in a series. Law: a series keeps its wall clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tools.agenda.hours import DAY, midnight
from tools.agenda.recurrence_words import recurrence_words
from tools.agenda.repeating import Repeat, days, first_day, rule, skips
from tools.agenda.spans import Span
from tools.base import ToolContext
from tools.errors import BadArgument

LONGEST = timedelta(days=14)
MOST_DAYS = 366
USUAL = timedelta(minutes=30)
AHEAD = timedelta(days=30)


@dataclass(frozen=True)
class Occasion:
    """`span` is the only one or the first; `spans` are those of the next weeks, it among them.

    `line` is the RRULE line, "" for a single event, `repeats` the same in words, `left_out` what the rule skips.
    """

    span: Span
    spans: tuple[Span, ...]
    zone: ZoneInfo
    all_day: bool = False
    line: str = ""
    repeats: str = ""
    left_out: str = ""

    def resource(self) -> dict[str, Any]:
        """The fields of an event resource that say it (Calendar API, events.insert)."""
        times = day_fields(self.span, self.zone) if self.all_day else clock_fields(self.span, self.zone.key)
        return times | ({"recurrence": [self.line]} if self.line else {})


def occasion(
    context: ToolContext,
    start: datetime,
    end: datetime | None,
    minutes: int | None,
    *,
    all_day: bool = False,
    repeat: Repeat | None = None,
) -> Occasion:
    """Raises BadArgument for times and rules that do not fit together."""
    span = whole_days(start, end, minutes, context.zone) if all_day else on_clock(start, end, minutes)
    if repeat is None:
        return Occasion(span, (span,), context.zone, all_day)
    return _series(context, span, repeat, all_day=all_day)


def _series(context: ToolContext, span: Span, repeat: Repeat, *, all_day: bool) -> Occasion:
    zone, today = context.zone, context.now.astimezone(context.zone).date()
    begun = span.start.astimezone(zone).date()
    first = first_day(repeat, begun)
    horizon = (max(context.now, midnight(first, zone)) + AHEAD).astimezone(zone).date()
    spans = tuple(_moved(span, day - begun, zone, all_day=all_day) for day in days(repeat, first, horizon))
    line = rule(repeat, first, zone, all_day=all_day)
    said = recurrence_words([line], first, today, zone)
    return Occasion(spans[0], spans, zone, all_day, line, said, skips(repeat, first))


def _moved(span: Span, by: timedelta, zone: ZoneInfo, *, all_day: bool) -> Span:
    """The same wall clock some days later."""
    if all_day:
        first, last = (at.astimezone(zone).date() + by for at in span)
        return Span(midnight(first, zone), midnight(last, zone))
    begin = (span.start.astimezone(zone).replace(tzinfo=None) + by).replace(tzinfo=zone).astimezone(UTC)
    return Span(begin, begin + span.length)


def on_clock(start: datetime, end: datetime | None, minutes: int | None) -> Span:
    """From either way of saying the end. Raises BadArgument for both, or an end before the start."""
    if end is not None and minutes is not None and end != start + timedelta(minutes=minutes):
        raise BadArgument("An end and a length were given that do not fit.", "Give one of them.")
    found = end or start + (timedelta(minutes=minutes) if minutes else USUAL)
    if found <= start:
        raise BadArgument("The end is not after the start.", "Give an end that is later than the start.")
    if found - start > LONGEST:
        raise BadArgument("That is longer than two weeks.", "Give a shorter time, or whole days.")
    return Span(start.astimezone(UTC), found.astimezone(UTC))


def whole_days(start: datetime, end: datetime | None, minutes: int | None, zone: ZoneInfo) -> Span:
    """From the day of `start` to the one before the midnight `end`, one day without. Raises BadArgument."""
    finish = end or (start + timedelta(minutes=minutes) if minutes else start)
    first, after = day_of(start, zone), day_of(finish, zone)
    after += DAY * (after == first or not _is_midnight(finish, zone))
    if after <= first:
        raise BadArgument("The last day comes before the first.", "Give a later end.")
    if (after - first).days > MOST_DAYS:
        raise BadArgument("That is longer than a year.", "Give fewer days.")
    return Span(midnight(first, zone), midnight(after, zone))


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The day that is meant: the person's, but of a midnight written in another zone the day as written."""
    written = at.time() == time() and at.astimezone(zone).time() != time()
    return at.date() if written else at.astimezone(zone).date()


def _is_midnight(at: datetime, zone: ZoneInfo) -> bool:
    return time() in (at.time(), at.astimezone(zone).time())


def clock_fields(span: Span, zone: str) -> dict[str, Any]:
    """Start and end on the clock of a zone."""
    return {"start": timed(span.start, zone), "end": timed(span.end, zone)}


def day_fields(span: Span, zone: ZoneInfo) -> dict[str, Any]:
    """Start and end as days, the end exclusive."""
    first, after = (at.astimezone(zone).date().isoformat() for at in span)
    return {"start": {"date": first}, "end": {"date": after}}


def timed(at: datetime, zone: str) -> dict[str, str]:
    """An EventDateTime on the clock of a zone."""
    return {"dateTime": at.astimezone(ZoneInfo(zone)).isoformat(), "timeZone": zone}
