"""Plans to move an event that exists, and what all plans of a change say of it.

Law: only its organiser moves, cancels and restores an event; a guest answers it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from tools.agenda.changing import change_plan, undone_by
from tools.agenda.event import Event
from tools.agenda.hours import midnight
from tools.agenda.occasion import USUAL, clock_fields, day_fields, day_of, on_clock, whole_days
from tools.agenda.parse import instant_of
from tools.agenda.singly import changed_singly
from tools.agenda.spans import Span
from tools.agenda.surroundings import around, clashes, clocks, guests_busy, invited, mails, when
from tools.agenda.target import Target, Which, same_event, target
from tools.agenda.telling import title_of
from tools.agenda.words import day_words
from tools.base import ToolContext
from tools.errors import BadArgument
from tools.write import Plan, Row, Undo


@dataclass(frozen=True)
class Elsewhen:
    """The new time as it was said; `all_day` None leaves it as it is."""

    start: datetime
    end: datetime | None = None
    all_day: bool | None = None


def plan_move(context: ToolContext, handle: str, new: Elsewhen, *, which: Which) -> Plan:
    """Raises BadArgument where the person may not move it, or not so; ToolError where it cannot be read."""
    found = target(context, handle, which=which)
    check_mine(found, "moved")
    if found.which == "following":
        raise BadArgument(
            "This one and all that follow cannot be moved in one step that is surely done once.",
            "Move one, or all of them; or cancel this one and all that follow, and create a new series.",
        )
    new = _same_day(context, found, new) if found.series else new
    event, all_day = found.event, found.event.all_day if new.all_day is None else new.all_day
    span = _moved(context, event, new, all_day=all_day)
    if span == found.span and all_day == event.all_day:
        raise BadArgument("It is at that time already.", "Give another time.")
    known, guests = around(context, span), found.guests
    words = when(span, context.zone, context.now, event.zone, all_day=all_day)
    return change_plan(
        f"Move “{title_of(event)}”",
        found,
        (
            Row(label="title", value=title_of(event)),
            Row(label="when", value=words, before=stands(context, event)),
            *(clocks(context, known, guests, span) if not all_day else []),
            *extent_rows(found),
        ),
        patch=_times(context, found, span, new, all_day=all_day),
        done=f"“{title_of(event)}” was moved to {words}{found.extent_briefly}",
        notify=bool(guests),
        recipients=invited(guests),
        effects=(
            *mails(guests, "the new time", context.account),
            *(["it lies in the past"] if span.end <= context.now else []),
            *(["it stays a matter of whole days"] if all_day and event.all_day and not _midnight(context, new) else []),
            *past_ones(context, found, "are moved too"),
            *_kept(context, found),
            *clashes(context, known, [span], same_event(found)),
            *guests_busy(context, guests, [span], found.span),
        ),
        undo=_back(context, found, all_day=all_day),
    )


def _same_day(context: ToolContext, found: Target, new: Elsewhen) -> Elsewhen:
    """A time of today, as one without a day is, means that time on the days of the series."""
    start, today = new.start.astimezone(context.zone), context.now.astimezone(context.zone).date()
    there = found.event.original.astimezone(context.zone).date()
    if start.date() != today or new.end:
        return new
    return replace(new, start=datetime.combine(there, start.time(), context.zone))


def _midnight(context: ToolContext, new: Elsewhen) -> bool:
    return time() in (new.start.time(), new.start.astimezone(context.zone).time())


def _moved(context: ToolContext, event: Event, new: Elsewhen, *, all_day: bool) -> Span:
    """The new time; of the same length where no end was said."""
    if all_day and event.all_day and new.end is None:
        first, after = (at.astimezone(context.zone).date() for at in (event.start, event.end))
        begin = day_of(new.start, context.zone)
        return Span(midnight(begin, context.zone), midnight(begin + (after - first), context.zone))
    if all_day:
        return whole_days(new.start, new.end, None, context.zone)
    length = USUAL if event.all_day else event.end - event.start
    return on_clock(new.start, new.end or new.start + length, None)


def _times(context: ToolContext, found: Target, span: Span, new: Elsewhen, *, all_day: bool) -> dict[str, Any]:
    """Start and end as days, or on the event's own clock; of a series those of its first one."""
    zone = found.event.zone or context.zone.key
    if found.series:
        return _times_of_series(context, found, new, ZoneInfo(zone), span)
    fields = day_fields(span, context.zone) if all_day else clock_fields(span, zone)
    if all_day == found.event.all_day:
        return fields
    other: dict[str, None] = {"dateTime": None, "timeZone": None} if all_day else {"date": None}
    return {name: {**value, **other} for name, value in fields.items()}


def _times_of_series(context: ToolContext, found: Target, new: Elsewhen, zone: ZoneInfo, span: Span) -> dict[str, Any]:
    old, later = (at.astimezone(zone).replace(tzinfo=None) for at in (found.event.original, span.start))
    if found.event.all_day or new.all_day or old.date() != later.date():
        raise BadArgument(
            "A whole series can only be moved to another time of the same day.",
            "Move one of it, or change on which days it repeats in the calendar itself.",
        )
    first, last = (instant_of(found.raw[name], context.zone)[0] for name in ("start", "end"))
    begin = (first.astimezone(zone).replace(tzinfo=None) + (later - old)).replace(tzinfo=zone).astimezone(UTC)
    length = span.length if new.end else last - first
    return clock_fields(Span(begin, begin + length), zone.key)


def _back(context: ToolContext, found: Target, *, all_day: bool) -> Undo:
    """The call that moves it back; of a series, by its first one, for that is what its handle names."""
    start, end = found.event.start, found.event.end
    if found.series:
        start, end = (instant_of(found.raw[name], context.zone)[0] for name in ("start", "end"))
    more = {"all_day": found.event.all_day} if all_day != found.event.all_day else {}
    return undone_by("move_event", start=_local(context, start), end=_local(context, end), **more)


def _kept(context: ToolContext, found: Target) -> list[str]:
    """Those of a series that do not move along."""
    singly = changed_singly(context, found) if found.series else ""
    return [f"those that were changed singly stay as they are: {singly}"] if singly else []


def check_mine(found: Target, done: str) -> None:
    if not found.mine:
        raise BadArgument(
            f"{found.event.organiser.shown} organises that event; only they can have it {done}.",
            "Answer it with declined or tentative and a note instead.",
        )


def stands(context: ToolContext, event: Event) -> str:
    span = Span(event.start, event.end)
    return when(span, context.zone, context.now, event.zone, all_day=event.all_day)


def extent_rows(found: Target) -> list[Row]:
    rows = [Row(label="of a series", value=found.extent)] if found.extent else []
    return [*rows, Row(label="calendar", value=f"{found.calendar.name} ({found.calendar.id})")]


def past_ones(context: ToolContext, found: Target, verb: str) -> list[str]:
    """Those of a whole series that have been, and what becomes of them."""
    if found.which != "all":
        return []
    first, _ = instant_of(found.raw["start"], context.zone)
    if first >= context.now:
        return []
    today = context.now.astimezone(context.zone).date()
    return [f"the past ones, since {day_words(first.astimezone(context.zone).date(), today)}, {verb}"]


def _local(context: ToolContext, at: datetime) -> str:
    return at.astimezone(context.zone).isoformat()
