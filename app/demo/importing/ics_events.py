"""A VEVENT as a Calendar API v3 event resource, with a note of everything that could not be taken along."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from app.demo.importing.ics_times import Clock, EventProblem, Resource, many, one, recurrence, span

if TYPE_CHECKING:
    from icalendar import Component

ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}
VISIBILITY = {"PRIVATE": "private", "CONFIDENTIAL": "confidential", "PUBLIC": "public"}
STATUS = {"TENTATIVE": "tentative", "CANCELLED": "cancelled"}
LONGEST_TEXT = 8192
FURTHEST_REMINDER = 40320  # minutes: four weeks, as the API allows


@dataclass(frozen=True)
class ReadEvent:
    """One event that could be read. `original` is the start of the instance it replaces, if it is an exception."""

    uid: str
    resource: Resource
    original: Resource | None
    lost: tuple[str, ...]

    @property
    def what(self) -> str:
        return f"event {self.resource.get('summary') or self.uid or 'without a title'!r}"


def read_event(text: str, clock: Clock, owner: str) -> ReadEvent:
    """Read the text of one VEVENT. Raises EventProblem with the reason when it cannot be taken."""
    from icalendar import Event

    try:
        event = Event.from_ical(_tidied(text))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise EventProblem(f"it cannot be read: {error}") from error
    lost = [f"{name or 'a line'} ({why})" for name, why in event.errors if name not in ("DTSTART", "RRULE")]
    start, end = span(event, clock, lost)
    broken = [why for name, why in event.errors if name == "RRULE"]
    lost += [f"its recurrence ({why}): kept as one event" for why in broken]
    uid = _text(event, "UID").strip()
    resource = _described(event, owner, lost) | {"start": start, "end": end}
    original = _original(event, clock, lost)
    if original is None and (lines := recurrence(event, clock, start, lost)):
        resource["recurrence"] = lines
    resource["iCalUID"] = uid or f"{sha256(text.encode('utf-8', 'replace')).hexdigest()[:32]}@imported.example"
    return ReadEvent(uid, resource, original, tuple(dict.fromkeys(lost)))


def _tidied(text: str) -> str:
    """Some programs write spaces into rules, which the standard does not allow and which mean nothing."""
    lines = [line.replace(" ", "") if line.upper().startswith("RRULE") else line for line in text.split("\r\n")]
    return "\r\n".join(lines)


def _described(event: "Component", owner: str, lost: list[str]) -> Resource:
    """Everything but the times."""
    organizer = one(event, "ORGANIZER")
    fields: Resource = {
        "summary": _text(event, "SUMMARY"),
        "description": _text(event, "DESCRIPTION"),
        "location": _text(event, "LOCATION"),
        "status": STATUS.get(_text(event, "STATUS").upper(), "confirmed"),
        "visibility": VISIBILITY.get(_text(event, "CLASS").upper(), ""),
        "transparency": "transparent" if _text(event, "TRANSP").upper() == "TRANSPARENT" else "",
        "hangoutLink": _text(event, "X-GOOGLE-CONFERENCE"),
        "attendees": list(_attendees(event, owner, lost)),
        "organizer": _person(organizer, owner) if organizer is not None else None,
        "sequence": _number(event, "SEQUENCE"),
        "created": _stamp(event, "CREATED"),
        "updated": _stamp(event, "LAST-MODIFIED") or _stamp(event, "DTSTAMP") or _stamp(event, "CREATED"),
        "reminders": _reminders(event),
    }
    lost += ["an attachment" for _ in many(event, "ATTACH")]
    return {name: value for name, value in fields.items() if value}


def _text(event: "Component", name: str) -> str:
    value = one(event, name)
    if value is None:
        return ""
    cleaned = str(value).encode("utf-8", "replace").decode().replace("\0", "")
    return cleaned[:LONGEST_TEXT]


def _number(event: "Component", name: str) -> int:
    value = one(event, name)
    return value if isinstance(value, int) and 0 <= value < 2**31 else 0


def _stamp(event: "Component", name: str) -> str:
    """When it was made or changed, in RFC 3339; "" when that is not said or not sensible."""
    found = one(event, name)
    value = getattr(found, "dt", None)
    if not isinstance(value, datetime) or not 1970 < value.year < 2200:
        return ""
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _attendees(event: "Component", owner: str, lost: list[str]) -> Iterator[Resource]:
    organizer = one(event, "ORGANIZER")
    for value in many(event, "ATTENDEE"):
        person = _person(value, owner)
        if "@" not in person["email"]:
            lost.append(f"a guest without an address ({person.get('displayName') or value})")
            continue
        said = {name: str(value.params.get(name, "")).upper() for name in ("PARTSTAT", "ROLE", "CUTYPE")}
        person["responseStatus"] = ANSWERS.get(said["PARTSTAT"], "needsAction")
        if said["ROLE"] == "OPT-PARTICIPANT":
            person["optional"] = True
        if said["CUTYPE"] in ("RESOURCE", "ROOM"):
            person["resource"] = True
        if organizer is not None and _address(organizer) == person["email"]:
            person["organizer"] = True
        yield person


def _person(value: Any, owner: str) -> Resource:
    person: Resource = {"email": _address(value)}
    name = value.params.get("CN", "")
    if name:
        person["displayName"] = str(name[0] if isinstance(name, list) else name)
    if person["email"] == owner.lower():
        person["self"] = True
    return person


def _address(value: Any) -> str:
    return str(value).strip().removeprefix("mailto:").removeprefix("MAILTO:").removeprefix("Mailto:").lower()


def _original(event: "Component", clock: Clock, lost: list[str]) -> Resource | None:
    found = one(event, "RECURRENCE-ID")
    if found is None:
        return None
    if found.params.get("RANGE"):
        lost.append("that it changes all later instances as well: taken for this one only")
    return clock.time(found.dt, found.params, lost)


def _reminders(event: "Component") -> Resource | None:
    """The alarms that sound a while before the start."""
    minutes: list[int] = []
    for alarm in event.walk("VALARM"):
        trigger = one(alarm, "TRIGGER")
        before = getattr(trigger, "dt", None)
        if isinstance(before, timedelta) and timedelta(0) <= -before <= timedelta(minutes=FURTHEST_REMINDER):
            minutes.append(int(-before / timedelta(minutes=1)))
    if not minutes:
        return None
    overrides = [{"method": "popup", "minutes": count} for count in sorted(set(minutes))[:5]]
    return {"useDefault": False, "overrides": overrides}
