"""Calendar's writing methods: ids, etags, roles, copies at the guests, and the note of every change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from app.demo.event_log import event_writes
from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.discovery_schema import check_response
from tests.demo.little_office import ALEX, AUTH, DANA, NOW, Answer, Client, sign_in, timed

EVENTS = "/calendar/v3/calendars/primary/events"
KIM = "kim@partner.example"
GUESTS = [{"email": DANA, "displayName": "Dana Okafor"}, {"email": KIM}]


@pytest.fixture
def writer(running: Running) -> Iterator[Client]:
    """Alex, who may change events of the calendars they own."""
    client = Client(running, sign_in(running, f"{AUTH}calendar.events.owned")["access_token"])
    yield client
    client.close()


@pytest.fixture
def dana(running: Running) -> Iterator[Client]:
    client = Client(running, sign_in(running, f"{AUTH}calendar.events", hint=DANA)["access_token"])
    yield client
    client.close()


def send(client: Client, method: str, path: str, body: Any = None, etag: str = "") -> Answer:
    headers = {"Content-Type": "application/json"} | ({"If-Match": etag} if etag else {})
    answer = client.send(method, f"{EVENTS}{path}", None if body is None else json.dumps(body), headers)
    if answer.status == 200:
        check_response(method, f"{EVENTS}{path}", answer.json)
    return answer


def made(client: Client, query: str = "", **more: Any) -> Any:
    answer = send(client, "POST", query, timed("26", "10:00", "11:00", **more))
    assert answer.status == 200, answer.body
    return answer.json


def test_an_id_is_the_clients_and_cannot_be_taken_twice(writer: Client, office: Workspace) -> None:
    event = made(writer, id="valet0123456789", summary="Review")
    assert (event["id"], event["status"], event["organizer"]) == (
        "valet0123456789",
        "confirmed",
        {"email": ALEX, "self": True},
    )
    assert event["iCalUID"] == "valet0123456789@google.com"
    again = send(writer, "POST", "", timed("26", "10:00", "11:00", id="valet0123456789"))
    assert (again.status, again.reason) == (409, "duplicate")
    assert send(writer, "DELETE", "/valet0123456789").status == 204
    assert send(writer, "POST", "", timed("26", "10:00", "11:00", id="valet0123456789")).status == 409
    assert [write.method for write in event_writes(office)] == ["insert", "delete"]
    assert office.note("frozen") == str(NOW.timestamp())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (timed("26", "10:00", "11:00", id="UPPER"), "invalid"),
        (timed("26", "10:00", "11:00", id="xyz12"), "invalid"),
        (timed("26", "11:00", "10:00"), "invalid"),
        ({"summary": "no times"}, "required"),
        ({"start": {"dateTime": "2026-03-26T10:00:00"}, "end": {"dateTime": "2026-03-26T11:00:00Z"}}, "required"),
        (timed("26", "10:00", "11:00", nonsense=1), "invalid"),
    ],
)
def test_what_does_not_fit_is_refused(writer: Client, office: Workspace, body: Any, reason: str) -> None:
    answer = send(writer, "POST", "", body)
    assert (answer.status, answer.reason) == (400, reason)
    assert event_writes(office) == []
    assert office.note("frozen") is None


def test_a_change_needs_the_version_it_was_made_for(writer: Client, office: Workspace) -> None:
    event = made(writer)
    first = send(writer, "PATCH", f"/{event['id']}", {"summary": "Other"}, event["etag"])
    assert (first.status, first.json["summary"]) == (200, "Other")
    assert first.json["etag"] != event["etag"]
    late = send(writer, "PATCH", f"/{event['id']}", {"summary": "Third"}, event["etag"])
    assert (late.status, late.reason) == (412, "conditionNotMet")
    assert send(writer, "DELETE", f"/{event['id']}", etag=event["etag"]).status == 412
    assert send(writer, "PATCH", f"/{event['id']}", {"summary": "Any"}, "*").status == 200


def test_a_patch_merges_an_update_replaces(writer: Client) -> None:
    event = made(writer, description="About", location="Room")
    patched = send(writer, "PATCH", f"/{event['id']}", {"location": None, "start": timed("26", "09:30", "")["start"]})
    assert patched.json["description"] == "About"
    assert "location" not in patched.json
    assert patched.json["sequence"] == 1
    updated = send(writer, "PUT", f"/{event['id']}", timed("27", "10:00", "11:00"))
    assert "description" not in updated.json
    assert updated.json["iCalUID"] == event["iCalUID"]


def test_guests_get_copies_and_mails_only_where_asked(writer: Client, office: Workspace, dana: Client) -> None:
    quiet = made(writer, attendees=GUESTS)
    loud = made(writer, "?sendUpdates=all", attendees=GUESTS)
    made(writer, "?sendUpdates=externalOnly", attendees=GUESTS)
    assert [(write.mail, write.told) for write in event_writes(office)] == [
        ("", ()),
        ("invitation", (DANA, KIM)),
        ("invitation", (KIM,)),
    ]
    copy = dana.calendar(f"calendars/primary/events/{quiet['id']}").json
    assert copy["organizer"] == {"email": ALEX}
    answer = [{**guest, "responseStatus": "declined"} if guest.get("self") else guest for guest in copy["attendees"]]
    assert send(dana, "PATCH", f"/{quiet['id']}?sendUpdates=all", {"attendees": answer}).status == 200
    mine = send(writer, "GET", f"/{quiet['id']}").json
    assert [guest["responseStatus"] for guest in mine["attendees"]] == ["declined", "needsAction"]
    last = event_writes(office)[-1]
    assert (last.account, last.mail, last.told) == (DANA, "reply", (ALEX,))
    refused = send(dana, "PATCH", f"/{loud['id']}", {"start": timed("27", "10:00", "")["start"]})
    assert (refused.status, refused.reason) == (403, "forbiddenForNonOrganizer")
    assert send(writer, "DELETE", f"/{loud['id']}?sendUpdates=all").status == 204
    assert dana.calendar(f"calendars/primary/events/{loud['id']}").json["status"] == "cancelled"


def test_what_was_cancelled_can_be_restored(writer: Client) -> None:
    event = made(writer, summary="Review")
    assert send(writer, "DELETE", f"/{event['id']}").status == 204
    gone = send(writer, "DELETE", f"/{event['id']}")
    assert (gone.status, gone.reason) == (410, "deleted")
    assert send(writer, "GET", f"/{event['id']}").json["status"] == "cancelled"
    back = send(writer, "PATCH", f"/{event['id']}", {"status": "confirmed"})
    assert (back.json["status"], back.json["summary"]) == ("confirmed", "Review")


def test_one_occurrence_of_a_series_is_changed_and_cancelled(writer: Client) -> None:
    series = made(writer, recurrence=["RRULE:FREQ=DAILY;COUNT=4"])
    days = {"timeMin": "2026-03-23T00:00:00Z", "timeMax": "2026-04-06T00:00:00Z", "singleEvents": "true"}
    second, third = writer.calendar("calendars/primary/events", **days).json["items"][1:3]
    moved = send(writer, "PATCH", f"/{second['id']}", {"summary": "Late"}, second["etag"])
    assert moved.json["recurringEventId"] == series["id"]
    assert send(writer, "DELETE", f"/{third['id']}").status == 204
    found = writer.calendar("calendars/primary/events", **days).json["items"]
    assert [one["summary"] for one in found] == ["Meeting", "Late", "Meeting"]
    assert send(writer, "PATCH", f"/{third['id']}", {"status": "confirmed"}).status == 200
    assert len(writer.calendar("calendars/primary/events", **days).json["items"]) == 4


def test_roles_and_scopes_are_held(running: Running, office: Workspace, writer: Client, alex: Client) -> None:
    office.add_calendar("team@group.calendar.example", summary="Team", owner=DANA, zone="Europe/London", role="writer")
    team = "/calendar/v3/calendars/team@group.calendar.example/events"
    narrow = writer.post(team, timed("26", "10:00", "11:00"))
    assert (narrow.status, narrow.reason) == (403, "insufficientPermissions")
    wide = Client(running, sign_in(running, f"{AUTH}calendar.events")["access_token"])
    assert wide.post(team, timed("26", "10:00", "11:00")).status == 200
    other = wide.post(f"/calendar/v3/calendars/{DANA}/events", timed("26", "10:00", "11:00"))
    assert (other.status, other.reason) == (403, "requiredAccessLevel")
    assert send(alex, "POST", "", timed("26", "10:00", "11:00")).status == 403
    event = made(wide)
    to_team = wide.post(f"{EVENTS}/{event['id']}/move?destination=team@group.calendar.example", {})
    assert to_team.json["organizer"]["email"] == "team@group.calendar.example"
    assert wide.calendar(f"calendars/primary/events/{event['id']}").json["status"] == "cancelled"
    wide.close()


def test_an_import_is_private_and_the_same_one_is_changed(writer: Client, office: Workspace) -> None:
    letter = timed("26", "10:00", "11:00", iCalUID="x@mail.example", organizer={"email": KIM})
    first = send(writer, "POST", "/import", letter)
    again = send(writer, "POST", "/import", letter | {"summary": "Later"})
    assert first.json["id"] == again.json["id"]
    assert again.json["organizer"] == {"email": KIM}
    assert [write.mail for write in event_writes(office)] == ["", ""]


def test_a_video_meeting_is_made_where_it_is_asked_for(writer: Client) -> None:
    asked = {"createRequest": {"requestId": "abcdefghij", "conferenceSolutionKey": {"type": "hangoutsMeet"}}}
    assert "hangoutLink" not in made(writer, conferenceData=asked)
    online = made(writer, "?conferenceDataVersion=1", conferenceData=asked)
    assert online["hangoutLink"] == "https://meet.google.com/abc-defg-hij"
