"""Times proposed to several people, or for a length; where neither was asked for, the person's own free time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tools.agenda import compromise, meeting, slots
from tools.agenda.free_time_finding import FreeTimeFinding
from tools.agenda.hours import DEFAULT_HOURS
from tools.agenda.slots_finding import SlotsFinding
from tools.agenda.spans import Span
from tools.agenda.whereabouts import read_with_hours
from tools.agenda.window import slot_window
from tools.base import ToolContext

MONTH = timedelta(days=30)
USUAL = 30
"""Minutes of a meeting whose length nobody named."""


def proposed(
    context: ToolContext, people: Sequence[str], minutes: int | None, start: datetime | None, end: datetime | None
) -> SlotsFinding:
    """Raises BadArgument for a name that is unclear or a time that is over, and other ToolErrors."""
    first = slot_window(start, end, context.now, context.zone, DEFAULT_HOURS)
    known, hours = read_with_hours(context, Span(context.now - MONTH, max(context.now, first.end) + MONTH))
    window = slot_window(start, end, context.now, context.zone, hours)
    others, busy = meeting.ask(context, people, known, window)
    members = meeting.participants(context, known, others, busy, hours)
    wanted = slots.Meeting(members, timedelta(minutes=minutes or USUAL), window)
    told: dict[str, Any] = {
        "now": context.now,
        "zone": context.zone,
        "gaps": meeting.gaps(known, busy),
        "start": window.start,
        "end": window.end,
        "duration": wanted.duration,
        "hours": hours,
        "parties": others,
    }
    if not others and minutes is None:
        return FreeTimeFinding(free=tuple(slots.free_time(wanted)), unbooked=tuple(slots.unbooked(wanted)), **told)
    found = tuple(slots.find(wanted))
    nearest = () if found else compromise.nearest(wanted)
    return SlotsFinding(slots=found, nearest=nearest, free=tuple(slots.free_time(wanted)), **told)
