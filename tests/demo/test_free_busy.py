"""freebusy.query: what takes time, whose, and nothing else about it."""

from __future__ import annotations

from typing import Any

import pytest

from app.demo.server import Running
from app.demo.workspace import Person, Workspace
from tests.demo.little_office import ALEX, AUTH, DANA, Answer, Client, sign_in, timed

DAY: dict[str, Any] = {"timeMin": "2026-03-26T00:00:00+01:00", "timeMax": "2026-03-27T00:00:00+01:00"}


def ask(client: Client, *calendars: str, **more: Any) -> Answer:
    items = [{"id": calendar} for calendar in calendars]
    return client.post("/calendar/v3/freeBusy", {**DAY, "items": items, **more})


def busy(client: Client, calendar: str = ALEX) -> list[tuple[str, str]]:
    answer = ask(client, calendar, timeZone="Europe/Zurich").json
    return [(block["start"][11:16], block["end"][11:16]) for block in answer["calendars"][calendar]["busy"]]


def test_busy_times_are_merged_clipped_and_told_in_utc(alex: Client, office: Workspace) -> None:
    for start, end in (("10:00", "11:00"), ("10:30", "11:30"), ("11:30", "12:00"), ("14:00", "15:00")):
        office.add_event(ALEX, timed("26", start, end))
    night = {"start": {"dateTime": "2026-03-25T22:00:00+01:00"}, "end": {"dateTime": "2026-03-26T06:00:00+01:00"}}
    office.add_event(ALEX, night)
    assert busy(alex) == [("00:00", "06:00"), ("10:00", "12:00"), ("14:00", "15:00")]
    answer = ask(alex, "primary").json
    assert (answer["timeMin"], answer["kind"]) == ("2026-03-25T23:00:00.000Z", "calendar#freeBusy")
    assert answer["calendars"]["primary"]["busy"][1]["start"] == "2026-03-26T09:00:00Z"


@pytest.mark.parametrize(
    ("change", "blocks"),
    [
        ({}, True),
        ({"transparency": "transparent"}, False),
        ({"status": "tentative"}, True),
        ({"status": "cancelled"}, False),
        ({"attendees": [{"email": ALEX, "responseStatus": "declined"}]}, False),
        ({"attendees": [{"email": ALEX.upper(), "responseStatus": "declined"}]}, False),
        ({"attendees": [{"email": ALEX, "responseStatus": "tentative"}]}, True),
        ({"attendees": [{"email": ALEX, "responseStatus": "needsAction"}]}, True),
        ({"attendees": [{"email": DANA, "responseStatus": "declined"}]}, True),
        ({"visibility": "private"}, True),
    ],
)
def test_what_takes_time(alex: Client, office: Workspace, change: dict[str, Any], blocks: bool) -> None:
    office.add_event(ALEX, timed("26", "10:00", "11:00", **change))
    assert busy(alex) == ([("10:00", "11:00")] if blocks else [])


def test_series_and_their_exceptions_take_time_where_they_are(alex: Client, office: Workspace) -> None:
    series = office.add_event(ALEX, timed("05", "09:00", "10:00", recurrence=["RRULE:FREQ=WEEKLY"]))
    assert busy(alex) == [("09:00", "10:00")]
    original = {"dateTime": "2026-03-26T08:00:00Z"}
    office.add_event(ALEX, timed("26", "15:00", "16:00", recurringEventId=series, originalStartTime=original))
    assert busy(alex) == [("15:00", "16:00")]


def test_a_whole_day_is_a_day_of_its_calendar(alex: Client, office: Workspace) -> None:
    office.add_event(DANA, {"start": {"date": "2026-03-26"}, "end": {"date": "2026-03-27"}})
    assert busy(alex, DANA) == [("01:00", "00:00")]


def test_colleagues_show_that_they_are_busy_and_strangers_nothing(alex: Client, office: Workspace) -> None:
    office.add_event(DANA, timed("26", "10:00", "11:00", summary="Doctor"))
    office.add_person(Person("new@northwind.example", "New Hire"))
    answer = ask(alex, DANA, "new@northwind.example", "who@nowhere.example")
    assert b"Doctor" not in answer.body
    calendars = answer.json["calendars"]
    assert len(calendars[DANA]["busy"]) == 1
    assert calendars["new@northwind.example"] == {"busy": []}
    assert calendars["who@nowhere.example"] == {"errors": [{"domain": "global", "reason": "notFound"}], "busy": []}


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"timeMin": DAY["timeMin"]}, "required"),
        ({"timeMin": DAY["timeMax"], "timeMax": DAY["timeMin"]}, "timeRangeEmpty"),
        ({**DAY, "timeMin": "2026-03-26T00:00:00"}, "invalid"),
        ({**DAY, "timeZone": "Middle/Earth"}, "invalid"),
        ({**DAY, "items": [{"id": str(n)} for n in range(51)]}, "tooManyCalendarsRequested"),
        ({**DAY, "items": [{"id": "a"}, {"id": "b"}], "calendarExpansionMax": 1}, "tooManyCalendarsRequested"),
        ({**DAY, "items": "primary"}, "invalid"),
        ({**DAY, "attendees": []}, "invalid"),
        ({**DAY, "items": [{"email": ALEX}]}, "invalid"),
        ([], "invalid"),
    ],
)
def test_refused_questions(alex: Client, asked: Any, reason: str) -> None:
    answer = alex.post("/calendar/v3/freeBusy", asked)
    assert (answer.status, answer.reason) == (400, reason)


def test_a_body_that_is_no_json(alex: Client) -> None:
    for body in ("{", "\x00", "[" * 100_000):
        assert alex.send("POST", "/calendar/v3/freeBusy", body).reason == "parseError"


def test_the_narrowest_scope_is_enough(running: Running, office: Workspace) -> None:
    client = Client(running, sign_in(running, f"{AUTH}calendar.freebusy")["access_token"])
    assert ask(client, DANA).status == 200
    assert client.calendar("calendars/primary/events").status == 403
    client.close()
    events = Client(running, sign_in(running, f"{AUTH}calendar.events.readonly")["access_token"])
    assert ask(events, DANA).status == 403, "reading events does not suffice"
    events.close()
