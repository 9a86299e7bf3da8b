"""The owner's calendars: entries of the data files as Calendar API v3 event resources.

Law: an entry's times are the owner's wall time whatever zone it is written in, so the planted conflicts hold in
every zone; the same entry and day give the same id.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from app.demo.seed.cast import OWNER, Figure, senders
from app.demo.seed.days import Days
from app.demo.seed.material import DATA, MaterialError, read

Resource = dict[str, Any]
ANSWERS = {"?": "tentative", "-": "declined", "~": "needsAction"}


@dataclass(frozen=True)
class Entry:
    """One event as the data file has it; see the head of calendars/10_owner.toml for guests and zones."""

    key: str
    calendar: str
    title: str
    start: str
    minutes: int = 0
    days: int = 0  # more than 0: a whole-day event
    repeat: str = ""
    changes: tuple[Mapping[str, Any], ...] = ()
    organizer: str = OWNER
    guests: tuple[str, ...] = ()
    mine: str = "accepted"
    place: str = ""
    meet: bool = False
    notes: str = ""
    show: str = "busy"
    status: str = "confirmed"
    zone: str = ""
    also_on: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return event_id(self.key)

    @property
    def attending(self) -> dict[str, str]:
        """The answer of everybody invited, by key; empty when nobody else is."""
        answers = {guest.rstrip("?-~"): ANSWERS.get(guest[-1], "accepted") for guest in self.guests}
        if not answers and self.organizer == OWNER:
            return {}
        return {OWNER: self.mine, self.organizer: "accepted", **answers} | {OWNER: self.mine}


@dataclass(frozen=True)
class Sheet:
    """One calendar of the data file. `id` empty = the owner's address (the primary calendar)."""

    key: str
    summary: str
    owner: str
    id: str = ""
    role: str = "owner"
    colour: str = ""


@dataclass(frozen=True)
class Book:
    """All entries and calendars of the owner."""

    sheets: tuple[Sheet, ...]
    entries: Mapping[str, Entry] = field(default_factory=dict)


@cache
def book() -> Book:
    """What calendars/10_owner.toml holds. Raises MaterialError for a misspelt key."""
    tables = read(DATA / "calendars" / "10_owner.toml")
    try:
        entries = [_entry(table) for table in tables["event"]]
        sheets = tuple(Sheet(**table) for table in tables["calendar"])
    except TypeError as error:
        raise MaterialError(f"10_owner.toml: {error}") from error
    return Book(sheets, {entry.key: entry for entry in entries})


def _entry(table: dict[str, Any]) -> Entry:
    lists: dict[str, Any] = {name: tuple(table[name]) for name in ("guests", "changes", "also_on") if name in table}
    return Entry(**(table | lists))


def event_id(key: str) -> str:
    """Base32hex digits, as the Calendar API asks of ids."""
    return sha256(f"event {key}".encode()).hexdigest()[:26]


def resources(entry: Entry, days: Days) -> Iterator[Resource]:
    """The event (a series, if it repeats) and then its exceptions."""
    master = _resource(entry, days)
    yield master
    for change in entry.changes:
        original = _span(entry, f"{change['on']} {entry.start.split()[1]}", days)[0]
        link = {"recurringEventId": entry.id, "originalStartTime": original}
        if change.get("cancel"):
            yield {"status": "cancelled", **link, **_stamps(days), "iCalUID": master["iCalUID"]}
            continue
        start, end = _span(entry, change["move"], days)
        moved = {name: value for name, value in master.items() if name not in ("id", "recurrence")}
        yield moved | link | {"start": start, "end": end}


def _resource(entry: Entry, days: Days) -> Resource:
    start, end = _span(entry, entry.start, days)
    organizer = _person(senders()[entry.organizer])
    event: Resource = {
        "id": entry.id,
        "iCalUID": f"{entry.id}@{senders()[entry.organizer].domain}",
        "status": entry.status,
        "summary": entry.title,
        "start": start,
        "end": end,
        "organizer": organizer,
        "creator": organizer,
        **_stamps(days),
    }
    optional = {
        "description": entry.notes.strip(),
        "location": entry.place,
        "recurrence": [f"RRULE:{entry.repeat}"] if entry.repeat else [],
        "transparency": "transparent" if entry.show == "free" else "",
        "attendees": _attendees(entry),
    }
    event |= {name: value for name, value in optional.items() if value}
    return event | _meeting(entry) if entry.meet else event


def _span(entry: Entry, start: str, days: Days) -> tuple[Resource, Resource]:
    if entry.days:
        first = days.on(start)
        return {"date": first.isoformat()}, {"date": (first + timedelta(days=entry.days)).isoformat()}
    begin = days.at(start)
    zone = entry.zone or days.zone
    # Added on the wall, so that an hour of clock change does not lengthen a meeting.
    finish = (begin.replace(tzinfo=None) + timedelta(minutes=entry.minutes)).replace(tzinfo=days.clock)
    return _moment(begin, zone), _moment(finish, zone)


def _moment(when: datetime, zone: str) -> Resource:
    return {"dateTime": when.astimezone(ZoneInfo(zone)).isoformat(), "timeZone": zone}


def _person(figure: Figure) -> Resource:
    person: Resource = {"email": figure.address, "displayName": figure.name}
    return person | {"self": True} if figure.key == OWNER else person


def _attendees(entry: Entry) -> list[Resource]:
    return [
        _person(senders()[key]) | {"responseStatus": answer} | ({"organizer": True} if key == entry.organizer else {})
        for key, answer in entry.attending.items()
    ]


def _meeting(entry: Entry) -> Resource:
    letters = "".join(chr(97 + byte % 26) for byte in sha256(f"meet {entry.key}".encode()).digest())
    code = f"{letters[:3]}-{letters[3:7]}-{letters[7:10]}"
    entry_point = {"entryPointType": "video", "uri": f"https://meet.example/{code}", "label": f"meet.example/{code}"}
    conference = {
        "entryPoints": [entry_point],
        "conferenceSolution": {"key": {"type": "hangoutsMeet"}, "name": "Google Meet"},
        "conferenceId": code,
    }
    return {"hangoutLink": entry_point["uri"], "conferenceData": conference}


def _stamps(days: Days) -> Resource:
    """Made and last changed before the oldest mail: nothing in the seed is news to a first sync."""
    made = datetime.combine(_weeks_before(days.today), time(8), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {"created": made, "updated": made}


def _weeks_before(day: date) -> date:
    return day - timedelta(weeks=6)
