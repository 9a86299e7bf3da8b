"""What changed since the last look, end to end: the real client over HTTP, against the demo server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.demo.faults import Fault
from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.agenda.signed import Desk, Kept
from tests.demo.little_office import ALEX, DANA, NOW, Clock, open_office, timed
from tests.saying import lead, text
from tools.agenda.changes_finding import ChangesFinding
from tools.errors import ServiceDown
from tools.view import Table

ZURICH = ZoneInfo("Europe/Zurich")
FAMILY = "family@group.calendar.example"
EVENTS = "GET /calendar/v3/calendars/*/events"


def guests(dana: str = "needsAction", alex: str = "accepted") -> list[dict[str, str]]:
    return [
        {"email": ALEX, "responseStatus": alex},
        {"email": DANA, "displayName": "Dana Okafor", "responseStatus": dana},
    ]


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    """Wednesday 25 March 2026, 10:00 in Zurich."""
    workspace = open_office(tmp_path / "office.sqlite", clock)
    workspace.add_calendar(FAMILY, summary="Family", owner=ALEX, zone="Europe/Zurich")
    workspace.add_event(ALEX, timed("26", "10:00", "11:00", summary="Review", id="review", attendees=guests()))
    workspace.add_event(ALEX, timed("26", "15:00", "16:00", summary="Budget", id="budget", location="Room 3"))
    weekly = {"recurrence": ["RRULE:FREQ=WEEKLY"], "id": "weekly"}
    workspace.add_event(ALEX, timed("27", "09:00", "09:30", summary="Weekly", **weekly))
    workspace.add_event(FAMILY, timed("27", "17:00", "17:30", summary="Dentist", id="dentist"))
    yield workspace
    workspace.close()


@pytest.fixture
def desk(running: Running) -> Desk:
    """Somebody who has looked once, at ten."""
    one = Desk(running, NOW.astimezone(ZURICH), ZURICH, memory=Kept())
    assert lead(one.call("calendar_changes")) == (
        "This is the first look: 12 commitments in the coming 60 days on 2 calendars are watched from now on."
    )
    one.now += timedelta(hours=1)
    return one


@pytest.fixture(autouse=True)
def later(clock: Clock, desk: Desk) -> None:
    """What the tests change, they change half an hour after the first look."""
    clock.forward(minutes=30)


def kinds(finding: ChangesFinding) -> list[tuple[str, str, int]]:
    return [(group[0].kind, group[0].event.title, len(group)) for group in finding.told]


def times(day: str, start: str, end: str, month: str = "2026-03") -> dict[str, Any]:
    """Start and end of an event, in the office's zone."""
    return {
        name: {"dateTime": f"{month}-{day}T{time}:00", "timeZone": "Europe/Zurich"}
        for name, time in (("start", start), ("end", end))
    }


def at(day: str, time: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{day} {time}").replace(tzinfo=ZURICH)


def test_nothing_changed_costs_one_question_per_calendar(desk: Desk) -> None:
    assert lead(desk.call("calendar_changes")) == "Nothing has changed since Wed 25 Mar 10:00, the last look."
    assert desk.transport is not None
    events = [one for one in desk.transport.paths if one.endswith("/events")]
    assert len(events) == 2


def test_what_moved_says_both_times_and_what_it_clashes_with(desk: Desk, office: Workspace) -> None:
    office.events.change(ALEX, "review", times("26", "15:30", "16:30"))
    found = desk.call("calendar_changes")
    assert lead(found) == (
        "1 change since Wed 25 Mar 10:00, the last look. "
        "“Review” moved from Thu 26 Mar 10:00–11:00 to 15:30–16:30. "
        "1 new conflict: “Budget” and “Review”, Thu 26 Mar 15:30–16:30 (overlap)."
    )
    assert "- new conflict, high · overlap: event:2 “Budget”" in text(found)
    changes, conflicts = found.view(lambda ref: ref.id)
    assert isinstance(changes, Table)
    assert [cell.text for cell in changes.rows[0]] == ["moved", "Review", "Thu 26 Mar 10:00–11:00", "15:30–16:30"]
    assert isinstance(conflicts, Table)
    assert conflicts.title == "New conflicts"
    assert lead(desk.call("calendar_changes")) == "Nothing has changed since Wed 25 Mar 11:00, the last look."


def test_every_kind_of_change_is_told(desk: Desk, office: Workspace) -> None:
    office.events.cancel(FAMILY, "dentist")
    office.events.change(ALEX, "budget", {"location": "Room 9"})
    office.events.change(ALEX, "review", {"attendees": guests("declined", "tentative")})
    office.add_event(ALEX, timed("26", "12:00", "13:00", summary="Lunch"))
    found = desk.call("calendar_changes")
    assert kinds(found) == [
        ("cancelled", "Dentist", 1),
        ("new", "Lunch", 1),
        ("place", "Budget", 1),
        ("answer", "Review", 1),
        ("reply", "Review", 1),
    ]
    said = text(found)
    assert "“Dentist” has been cancelled (it was Fri 27 Mar 17:00–17:30)." in said
    assert "“Lunch” is new: Thu 26 Mar 12:00–13:00." in said
    assert "“Budget” on Thu 26 Mar 15:00–16:00 is now at Room 9, not Room 3." in said
    assert "“Review” on Thu 26 Mar 10:00–11:00: you answered maybe (yes before)." in said
    assert "“Review” on Thu 26 Mar 10:00–11:00: Dana Okafor answered no (no answer before)." in said
    assert found.clashes == ()


def test_a_whole_series_is_one_change_and_its_exception_another(desk: Desk, office: Workspace) -> None:
    office.events.change(ALEX, "weekly", times("27", "09:30", "10:00"))
    assert kinds(desk.call("calendar_changes")) == [("moved", "Weekly", 9)]
    original = {"recurringEventId": "weekly", "originalStartTime": times("27", "09:30", "10:00")["start"]}
    office.add_event(ALEX, timed("27", "14:00", "14:30", summary="Weekly", **original))
    found = desk.call("calendar_changes")
    assert kinds(found) == [("moved", "Weekly", 1)]
    assert "“Weekly” moved from Fri 27 Mar 09:30–10:00 to 14:00–14:30." in lead(found)


def test_what_leaves_the_coming_weeks_has_moved_and_is_not_cancelled(desk: Desk, office: Workspace) -> None:
    office.events.change(ALEX, "budget", times("26", "15:00", "16:00", "2026-09"))
    found = desk.call("calendar_changes")
    assert "“Budget” moved from Thu 26 Mar 15:00–16:00 to Sat 26 Sep 15:00–16:00." in lead(found)


def test_taken_out_and_put_in_again_is_moved(desk: Desk, office: Workspace) -> None:
    office.events.cancel(ALEX, "budget")
    office.add_event(ALEX, timed("30", "15:00", "16:00", summary="Budget", location="Room 3"))
    assert kinds(desk.call("calendar_changes")) == [("moved", "Budget", 1)]


def test_when_the_service_forgot_everything_is_compared_anew(desk: Desk, office: Workspace) -> None:
    office.events.cancel(FAMILY, "dentist")
    office.events.change(ALEX, "review", times("26", "11:00", "12:00"))
    for calendar in (ALEX, FAMILY):
        office.events.forget_changes(calendar)
    found = desk.call("calendar_changes")
    assert kinds(found) == [("cancelled", "Dentist", 1), ("moved", "Review", 1)]
    assert lead(desk.call("calendar_changes")).startswith("Nothing has changed since Wed 25 Mar 11:00")


def test_since_tells_again_what_was_told_and_where_its_knowledge_ends(desk: Desk, office: Workspace) -> None:
    office.events.change(ALEX, "review", times("26", "15:30", "16:30"))
    desk.call("calendar_changes")
    office.events.change(ALEX, "review", times("27", "15:30", "16:30"))
    desk.now += timedelta(hours=1)
    found = desk.call("calendar_changes", since=at("25", "00:00"))
    assert lead(found) == (
        "1 change since Wed 25 Mar 10:00. “Review” moved from Thu 26 Mar 10:00–11:00 to Fri 27 Mar 15:30–16:30. "
        "Watching began Wed 25 Mar 10:00: what changed before is not known."
    )
    desk.now += timedelta(hours=1)
    none = desk.call("calendar_changes", since=at("25", "12:30"))
    assert lead(none) == "Nothing has changed since Wed 25 Mar 12:30."


def test_of_what_was_before_the_watching_nothing_is_claimed(desk: Desk, running: Running) -> None:
    assert lead(desk.call("calendar_changes", since=at("23", "00:00"))) == (
        "Nothing has changed since Wed 25 Mar 10:00. Watching began Wed 25 Mar 10:00: what changed before is not known."
    )
    first = Desk(running, NOW.astimezone(ZURICH), ZURICH, memory=Kept())
    told = lead(first.call("calendar_changes", since=at("23", "00:00")))
    assert told.startswith("This is the first look")
    assert told.endswith("What changed before is not known.")


def test_a_calendar_that_fails_is_named_and_told_of_later(desk: Desk, running: Running, office: Workspace) -> None:
    office.events.cancel(FAMILY, "dentist")
    running.faults.add(Fault("GET /calendar/v3/calendars/family*/events", status=503))
    assert lead(desk.call("calendar_changes")) == (
        "Nothing has changed since Wed 25 Mar 10:00, the last look. "
        "Not read, so not in here: Family (Google Calendar failed on its side (HTTP 503))."
    )
    assert kinds(desk.call("calendar_changes")) == [("cancelled", "Dentist", 1)]
    running.faults.add(Fault(EVENTS, status=503, times=2))
    with pytest.raises(ServiceDown):
        desk.call("calendar_changes")


def test_a_new_calendar_is_watched_and_its_events_are_not_news(desk: Desk, office: Workspace) -> None:
    office.add_calendar("club@group.calendar.example", summary="Club", owner=ALEX, zone="Europe/Zurich")
    office.add_event("club@group.calendar.example", timed("28", "10:00", "11:00", summary="Match"))
    assert lead(desk.call("calendar_changes")) == (
        "Nothing has changed since Wed 25 Mar 10:00, the last look. Watched from now on: Club."
    )


def test_time_going_by_is_no_change(desk: Desk, office: Workspace, clock: Clock) -> None:
    clock.forward(days=30)
    desk.now += timedelta(days=30)
    assert kinds(desk.call("calendar_changes")) == []
    office.events.change(ALEX, "weekly", {"location": "Room 1"})
    assert kinds(desk.call("calendar_changes")) == [("place", "Weekly", 9)]


def test_what_is_remembered_may_be_lost_or_broken(desk: Desk) -> None:
    assert isinstance(desk.memory, Kept)
    kept = dict(desk.memory)
    for key in kept:
        desk.memory[key] = b"broken"
    assert lead(desk.call("calendar_changes")).startswith("This is the first look")
    assert {key.partition(" ")[0] for key in kept} == {"calendar", "changes"}
    assert sum(len(value) for value in kept.values()) < 4000
