"""A series whose time of day changes: what was changed singly keeps its place in the series (Calendar API v3).

Law: an exception is named by its slot, so its slot moves with the series; a slot that is gone is told as cancelled.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.demo.event_lookup import EventLookup, StoredEvent
from app.demo.event_store import StoredCalendar
from app.demo.event_time import local, original_suffix
from app.demo.workspace import Workspace


def shift_exceptions(workspace: Workspace, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Give the exceptions of a series, in every calendar that has it, the slots of its new time of day."""
    if not (before.get("recurrence") and after.get("recurrence")):
        return
    for calendar in workspace.events.calendars():
        lookup = EventLookup(workspace.database, calendar.id)
        master = lookup.event(str(after["id"]))
        shift = _shift(before, after, calendar.zone)
        if shift and master and master.body.get("iCalUID") == after.get("iCalUID"):
            for found in lookup.exceptions([master.id]):
                if _had(before, found, calendar.zone):
                    _move(workspace, calendar, found, shift)


def _shift(before: Mapping[str, Any], after: Mapping[str, Any], zone: str) -> timedelta:
    """How much later it begins on the wall clock; nothing for whole days."""
    if not (before["start"].get("dateTime") and after["start"].get("dateTime")):
        return timedelta()
    old, new = (local(one["start"], zone).replace(tzinfo=None) for one in (before, after))
    return new - old


def _had(before: Mapping[str, Any], found: StoredEvent, zone: str) -> bool:
    """Whether the series had the slot that the exception stands for."""
    from app.demo.recurrence import starts

    slot = local(found.body["originalStartTime"], zone)
    return next(starts(before, zone, after=slot), None) == slot


def _move(workspace: Workspace, calendar: StoredCalendar, found: StoredEvent, shift: timedelta) -> None:
    slot = _later(found.body["originalStartTime"], shift, calendar.zone)
    body = {**found.body, "originalStartTime": slot}
    body["id"] = f"{found.series}_{original_suffix(body, calendar.zone)}"
    workspace.events.put(calendar, body)
    if not found.cancelled:
        workspace.events.put(calendar, {**found.body, "status": "cancelled"})


def _later(slot: Mapping[str, Any], shift: timedelta, zone: str) -> dict[str, Any]:
    at: datetime = local(slot, zone)
    moved = (at.replace(tzinfo=None) + shift).replace(tzinfo=at.tzinfo)
    return {**slot, "dateTime": moved.isoformat()}
