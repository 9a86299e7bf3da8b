"""Which occurrences of a series were changed singly: the service keeps these beside the rule (Calendar API v3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tools import clients
from tools.agenda.parse import instant_of
from tools.agenda.reading import SERVICE
from tools.agenda.target import GONE, Target
from tools.agenda.words import day_words, listed
from tools.base import ToolContext

MOST_NAMED = 3


def changed_singly(context: ToolContext, found: Target, since: datetime | None = None) -> str:
    """Their days in words, of those that the series puts at `since` or later; "" for none. Raises ToolError."""
    request = clients.calendar().events().list(calendarId=found.calendar.id, iCalUID=str(found.raw["iCalUID"]))
    items = clients.run(request, context.transport, service=SERVICE).get("items") or ()
    days = sorted({at for raw in items if (at := _original(context, found, raw)) and (since is None or at >= since)})
    today = context.now.astimezone(context.zone).date()
    told = [day_words(at.astimezone(context.zone).date(), today) for at in days[:MOST_NAMED]]
    return listed([*told, f"{len(days) - MOST_NAMED} more"] if len(days) > MOST_NAMED else told)


def _original(context: ToolContext, found: Target, raw: Mapping[str, Any]) -> datetime | None:
    if raw.get("recurringEventId") != found.id or raw.get("status") == GONE or "originalStartTime" not in raw:
        return None
    return instant_of(raw["originalStartTime"], context.zone)[0]
