"""On which clock and in which hours somebody works, as far as the service tells; what is assumed is marked as such."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

from tools import clients
from tools.agenda.hours import DEFAULT_HOURS, Period, WorkingHours
from tools.agenda.reading import SERVICE, Reading, read
from tools.agenda.spans import Span
from tools.agenda.words import zone_named
from tools.base import ToolContext
from tools.errors import AccessRefused, BadArgument, NotFound, ToolError
from tools.together import beside, each

Basis = Literal["calendar", "events", "assumed"]
FIELDS = "timeZone,workingHours"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FULL_DAY = 24 * 60


@dataclass(frozen=True)
class Whereabouts:
    """A person's zone and what says so (their calendar, the events they make, nothing), and their working hours."""

    zone: ZoneInfo
    basis: Basis
    hours: WorkingHours = DEFAULT_HOURS


def read_with_hours(context: ToolContext, window: Span) -> tuple[Reading, WorkingHours]:
    """The events of `window` and, at the same time, my working hours. Raises what `read` raises."""
    return beside(lambda: read(context, window), lambda: my_hours(context))


def whereabouts(context: ToolContext, addresses: Sequence[str], reading: Reading) -> dict[str, Whereabouts]:
    """Zone and hours of every address, from the person's own calendar where that is shown to me."""
    told = dict(zip(addresses, each(addresses, lambda one: _shown(context, one)), strict=True))
    made = organisers_zones(reading.zones)
    found = {}
    for address, raw in told.items():
        shown = raw if isinstance(raw, dict) else {}
        zone, basis = _zone(str(shown.get("timeZone", "")), made.get(address, ""), context.zone)
        found[address] = Whereabouts(zone, basis, _hours(shown))
    return found


def organisers_zones(zones: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Address -> the zone in which that person makes most events; a tie says nothing."""
    counted: dict[str, Counter[str]] = {}
    for address, zone in zones:
        counted.setdefault(address, Counter())[zone] += 1
    found = {}
    for address, counter in counted.items():
        top = counter.most_common(2)
        if len(top) == 1 or top[0][1] > top[1][1]:
            found[address] = top[0][0]
    return found


def hours_of(raw: Mapping[str, Any]) -> WorkingHours | None:
    """The workingHours of a calendar resource; None where they are off or not readable."""
    try:
        periods = tuple(
            sorted(
                Period(WEEKDAYS.index(one["dayOfWeek"]), int(one["periodStart"]), int(one["periodEnd"]))
                for one in raw.get("availableTimes") or ()
            )
        )
    except (KeyError, TypeError, ValueError):
        return None
    sound = all(0 <= one.start < one.end <= FULL_DAY for one in periods)
    return WorkingHours(periods, told=True) if raw.get("workingHoursEnabled") and periods and sound else None


def _zone(shown: str, made: str, mine: ZoneInfo) -> tuple[ZoneInfo, Basis]:
    if zone := zone_named(shown):
        return zone, "calendar"
    if zone := zone_named(made):
        return zone, "events"
    return mine, "assumed"


def _hours(raw: Mapping[str, Any]) -> WorkingHours:
    told = raw.get("workingHours")
    return (hours_of(told) if isinstance(told, dict) else None) or DEFAULT_HOURS


def my_hours(context: ToolContext) -> WorkingHours:
    """Those set in my main calendar; where they are not told, the usual ones, which are then said to be assumed."""
    try:
        return _hours(_calendar(context, "primary"))
    except ToolError:
        return DEFAULT_HOURS


def _shown(context: ToolContext, address: str) -> dict[str, Any]:
    try:
        return _calendar(context, address)
    except (NotFound, AccessRefused, BadArgument):  # not shown to me, which is no failure
        return {}


def _calendar(context: ToolContext, calendar: str) -> dict[str, Any]:
    request = clients.calendar().calendars().get(calendarId=calendar, fields=FIELDS)
    return clients.run(request, context.transport, service=SERVICE)
