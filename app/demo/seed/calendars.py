"""Fills the calendars of a workspace: the owner's, and those of the colleagues, of which one sees free and busy."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.demo.seed.agenda import Book, Entry, Resource, Sheet, book, event_id, resources
from app.demo.seed.cast import Figure, cast, colleagues
from app.demo.seed.days import Days
from app.demo.seed.material import DATA, read

if TYPE_CHECKING:
    from app.demo.workspace import Workspace

WEEKS_BACK = "w-4"


def fill_calendars(workspace: "Workspace", days: Days) -> tuple[int, int]:
    """Add every calendar and event; answer (calendars of the owner, events on them)."""
    shown = book()
    for sheet in shown.sheets:
        workspace.add_calendar(
            _calendar_id(sheet),
            summary=sheet.summary,
            owner=cast()[sheet.owner].address,
            zone=days.zone,
            role=sheet.role,
            primary=not sheet.id,
            colour=sheet.colour,
        )
    for person in colleagues():
        zone = person.zone or days.zone
        workspace.add_calendar(
            person.address, summary=person.name, owner=person.address, zone=zone, role="freeBusyReader"
        )
    events = sum(_add_entry(workspace, entry, days, shown) for entry in shown.entries.values())
    for person in colleagues():
        for event in _busy(person, days):
            workspace.add_event(person.address, event)
    return len(shown.sheets), events


def _calendar_id(sheet: Sheet) -> str:
    return sheet.id or cast()[sheet.owner].address


def _add_entry(workspace: "Workspace", entry: Entry, days: Days, shown: Book) -> int:
    """The entry on the owner's calendars, and on those of the colleagues who have not declined."""
    homes = [_calendar_id(sheet) for sheet in shown.sheets if sheet.key in (entry.calendar, *entry.also_on)]
    invited = {key for key, answer in entry.attending.items() if answer != "declined"}
    theirs = [person.address for person in colleagues() if person.key in invited]
    events = list(resources(entry, days))
    for home in (*homes, *theirs):
        for event in events:
            workspace.add_event(home, event)
    return len(events) * len(homes)


def _busy(person: Figure, days: Days) -> Iterator[Resource]:
    """What fills a colleague's days besides the meetings with the owner."""
    table = read(DATA / "calendars" / "20_colleagues.toml").get(person.key, {})
    zone = person.zone or days.zone
    for line in table.get("weekly", []):
        day, clock, minutes, title = line.split(" ", 3)
        event = _block(person, title, f"{WEEKS_BACK}.{day}", clock, int(minutes), zone, days)
        yield event | {"recurrence": [f"RRULE:FREQ=WEEKLY;BYDAY={day[:2].upper()}"]}
    for line in table.get("single", []):
        day, clock, minutes, title = line.split(" ", 3)
        yield _block(person, title, day, clock, int(minutes), zone, days)


def _block(person: Figure, title: str, day: str, clock: str, minutes: int, zone: str, days: Days) -> Resource:
    begin = datetime.combine(days.on(day), time.fromisoformat(clock), ZoneInfo(zone))
    finish = begin + timedelta(minutes=minutes)
    identity = event_id(f"{person.key} {day} {clock} {title}")
    return {
        "id": identity,
        "iCalUID": f"{identity}@{person.domain}",
        "summary": title,
        "start": {"dateTime": begin.isoformat(), "timeZone": zone},
        "end": {"dateTime": finish.isoformat(), "timeZone": zone},
    }
