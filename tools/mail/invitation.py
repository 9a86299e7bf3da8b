"""Calendar invitations in mail (RFC 5546): what they ask for, read from the text/calendar part."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal

from tools.mail.characters import one_line

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
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None
    if event is None:
        return None
    start = getattr(event.get("DTSTART"), "dt", None)
    return Invitation(
        method=_METHODS.get(str(calendar.get("METHOD", "")).upper(), "publish"),
        title=one_line(str(event.get("SUMMARY", "")), 120),
        start=start if isinstance(start, date) else None,
        place=one_line(str(event.get("LOCATION", "")), 120),
        organizer=one_line(str(event.get("ORGANIZER", "")).removeprefix("mailto:").removeprefix("MAILTO:"), 120),
    )
