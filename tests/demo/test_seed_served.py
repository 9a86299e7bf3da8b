"""The seeded workspace over HTTP: every message and event of it is a valid answer of the API."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.demo.quota import Limits
from app.demo.seed import fresh
from app.demo.server import serve
from tests.demo.little_office import CALENDAR, READONLY, Client, sign_in

PATIENT = Limits(gmail_units_per_minute=None, calendar_requests_per_minute=None)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    path: Path = tmp_path_factory.mktemp("seed") / "demo.db"
    workspace = fresh(path, today=date(2026, 3, 4), zone="Europe/Zurich")
    with serve(workspace, limits=PATIENT) as running:
        client = Client(running, sign_in(running, READONLY, CALENDAR)["access_token"])
        yield client
        client.close()
    workspace.close()


def test_every_message(client: Client) -> None:
    listed = client.mail("messages", maxResults=500, includeSpamTrash="true").json["messages"]
    assert len(listed) > 250
    for message in listed:
        answer = client.mail(f"messages/{message['id']}", format="full")
        assert answer.status == 200
        assert answer.json["snippet"]


def test_a_long_conversation(client: Client) -> None:
    found = client.mail("threads", q="subject:(go/no-go)").json["threads"]
    assert len(found) == 1
    thread = client.mail(f"threads/{found[0]['id']}").json
    assert len(thread["messages"]) == 12


def test_unread_mail_in_the_inbox(client: Client) -> None:
    assert 40 <= client.mail("messages", q="is:unread in:inbox").json["resultSizeEstimate"] <= 60


def test_every_event_of_the_two_weeks(client: Client) -> None:
    calendars = client.calendar("users/me/calendarList").json["items"]
    assert {calendar["summary"] for calendar in calendars} >= {"Alex Rivera", "Family", "Aurora launch"}
    window = {"timeMin": "2026-03-02T00:00:00Z", "timeMax": "2026-03-14T00:00:00Z", "singleEvents": "true"}
    for calendar in calendars:
        answer = client.calendar(f"calendars/{calendar['id']}/events", **window, maxResults=500)
        assert answer.status == 200
        assert answer.json["items"]
