"""Methods as the discovery documents state them."""

from __future__ import annotations

import pytest

from app.demo.routes import load


@pytest.mark.parametrize(
    ("verb", "path", "method", "values"),
    [
        ("GET", "/gmail/v1/users/me/messages/1a", "gmail.users.messages.get", {"userId": "me", "id": "1a"}),
        ("POST", "/gmail/v1/users/me/messages/send", "gmail.users.messages.send", {"userId": "me"}),
        ("POST", "/upload/gmail/v1/users/me/drafts", "gmail.users.drafts.create", {"userId": "me"}),
        ("POST", "/resumable/upload/gmail/v1/users/me/drafts", "gmail.users.drafts.create", {"userId": "me"}),
        (
            "POST",
            "/gmail/v1/users/me/settings/cse/keypairs/k:disable",
            "gmail.users.settings.cse.keypairs.disable",
            {"userId": "me", "keyPairId": "k"},
        ),
        (
            "GET",
            "/calendar/v3/calendars/a%40b.example%2Fc/events",
            "calendar.events.list",
            {"calendarId": "a@b.example/c"},
        ),
        ("POST", "/calendar/v3/freeBusy", "calendar.freebusy.query", {}),
    ],
)
def test_a_method_is_found_at_its_address(verb: str, path: str, method: str, values: dict[str, str]) -> None:
    found = load("gmail.v1").find(verb, path) or load("calendar.v3").find(verb, path)
    assert found
    assert (found[0].id, found[1]) == (method, values)


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("GET", "/gmail/v1/users/me/messages/"),
        ("PUT", "/gmail/v1/users/me/messages"),
        ("GET", "/gmail/v1/users//profile"),
    ],
)
def test_no_method_is_found_elsewhere(verb: str, path: str) -> None:
    assert load("gmail.v1").find(verb, path) is None


def test_addresses_and_hosts() -> None:
    gmail, calendar = load("gmail.v1"), load("calendar.v3")
    assert (gmail.host, gmail.base, gmail.batches) == (
        "gmail.googleapis.com",
        "/gmail/v1",
        ("/batch", "/batch/gmail/v1"),
    )
    assert (calendar.host, calendar.base, calendar.batches) == (
        "www.googleapis.com",
        "/calendar/v3",
        ("/batch/calendar/v3",),
    )
