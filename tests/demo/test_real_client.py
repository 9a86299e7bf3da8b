"""The real Google client on the demo server: what it sends is understood, what it gets is what it expects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp  # type: ignore[import-untyped]
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError
from googleapiclient.http import BatchHttpRequest, build_http

from app.demo.google_oauth import CLIENT_ID, CLIENT_SECRET
from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.little_office import ALEX, CALENDAR, READONLY, Clock, file, letter, sign_in, timed


def service(running: Running, name: str, version: str, *scopes: str) -> Any:
    """A client built from the bundled document, pointed at the server; batch and uploads included."""
    place = files("googleapiclient") / "discovery_cache" / "documents" / f"{name}.{version}.json"
    document = json.loads(place.read_text("utf-8"))
    document["rootUrl"] = f"{running.origin}/"
    document["baseUrl"] = f"{running.origin}/{document['servicePath']}"
    document.pop("mtlsRootUrl", None)
    tokens = sign_in(running, *(scopes or (READONLY, CALENDAR)))
    credentials = Credentials(  # type: ignore[no-untyped-call]
        token=tokens["access_token"],
        refresh_token=tokens["refresh_token"],
        token_uri=f"{running.origin}/token",
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
    )
    return build_from_document(document, http=AuthorizedHttp(credentials, http=build_http()))


@pytest.fixture
def gmail(running: Running) -> Iterator[Any]:
    client = service(running, "gmail", "v1")
    yield client
    client.close()


@pytest.fixture
def calendar(running: Running) -> Iterator[Any]:
    client = service(running, "calendar", "v3")
    yield client
    client.close()


def test_pages_are_followed(gmail: Any, office: Workspace) -> None:
    filed = [file(office, letter(subject=f"S{n}", number=n), days=n) for n in range(7)]
    messages = gmail.users().messages()
    request, seen = messages.list(userId="me", maxResults=3, q="in:inbox"), []
    while request is not None:
        answer = request.execute()
        seen += [message["id"] for message in answer["messages"]]
        request = messages.list_next(request, answer)
    assert seen == filed


def test_a_batch_and_its_failures(gmail: Any, office: Workspace) -> None:
    filed = [file(office, letter(subject=f"Sübject {n}", number=n)) for n in range(10)]
    seen: dict[str, Any] = {}

    def note(name: str, answer: Any, error: HttpError | None) -> None:
        seen[name] = error.resp.status if error else answer["payload"]["headers"][0]["value"]

    batch: BatchHttpRequest = gmail.new_batch_http_request(callback=note)
    for message in [*filed, "123"]:
        batch.add(
            gmail.users().messages().get(userId="me", id=message, format="metadata", metadataHeaders=["Subject"]),
            request_id=message,
        )
    batch.execute()
    assert seen == {message: f"Sübject {n}" for n, message in enumerate(filed)} | {"123": 404}


def test_a_long_search_is_sent_as_a_post_and_answered(gmail: Any, office: Workspace) -> None:
    message = file(office, letter())
    query = " OR ".join(f"subject:word{n}" for n in range(140)) + " OR subject:budget"
    assert len(query) > 2048
    answer = gmail.users().messages().list(userId="me", q=query).execute()
    assert [found["id"] for found in answer["messages"]] == [message]


def test_an_expired_token_is_refreshed_by_itself(running: Running, gmail: Any, clock: Clock) -> None:
    assert gmail.users().getProfile(userId="me").execute()["emailAddress"] == ALEX
    clock.forward(hours=2)
    assert gmail.users().getProfile(userId="me").execute()["emailAddress"] == ALEX
    assert [record.status for record in running.log[-3:]] == [401, 200, 200]


def test_errors_carry_their_reason(gmail: Any) -> None:
    with pytest.raises(HttpError) as refused:
        gmail.users().messages().send(userId="me", body={"raw": ""}).execute()
    assert refused.value.status_code == 403
    assert refused.value.reason == "Request had insufficient authentication scopes."
    assert refused.value.error_details[0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"


def test_failures_look_as_clients_know_them(running: Running, gmail: Any) -> None:
    running.faults.parse("gmail:503,gmail:429")
    for status in (503, 429):
        with pytest.raises(HttpError) as failed:
            gmail.users().getProfile(userId="me").execute()
        assert failed.value.status_code == status
    running.faults.parse("gmail:garbage")
    assert isinstance(gmail.users().getProfile(userId="me").execute(), str), "the client raises nothing here"


def test_the_calendar(calendar: Any, office: Workspace) -> None:
    office.add_event(ALEX, timed("24", "09:00", "09:30", recurrence=["RRULE:FREQ=DAILY;COUNT=20"]))
    window = {"timeMin": "2026-03-23T00:00:00Z", "timeMax": "2026-04-23T00:00:00Z"}
    events = calendar.events()
    request, seen = (
        events.list(calendarId="primary", singleEvents=True, orderBy="startTime", maxResults=6, **window),
        [],
    )
    while request is not None:
        answer = request.execute()
        seen += [event["start"]["dateTime"] for event in answer["items"]]
        request = events.list_next(request, answer)
    assert len(seen) == 20
    assert seen == sorted(seen)
    busy = calendar.freebusy().query(body={**window, "items": [{"id": ALEX}]}).execute()
    assert len(busy["calendars"][ALEX]["busy"]) == 20
    assert calendar.calendarList().list().execute()["items"][0]["primary"]
    assert calendar.settings().get(setting="timezone").execute()["value"] == "Europe/Zurich"


def test_a_lost_sync_token(calendar: Any, office: Workspace) -> None:
    token = calendar.events().list(calendarId=ALEX).execute()["nextSyncToken"]
    office.events.forget_changes(ALEX)
    with pytest.raises(HttpError) as gone:
        calendar.events().list(calendarId=ALEX, syncToken=token).execute()
    assert gone.value.status_code == 410
