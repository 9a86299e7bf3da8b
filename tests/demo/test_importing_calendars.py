"""Importing calendars: series and their exceptions, odd zones, broken parts; what is left out is named."""

from pathlib import Path
from typing import Any

import pytest

from app.demo.event_instances import Window, single_events
from app.demo.event_lookup import EventLookup
from app.demo.event_time import millis, moment
from app.demo.workspace import Person, Workspace
from tests.demo.imports import IMPORTS, KIM, OWN, by_title, events, only, take

CALENDARS = IMPORTS / "calendars"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "w.db", owner=Person(KIM, "Kim Doe"), zone="Europe/Lisbon")


def starts(workspace: Workspace, calendar: str, title: str) -> list[str]:
    """The starts of the instances in March 2026 that are not cancelled, on their own clocks."""
    march = (moment({"date": day}, "UTC") for day in ("2026-03-01", "2026-04-01"))
    begin, end = (millis(day) for day in march)
    found = EventLookup(workspace.database, calendar).between(begin, end)
    single = single_events(found, calendar, workspace.zone, Window(begin, end))
    return sorted(
        event.body["start"].get("dateTime", event.body["start"].get("date", ""))[:16]
        for event in single
        if not event.cancelled and str(event.body.get("summary", "")).startswith(title)
    )


def test_outlook_calendar(workspace: Workspace) -> None:
    report = only(take(workspace, OWN / "outlook.ics"))
    assert (report.outcome, report.loaded) == ("partly", 8)
    left = [f"{entry.what}: {entry.why}" for entry in report.left_out]
    assert len(left) == report.left_out_count == 6
    for phrase in (
        "component VTODO: tasks are not taken",
        "component VFREEBUSY",
        "event 'On the thirtieth of February': taken, but not its recurrence",
        "event 'Backwards': taken, but not its end",
        "event 'Second breakfast': taken, but not its time zone 'Middle-earth/Shire'",
        "event 'Second breakfast': taken, but not an attachment",
    ):
        assert any(line.startswith(phrase) for line in left), phrase
    named = [found for found in workspace.events.calendars() if not found.primary]
    assert [(found.summary, found.zone) for found in named] == [("Team, north", "Europe/Berlin")]


def test_an_exception_before_its_series_and_a_zone_of_the_files_own(workspace: Workspace) -> None:
    take(workspace, OWN / "outlook.ics")
    home = next(found.id for found in workspace.events.calendars() if not found.primary)
    # 24 and 31 March are on either side of the change of the clocks; 17 March is excluded, 10 March was moved.
    assert starts(workspace, home, "Weekly") == [
        "2026-03-03T09:00",
        "2026-03-10T14:00",
        "2026-03-24T09:00",
        "2026-03-31T09:00",
    ]
    weekly = by_title(workspace)["Weekly"]
    assert weekly["start"]["timeZone"] == "Europe/Berlin"
    assert weekly["organizer"] == {"email": "ana@office.example", "displayName": "Ana"}
    assert weekly["attendees"] == [
        {"email": KIM, "displayName": "Kim", "self": True, "responseStatus": "declined", "optional": True},
        {"email": "tagus@office.example", "displayName": "Tagus", "responseStatus": "accepted", "resource": True},
    ]
    assert weekly["reminders"] == {"useDefault": False, "overrides": [{"method": "popup", "minutes": 15}]}


def test_windows_zone_floating_time_and_whole_day(workspace: Workspace) -> None:
    take(workspace, OWN / "outlook.ics")
    found = by_title(workspace)
    windows = found["By Windows' name"]
    assert windows["start"] == {"dateTime": "2026-03-04T09:00:00", "timeZone": "Europe/Berlin"}
    assert windows["end"]["dateTime"] == "2026-03-04T09:45:00"
    assert (windows["transparency"], windows["visibility"]) == ("transparent", "private")
    assert found["Floating lunch"]["start"] == {"dateTime": "2026-03-04T12:00:00", "timeZone": "Europe/Berlin"}
    assert found["A day that ends on itself"]["end"] == {"date": "2026-03-06"}
    assert "recurrence" not in found["On the thirtieth of February"]


def test_google_calendar_of_the_owner_is_the_primary_one(workspace: Workspace) -> None:
    report = only(take(workspace, OWN / "google.ics"))
    assert (report.outcome, report.loaded) == ("loaded", 3)
    assert [found.id for found in workspace.events.calendars()] == [KIM]
    assert starts(workspace, KIM, "Choir") == [
        "2026-03-02T18:00",
        "2026-03-09T20:00",
        "2026-03-23T18:00",
        "2026-03-30T18:00",
    ]
    assert by_title(workspace)["Choir"]["hangoutLink"] == "https://meet.example/abc-defg-hij"


def test_a_truncated_file_keeps_what_is_whole(workspace: Workspace) -> None:
    report = only(take(workspace, OWN / "truncated.ics"))
    assert (report.outcome, report.loaded) == ("partly", 1)
    assert report.left_out[0].what == "event 2 't-2'"
    assert report.left_out[0].why == "the file ends in the middle of it"


LOADED = {
    "alarm_google_future.ics": 1,
    "america_new_york_forward_reference.ics": 1,
    "bom_calendar.ics": 0,
    "example.ics": 3,
    "issue_1050_forward_timezone_reference.ics": 1,
    "issue_104_broken_calendar.ics": 1,
    "issue_165_missing_event.ics": 1,
    "pacific_fiji.ics": 1,
    "timezoned.ics": 1,
}


@pytest.mark.parametrize(("name", "count"), LOADED.items(), ids=LOADED)
def test_loaded_in_full(workspace: Workspace, name: str, count: int) -> None:
    report = only(take(workspace, CALENDARS / name))
    assert (report.outcome, report.loaded) == ("loaded", count)


PARTLY = {
    "issue_1050_all_components.ics": ["tasks are not taken", "journal entries are not taken", "only events are taken"],
    "issue_1081_invalid_rrule_freq.ics": ["its recurrence"],
    "issue_1426.ics": ["the lengths of its RDATE periods"],
    "issue_168_input.ics": ["a line"],
    "multiple_calendar_components.ics": ["its start cannot be read"],
}


@pytest.mark.parametrize(("name", "reasons"), PARTLY.items(), ids=PARTLY)
def test_partly_loaded(workspace: Workspace, name: str, reasons: list[str]) -> None:
    report = only(take(workspace, CALENDARS / name))
    assert report.outcome == "partly"
    assert report.loaded > 0
    for reason in reasons:
        assert any(reason in left.why for left in report.left_out), reason


REFUSED = {
    "big_bad_calendar.ics": "it has no start (DTSTART)",
    "broken_ical.ics": "its start cannot be read",
    "issue_1081_freebusy_comma_separated.ics": "free and busy times without events are not taken",
    "issue_1081_invalid_start_and_end.ics": "its start cannot be read",
    "issue_178_component_with_invalid_name_represented.ics": "there is no calendar in it",
    "issue_178_custom_component_inside_other.ics": "only events are taken",
}


@pytest.mark.parametrize(("name", "reason"), REFUSED.items(), ids=REFUSED)
def test_refused_with_the_reason(workspace: Workspace, name: str, reason: str) -> None:
    report = only(take(workspace, CALENDARS / name))
    assert report.outcome == "refused"
    assert reason in report.reason
    assert not list(events(workspace))


ZONES: dict[str, Any] = {
    "america_new_york.ics": "America/New_York",
    "issue_156_RDATE_with_PERIOD_TZID_khal_2.ics": "Europe/Berlin",
    "issue_165_missing_event.ics": "Europe/Berlin",
    "pacific_fiji.ics": "Pacific/Fiji",
}


@pytest.mark.parametrize(("name", "zone"), ZONES.items(), ids=ZONES)
def test_odd_zone_names(workspace: Workspace, name: str, zone: str) -> None:
    take(workspace, CALENDARS / name)
    assert [event["start"]["timeZone"] for event in events(workspace)] == [zone]
