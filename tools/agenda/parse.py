"""Calendar API v3 resources (calendarListEntry, event) as our own data. Law: the unreadable raises."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tools.agenda.event import Answer, Attendee, Calendar, Event, EventKind, Person, Role
from tools.agenda.hours import midnight
from tools.agenda.plain import line
from tools.agenda.words import zone_named

Raw = Mapping[str, Any]

ROLES: dict[str, Role] = {
    "owner": "owner",
    "writer": "writer",
    "writerWithoutPrivateAccess": "writer",
    "reader": "reader",
}
KINDS: dict[str, EventKind] = {
    "focusTime": "focus",
    "outOfOffice": "away",
    "birthday": "birthday",
    "workingLocation": "working_location",
}
ANSWERS: dict[str, Answer] = {"accepted": "accepted", "tentative": "tentative", "declined": "declined"}
NOWHERE = frozenset({"UTC", "Etc/UTC", "GMT", "Etc/GMT", "Zulu", "Etc/Zulu", "UCT", "Etc/UCT", "Universal"})
LINKS = ("https://www.google.com/calendar/", "https://calendar.google.com/")


def calendar_of(raw: Raw) -> Calendar:
    """A calendar of the list. What stands in my own ones is mine; in all others only what I am invited to."""
    role = ROLES.get(str(raw.get("accessRole")), "freeBusyReader")
    primary = bool(raw.get("primary"))
    name = line(raw.get("summaryOverride") or raw.get("summary"), 60) or line(raw["id"], 60)
    return Calendar(
        id=str(raw["id"]),
        name=name,
        role=role,
        zone=str(raw.get("timeZone", "")),
        primary=primary,
        mine=primary or role == "owner",
    )


def is_shared(calendar: str) -> bool:
    """A calendar made to be shared (...@group.calendar...), not a person's own, whose id is their address."""
    return "@group." in calendar or "@import." in calendar


def event_of(raw: Raw, calendar: Calendar, *, me: frozenset[str], zone: ZoneInfo) -> Event:
    """One occurrence; `me` are my addresses, `zone` is the person's.

    Raises KeyError, TypeError or ValueError when it has no readable id, start or end.
    """
    start, all_day = instant_of(raw["start"], zone)
    end, _ = instant_of(raw["end"], zone)
    organiser = person_of(raw.get("organizer") or {})
    attendees = attendees_of(raw)
    answer = _my_answer(raw, calendar, me)
    guests = [one.person.address for one in attendees if _takes_part(one) and not _is_me(one.person, me)]
    return Event(
        calendar=calendar.id,
        id=str(raw["id"]),
        uid=str(raw.get("iCalUID") or raw["id"]),
        original=instant_of(raw["originalStartTime"], zone)[0] if raw.get("originalStartTime") else start,
        title=line(raw.get("summary")),
        start=start,
        end=end,
        lane=calendar.name,
        all_day=all_day,
        zone="" if all_day else _zone_of(raw, calendar),
        place=line(raw.get("location"), 160),
        online=bool(raw.get("hangoutLink") or raw.get("conferenceData")),
        kind=KINDS.get(str(raw.get("eventType")), "meeting"),
        organiser=organiser,
        organised_by_me=_organised_by_me(raw, organiser, calendar, me),
        others=len(guests),
        guests=tuple(guests),
        answer=answer,
        tentative=raw.get("status") == "tentative",
        busy=raw.get("transparency") != "transparent",
        mine=calendar.mine or answer != "own",
        primary=calendar.primary,
        work=calendar.primary or (calendar.role != "owner" and answer != "own"),
        repeats="recurringEventId" in raw,
        cancelled=raw.get("status") == "cancelled",
        hidden="summary" not in raw and "organizer" not in raw,
        link=link_of(raw),
    )


def instant_of(raw: Raw, zone: ZoneInfo) -> tuple[datetime, bool]:
    """(instant in UTC, whether it is a date) of an EventDateTime; a date begins at midnight of the person's zone.

    Raises KeyError, TypeError or ValueError.
    """
    if "dateTime" not in raw:
        return midnight(date.fromisoformat(raw["date"]), zone), True
    stamp = datetime.fromisoformat(raw["dateTime"])
    if stamp.tzinfo is None:
        stamp = stamp.replace(tzinfo=zone_named(str(raw.get("timeZone", ""))) or zone)
    return stamp.astimezone(UTC), False


def person_of(raw: Raw) -> Person:
    """A person resource (organizer, creator, attendee)."""
    return Person(address=str(raw.get("email", "")).casefold(), name=line(raw.get("displayName"), 60))


def attendees_of(raw: Raw) -> list[Attendee]:
    """Everybody invited, rooms included."""
    return [
        Attendee(
            person=person_of(one),
            answer=ANSWERS.get(str(one.get("responseStatus")), "unanswered"),
            optional=bool(one.get("optional")),
            room=bool(one.get("resource")),
            me=bool(one.get("self")),
        )
        for one in raw.get("attendees") or ()
    ]


def link_of(raw: Raw) -> str | None:
    """Where a person can look at it: only an address of the calendar service itself."""
    link = raw.get("htmlLink")
    return link if isinstance(link, str) and link.startswith(LINKS) else None


def times_of(raw: Raw) -> dict[str, datetime]:
    """When it begins and ends, as a Ref takes it; nothing of what has no such times: an all-day event, a series, one
    that is gone, or one that the service tells in no readable way."""
    told = [(raw.get(key) or {}).get("dateTime") for key in ("start", "end")]
    try:
        begins, ends = (datetime.fromisoformat(str(one)) for one in told)
    except ValueError:
        return {}
    return {"begins": begins, "ends": ends} if begins.tzinfo and ends.tzinfo and "recurrence" not in raw else {}


def _my_answer(raw: Raw, calendar: Calendar, me: frozenset[str]) -> Answer:
    """What I said to it; "own" when nobody asked me: my own entry, or somebody else's event."""
    for one in raw.get("attendees") or ():
        if str(one.get("email", "")).casefold() in me or (one.get("self") and calendar.primary):
            return ANSWERS.get(str(one.get("responseStatus")), "unanswered")
    return "own"


def _organised_by_me(raw: Raw, organiser: Person, calendar: Calendar, me: frozenset[str]) -> bool:
    if not organiser.address:
        return calendar.mine
    return organiser.address in me or bool((raw.get("organizer") or {}).get("self") and calendar.mine)


def _takes_part(one: Attendee) -> bool:
    """A person who may come: a room does not, nor does who has declined."""
    return not one.room and one.answer != "declined"


def _is_me(person: Person, me: frozenset[str]) -> bool:
    return person.address in me


def _zone_of(raw: Raw, calendar: Calendar) -> str:
    """The zone the event was made in, its calendar's where it names none; UTC is a program's choice, no place."""
    named = str(raw["start"].get("timeZone") or calendar.zone)
    return named if zone_named(named) and named not in NOWHERE else ""
