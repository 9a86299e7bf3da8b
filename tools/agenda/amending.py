"""Plans of what is done to an event that exists: to move it, cancel it, answer it, restore it.

Law: only its organiser moves, cancels and restores an event; a guest answers it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from tools.agenda.booking import timed
from tools.agenda.changing import change_plan, undone_by
from tools.agenda.event import Answer, Event
from tools.agenda.hours import midnight
from tools.agenda.parse import attendees_of
from tools.agenda.spans import Span
from tools.agenda.surroundings import around, clashes, clocks, guests_busy, invited, mails, when
from tools.agenda.target import Target, target
from tools.agenda.telling import title_of
from tools.base import ToolContext
from tools.errors import BadArgument
from tools.write import Plan, Row

Reply = Literal["accepted", "declined", "tentative"]
SPOKEN: dict[Reply, str] = {"accepted": "yes", "declined": "no", "tentative": "maybe"}
GIVEN_BY_SERVICE = ("self", "organizer", "id")


def plan_move(context: ToolContext, handle: str, start: datetime, end: datetime | None, *, series: bool) -> Plan:
    """Raises BadArgument where the person may not move it, or not so; ToolError where it cannot be read."""
    found = target(context, handle, series=series)
    _check_mine(found, "moved")
    event = found.event
    span = _moved(context, event, start, end)
    if span == found.span:
        raise BadArgument("It is at that time already.", "Give another time.")
    known, guests = around(context, span), found.guests
    words = when(span, context.zone, context.now, event.zone, all_day=event.all_day)
    return change_plan(
        f"Move “{title_of(event)}”",
        found,
        (
            Row(label="title", value=title_of(event)),
            Row(label="when", value=words, before=_when(context, event)),
            *clocks(context, known, guests, span),
            *_common(found),
        ),
        patch=_times(context, found, span),
        done=f"“{title_of(event)}” was moved to {words}",
        notify=bool(guests),
        recipients=invited(guests),
        effects=(
            *mails(guests, "the new time", context.account),
            *(["it lies in the past"] if span.end <= context.now else []),
            *clashes(context, known, span, event),
            *guests_busy(context, guests, span, found.span),
        ),
        undo=undone_by("move_event", start=_local(context, event.start), end=_local(context, event.end)),
    )


def _moved(context: ToolContext, event: Event, start: datetime, end: datetime | None) -> Span:
    """The new time; an all-day event moves by days."""
    begin = start
    if event.all_day:
        begin = midnight(start.astimezone(context.zone).date(), context.zone)
        return Span(begin, begin + (event.end - event.start))
    finish = end or start + (event.end - event.start)
    if finish <= start:
        raise BadArgument("The end is not after the start.", "Give an end that is later than the start.")
    return Span(begin.astimezone(event.start.tzinfo), finish.astimezone(event.start.tzinfo))


def _times(context: ToolContext, found: Target, span: Span) -> dict[str, Any]:
    """Start and end as the event has them: as days, or on its own clock; of a series those of its first one."""
    event = found.event
    if event.all_day and not found.series:
        first = span.start.astimezone(context.zone).date()
        last = span.end.astimezone(context.zone).date()
        return {"start": {"date": first.isoformat()}, "end": {"date": last.isoformat()}}
    zone = event.zone or context.zone.key
    if not found.series:
        return {"start": timed(span.start, zone), "end": timed(span.end, zone)}
    return _times_of_series(found, span, ZoneInfo(zone))


def _times_of_series(found: Target, span: Span, zone: ZoneInfo) -> dict[str, Any]:
    old, new = (at.astimezone(zone).replace(tzinfo=None) for at in (found.event.start, span.start))
    if found.event.all_day or old.date() != new.date():
        raise BadArgument(
            "A whole series can only be moved to another time of the same day.",
            "Move one of it, or change on which days it repeats in the calendar itself.",
        )
    first = datetime.fromisoformat(str(found.raw["start"]["dateTime"])).astimezone(zone).replace(tzinfo=None)
    begin = (first + (new - old)).replace(tzinfo=zone)
    length: timedelta = span.end - span.start
    return {"start": timed(begin, zone.key), "end": timed(begin + length, zone.key)}


def plan_cancel(context: ToolContext, handle: str, *, series: bool) -> Plan:
    """Raises BadArgument for an event of somebody else, which is declined instead; ToolError."""
    found = target(context, handle, series=series)
    _check_mine(found, "cancelled")
    event, guests = found.event, found.guests
    return change_plan(
        f"Cancel “{title_of(event)}”",
        found,
        (
            Row(label="title", value=title_of(event)),
            Row(label="when", value=_when(context, event)),
            *_common(found),
        ),
        patch={},
        done=f"“{title_of(event)}” on {_when(context, event)} was cancelled{_of(found)}",
        notify=bool(guests),
        recipients=invited(guests),
        effects=tuple(mails(guests, "a cancellation", context.account)),
        undo=undone_by("restore_event"),
    )


def plan_answer(context: ToolContext, handle: str, answer: Reply, note: str, *, series: bool) -> Plan:
    """Raises BadArgument where nobody asked the person, or the answer is the same; ToolError."""
    found = target(context, handle, series=series)
    own = next((one for one in attendees_of(found.raw) if one.me), None)
    if own is None:
        raise BadArgument("You are not among those invited to that event.", "There is nothing to answer.")
    if own.answer == answer and not note:
        raise BadArgument(f"You have said {SPOKEN[answer]} to it already.", "Give another answer, or a note.")
    event, organiser = found.event, found.event.organiser
    told = not found.mine and bool(organiser.address)
    clash = clashes(context, around(context, found.span), found.span, event) if answer != "declined" else []
    former = own.answer if own.answer in SPOKEN and own.answer != answer else ""
    said = f"“{title_of(event)}” on {_when(context, event)}"
    return change_plan(
        f"Answer “{title_of(event)}”: {SPOKEN[answer]}",
        found,
        (
            Row(label="title", value=title_of(event)),
            Row(label="when", value=_when(context, event)),
            Row(label="answer", value=SPOKEN[answer], before=_before(own.answer)),
            *([Row(label="note", value=note)] if note else []),
            *_common(found),
        ),
        patch={"attendees": _answered(found, answer, note)},
        done=f"You said {SPOKEN[answer]} to {said}{_of(found)}",
        notify=told,
        recipients=invited([organiser] if told else []),
        effects=(*([f"{organiser.shown} gets your answer by mail"] if told else []), *clash),
        undo=undone_by("answer_invitation", answer=former) if former else None,
    )


def _answered(found: Target, answer: Reply, note: str) -> list[dict[str, Any]]:
    """Everybody as they stand, with my own answer; the service takes the list whole."""
    mine = {"responseStatus": answer} | ({"comment": note} if note else {})
    return [
        {name: value for name, value in one.items() if name not in GIVEN_BY_SERVICE} | (mine if one.get("self") else {})
        for one in found.raw.get("attendees") or ()
    ]


def plan_restore(context: ToolContext, handle: str) -> Plan:
    """Raises BadArgument for what is not cancelled or not the person's; ToolError."""
    found = target(context, handle, gone=True)
    _check_mine(found, "restored")
    event, guests = found.event, found.guests
    known = around(context, found.span)
    return change_plan(
        f"Restore “{title_of(event)}”",
        found,
        (
            Row(label="title", value=title_of(event)),
            Row(label="when", value=_when(context, event)),
            *_common(found),
        ),
        patch={"status": "confirmed"},
        done=f"“{title_of(event)}” on {_when(context, event)} stands in the calendar again{_of(found)}",
        notify=bool(guests),
        recipients=invited(guests),
        effects=(*mails(guests, "an invitation again", context.account), *clashes(context, known, found.span, event)),
        undo=undone_by("cancel_event"),
    )


def _check_mine(found: Target, done: str) -> None:
    if not found.mine:
        raise BadArgument(
            f"{found.event.organiser.shown} organises that event; only they can have it {done}.",
            "Answer it with declined or tentative and a note instead.",
        )


def _when(context: ToolContext, event: Event) -> str:
    span = Span(event.start, event.end)
    return when(span, context.zone, context.now, event.zone, all_day=event.all_day)


def _common(found: Target) -> list[Row]:
    rows = [Row(label="of a series", value=found.extent)] if found.extent else []
    return [*rows, Row(label="calendar", value=f"{found.calendar.name} ({found.calendar.id})")]


def _of(found: Target) -> str:
    return f" ({found.extent})" if found.extent else ""


def _before(answer: Answer) -> str:
    """What was said until now."""
    return "none yet" if answer == "own" or answer == "unanswered" else SPOKEN[answer]


def _local(context: ToolContext, at: datetime) -> str:
    return at.astimezone(context.zone).isoformat()
