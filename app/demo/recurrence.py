"""Recurring events: the starts that RRULE, RDATE and EXDATE lines name, in the event's own wall time (RFC 5545)."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr

from app.demo.event_time import local
from app.demo.workspace_error import WorkspaceError

_UNTIL = re.compile(r"UNTIL=(\d{8})(T\d{6})?(Z?)")
_TOO_OFTEN = re.compile(r"FREQ=(SECONDLY|MINUTELY|HOURLY)", re.IGNORECASE)
FAR = timedelta(days=10 * 366)  # an endless rule is looked at this far: some never come, and would not end
_STEP = re.compile(r"FREQ=(DAILY|WEEKLY)\b")
_INTERVAL = re.compile(r"INTERVAL=(\d+)")


def check_recurrence(event: Mapping[str, Any], zone: str) -> None:
    """Raise WorkspaceError for recurrence lines that cannot be read."""
    try:
        next(starts(event, zone, after=local(event["start"], zone)), None)
    except (ValueError, KeyError, TypeError, OverflowError, OSError) as error:
        raise WorkspaceError(f"The event's `recurrence` cannot be read: {error}. Give RFC 5545 lines.") from error


def starts(event: Mapping[str, Any], zone: str, *, after: datetime) -> Iterator[datetime]:
    """The aware starts of the series from `after` on, in order, exceptions not yet applied.

    Wall time is kept over a change of the clocks: 09:00 stays 09:00.
    """
    first = local(event["start"], zone)
    home = first.tzinfo if isinstance(first.tzinfo, ZoneInfo) else ZoneInfo(zone)
    wall = first.replace(tzinfo=None)
    from_wall = max(wall, after.astimezone(home).replace(tzinfo=None) - timedelta(days=1))
    for start in _rules(event["recurrence"], wall, home, from_wall).xafter(from_wall, inc=True):
        aware = start.replace(tzinfo=home)
        if aware >= after:
            yield aware


def _rules(lines: list[str], wall: datetime, home: ZoneInfo, from_wall: datetime) -> rruleset:
    rules = rruleset()
    for line in lines:
        name, _, value = line.partition(":")
        kind, _, parameters = name.partition(";")
        kind = kind.upper()
        if kind == "RRULE":
            rules.rrule(_rule(value.upper(), wall, home, from_wall))
        elif kind in ("RDATE", "EXDATE"):
            for stated in filter(None, value.split(",")):
                moment = _wall(stated, parameters, wall, home)
                (rules.rdate if kind == "RDATE" else rules.exdate)(moment)
        else:
            raise ValueError(f"{line!r} is not RRULE, RDATE or EXDATE")
    if any(line.upper().startswith("RDATE") for line in lines) and "RRULE" not in " ".join(lines).upper():
        rules.rdate(wall)
    return rules


def _rule(value: str, wall: datetime, home: ZoneInfo, from_wall: datetime) -> rrule:
    if _TOO_OFTEN.search(value):
        raise ValueError(f"{value!r} recurs more often than daily")
    near = _near(value, wall, from_wall)
    rule = _UNTIL.sub(lambda until: _until(until, home), value)
    if "UNTIL=" not in rule and "COUNT=" not in rule:
        rule = f"{rule};UNTIL={from_wall + FAR:%Y%m%dT%H%M%S}"
    found = rrulestr(rule, dtstart=near)
    if not isinstance(found, rrule):
        raise TypeError(f"{value!r} is not one rule")
    return found


def _near(value: str, wall: datetime, from_wall: datetime) -> datetime:
    """A later first start in the same phase, so that an old endless series is not counted from its beginning."""
    step = _STEP.search(value)
    if not step or "COUNT=" in value or from_wall <= wall:
        return wall
    interval = _INTERVAL.search(value)
    days = int(interval.group(1) if interval else 1) * (7 if step.group(1) == "WEEKLY" else 1)
    return wall + timedelta(days=days * max(0, (from_wall - wall).days // max(days, 1) - 1))


def _until(found: re.Match[str], home: ZoneInfo) -> str:
    """UNTIL is stated in UTC or as a date; the rule runs in wall time."""
    day, time, utc = found.groups()
    if not time:
        return f"UNTIL={day}T235959"
    moment = datetime.strptime(day + time, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - wall time on purpose
    if utc:
        moment = moment.replace(tzinfo=UTC).astimezone(home).replace(tzinfo=None)
    return moment.strftime("UNTIL=%Y%m%dT%H%M%S")


def _wall(stated: str, parameters: str, wall: datetime, home: ZoneInfo) -> datetime:
    """One RDATE or EXDATE value in the series' wall time; a bare date stands for that day's start."""
    if "T" not in stated:
        day = datetime.strptime(stated, "%Y%m%d")  # noqa: DTZ007 - wall time on purpose
        return datetime.combine(day.date(), wall.time())
    moment = datetime.strptime(stated.rstrip("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - wall time on purpose
    if stated.endswith("Z"):
        return moment.replace(tzinfo=UTC).astimezone(home).replace(tzinfo=None)
    zone = re.search(r"TZID=([^;:]+)", parameters, re.IGNORECASE)
    if zone:
        return moment.replace(tzinfo=ZoneInfo(zone.group(1))).astimezone(home).replace(tzinfo=None)
    return moment
