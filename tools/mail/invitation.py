"""Calendar invitations in mail (RFC 5546): what they ask for, read from the text/calendar part."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal

from tools.text.characters import one_line

CALENDAR_LIMIT = 100_000
Method = Literal["request", "cancel", "reply", "counter", "publish"]
_METHODS: dict[str, Method] = {
    "REQUEST": "request",
    "CANCEL": "cancel",
    "REPLY": "reply",
    "COUNTER": "counter",
    "PUBLISH": "publish",
}


@dataclass(frozen=True)
class Invitation:
    """What a calendar part says. `start` is aware, or a bare date for an all-day event, None when unreadable."""

    method: Method
    title: str
    start: datetime | date | None
    place: str = ""
    organizer: str = ""

    def starts(self, like: datetime) -> datetime | None:
        """The start as an aware moment in the zone of `like`."""
        if isinstance(self.start, datetime):
            return self.start.astimezone(like.tzinfo) if self.start.tzinfo else self.start.replace(tzinfo=like.tzinfo)
        return datetime.combine(self.start, time(), tzinfo=like.tzinfo) if self.start else None


def read_invitation(parts: list[str]) -> Invitation | None:
    """The first event of the first calendar part; None when there is none that can be read."""
    if not parts:
        return None
    import icalendar

    try:
        calendar: Any = icalendar.Calendar.from_ical(parts[0][:CALENDAR_LIMIT])
        event = next(iter(calendar.walk("VEVENT")), None)
        return _read_event(str(calendar.get("METHOD", "")), event) if event is not None else None
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None


def _read_event(method: str, event: Any) -> Invitation:
    return Invitation(
        method=_METHODS.get(method.upper(), "publish"),
        title=one_line(str(event.get("SUMMARY", "")), 120),
        start=_start(event),
        place=one_line(str(event.get("LOCATION", "")), 120),
        organizer=one_line(str(event.get("ORGANIZER", "")).removeprefix("mailto:").removeprefix("MAILTO:"), 120),
    )


def _start(event: Any) -> datetime | date | None:
    try:
        found = getattr(event.get("DTSTART"), "dt", None)
    except (ValueError, TypeError):
        return None
    return found if isinstance(found, date) else None
