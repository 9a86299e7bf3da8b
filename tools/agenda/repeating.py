"""How a new event repeats: what a person may ask for, as an RRULE line (RFC 5545) and as the days it makes.

Law: the first day is one of the rule's own, for the service counts it whether it fits the rule or not.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from tools.agenda.hours import DAY
from tools.errors import BadArgument

Weekday = Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
CODES: tuple[Weekday, ...] = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCY = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}


class Repeat(BaseModel):
    """How an event repeats; without `until` and `times` it never ends."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    every: Literal["day", "week", "month", "year"]
    on: Annotated[tuple[Weekday, ...], Field(description="Days of the week; monthly, the one that start is.")] = ()
    interval: Annotated[int, Field(ge=1, description="2: every other.")] = 1
    until: Annotated[date | None, Field(description="The last day.")] = None
    times: Annotated[int | None, Field(ge=2, le=730)] = None


def first_day(repeat: Repeat, start: date) -> date:
    """The first day from `start` on that the rule has. Raises BadArgument for a rule that cannot be."""
    if repeat.until and repeat.times:
        raise BadArgument("A last day and a number of times were both given.", "Give one of them.")
    if repeat.on and repeat.every not in ("week", "month"):
        raise BadArgument("Days of the week go with every week or every month.", "Say every week, or leave them out.")
    if repeat.every == "month" and len(repeat.on) > 1:
        raise BadArgument("Of a month only one weekday can be taken.", "Make one series for each.")
    first = next(
        day for day in (start + DAY * n for n in range(7)) if not repeat.on or CODES[day.weekday()] in repeat.on
    )
    if repeat.until and repeat.until < first:
        raise BadArgument("The last day comes before the first.", "Give a later last day.")
    return first


def rule(repeat: Repeat, first: date, zone: ZoneInfo, *, all_day: bool) -> str:
    """The RRULE line of a series that begins on `first`; its end is told in UTC, of whole days as a day."""
    parts = [f"FREQ={FREQUENCY[repeat.every]}"]
    parts += [f"INTERVAL={repeat.interval}"] if repeat.interval > 1 else []
    if repeat.every == "week":
        parts.append(f"BYDAY={','.join(code for code in CODES if code in _weekdays(repeat, first))}")
    if repeat.every == "month":
        parts.append(f"BYDAY={_place(first)}{repeat.on[0]}" if repeat.on else f"BYMONTHDAY={first.day}")
    if repeat.until:
        last = datetime.combine(repeat.until, time(23, 59, 59), zone).astimezone(UTC)
        parts.append(f"UNTIL={repeat.until:%Y%m%d}" if all_day else f"UNTIL={last:%Y%m%dT%H%M%SZ}")
    parts += [f"COUNT={repeat.times}"] if repeat.times else []
    return f"RRULE:{';'.join(parts)}"


def days(repeat: Repeat, first: date, end: date) -> list[date]:
    """The days of the series before `end`, in order."""
    from dateutil.rrule import rrulestr

    line = rule(repeat.model_copy(update={"until": None}), first, ZoneInfo("UTC"), all_day=True)
    last = min(end - DAY, repeat.until or end)
    found = rrulestr(line, dtstart=datetime.combine(first, time()))
    return [
        at.date() for at in found.between(datetime.combine(first, time()), datetime.combine(last, time()), inc=True)
    ]


def skips(repeat: Repeat, first: date) -> str:
    """What a rule leaves out that one might expect of it, in words; "" for nothing."""
    if repeat.every == "month" and not repeat.on and first.day > 28:
        return f"months without a day {first.day} are left out"
    if repeat.every == "year" and (first.month, first.day) == (2, 29):
        return "years without a 29 February are left out"
    return ""


def _weekdays(repeat: Repeat, first: date) -> tuple[str, ...]:
    return repeat.on or (CODES[first.weekday()],)


def _place(day: date) -> int:
    """Which Monday of its month a Monday is: 1 to 4, or -1 for a fifth, which not every month has."""
    place = (day.day + 6) // 7
    return place if place < 5 else -1
