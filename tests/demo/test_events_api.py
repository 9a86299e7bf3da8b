"""Calendar's reading methods about events; every answer is checked against its discovery schema by the client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.little_office import ALEX, AUTH, DANA, Answer, Client, Clock, sign_in, timed

EVENTS = "calendars/primary/events"
MARCH: dict[str, Any] = {"timeMin": "2026-03-23T00:00:00Z", "timeMax": "2026-04-06T00:00:00Z"}
SINGLE: dict[str, Any] = {"singleEvents": "true", "orderBy": "startTime"}


def shown(answer: Answer) -> list[tuple[str, str]]:
    """What of each event, and when it starts."""
    assert answer.status == 200, answer.body
    return [
        (event.get("summary", event["status"]), event["start"].get("dateTime") or event["start"]["date"])
        if "start" in event
        else (event["status"], event["id"])
        for event in answer.json["items"]
    ]


@pytest.fixture
def standup(office: Workspace) -> str:
    """Daily at nine, over the change of the clocks; one moved, one cancelled, one left out."""
    rules = ["RRULE:FREQ=DAILY;COUNT=10", "EXDATE;TZID=Europe/Zurich:20260327T090000"]
    series = office.add_event(ALEX, timed("24", "09:00", "09:15", summary="Standup", recurrence=rules))
    moved = {"dateTime": "2026-03-30T09:00:00", "timeZone": "Europe/Zurich"}
    gone = {"dateTime": "2026-03-31T07:00:00Z"}
    office.add_event(
        ALEX, timed("30", "16:00", "16:15", summary="Late", recurringEventId=series, originalStartTime=moved)
    )
    office.add_event(ALEX, {"status": "cancelled", "recurringEventId": series, "originalStartTime": gone})
    return series


def test_a_series_is_expanded_over_the_change_of_the_clocks(alex: Client, standup: str) -> None:
    answer = alex.calendar(EVENTS, **SINGLE, **MARCH)
    assert shown(answer) == [
        ("Standup", "2026-03-24T09:00:00+01:00"),
        ("Standup", "2026-03-25T09:00:00+01:00"),
        ("Standup", "2026-03-26T09:00:00+01:00"),
        ("Standup", "2026-03-28T09:00:00+01:00"),
        ("Standup", "2026-03-29T09:00:00+02:00"),
        ("Late", "2026-03-30T16:00:00+02:00"),
        ("Standup", "2026-04-01T09:00:00+02:00"),
        ("Standup", "2026-04-02T09:00:00+02:00"),
    ]
    first = answer.json["items"][0]
    assert first["id"] == f"{standup}_20260324T080000Z"
    assert (first["recurringEventId"], first["originalStartTime"]) == (standup, first["start"])
    assert "recurrence" not in first
    assert (answer.json["timeZone"], answer.json["accessRole"]) == ("Europe/Zurich", "owner")


def test_unexpanded_the_series_comes_with_its_exceptions(alex: Client, standup: str) -> None:
    items = alex.calendar(EVENTS, **MARCH).json["items"]
    assert [(event["id"].count("_"), event["status"]) for event in items] == [
        (0, "confirmed"),
        (1, "confirmed"),
        (1, "cancelled"),
    ]
    assert items[0]["recurrence"][0] == "RRULE:FREQ=DAILY;COUNT=10"
    assert set(items[2]) <= {"kind", "etag", "id", "status", "recurringEventId", "originalStartTime"}


def test_deleted_instances_are_shown_when_asked_for(alex: Client, standup: str) -> None:
    answer = alex.calendar(EVENTS, showDeleted="true", **SINGLE, **MARCH)
    assert ("cancelled", f"{standup}_20260331T070000Z") in shown(answer)


def test_a_window_holds_what_overlaps_it_and_not_what_touches_it(alex: Client, office: Workspace) -> None:
    office.add_event(ALEX, timed("26", "10:00", "11:00"))
    for begin, end, count in (
        ("10:59:59", "12:00:00", 1),
        ("11:00:00", "12:00:00", 0),
        ("09:00:00", "10:00:00", 0),
        ("09:00:00", "10:00:01", 1),
    ):
        window = {"timeMin": f"2026-03-26T{begin}+01:00", "timeMax": f"2026-03-26T{end}+01:00"}
        assert len(alex.calendar(EVENTS, **window).json["items"]) == count
        assert len(alex.calendar(EVENTS, singleEvents="true", **window).json["items"]) == count


def test_a_long_event_of_a_series_reaches_into_the_window(alex: Client, office: Workspace) -> None:
    office.add_event(ALEX, timed("20", "22:00", "23:59", summary="On call", recurrence=["RRULE:FREQ=WEEKLY"]))
    window = {"timeMin": "2026-03-27T22:30:00Z", "timeMax": "2026-03-27T22:45:00Z"}
    assert shown(alex.calendar(EVENTS, **SINGLE, **window)) == [("On call", "2026-03-27T22:00:00+01:00")]


def test_times_are_told_in_the_zone_asked_for(alex: Client, office: Workspace) -> None:
    office.add_event(ALEX, timed("26", "10:00", "11:00"))
    event = alex.calendar(EVENTS, timeZone="America/New_York").json["items"][0]
    assert event["start"] == {"dateTime": "2026-03-26T05:00:00-04:00", "timeZone": "Europe/Zurich"}
    assert alex.calendar(EVENTS, timeZone="Middle/Earth").status == 400


def test_a_whole_day_stays_a_day(alex: Client, office: Workspace) -> None:
    day = {"summary": "Off", "start": {"date": "2026-03-29"}, "end": {"date": "2026-03-31"}}
    office.add_event(ALEX, day | {"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=2"]})
    items = alex.calendar(EVENTS, timeZone="Asia/Tokyo", **SINGLE).json["items"]
    assert [(event["start"], event["end"]) for event in items] == [
        ({"date": "2026-03-29"}, {"date": "2026-03-31"}),
        ({"date": "2026-04-05"}, {"date": "2026-04-07"}),
    ]


def test_an_endless_series_is_cut_somewhere(alex: Client, office: Workspace) -> None:
    office.add_event(ALEX, timed("02", "09:00", "10:00", recurrence=["RRULE:FREQ=WEEKLY"]))
    answer = alex.calendar(EVENTS, maxResults=2500, **SINGLE).json
    assert 100 < len(answer["items"]) < 200
    assert "nextPageToken" not in answer


@pytest.mark.parametrize(
    ("query", "status", "reason", "location"),
    [
        ({"timeMin": "2026-03-26T00:00:00"}, 400, "badRequest", None),
        ({"timeMin": "2026-03-26"}, 400, "badRequest", None),
        ({"timeMin": "2026-13-26T00:00:00Z"}, 400, "badRequest", None),
        ({"timeMin": MARCH["timeMax"], "timeMax": MARCH["timeMin"]}, 400, "timeRangeEmpty", "timeMax"),
        ({"orderBy": "startTime"}, 400, "invalid", "orderBy"),
        ({"orderBy": "colour"}, 400, "invalidParameter", "orderBy"),
        ({"maxResults": "0"}, 400, "invalidParameter", "maxResults"),
        ({"maxResults": "many"}, 400, "invalidParameter", "maxResults"),
        ({"singleEvents": "yes"}, 400, "invalidParameter", "singleEvents"),
        ({"syncToken": "rubbish"}, 400, "invalid", "syncToken"),
        ({"updatedMin": "2026-01-01T00:00:00Z"}, 410, "updatedMinTooLongAgo", "updatedMin"),
    ],
)
def test_refused_questions(alex: Client, query: dict[str, str], status: int, reason: str, location: str | None) -> None:
    answer = alex.calendar(EVENTS, **query)
    assert (answer.status, answer.reason) == (status, reason)
    assert answer.json["error"]["errors"][0].get("location") == location


def test_filters(alex: Client, office: Workspace, clock: Clock) -> None:
    guests = [{"email": DANA, "displayName": "Dana Okafor"}]
    office.add_event(ALEX, timed("26", "10:00", "11:00", summary="Budget talk", attendees=guests))
    clock.forward(minutes=40)
    extra = {"private": {"trip": "7"}, "shared": {}}
    later = timed("27", "10:00", "11:00", summary="Flight", eventType="outOfOffice", extendedProperties=extra)
    office.add_event(ALEX, later | {"iCalUID": "u@x.example"})
    for query, found in (
        ({"q": "budget"}, ["Budget talk"]),
        ({"q": "okafor talk"}, ["Budget talk"]),
        ({"q": "nothing"}, []),
        ({"iCalUID": "u@x.example"}, ["Flight"]),
        ({"eventTypes": "outOfOffice"}, ["Flight"]),
        ({"privateExtendedProperty": "trip=7"}, ["Flight"]),
        ({"privateExtendedProperty": "trip=8"}, []),
        ({"sharedExtendedProperty": "trip=7"}, []),
        ({"updatedMin": "2026-03-25T09:30:00Z"}, ["Flight"]),
        ({"orderBy": "updated"}, ["Budget talk", "Flight"]),
    ):
        answer = alex.calendar(EVENTS, **query)
        assert [name for name, _ in shown(answer)] == found, query


def test_pages_follow_each_other_and_the_last_brings_the_sync_token(alex: Client, standup: str) -> None:
    seen: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = alex.calendar(EVENTS, singleEvents="true", maxResults=3, **MARCH, **token).json
        seen += [event["id"] for event in page["items"]]
        if "nextPageToken" not in page:
            break
        assert "nextSyncToken" not in page
        token = {"pageToken": page["nextPageToken"]}
    assert len(seen) == len(set(seen)) == 8
    assert page["nextSyncToken"]
    assert alex.calendar(EVENTS, maxResults=3, **token).status == 400, "a token of another query"


def test_a_sync_token_brings_only_what_changed(alex: Client, office: Workspace) -> None:
    kept = office.add_event(ALEX, timed("26", "10:00", "11:00", summary="Kept"))
    gone = office.add_event(ALEX, timed("27", "10:00", "11:00", summary="Gone"))
    token = alex.calendar(EVENTS).json["nextSyncToken"]
    nothing = alex.calendar(EVENTS, syncToken=token).json
    assert nothing["items"] == []
    office.events.cancel(ALEX, gone)
    new = office.add_event(ALEX, timed("28", "10:00", "11:00", summary="New"))
    answer = alex.calendar(EVENTS, syncToken=token)
    assert [(event["id"], event["status"]) for event in answer.json["items"]] == [
        (gone, "cancelled"),
        (new, "confirmed"),
    ]
    assert kept not in answer.body.decode()
    assert alex.calendar(EVENTS, syncToken=answer.json["nextSyncToken"]).json["items"] == []


def test_a_changed_series_comes_with_all_its_instances(alex: Client, office: Workspace, standup: str) -> None:
    token = alex.calendar(EVENTS, singleEvents="true").json["nextSyncToken"]
    office.events.change(ALEX, standup, {"summary": "Daily"})
    changed = alex.calendar(EVENTS, singleEvents="true", syncToken=token).json
    assert [event["status"] for event in changed["items"]].count("cancelled") == 1
    assert {event.get("summary") for event in changed["items"]} == {"Daily", "Late", None}
    office.events.change(ALEX, f"{standup}_20260330T070000Z", {"summary": "Later"})
    one = alex.calendar(EVENTS, singleEvents="true", syncToken=changed["nextSyncToken"]).json
    assert [event["summary"] for event in one["items"]] == ["Later"]
    office.events.cancel(ALEX, standup)
    dead = alex.calendar(EVENTS, singleEvents="true", syncToken=one["nextSyncToken"]).json
    assert {event["status"] for event in dead["items"]} == {"cancelled"}
    assert len(dead["items"]) == 9


def test_an_old_sync_token_is_gone_and_none_goes_with_other_questions(alex: Client, office: Workspace) -> None:
    office.add_event(ALEX, timed("26", "10:00", "11:00"))
    token = alex.calendar(EVENTS).json["nextSyncToken"]
    for query in ({"timeMin": MARCH["timeMin"]}, {"q": "x"}, {"orderBy": "updated"}, {"showDeleted": "false"}):
        answer = alex.calendar(EVENTS, syncToken=token, **query)
        assert (answer.status, answer.reason) == (400, "badRequest")
    assert "nextSyncToken" not in alex.calendar(EVENTS, q="x").json
    office.events.forget_changes(ALEX)
    answer = alex.calendar(EVENTS, syncToken=token)
    assert (answer.status, answer.reason) == (410, "fullSyncRequired")
    fresh = alex.calendar(EVENTS).json["nextSyncToken"]
    assert alex.calendar(EVENTS, syncToken=fresh).status == 200
    assert alex.calendar(f"calendars/{DANA}/events", syncToken=fresh).status == 410


def test_one_event_or_one_instance(alex: Client, standup: str) -> None:
    assert alex.calendar(f"{EVENTS}/{standup}").json["recurrence"]
    instance = alex.calendar(f"{EVENTS}/{standup}_20260401T070000Z").json
    assert instance["start"]["dateTime"] == "2026-04-01T09:00:00+02:00"
    assert alex.calendar(f"{EVENTS}/{standup}_20260330T070000Z").json["summary"] == "Late"
    assert alex.calendar(f"{EVENTS}/{standup}_20260331T070000Z").json["status"] == "cancelled"
    for absent in ("nobody", f"{standup}_20260327T080000Z", f"{standup}_20260401T080000Z", f"{standup}_then"):
        assert alex.calendar(f"{EVENTS}/{absent}").status == 404


def test_instances_of_a_series(alex: Client, standup: str) -> None:
    path = f"{EVENTS}/{standup}/instances"
    assert len(alex.calendar(path).json["items"]) == 8
    assert len(alex.calendar(path, showDeleted="true").json["items"]) == 9
    assert len(alex.calendar(path, timeMin="2026-03-30T00:00:00Z").json["items"]) == 3
    moved = alex.calendar(path, originalStart="2026-03-30T09:00:00+02:00").json["items"]
    assert [event["summary"] for event in moved] == ["Late"]
    page = alex.calendar(path, maxResults=5).json
    assert len(alex.calendar(path, maxResults=5, pageToken=page["nextPageToken"]).json["items"]) == 3
    assert alex.calendar(f"{EVENTS}/nobody/instances").status == 404


@pytest.fixture
def busy_only(running: Running) -> Iterator[Client]:
    client = Client(running, sign_in(running, f"{AUTH}calendar.events.freebusy")["access_token"])
    yield client
    client.close()


def test_details_are_hidden_by_role_by_scope_and_by_privacy(alex: Client, busy_only: Client, office: Workspace) -> None:
    office.add_event(DANA, timed("26", "10:00", "11:00", summary="Doctor", location="Clinic"))
    office.add_event(ALEX, timed("26", "10:00", "11:00", summary="Secret", visibility="private"))
    office.add_calendar("team@group.example", summary="Team", owner=DANA, zone="UTC", role="reader")
    office.add_event("team@group.example", timed("26", "12:00", "13:00", summary="Hidden", visibility="private"))
    office.add_event("team@group.example", timed("26", "14:00", "15:00", summary="Open"))
    assert b"Doctor" not in alex.calendar(f"calendars/{DANA}/events").body
    assert b"Secret" in alex.calendar(EVENTS).body
    assert b"Secret" not in busy_only.calendar(EVENTS).body
    assert len(busy_only.calendar(EVENTS).json["items"]) == 1
    team = alex.calendar("calendars/team@group.example/events")
    assert [event.get("summary") for event in team.json["items"]] == [None, "Open"]
    assert team.json["accessRole"] == "reader"


def test_scopes_for_ones_own_calendars_reach_no_others(running: Running, office: Workspace) -> None:
    client = Client(running, sign_in(running, f"{AUTH}calendar.events.owned.readonly")["access_token"])
    assert client.calendar(EVENTS).status == 200
    answer = client.calendar(f"calendars/{DANA}/events")
    assert (answer.status, answer.reason) == (403, "insufficientPermissions")
    client.close()
    public = Client(running, sign_in(running, f"{AUTH}calendar.events.public.readonly")["access_token"])
    assert public.calendar(EVENTS).status == 404
    public.close()


def test_guests_are_marked_and_a_long_list_is_cut(alex: Client, office: Workspace) -> None:
    guests = [{"email": f"g{n}@x.example"} for n in range(5)] + [{"email": ALEX, "responseStatus": "accepted"}]
    office.add_event(ALEX, timed("26", "10:00", "11:00", attendees=guests, organizer={"email": DANA, "self": True}))
    event = alex.calendar(EVENTS).json["items"][0]
    assert [guest["email"] for guest in event["attendees"] if guest.get("self")] == [ALEX]
    assert "self" not in event["organizer"]
    short = alex.calendar(EVENTS, maxAttendees=2).json["items"][0]
    assert short["attendeesOmitted"]
    assert [guest["email"] for guest in short["attendees"]] == [ALEX]
