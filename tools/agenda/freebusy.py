"""Free/busy of several people in one question (freebusy.query). Law: what cannot be seen is named, never free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tools import clients
from tools.agenda.parse import instant_of
from tools.agenda.reading import SERVICE
from tools.agenda.spans import Span, merged
from tools.base import ToolContext
from tools.errors import Unreadable

MAX_CALENDARS = 50  # the service's own maximum
WHY = {
    "notFound": "free/busy is not shared with you, or the address is wrong",
    "internalError": "the service failed on its side",
}


@dataclass(frozen=True)
class Busy:
    """Busy time by calendar id, and for the calendars that are not visible the reason."""

    times: dict[str, tuple[Span, ...]]
    unseen: dict[str, str]


def busy_times(context: ToolContext, calendars: Iterable[str], window: Span) -> Busy:
    """Ask for up to 50 calendars at once. Raises the ToolError of the whole question."""
    ids = list(dict.fromkeys(calendars))[:MAX_CALENDARS]
    body = {
        "timeMin": window.start.isoformat(),
        "timeMax": window.end.isoformat(),
        "timeZone": "UTC",
        "calendarExpansionMax": MAX_CALENDARS,
        "items": [{"id": one} for one in ids],
    }
    answer = clients.run(clients.calendar().freebusy().query(body=body), context.transport, service=SERVICE)
    known = {str(key).casefold(): value for key, value in (answer.get("calendars") or {}).items()}
    times: dict[str, tuple[Span, ...]] = {}
    unseen: dict[str, str] = {}
    for one in ids:
        entry = known.get(one.casefold())
        if entry is None or entry.get("errors"):
            unseen[one] = _why(entry)
        else:
            times[one] = _spans(entry, context.zone)
    return Busy(times, unseen)


def _spans(entry: Mapping[str, Any], zone: ZoneInfo) -> tuple[Span, ...]:
    try:
        return tuple(
            merged(
                Span(instant_of({"dateTime": one["start"]}, zone)[0], instant_of({"dateTime": one["end"]}, zone)[0])
                for one in entry.get("busy") or ()
            )
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"{SERVICE} sent busy times that cannot be read.", "Try again in a minute.") from error


def _why(entry: Mapping[str, Any] | None) -> str:
    if entry is None:
        return "the service said nothing about it"
    reasons = [str(error.get("reason", "")) for error in entry.get("errors") or ()]
    return WHY.get(reasons[0], f"the service said {reasons[0]!r}") if reasons else "no reason was given"
