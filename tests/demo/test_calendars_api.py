"""The calendar list, single calendars and settings."""

from __future__ import annotations

from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.little_office import ALEX, AUTH, CALENDAR, DANA, Client, sign_in, timed

LIST = "users/me/calendarList"


def test_the_list_has_ones_own_calendars_and_those_one_can_read(alex: Client, office: Workspace) -> None:
    office.add_calendar("holidays@group.example", summary="Holidays", owner=DANA, zone="UTC", role="reader")
    office.add_calendar("side@group.example", summary="Side", owner=ALEX, zone="UTC", colour="7")
    entries = {entry["id"]: entry for entry in alex.calendar(LIST).json["items"]}
    assert {name: entry["accessRole"] for name, entry in entries.items()} == {
        ALEX: "owner",
        "holidays@group.example": "reader",
        "side@group.example": "owner",
    }
    assert [name for name, entry in entries.items() if entry.get("primary")] == [ALEX]
    assert entries["side@group.example"]["dataOwner"] == ALEX
    assert (entries["side@group.example"]["colorId"], entries[ALEX]["timeZone"]) == ("7", "Europe/Zurich")
    writers = alex.calendar(LIST, minAccessRole="writer").json["items"]
    assert {entry["id"] for entry in writers} == {ALEX, "side@group.example"}
    page = alex.calendar(LIST, maxResults=2).json
    assert len(alex.calendar(LIST, maxResults=2, pageToken=page["nextPageToken"]).json["items"]) == 1


def test_a_colleague_sees_their_own_list(running: Running, office: Workspace) -> None:
    dana = Client(running, sign_in(running, CALENDAR, hint=DANA)["access_token"])
    assert [entry["id"] for entry in dana.calendar(LIST).json["items"]] == [DANA]
    office.add_event(ALEX, timed("26", "10:00", "11:00", summary="Salary"))
    assert b"Salary" not in dana.calendar(f"calendars/{ALEX}/events").body
    assert dana.calendar("calendars/primary").json["id"] == DANA
    assert dana.calendar("users/me/settings/timezone").json["value"] == "Europe/London"
    dana.close()


def test_a_sync_token_holds_until_the_list_changes(alex: Client, office: Workspace) -> None:
    token = alex.calendar(LIST).json["nextSyncToken"]
    assert alex.calendar(LIST, syncToken=token).json["items"] == []
    office.add_calendar("side@group.example", summary="Side", owner=ALEX, zone="UTC")
    answer = alex.calendar(LIST, syncToken=token)
    assert (answer.status, answer.reason) == (410, "fullSyncRequired")


def test_one_entry_and_one_calendar(alex: Client) -> None:
    assert alex.calendar(f"{LIST}/primary").json["id"] == ALEX
    assert alex.calendar(f"{LIST}/{DANA}").status == 404, "a colleague's calendar is not in the list"
    assert alex.calendar(f"{LIST}/nobody").status == 404
    assert alex.calendar("calendars/nobody").status == 404
    hours = alex.calendar(f"calendars/{DANA}").json["workingHours"]
    assert hours["availableTimes"][0] == {"dayOfWeek": "monday", "periodStart": 480, "periodEnd": 960}
    assert len(hours["availableTimes"]) == 5


def test_settings(alex: Client) -> None:
    values = {entry["id"]: entry["value"] for entry in alex.calendar("users/me/settings").json["items"]}
    assert (values["timezone"], values["weekStart"]) == ("Europe/Zurich", "1")
    assert alex.calendar("users/me/settings/timezone").json["value"] == "Europe/Zurich"
    assert alex.calendar("users/me/settings/mood").status == 404


def test_each_needs_its_own_scope(running: Running) -> None:
    events = Client(running, sign_in(running, f"{AUTH}calendar.events.readonly")["access_token"])
    for path in (LIST, f"{LIST}/primary", "calendars/primary", "users/me/settings"):
        assert events.calendar(path).status == 403
    events.close()
    settings = Client(running, sign_in(running, f"{AUTH}calendar.settings.readonly")["access_token"])
    assert settings.calendar("users/me/settings").status == 200
    settings.close()
