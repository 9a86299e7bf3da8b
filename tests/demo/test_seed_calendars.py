"""The seeded calendars: the conflicts of the truth file are there, whatever the day and the zone, and no others."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, cycle
from pathlib import Path
from typing import Any

import pytest

from app.demo.event_instances import Window, single_events
from app.demo.event_lookup import EventLookup
from app.demo.seed import fresh
from app.demo.seed.agenda import book, event_id
from app.demo.seed.days import Days
from app.demo.workspace import Workspace
from tests.demo import truth

ZONES = ["UTC", "Asia/Tokyo", "America/Los_Angeles", "Europe/Zurich", "Australia/Lord_Howe"]
TODAYS = [date(2026, 3, 2) + timedelta(days=count) for count in range(7)]
# Both changes of the clocks, of the northern and the southern half.
TURNS = [date(2026, 3, 24), date(2026, 10, 21), date(2026, 4, 1)]
NEAR = timedelta(minutes=30)


@dataclass(frozen=True)
class Meeting:
    """One busy, timed event of the owner's, in local wall time."""

    key: str
    uid: str
    calendar: str
    start: datetime
    end: datetime
    place: str
    company: bool


def owners(workspace: Workspace) -> list[str]:
    family_and_aurora = {sheet.id for sheet in book().sheets if sheet.id}
    return [found.id for found in workspace.events.calendars() if found.primary or found.id in family_and_aurora]


def raw_events(workspace: Workspace, days: Days) -> Iterator[tuple[str, dict[str, Any]]]:
    begin, end = (int(days.at(f"{day} 00:00").timestamp() * 1000) for day in ("w0.mon", "w1.sat"))
    for calendar in owners(workspace):
        found = EventLookup(workspace.database, calendar).between(begin, end)
        for event in single_events(found, calendar, days.zone, Window(begin, end)):
            if not event.cancelled:
                yield calendar, event.body


def meetings(workspace: Workspace, days: Days) -> list[Meeting]:
    keys = {event_id(key): key for key in book().entries}
    found: dict[tuple[str, datetime], Meeting] = {}
    for calendar, body in raw_events(workspace, days):
        if "dateTime" not in body["start"] or not counts(body, workspace.owner.address):
            continue
        start, end = (
            datetime.fromisoformat(body[side]["dateTime"]).astimezone(days.clock) for side in ("start", "end")
        )
        meeting = Meeting(
            keys[body.get("recurringEventId", body["id"])],
            body["iCalUID"],
            calendar,
            start,
            end,
            body.get("location", "").rpartition(", ")[2],
            "attendees" in body,
        )
        primary = calendar == workspace.owner.address
        if primary or (meeting.uid, start) not in found:
            found[meeting.uid, start] = meeting
    return [meeting for meeting in found.values() if meeting.start.weekday() < 5]


def counts(body: dict[str, Any], owner: str) -> bool:
    mine = [guest["responseStatus"] for guest in body.get("attendees", ()) if guest["email"] == owner]
    return body["status"] == "confirmed" and body.get("transparency") != "transparent" and mine != ["declined"]


def brute_force(workspace: Workspace, days: Days) -> set[tuple[date, frozenset[str], str]]:
    found: set[tuple[date, frozenset[str], str]] = set()
    busy = meetings(workspace, days)
    for one, other in combinations(busy, 2):
        first, second = sorted((one, other), key=lambda meeting: meeting.start)
        pair = (first.start.date(), frozenset((first.key, second.key)))
        if first.end > second.start:
            found.add((*pair, "overlap" if first.calendar == second.calendar else "double_booking"))
        elif second.start - first.end < NEAR and first.place and second.place and first.place != second.place:
            found.add((*pair, "travel"))
    for meeting in busy:
        wall = meeting.start.strftime("%H:%M"), meeting.end.strftime("%H:%M")
        work = meeting.calendar != next(sheet.id for sheet in book().sheets if sheet.key == "family")
        if work and meeting.company and (wall[0] < "09:00" or wall[1] > "17:30"):
            found.add((meeting.start.date(), frozenset((meeting.key,)), "hours"))
    return found


@pytest.mark.parametrize(("today", "zone"), [*zip([*TODAYS, *TURNS], cycle(ZONES), strict=False)], ids=str)
def test_conflicts_are_those_of_the_truth(tmp_path: Path, today: date, zone: str) -> None:
    workspace = fresh(tmp_path / "demo.db", today=today, zone=zone)
    expected = {(found.day, frozenset(found.keys), found.kind) for found in truth.conflicts(today, zone)}
    assert brute_force(workspace, Days(today, zone)) == expected
    workspace.close()


def test_every_working_day_has_a_conflict() -> None:
    days = {found.day for found in truth.conflicts(TODAYS[0], "UTC")}
    assert len(days) == 10


def test_what_is_harmless_is_in_the_book() -> None:
    for found in truth.harmless(TODAYS[0], "UTC"):
        assert found.why
        assert set(found.keys) <= set(book().entries)


def test_moved_and_cancelled_instances(tmp_path: Path) -> None:
    days = Days(TODAYS[0], "UTC")
    workspace = fresh(tmp_path / "demo.db", today=days.today, zone=days.zone)
    seen = {(meeting.key, meeting.start) for meeting in meetings(workspace, days)}
    assert ("review", days.at("w0.thu 14:00")) in seen
    assert ("review", days.at("w0.wed 14:00")) not in seen
    assert ("metrics", days.at("w0.thu 11:00")) in seen
    assert ("metrics", days.at("w1.thu 11:00")) not in seen
    workspace.close()


def test_colleagues_are_busy_enough_that_a_slot_must_be_looked_for(tmp_path: Path) -> None:
    days = Days(TODAYS[0], "Europe/Zurich")
    workspace = fresh(tmp_path / "demo.db", today=days.today, zone=days.zone)
    begin, end = (int(days.at(f"{day} 00:00").timestamp() * 1000) for day in ("w1.mon", "w1.sat"))
    for person in workspace.people():
        found = EventLookup(workspace.database, person.address).between(begin, end)
        busy = list(single_events(found, person.address, person.zone, Window(begin, end)))
        assert len(busy) >= 5, person.name
        assert person.zone
    zones = {person.zone for person in workspace.people()}
    assert {"Europe/Lisbon", "Asia/Singapore", "Europe/London", "Europe/Berlin"} <= zones
    workspace.close()


def test_meetings_of_others_stand_in_their_calendars_too(tmp_path: Path) -> None:
    workspace = fresh(tmp_path / "demo.db", today=TODAYS[0], zone="UTC")
    for address in ("ana.moreira@northwind.example", "li.wei@northwind.example", workspace.owner.address):
        event = EventLookup(workspace.database, address).event(event_id("gonogo"))
        assert event
        assert event.body["iCalUID"].endswith("@northwind.example")
        assert datetime.fromisoformat(event.body["created"]) < datetime(2026, 3, 2, tzinfo=UTC)
    assert EventLookup(workspace.database, "mei.tanaka@northwind.example").event(event_id("standup")) is None
    workspace.close()
