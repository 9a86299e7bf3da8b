"""Times and recurrences of a VEVENT, in the words of the Calendar API.

Law: wall time is kept with the zone it was stated in; what has no zone is read on the calendar's own clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.demo.importing.ics_zones import Zones

if TYPE_CHECKING:
    from icalendar import Component

Resource = dict[str, Any]
YEARS = range(1900, 2201)
HORIZON = timedelta(days=366 * 30)
STEPS = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")


class EventProblem(Exception):
    """An event cannot be taken; the text says why."""


@dataclass(frozen=True)
class Clock:
    """Reads times of one calendar: its zones, and the zone of what names none."""

    zones: Zones
    default: str

    def time(self, value: object, parameters: dict[str, Any], lost: list[str]) -> Resource:
        """An EventDateTime. Raises EventProblem for what is no date or outside the years a calendar holds."""
        if isinstance(value, tuple):
            value = value[0]
        if not isinstance(value, date) or value.year not in YEARS:
            raise EventProblem(f"{value!s} is no time a calendar can hold")
        if not isinstance(value, datetime):
            return {"date": value.isoformat()}
        stated = parameters.get("TZID", "")
        wall = value.replace(tzinfo=None)
        zone = self.zone(str(stated[0] if isinstance(stated, list) else stated), value, lost)
        return {"dateTime": f"{wall.isoformat()}Z" if zone == "UTC" else wall.isoformat(), "timeZone": zone}

    def zone(self, stated: str, value: datetime, lost: list[str]) -> str:
        """The IANA name for a TZID; the calendar's own for none, and for one that cannot be known."""
        if not stated:
            return "UTC" if value.tzinfo is not None else self.default
        found = self.zones.name(stated, value)
        if found is None:
            lost.append(f"its time zone {stated!r}, which is not known: read on the clocks of {self.default}")
        return found or self.default


def span(event: "Component", clock: Clock, lost: list[str]) -> tuple[Resource, Resource]:
    """Start and end. Raises EventProblem without a start."""
    begin = one(event, "DTSTART")
    if begin is None:
        stated = [why for name, why in event.errors if name == "DTSTART" or "DTSTART" in str(why)]
        raise EventProblem(f"its start cannot be read: {stated[0]}" if stated else "it has no start (DTSTART)")
    start = clock.time(begin.dt, begin.params, lost)
    end = _stated_end(event, clock, start, lost)
    return start, end or _end_after(event, start, lost)


def _stated_end(event: "Component", clock: Clock, start: Resource, lost: list[str]) -> Resource | None:
    stated = one(event, "DTEND")
    if stated is None:
        return None
    try:
        end = clock.time(stated.dt, stated.params, lost)
    except EventProblem as problem:
        lost.append(f"its end: {problem}")
        return None
    if ("date" in start) != ("date" in end) or _moment(end) < _moment(start):
        lost.append("its end, which is before its start or of another kind")
        return None
    # An all-day event that "ends" on its own day lasts that day; the API wants the day after.
    return None if "date" in start and end == start else end


def _end_after(event: "Component", start: Resource, lost: list[str]) -> Resource:
    stated = one(event, "DURATION")
    length = stated.dt if stated is not None and isinstance(stated.dt, timedelta) else timedelta(0)
    if not timedelta(0) <= length <= HORIZON:
        lost.append("its duration, which is negative or of many years")
        length = timedelta(0)
    if "date" in start:
        return {"date": (date.fromisoformat(start["date"]) + max(length, timedelta(days=1))).isoformat()}
    end = datetime.fromisoformat(start["dateTime"]).replace(tzinfo=None) + length
    return {"dateTime": end.isoformat() + ("Z" if start["timeZone"] == "UTC" else ""), "timeZone": start["timeZone"]}


def recurrence(event: "Component", clock: Clock, start: Resource, lost: list[str]) -> list[str]:
    """RRULE, RDATE and EXDATE lines as the API keeps them; none when the rule cannot be kept."""
    lines = [line for rule in many(event, "RRULE") if (line := _rule(rule, start, lost))]
    lines += [f"RDATE{line}" for dates in many(event, "RDATE") for line in _dates(dates, clock, lost)]
    if "EXRULE" in event:
        lost.append("its EXRULE, which no calendar uses any more")
    if lines:
        lines += [f"EXDATE{line}" for dates in many(event, "EXDATE") for line in _dates(dates, clock, lost)]
    return lines


def _rule(rule: Any, start: Resource, lost: list[str]) -> str:
    """One RRULE line, "" (and said so) for one that is broken, quicker than daily, or never happens."""
    from dateutil.rrule import rrule, rrulestr

    try:
        text = rule.to_ical().decode()
        steps = str(next(iter(rule.get("FREQ", [""])))).upper()
        begin = _moment(start).replace(tzinfo=None)
        # Bounded: a rule that never comes true would be looked for until the year 9999.
        parsed = rrulestr(_without_until(text), dtstart=begin)
        bounded = parsed.replace(until=begin + HORIZON) if isinstance(parsed, rrule) else parsed
        if steps in STEPS and next(iter(bounded), None) is not None:
            return f"RRULE:{text}"
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
        text = "a rule that cannot be read"
    lost.append(f"its recurrence ({text}): kept as one event")
    return ""


def _without_until(rule: str) -> str:
    return ";".join(part for part in rule.split(";") if not part.startswith(("UNTIL=", "COUNT=")))


def _dates(dates: Any, clock: Clock, lost: list[str]) -> Iterable[str]:
    try:
        values = [entry.dt for entry in dates.dts]
    except (ValueError, AttributeError):
        lost.append("single dates of its recurrence")
        return
    for value in values:
        if isinstance(value, tuple):
            lost.append("the lengths of its RDATE periods: each is as long as the first")
        try:
            time = clock.time(value, dates.params, lost)
        except EventProblem as problem:
            lost.append(f"a date of its recurrence: {problem}")
            continue
        digits = (time.get("date") or time["dateTime"]).translate({ord("-"): None, ord(":"): None})
        if "date" in time:
            yield f";VALUE=DATE:{digits}"
        else:
            yield f":{digits}" if time["timeZone"] == "UTC" else f";TZID={time['timeZone']}:{digits}"


def one(event: "Component", name: str) -> Any:
    """The first value of a property, None when it is absent or broken."""
    found = many(event, name)
    return found[0] if found else None


def many(event: "Component", name: str) -> list[Any]:
    """All values of a property that could be read."""
    from icalendar.prop import vBroken

    value = event.get(name)
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [found for found in values if not isinstance(found, vBroken)]


def _moment(value: Resource) -> datetime:
    """For comparing the two ends of one event: wall time, which is all that a mistake shows up in."""
    stated = datetime.fromisoformat(value.get("date") or value["dateTime"])
    return stated.replace(tzinfo=UTC) if stated.tzinfo is None else stated
