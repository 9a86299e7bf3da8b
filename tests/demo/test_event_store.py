"""The calendars: what the service fills in, what it refuses, how changes are counted."""

from __future__ import annotations

from typing import Any

import pytest

from app.demo.event_lookup import EventLookup
from app.demo.workspace import Workspace
from app.demo.workspace_error import WorkspaceError
from tests.demo.discovery_schema import validator
from tests.demo.little_office import ALEX, DANA, timed


def body(office: Workspace, identity: str, calendar: str = ALEX) -> dict[str, Any]:
    found = EventLookup(office.database, calendar).event(identity)
    assert found
    return found.body


def test_a_sparse_event_becomes_a_whole_one(office: Workspace) -> None:
    identity = office.add_event(ALEX, timed("26", "10:00", "11:00"))
    event = body(office, identity)
    validator("calendar.v3", "Event").validate(event | {"start": {}, "end": {}})
    assert (event["status"], event["eventType"], event["organizer"]) == ("confirmed", "default", {"email": ALEX})
    assert event["iCalUID"] == f"{identity}@google.com"
    assert event["created"] == event["updated"] == "2026-03-25T09:00:00.000Z"


def test_what_is_stated_is_kept(office: Workspace) -> None:
    stated = timed("26", "10:00", "11:00", id="chosen", iCalUID="u@x.example", organizer={"email": DANA}, sequence=3)
    event = body(office, office.add_event(ALEX, stated))
    assert {name: event[name] for name in stated} == stated


def test_the_same_event_has_the_same_id_in_every_workspace_but_twice_in_one(office: Workspace) -> None:
    first = office.add_event(ALEX, timed("26", "10:00", "11:00"))
    assert office.add_event(DANA, timed("26", "10:00", "11:00")) != first
    assert office.add_event(ALEX, timed("26", "10:00", "11:00")) != first


def test_an_exception_is_named_after_the_instance_it_replaces(office: Workspace) -> None:
    series = office.add_event(ALEX, timed("02", "10:00", "11:00", recurrence=["RRULE:FREQ=WEEKLY"]))
    original = {"dateTime": "2026-03-30T10:00:00", "timeZone": "Europe/Zurich"}
    moved = timed("30", "15:00", "16:00", recurringEventId=series, originalStartTime=original)
    assert office.add_event(ALEX, moved) == f"{series}_20260330T080000Z"
    whole_day = {"start": {"date": "2026-03-02"}, "end": {"date": "2026-03-03"}, "recurrence": ["RRULE:FREQ=DAILY"]}
    days = office.add_event(ALEX, whole_day)
    gone = {"status": "cancelled", "recurringEventId": days, "originalStartTime": {"date": "2026-03-05"}}
    assert office.add_event(ALEX, gone) == f"{days}_20260305"


GOOD = timed("26", "10:00", "11:00")


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"summary": "when?"}, "`start`"),
        ({**GOOD, "end": {}}, "`end`"),
        ({**GOOD, "start": {"dateTime": "tomorrow"}}, "`start` cannot be read"),
        ({**GOOD, "start": {"dateTime": "2026-03-26T10:00:00", "timeZone": "Middle/Earth"}}, "`start` cannot be read"),
        (timed("26", "11:00", "10:00"), "ends before it starts"),
        ({**GOOD, "mood": "fine"}, "'mood'"),
        ({**GOOD, "attendees": [{"mail": DANA}]}, "'mail'"),
        ({**GOOD, "summary": 7}, "'summary'"),
        ({**GOOD, "updated": "yesterday"}, "updated"),
        ({**GOOD, "recurrence": ["RRULE:FREQ=SOMETIMES"]}, "`recurrence`"),
        ({**GOOD, "recurrence": ["RRULE:FREQ=HOURLY"]}, "`recurrence`"),
        ({**GOOD, "recurrence": ["every week"]}, "`recurrence`"),
        ({**GOOD, "recurrence": ["EXDATE;TZID=Middle/Earth:20260326T100000"]}, "`recurrence`"),
        ({"recurringEventId": "x", "status": "cancelled"}, "`originalStartTime`"),
    ],
)
def test_an_event_the_service_could_not_hold_is_refused(office: Workspace, event: dict[str, Any], reason: str) -> None:
    with pytest.raises(WorkspaceError, match=reason):
        office.add_event(ALEX, event)
    assert EventLookup(office.database, ALEX).changed_since(0) == []


def test_calendars_are_made_once_and_properly(office: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="exists already"):
        office.add_calendar(ALEX, summary="again", owner=ALEX, zone="UTC")
    with pytest.raises(WorkspaceError, match="freeBusyReader"):
        office.add_calendar("team", summary="Team", owner=ALEX, zone="UTC", role="guest")
    with pytest.raises(WorkspaceError, match="add_calendar"):
        office.add_event("team", timed("26", "10:00", "11:00"))
    identity = office.add_event(ALEX, timed("26", "10:00", "11:00"))
    with pytest.raises(WorkspaceError, match="already"):
        office.add_event(ALEX, timed("27", "10:00", "11:00", id=identity))


def test_every_change_is_counted(office: Workspace) -> None:
    identity = office.add_event(ALEX, timed("26", "10:00", "11:00", location="Room 1"))
    office.events.change(ALEX, identity, {"summary": "Moved", "location": None})
    changed = EventLookup(office.database, ALEX).changed_since(2)
    assert [(event.body["summary"], event.body["sequence"]) for event in changed] == [("Moved", 1)]
    assert "location" not in changed[0].body
    office.events.cancel(ALEX, identity)
    assert [event.cancelled for event in EventLookup(office.database, ALEX).changed_since(3)] == [True]
    with pytest.raises(WorkspaceError, match="No event"):
        office.events.cancel(ALEX, "nobody")
