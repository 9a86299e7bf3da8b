"""What every call meets before its endpoint: token, scope, parameters, quota, places in flight."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.demo.quota import Limits
from app.demo.routes import load
from app.demo.server import serve
from app.demo.workspace import Workspace
from tests.demo.little_office import AUTH, CALENDAR, READONLY, Client, Clock, file, letter, sign_in


def test_no_token_and_wrong_tokens(stranger: Client) -> None:
    answer = stranger.mail("profile")
    assert (answer.status, answer.reason) == (401, "required")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="https://accounts.google.com/"'
    for token in ("ya29.demo-unknown", "1//demo-refresh"):
        stranger.token = token
        answer = stranger.mail("profile")
        assert (answer.status, answer.reason) == (401, "authError")
        assert answer.json["error"]["status"] == "UNAUTHENTICATED"
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_other_ways_to_bring_a_token_do_not_count(alex: Client, stranger: Client) -> None:
    assert stranger.get("/gmail/v1/users/me/profile", access_token=alex.token).status == 401
    header = {"Authorization": f"Basic {alex.token}"}
    assert stranger.send("GET", "/gmail/v1/users/me/profile", headers=header).status == 401


def test_a_scope_of_another_kind_is_not_enough(alex: Client) -> None:
    answer = alex.send("POST", "/gmail/v1/users/me/messages/send", "{}")
    error = answer.json["error"]
    assert (answer.status, answer.reason, error["status"]) == (403, "insufficientPermissions", "PERMISSION_DENIED")
    assert error["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    assert error["details"][0]["metadata"] == {
        "service": "gmail.googleapis.com",
        "method": "gmail.users.messages.send",
    }
    assert f"{AUTH}gmail.send" in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("document", ["gmail.v1", "calendar.v3"])
def test_every_method_of_the_document_is_known_and_asks_for_its_scopes(stranger: Client, document: str) -> None:
    """Without a token each is refused for that, with a foreign scope for that; none is a 404."""
    api = load(document)
    other = sign_in(stranger.running, f"{AUTH}drive.file")["access_token"]
    assert len(api.methods) > 35
    for method in api.methods.values():
        path = method.path
        for name in method.parameters:
            path = path.replace(f"{{{name}}}", "x").replace(f"{{+{name}}}", "x")
        stranger.token = ""
        assert stranger.send(method.verb, path, "{}").status == 401, method.id
        stranger.token = other
        answer = stranger.send(method.verb, path, "{}")
        assert (answer.status, answer.reason) == (403, "insufficientPermissions"), method.id


def test_unknown_addresses(alex: Client) -> None:
    for path in ("/", "/gmail/v1/users/me/feelings", "/calendar/v3/nothing", "/drive/v2/files", "/gmail/v2/users"):
        answer = alex.get(path)
        assert answer.status == 404
        assert answer.headers["Content-Type"].startswith("text/html")
    assert alex.send("PATCH", "/gmail/v1/users/me/messages").status == 404
    assert b"<script>" not in alex.get("/<script>").body


@pytest.mark.parametrize(
    ("query", "reason", "told"),
    [
        ({"colour": "red"}, "invalid", "Field 'colour' could not be found in request message"),
        ({"userId": "me"}, "invalid", "userId"),
        ({"maxResults": "ten"}, "invalidParameter", "TYPE_UINT32"),
        ({"maxResults": "-1"}, "invalidParameter", "TYPE_UINT32"),
        ({"includeSpamTrash": "1"}, "invalidParameter", "boolean"),
        ({"alt": "csv"}, "invalidParameter", "Allowed values"),
        ({"q": ["a", "b"]}, "badRequest", "Multiple values"),
        ({"fields": "messages(id"}, "invalidParameter", "Invalid field selection"),
        ({"fields": ","}, "invalidParameter", "Invalid field selection"),
    ],
)
def test_parameters_are_checked_by_the_document(
    alex: Client, query: dict[str, str | list[str]], reason: str, told: str
) -> None:
    answer = alex.mail("messages", **query)
    assert (answer.status, answer.reason) == (400, reason)
    assert told in answer.json["error"]["message"]


def test_parameters_of_every_method_are_taken(alex: Client) -> None:
    assert alex.mail("labels", prettyPrint="false", alt="json", quotaUser="u", key="k").status == 200


def test_a_long_get_may_come_as_a_post(alex: Client, office: Workspace) -> None:
    message = file(office, letter())
    headers = {"X-HTTP-Method-Override": "GET", "Content-Type": "application/x-www-form-urlencoded"}
    query = "q=" + "+".join(["budget"] * 200) + "&fields=messages%2Fid"
    answer = alex.send("POST", "/gmail/v1/users/me/messages", query, headers)
    assert answer.json == {"messages": [{"id": message}]}


@pytest.fixture
def seconds() -> Clock:
    return Clock(now=1000.0)


@pytest.fixture
def tight(office: Workspace, seconds: Clock) -> Iterator[Client]:
    """A client of a server with 100 Gmail units and three Calendar calls a minute."""
    limits = Limits(gmail_units_per_minute=100, calendar_requests_per_minute=3, clock=seconds)
    with serve(office, limits=limits) as running:
        client = Client(running, sign_in(running, READONLY, CALENDAR)["access_token"])
        yield client
        client.close()


def test_the_quota_of_a_minute(tight: Client, office: Workspace, seconds: Clock) -> None:
    message = file(office, letter())
    assert [tight.mail(f"messages/{message}").status for _ in range(5)] == [200] * 5
    seconds.forward(seconds=15)
    answer = tight.mail("labels")
    error = answer.json["error"]
    assert (answer.status, answer.reason, error["status"]) == (429, "rateLimitExceeded", "RESOURCE_EXHAUSTED")
    assert error["errors"][0]["domain"] == "usageLimits"
    assert answer.headers["Retry-After"] == "45"
    assert tight.calendar("users/me/calendarList").status == 200, "each service has its own"
    seconds.forward(seconds=45)
    assert tight.mail(f"messages/{message}").status == 200


def test_refused_calls_cost_nothing(tight: Client) -> None:
    for _ in range(30):
        assert tight.mail("messages", colour="red").status == 400
    assert tight.mail("profile").status == 200
    assert [tight.calendar("colours").status, tight.calendar("users/me/settings").status] == [404, 200]


def test_calendar_counts_requests(tight: Client) -> None:
    assert [tight.calendar("users/me/settings").status for _ in range(4)] == [200, 200, 200, 429]


def test_without_a_limit_nobody_waits(office: Workspace) -> None:
    message = file(office, letter())
    with serve(office, limits=Limits(None, None, None)) as running:
        client = Client(running, sign_in(running, READONLY)["access_token"])
        assert {client.mail(f"messages/{message}").status for _ in range(400)} == {200}
        client.close()
