"""Reads the calendars that a person looks at and their events, all at once; what fails is named and the rest stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tools import clients
from tools.agenda.event import Calendar, Event, Gap, Person
from tools.agenda.parse import Raw, attendees_of, calendar_of, event_of
from tools.agenda.spans import Span
from tools.base import ToolContext
from tools.errors import ToolError
from tools.together import each

SERVICE = "Google Calendar"
PAGE = 2500  # the service's own maximum
MAX_PAGES = 8
EVENT_FIELDS = (
    "items(id,iCalUID,status,summary,location,start,end,originalStartTime,recurringEventId,transparency,eventType,"
    "hangoutLink,conferenceData(conferenceId),organizer,attendees(email,displayName,self,resource,responseStatus),"
    "htmlLink),nextPageToken,timeZone"
)
LIST_FIELDS = "items(id,summary,summaryOverride,timeZone,accessRole,primary,selected,hidden,deleted),nextPageToken"


@dataclass(frozen=True)
class Reading:
    """What was read: one event per occurrence in order of time, who stands in them, and what could not be read.

    `calendars` are all that the person looks at, `lanes` the names of those whose events are here.

    `zones` are pairs of an organiser's address and the zone an event of theirs was made in.
    """

    calendars: tuple[Calendar, ...]
    lanes: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    people: tuple[Person, ...] = ()
    zones: tuple[tuple[str, str], ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass
class _Lane:
    """What one calendar gave."""

    calendar: Calendar
    events: list[Event] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    zones: list[tuple[str, str]] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


def calendars(context: ToolContext) -> tuple[Calendar, ...]:
    """The calendars shown in the person's list (calendarList.list): selected ones, and always the primary."""
    shown = [raw for raw in _pages(_list_request, context) if raw.get("selected") or raw.get("primary")]
    return tuple(calendar_of(raw) for raw in shown if not raw.get("hidden") and not raw.get("deleted"))


def read(context: ToolContext, window: Span) -> Reading:
    """All occurrences that touch `window`, from every shown calendar whose details may be read.

    Raises the ToolError of the first calendar when not one could be read.
    """
    listed = calendars(context)
    readable = [one for one in listed if one.role != "freeBusyReader"]
    me = addresses_of_me(context, listed)
    lanes = each(
        readable,
        lambda one: _lane(context, one, window, me),
        lambda done, total: context.progress(done, total, "calendars"),
    )
    failed = [lane for lane in lanes if isinstance(lane, ToolError)]
    if failed and len(failed) == len(lanes):
        raise failed[0]
    read_lanes = [lane for lane in lanes if isinstance(lane, _Lane)]
    gaps = [
        Gap(one.name, error.what) for one, error in zip(readable, lanes, strict=True) if isinstance(error, ToolError)
    ]
    return Reading(
        calendars=listed,
        lanes=tuple(lane.calendar.name for lane in read_lanes),
        events=tuple(one_per_occurrence(event for lane in read_lanes for event in lane.events)),
        people=tuple(person for lane in read_lanes for person in lane.people),
        zones=tuple(zone for lane in read_lanes for zone in lane.zones),
        gaps=(*gaps, *(gap for lane in read_lanes for gap in lane.gaps)),
    )


def addresses_of_me(context: ToolContext, listed: Iterable[Calendar]) -> frozenset[str]:
    """My addresses: the linked account's, and the id of the primary calendar, which is one."""
    found = {one.id for one in listed if one.primary} | {context.account}
    return frozenset(address.casefold() for address in found if "@" in address)


def one_per_occurrence(events: Iterable[Event]) -> list[Event]:
    """Copies of one occurrence on several calendars become one event: the copy on the calendar nearest to me."""
    copies: dict[tuple[str, datetime], list[Event]] = {}
    seen: set[str] = set()
    for event in events:
        if event.key not in seen:
            seen.add(event.key)
            copies.setdefault((event.uid, event.original), []).append(event)
    return sorted((_nearest(group) for group in copies.values()), key=lambda one: (one.start, one.end, one.key))


def _nearest(group: Sequence[Event]) -> Event:
    best = min(group, key=lambda one: (not one.primary, not one.mine, one.answer == "own", one.lane))
    lanes = tuple(sorted({one.lane for one in group} - {best.lane}))
    return replace(best, also_on=lanes) if lanes else best


def _lane(context: ToolContext, calendar: Calendar, window: Span, me: frozenset[str]) -> _Lane:
    lane = _Lane(calendar)
    unread = 0
    for raw in _pages(lambda page: _events_request(calendar.id, window, page), context, lane):
        if raw.get("status") == "cancelled":
            continue
        try:
            event = event_of(raw, calendar, me=me, zone=context.zone)
        except (KeyError, TypeError, ValueError):
            unread += 1
            continue
        lane.events.append(event)
        _note_people(raw, event, lane)
    if unread:
        lane.gaps.append(Gap(calendar.name, f"{unread} of its events had no readable time."))
    return lane


def _note_people(raw: Raw, event: Event, lane: _Lane) -> None:
    lane.people.extend(one.person for one in attendees_of(raw) if not one.room and one.person.address)
    if event.organiser.address and "@group." not in event.organiser.address:
        lane.people.append(event.organiser)
        if raw["start"].get("timeZone") and event.zone:
            lane.zones.append((event.organiser.address, event.zone))


def _pages(request: Callable[[str | None], Any], context: ToolContext, lane: _Lane | None = None) -> Iterator[Raw]:
    """The items of every page, up to MAX_PAGES of them."""
    page: str | None = None
    for _ in range(MAX_PAGES):
        answer = clients.run(request(page), context.transport, service=SERVICE)
        yield from answer.get("items") or ()
        page = answer.get("nextPageToken")
        if not page:
            return
    if lane is not None:
        lane.gaps.append(Gap(lane.calendar.name, f"only its first {MAX_PAGES * PAGE:,} events were read."))


def _list_request(page: str | None) -> Any:
    listing = clients.calendar().calendarList()
    return listing.list(maxResults=250, pageToken=page, fields=LIST_FIELDS)


def _events_request(calendar: str, window: Span, page: str | None) -> Any:
    return (
        clients.calendar()
        .events()
        .list(
            calendarId=calendar,
            singleEvents=True,
            orderBy="startTime",
            timeMin=window.start.isoformat(),
            timeMax=window.end.isoformat(),
            maxResults=PAGE,
            pageToken=page,
            fields=EVENT_FIELDS,
        )
    )
