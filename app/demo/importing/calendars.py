"""Files imported events in the calendars of a workspace: series first, then their exceptions, each once."""

import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from app.demo.importing.ics_events import ReadEvent, read_event
from app.demo.importing.ics_lines import OUTSIDE, Component, Property, components, open_text
from app.demo.importing.ics_times import Clock, EventProblem, Resource
from app.demo.importing.ics_zones import Zones, iana
from app.demo.importing.report import FileReport, Log
from app.demo.importing.seen import Seen
from app.demo.workspace_error import WorkspaceError

if TYPE_CHECKING:
    from app.demo.workspace import Workspace

CHUNK = 200
NOT_TAKEN = {
    "VTODO": "tasks are not taken",
    "VJOURNAL": "journal entries are not taken",
    "VFREEBUSY": "free and busy times without events are not taken",
    "VALARM": "an alarm without an event",
}
_TITLE = re.compile(r"(?im)^(?:SUMMARY|UID)(?:;[^:\n]*)?:([^\r\n]{1,80})")
QUIET = ("VTIMEZONE", "STANDARD", "DAYLIGHT")


@dataclass
class Told:
    """What the calendars of a file say of themselves, and its zones; read before the events."""

    zones: Zones = field(default_factory=Zones)
    names: dict[int, str] = field(default_factory=dict)
    clocks: dict[int, str] = field(default_factory=dict)
    calendars: int = 0


@dataclass(frozen=True)
class Waiting:
    """An event that was read and is to be filed on a calendar."""

    event: ReadEvent
    calendar: str
    key: str


def take_calendar(workspace: "Workspace", seen: Seen, path: Path, log: Log) -> FileReport:
    """Take the events of one iCalendar file. Raises OSError."""
    told = _told(path)
    taking = _Taking(workspace, seen, log, told)
    with open_text(path) as source:
        for found in components(source):
            if isinstance(found, Component):
                taking.take(found)
    taking.finish()
    if not told.calendars and not log.loaded and not log.duplicates:
        return log.refused("there is no calendar in it (no BEGIN:VCALENDAR)")
    if not (log.loaded or log.duplicates or log.left_out_count):
        log.note("the calendar is empty")
    return log.report()


def _told(path: Path) -> Told:
    told = Told()
    with open_text(path) as source:
        for found in components(source):
            told.calendars = max(told.calendars, found.calendar + 1)
            if isinstance(found, Component):
                if found.name == "VTIMEZONE":
                    told.zones.add(found.text)
            elif found.name in ("X-WR-CALNAME", "NAME"):
                told.names.setdefault(found.calendar, _unescaped(found))
            elif found.name in ("X-WR-TIMEZONE", "TIMEZONE-ID") and (zone := iana(found.value)):
                told.clocks[found.calendar] = zone
    return told


class _Taking:
    """One file: reads component by component, files in chunks, exceptions after all the series."""

    def __init__(self, workspace: "Workspace", seen: Seen, log: Log, told: Told) -> None:
        self._workspace = workspace
        self._seen = seen
        self._log = log
        self._told = told
        self._starts: dict[tuple[str, str], Resource] = {}  # of the series: (calendar, uid) -> start
        self._chunk: list[Waiting] = []
        self._exceptions: list[Waiting] = []
        self._number = 0

    def take(self, found: Component) -> None:
        if found.name == "VEVENT":
            self._number += 1
            self._event(found)
        elif found.name not in QUIET:
            self._log.leave_out(f"component {found.name}", NOT_TAKEN.get(found.name, "only events are taken"))

    def _event(self, found: Component) -> None:
        owner = self._workspace.owner.address
        clock = Clock(self._told.zones, self._told.clocks.get(found.calendar, self._workspace.zone))
        try:
            if found.problem:
                raise EventProblem(found.problem)
            event = read_event(found.text, clock, owner)
        except EventProblem as problem:
            title = _TITLE.search(found.text)
            self._log.leave_out(f"event {self._number}{f' {title[1]!r}' if title else ''}", str(problem))
            return
        home = self._calendar(found.calendar)
        instance = "" if event.original is None else str(sorted(event.original.items()))
        text = "" if event.uid else sha256(found.text.encode("utf-8", "replace")).hexdigest()
        waiting = Waiting(event, home, f"event {home} {event.uid or text} {instance}")
        if event.original is not None:
            self._exceptions.append(waiting)
            return
        if "recurrence" in event.resource:
            self._starts[home, event.uid] = event.resource["start"]
        self._chunk.append(waiting)
        if len(self._chunk) >= CHUNK:
            self._flush()

    def finish(self) -> None:
        self._flush()
        self._chunk = self._exceptions
        self._flush()

    def _flush(self) -> None:
        chunk, self._chunk = self._chunk, []
        with self._workspace.transaction():
            for waiting in chunk:
                self._file(waiting)

    def _file(self, waiting: Waiting) -> None:
        if waiting.key in self._seen:
            self._log.duplicates += 1
            return
        event, identity = waiting.event, event_id(waiting.event.resource["iCalUID"])
        link = self._link(waiting, identity)
        fields = event.resource | (link or {"id": identity if event.original is None else event_id(waiting.key)})
        try:
            self._workspace.add_event(waiting.calendar, fields)
        except WorkspaceError as error:
            self._log.leave_out(event.what, str(error))
            return
        self._seen.add(waiting.key)
        self._log.loaded += 1
        for lost in event.lost:
            self._log.leave_out(event.what, f"taken, but not {lost}")

    def _link(self, waiting: Waiting, identity: str) -> Resource | None:
        """What ties an exception to its series; None for what is none, or whose series is not there."""
        original = waiting.event.original
        start = self._starts.get((waiting.calendar, waiting.event.uid))
        if original is None or start is None:
            if original is not None:
                self._log.note("an exception without its series is taken as an event of its own")
            return None
        if "date" in original and "dateTime" in start:
            clock = start["dateTime"].partition("T")[2]
            original = {"dateTime": f"{original['date']}T{clock}", "timeZone": start["timeZone"]}
        return {"recurringEventId": identity, "originalStartTime": original}

    def _calendar(self, number: int) -> str:
        """The id of the calendar the events go to: the owner's, or one of the name the file gives."""
        owner = self._workspace.owner
        name = self._told.names.get(number, "") if number != OUTSIDE else ""
        if not name or name.casefold() in (owner.address.casefold(), owner.name.casefold()):
            return owner.address
        identity = f"{sha256(name.encode()).hexdigest()[:20]}@group.calendar.example"
        if self._workspace.events.calendar(identity) is None:
            zone = self._told.clocks.get(number, self._workspace.zone)
            self._workspace.add_calendar(identity, summary=name, owner=owner.address, zone=zone)
        return identity


def event_id(uid: str) -> str:
    """Base32hex digits, as the API asks of ids; the same for the same UID: so an exception finds its series."""
    return sha256(f"imported {uid}".encode()).hexdigest()[:26]


def _unescaped(found: Property) -> str:
    return found.value.replace("\\,", ",").replace("\\;", ";").replace("\\n", " ").replace("\\\\", "\\")[:200].strip()
