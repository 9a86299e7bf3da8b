"""Due times in words, and how far behind or near they are. Law: pure functions of the task, the clock and the zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tools.agenda.words import clock, day_words
from tools.errands.task import Task

_NEAR = {0: "today", 1: "tomorrow", -1: "yesterday"}
FROM = {"mail": "mail", "message": "Slack", "event": "calendar", "document": "document", "person": "you"}


def due_day(task: Task, zone: ZoneInfo) -> date | None:
    """The day it is due, on the person's own clock where it is due at a time."""
    if isinstance(task.due, datetime):
        return task.due.astimezone(zone).date()
    return task.due


def late(task: Task, zone: ZoneInfo, now: datetime) -> bool:
    """Whether it is open and its time is over; a day is over when the next one begins."""
    if task.done or task.due is None:
        return False
    if isinstance(task.due, datetime):
        return task.due < now
    return task.due < now.astimezone(zone).date()


def due_words(task: Task, zone: ZoneInfo, now: datetime) -> str:
    """Such as "today 17:00", "Thu 12 Mar", "yesterday"; "" where it is not due at any time."""
    day, today = due_day(task, zone), now.astimezone(zone).date()
    if day is None:
        return ""
    said = _NEAR.get((day - today).days) or day_words(day, today)
    return f"{said} {clock(task.due, zone)}" if isinstance(task.due, datetime) else said


def state(task: Task, zone: ZoneInfo, now: datetime) -> str:
    """Such as "done", "overdue since yesterday", "due today 17:00", "no due time"."""
    if task.done:
        return "done"
    due = due_words(task, zone, now)
    if not due:
        return "no due time"
    return f"overdue since {due}" if late(task, zone, now) else f"due {due}"


def origin_words(task: Task) -> str:
    """Such as "mail “Rollback rehearsal 3”"; "" for a task that came from nowhere."""
    origin = task.source
    if origin is None:
        return ""
    return f"{FROM[origin.kind]} “{origin.label}”" if origin.label else FROM[origin.kind]


def window_words(start: datetime | None, end: datetime | None, zone: ZoneInfo, now: datetime) -> str:
    """Such as " due today", " due Mon 9 Mar – Sun 15 Mar", " due before Fri 13 Mar 15:00"; "" without a window."""
    today = now.astimezone(zone).date()
    if start is None:
        return f" due before {_moment(end, zone, today)}" if end else ""
    if end is None:
        return f" due from {_moment(start, zone, today)}"
    first, last = start.astimezone(zone).date(), (end - timedelta(seconds=1)).astimezone(zone).date()
    if first == last:
        return f" due {_NEAR.get((first - today).days) or day_words(first, today)}"
    return f" due {day_words(first, today)} – {day_words(last, today)}"


def _moment(edge: datetime, zone: ZoneInfo, today: date) -> str:
    local = edge.astimezone(zone)
    day = _NEAR.get((local.date() - today).days) or day_words(local.date(), today)
    return day if local.time() == time() else f"{day} {clock(edge, zone)}"


def due_said(due: datetime | date | None, zone: ZoneInfo) -> str:
    """In full, as on a card: "Thu 12 Mar 2026", "Thu 12 Mar 2026 17:00 CET"; on both clocks where they differ."""
    if due is None:
        return "no due time"
    if not isinstance(due, datetime):
        return f"{due:%a} {due.day} {due:%b %Y}"
    here = due.astimezone(zone)
    said = f"{here:%a} {here.day} {here:%b %Y %H:%M %Z}"
    return said if here.utcoffset() == due.utcoffset() else f"{said} ({due:%a %H:%M %Z})"
