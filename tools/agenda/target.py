"""The event that is to be changed, as it stands: whose it is, one occurrence or a whole series, and its version.

Law: only events in calendars that the person owns are changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools import clients
from tools.agenda.event import Calendar, Event, Person
from tools.agenda.parse import attendees_of, event_of
from tools.agenda.reading import SERVICE, addresses_of_me, calendars
from tools.agenda.spans import Span
from tools.agenda.telling import title_of
from tools.agenda.words import listed
from tools.base import Ref, ToolContext
from tools.errors import BadArgument, NotFound, Unreadable

GONE = "cancelled"


@dataclass(frozen=True)
class Target:
    """`raw` is what is changed: an event, one occurrence, or (`series`) the master of a series.

    `event` is the same, read; of a series its occurrence that was pointed at.
    """

    calendar: Calendar
    raw: Mapping[str, Any]
    event: Event
    series: bool
    mine: bool

    @property
    def id(self) -> str:
        return str(self.raw["id"])

    @property
    def etag(self) -> str:
        return str(self.raw.get("etag", ""))

    @property
    def span(self) -> Span:
        return Span(self.event.start, self.event.end)

    @property
    def guests(self) -> list[Person]:
        """Everybody else who is invited, rooms left out."""
        return [one.person for one in attendees_of(self.raw) if not (one.room or one.me)]

    @property
    def extent(self) -> str:
        """How much of it is changed, in words; "" for a single event."""
        if self.series:
            return "the whole series"
        return "only this one of a series" if self.raw.get("recurringEventId") else ""

    def ref(self) -> Ref:
        people = tuple(person.address for person in self.guests)
        return Ref(kind="event", id=f"{self.calendar.id} {self.id}", label=title_of(self.event), people=people)


def target(context: ToolContext, handle: str, *, series: bool = False, gone: bool = False) -> Target:
    """The event a handle names; with `gone`, one that was cancelled. Raises BadArgument, NotFound, ToolError."""
    place, _, identity = handle.partition(" ")
    listed_ones = calendars(context)
    calendar = next((one for one in listed_ones if one.id == place), None)
    if calendar is None or calendar.role != "owner":
        raise BadArgument(
            "That event stands in a calendar of somebody else.", "Valet changes events in your own calendars only."
        )
    found = read_raw(context, place, identity)
    master = read_raw(context, place, str(found["recurringEventId"])) if found.get("recurringEventId") else None
    _check_gone(found, gone=gone)
    shown = _whole(found, master)
    try:
        event = event_of(shown, calendar, me=addresses_of_me(context, listed_ones), zone=context.zone)
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable("The event has no time that can be read.", "Open it in the calendar itself.") from error
    whole = (series and master is not None) or bool(found.get("recurrence"))
    changed = master if whole and master is not None else shown
    return Target(calendar, changed, event, whole, _organised_here(changed, calendar))


def read_raw(context: ToolContext, calendar: str, event: str) -> dict[str, Any]:
    """events.get, whole. Raises ToolError."""
    request = clients.calendar().events().get(calendarId=calendar, eventId=event)
    found = clients.run(request, context.transport, service=SERVICE)
    if not isinstance(found.get("id"), str):
        raise Unreadable(f"{SERVICE} sent an event without an id.", "Try again in a minute.")
    return found


def _check_gone(found: Mapping[str, Any], *, gone: bool) -> None:
    if gone and found.get("status") != GONE:
        raise BadArgument("That event is not cancelled.", "There is nothing to restore.")
    if not gone and found.get("status") == GONE:
        raise NotFound("That event has been cancelled.", "Ask for the agenda again.")


def _whole(found: dict[str, Any], master: Mapping[str, Any] | None) -> dict[str, Any]:
    """A cancelled occurrence is told without its details: it has them from its series."""
    if master is None or "start" in found:
        return found
    shape = {name: value for name, value in master.items() if name not in ("recurrence", "id", "etag", "status")}
    start = found.get("originalStartTime") or master.get("start")
    return {**shape, "start": start, "end": start, **found}


def _organised_here(raw: Mapping[str, Any], calendar: Calendar) -> bool:
    organiser = raw.get("organizer") or {}
    return bool(organiser.get("self")) or str(organiser.get("email", calendar.id)).casefold() == calendar.id.casefold()


def chosen(typed: str, known: tuple[Calendar, ...]) -> Calendar:
    """The calendar a person names, or their main one; one that they own. Raises BadArgument."""
    own = [one for one in known if one.role == "owner"]
    name = " ".join(typed.split()).casefold()
    fits = [one for one in own if (one.primary if not name else name in (one.name.casefold(), one.id.casefold()))]
    fits = fits or [one for one in own if name and name in one.name.casefold()]
    if len(fits) == 1:
        return fits[0]
    names = listed([one.name for one in own]) or "none"
    what = f"{typed!r} is not one of your own calendars." if name else "Your main calendar is not in the list."
    raise BadArgument(what, f"Your own calendars are: {names}.")


def busy_then(event: Event, span: Span, leave_out: Event | None) -> bool:
    """Whether it takes the person's time in `span`, and is another than the one that is changed."""
    same = leave_out is not None and (event.uid, event.original) == (leave_out.uid, leave_out.original)
    return event.counts and not same and event.touches(span)
