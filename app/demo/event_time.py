"""Times of calendar events: what an EventDateTime means in UTC, and how far an event or a series reaches."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.demo.routes import load
from app.demo.schema_check import SchemaError, check_moment, check_value
from app.demo.workspace_error import WorkspaceError

_UNTIL = re.compile(r"UNTIL=(\d{8})")


def check_event(event: Mapping[str, Any], zone: str) -> None:
    """Raise WorkspaceError, naming the field, for an event that the Calendar API could not hold."""
    document = load("calendar.v3")
    try:
        check_value(event, document.schemas["Event"], document.schemas, offsets=False)
        for field in ("created", "updated"):
            if event.get(field):
                check_moment(event[field], field)
    except SchemaError as error:
        raise WorkspaceError(f"The event does not fit the Calendar API: {error}.") from error
    cancelled = event.get("status") == "cancelled" and "recurringEventId" in event
    for field in ("start", "end"):
        if field in event or not cancelled:
            _check_time(event.get(field), field, zone)
    if event.get("recurringEventId"):
        _check_time(event.get("originalStartTime"), "originalStartTime", zone)
    if not cancelled and moment(event["end"], zone) < moment(event["start"], zone):
        raise WorkspaceError("The event ends before it starts: correct `end`.")
    if event.get("recurrence"):
        from app.demo.recurrence import check_recurrence

        check_recurrence(event, zone)


def _check_time(value: object, field: str, zone: str) -> None:
    if not isinstance(value, Mapping) or not (value.get("date") or value.get("dateTime")):
        raise WorkspaceError(f"The event's `{field}` needs a date or a dateTime.")
    try:
        moment(value, zone)
    except (ValueError, TypeError, KeyError, OSError, OverflowError) as error:
        raise WorkspaceError(f"The event's `{field}` cannot be read: {error}. Give RFC 3339.") from error


def local(value: Mapping[str, Any], zone: str) -> datetime:
    """An EventDateTime as an aware time in its own zone; an all-day date is midnight in `zone`."""
    if value.get("date"):
        day = date.fromisoformat(value["date"])
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    own = ZoneInfo(value.get("timeZone") or zone)
    stated = datetime.fromisoformat(value["dateTime"])
    return stated.astimezone(own) if stated.tzinfo else stated.replace(tzinfo=own)


def moment(value: Mapping[str, Any], zone: str) -> datetime:
    """An EventDateTime in UTC. Raises ValueError or KeyError for what is no time or zone."""
    return local(value, zone).astimezone(UTC)


def millis(value: datetime) -> int:
    return int(value.timestamp() * 1000)


def reach(event: Mapping[str, Any], zone: str) -> tuple[int, int | None]:
    """First and last moment (ms since the epoch) at which the event can be; None = it never ends."""
    begins = event.get("start") or event["originalStartTime"]
    starts = moment(begins, zone)
    ends = moment(event.get("end") or begins, zone)
    if not event.get("recurrence"):
        return millis(starts), millis(ends)
    rules = " ".join(event["recurrence"])
    until = _UNTIL.findall(rules)
    if until and len(until) == rules.count("RRULE") and "RDATE" not in rules:
        last = datetime.strptime(max(until), "%Y%m%d").replace(tzinfo=UTC)
        return millis(starts), millis(last + timedelta(days=2) + (ends - starts))
    return millis(starts), None


def original_suffix(event: Mapping[str, Any], zone: str) -> str:
    """The part of an instance's id that says which instance: its original start in UTC, or its date."""
    original = event.get("originalStartTime")
    if not original:
        return ""
    if original.get("date"):
        return str(original["date"]).replace("-", "")
    return moment(original, zone).strftime("%Y%m%dT%H%M%SZ")
