"""What the calendar service mails about an event: the invitation, an answer, a cancellation (iTIP, RFC 5546)."""

from dataclasses import dataclass
from datetime import UTC, datetime

from app.demo.seed.agenda import Entry, book, resources
from app.demo.seed.cast import OWNER, Figure, senders
from app.demo.seed.days import Days, say


@dataclass(frozen=True)
class Invitation:
    """Subject and text of the mail, and the iCalendar object that goes with it."""

    subject: str
    text: str
    calendar: str
    method: str


def invitation(key: str, method: str, writer: Figure, days: Days) -> Invitation:
    """The mail about the event `key`: method REQUEST, REPLY or CANCEL, sent by `writer`."""
    entry = book().entries[key]
    when = _when(entry, days)
    subjects = {
        "REQUEST": f"Invitation: {entry.title} @ {when} ({senders()[OWNER].name})",
        "REPLY": f"Accepted: {entry.title} @ {when}",
        "CANCEL": f"Canceled event: {entry.title} @ {when}",
    }
    openings = {
        "REQUEST": f"{writer.name} has invited you to: {entry.title}",
        "REPLY": f"{writer.name} has accepted this invitation.",
        "CANCEL": 'This event has been canceled with a note:\n"Skipping this one, see you the week after."',
    }
    lines = [openings[method], f"When: {when}", f"Where: {entry.place or 'Google Meet'}"]
    if entry.notes and method == "REQUEST":
        lines.append(entry.notes.strip())
    closing = "Reply for alex.rivera@northwind.example: Yes - No - Maybe" if method == "REQUEST" else ""
    text = "\n\n".join([*lines, closing]).strip()
    return Invitation(subjects[method], text, _object(entry, method, writer, days), method)


def _start(entry: Entry, days: Days) -> datetime:
    """Of a series with a cancelled instance, that instance; else the first start."""
    cancelled = next((change["on"] for change in entry.changes if change.get("cancel")), None)
    return days.at(f"{cancelled} {entry.start.split()[1]}" if cancelled else entry.start)


def _when(entry: Entry, days: Days) -> str:
    start = _start(entry, days)
    minutes = start.hour * 60 + start.minute + entry.minutes
    return f"{say(start.date(), 'short')} {start.year} {start:%H:%M} - {minutes // 60:02d}:{minutes % 60:02d}"


def _object(entry: Entry, method: str, writer: Figure, days: Days) -> str:
    master = next(resources(entry, days))
    length = datetime.fromisoformat(master["end"]["dateTime"]) - datetime.fromisoformat(master["start"]["dateTime"])
    start = _start(entry, days)
    status = "CANCELLED" if method == "CANCEL" else "CONFIRMED"
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Google Inc//Google Calendar 70.9054//EN",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"DTSTART:{_utc(start)}",
        f"DTEND:{_utc(start + length)}",
        f"DTSTAMP:{_utc(datetime.fromisoformat(master['updated']))}",
        f"ORGANIZER;CN={senders()[entry.organizer].name}:mailto:{senders()[entry.organizer].address}",
        f"UID:{master['iCalUID']}",
        *([f"RECURRENCE-ID:{_utc(start)}"] if entry.repeat else []),
        *_attendees(entry, method, writer),
        f"SUMMARY:{_escaped(entry.title)}",
        f"LOCATION:{_escaped(entry.place)}",
        f"DESCRIPTION:{_escaped(entry.notes.strip())}",
        f"SEQUENCE:{1 if method == 'CANCEL' else 0}",
        f"STATUS:{status}",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\n".join(_folded(line) for line in lines)


def _attendees(entry: Entry, method: str, writer: Figure) -> list[str]:
    states = {"accepted": "ACCEPTED", "declined": "DECLINED", "tentative": "TENTATIVE", "needsAction": "NEEDS-ACTION"}
    people = {writer.key: "accepted"} if method == "REPLY" else entry.attending | {OWNER: "needsAction"}
    return [
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={states[answer]};"
        f"CN={senders()[key].name}:mailto:{senders()[key].address}"
        for key, answer in people.items()
    ]


def _utc(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Content lines of at most 75 octets (RFC 5545, 3.1), never cut inside a character."""
    pieces: list[str] = []
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > (75 if not pieces else 74):
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\n ".join([*pieces, piece])
