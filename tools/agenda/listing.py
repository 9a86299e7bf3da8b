"""What is in the calendars during a time, what clashes there, and the next meeting behind it."""

from __future__ import annotations

from tools.agenda import conflicts, reading
from tools.agenda.agenda_finding import AgendaFinding
from tools.agenda.spans import Span
from tools.agenda.window import WEEK
from tools.base import ToolContext

KEPT = 400


def listed(context: ToolContext, window: Span) -> AgendaFinding:
    """The entries of `window`; where now lies in it, a week more is read for what comes next. Raises ToolError."""
    ahead = window.end + WEEK if window.start <= context.now < window.end else None
    found = reading.read(context, Span(window.start, ahead or window.end))
    shown = [one for one in found.events if one.touches(window)]
    later = (one for one in found.events if one.is_meeting and one.start >= window.end)
    clashes = conflicts.find(shown, window, conflicts.Rules(zone=context.zone))
    return AgendaFinding(
        now=context.now,
        zone=context.zone,
        gaps=found.gaps,
        start=window.start,
        end=window.end,
        events=tuple(shown[:KEPT]),
        conflicts=tuple(one for one in clashes if one.second is not None),
        calendars=found.lanes,
        left_out=max(0, len(shown) - KEPT),
        ahead=ahead,
        following=None if any(one.is_meeting and one.start > context.now for one in shown) else next(later, None),
    )
