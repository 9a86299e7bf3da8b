"""The event that is to be changed, as it stands: whose it is, how much of a series, and its version.

Law: only events in calendars that the person owns are changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

from tools import clients
from tools.agenda.event import Calendar, Event, Person
from tools.agenda.parse import attendees_of, event_of, instant_of
from tools.agenda.reading import SERVICE, addresses_of_me, calendars
from tools.agenda.recurrence_words import series_words
from tools.agenda.spans import Span
from tools.agenda.telling import title_of
from tools.agenda.words import listed
from tools.base import Ref, ToolContext
from tools.errors import BadArgument, NotFound, Unreadable

GONE = "cancelled"
Which = Literal["this", "following", "all"]
EXTENTS: dict[Which, str] = {"this": "only this one", "following": "this one and all that follow", "all": "all of them"}
EARLIER = "valetEarlier"
"""The private extended property that holds how a series repeated before it was made to end."""


@dataclass(frozen=True)
class Target:
    """`raw` is what is changed: an event, one occurrence, or (`series`) the master of a series.

    `event` is the same, read; of a series its occurrence that was pointed at. `which` says how much of a series is
    meant, "" for a single event, and `rule` in words how it repeats, "" for what cannot be told.
    """

    calendar: Calendar
    raw: Mapping[str, Any]
    event: Event
    which: Which | Literal[""]
    mine: bool
    rule: str = ""

    @property
    def series(self) -> bool:
        """Whether the master of a series is changed."""
        return self.which in ("all", "following")

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
        rule = f" (a series: {self.rule})" if self.rule else " of a series"
        return f"{EXTENTS[self.which]}{rule}" if self.which else ""

    @property
    def extent_briefly(self) -> str:
        """The same for a receipt, in brackets."""
        return f" ({EXTENTS[self.which]})" if self.which else ""

    def ref(self) -> Ref:
        people = tuple(person.address for person in self.guests)
        return Ref(kind="event", id=f"{self.calendar.id} {self.id}", label=title_of(self.event), people=people)


def target(context: ToolContext, handle: str, *, which: Which = "this", gone: bool = False) -> Target:
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
    changed, meant = _meant(shown, master, which)
    rule = series_words(master or found, context.zone, context.now) if meant else ""
    return Target(calendar, changed, event, meant, _organised_here(changed, calendar), rule)


def _meant(
    shown: Mapping[str, Any], master: Mapping[str, Any] | None, which: Which
) -> tuple[Mapping[str, Any], Which | Literal[""]]:
    """What is changed, and how much of it; a handle of a whole series, as one just made has, means all of it."""
    if shown.get("recurrence"):
        if which == "following":
            raise BadArgument("It was not said from which one on.", "Ask for the agenda and name one of the series.")
        return shown, "all"
    if master is None:
        return shown, ""
    if which == "following" and _same_start(shown, master):
        return master, "all"
    return (shown if which == "this" else master), which


def _same_start(shown: Mapping[str, Any], master: Mapping[str, Any]) -> bool:
    utc = ZoneInfo("UTC")
    try:
        return instant_of(shown["originalStartTime"], utc) == instant_of(master["start"], utc)
    except (KeyError, TypeError, ValueError):
        return False


def read_raw(context: ToolContext, calendar: str, event: str) -> dict[str, Any]:
    """events.get, whole. Raises ToolError."""
    request = clients.calendar().events().get(calendarId=calendar, eventId=event)
    found = clients.run(request, context.transport, service=SERVICE)
    if not isinstance(found.get("id"), str):
        raise Unreadable(f"{SERVICE} sent an event without an id.", "Try again in a minute.")
    return found


def _check_gone(found: Mapping[str, Any], *, gone: bool) -> None:
    if gone and found.get("status") != GONE and not earlier_rule(found):
        raise BadArgument("That event is not cancelled.", "There is nothing to restore.")
    if not gone and found.get("status") == GONE:
        raise NotFound("That event has been cancelled.", "Ask for the agenda again.")


def earlier_rule(raw: Mapping[str, Any]) -> list[str]:
    """The recurrence lines of a series before it was made to end here; none for any other event."""
    kept = ((raw.get("extendedProperties") or {}).get("private") or {}).get(EARLIER) if raw.get("recurrence") else ""
    return str(kept).splitlines() if kept else []


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


def same_event(found: Target) -> Callable[[Event], bool]:
    """Tells the event that is changed, or its series, from all others."""
    mine = found.event
    return lambda one: one.uid == mine.uid and (found.series or one.original == mine.original)
