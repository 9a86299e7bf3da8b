"""The Token Vault: its order of checks, tokens that work at the demo's Google and Slack, and what kills them."""

from __future__ import annotations

import pytest

from app.demo.consent import Consent
from app.demo.google_app import GoogleApp
from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.auth0.tenant_client import (
    ACCESS_TYPE,
    API,
    GOOGLE,
    NATIVE,
    REQUESTED_TYPE,
    SIGN_IN,
    SLACK,
    TASKS,
    VAULT_API,
    claims,
    connect,
    exchange,
    link,
    me,
    sign_in,
)
from tests.demo.little_office import ALEX, CALENDAR, DANA, READONLY, Client, Clock
from tests.demo.slack.team import READ, call, make_team

IDENTITY = ("openid", "profile")
NOT_FOUND = (401, "federated_connection_refresh_token_not_found")
FLOW_FAILED = (401, "federated_connection_refresh_token_flow_failed")


def test_the_token_works_at_gmail_with_what_was_connected(
    running: Running, stranger: Client, mine: Client, lasting: str
) -> None:
    link(mine, GOOGLE, *IDENTITY, READONLY)
    answer = exchange(stranger, lasting)
    assert answer.status == 200
    assert answer.json.keys() == {"access_token", "scope", "expires_in", "issued_token_type", "token_type"}
    assert answer.json["issued_token_type"] == REQUESTED_TYPE
    assert READONLY in answer.json["scope"].split()
    client = Client(running, answer.json["access_token"])
    assert client.mail("profile").json["emailAddress"] == ALEX
    assert client.calendar("users/me/calendarList").status == 403
    client.close()


def test_the_token_works_at_slack_and_is_refreshed_there(
    running: Running, office: Workspace, stranger: Client, mine: Client, lasting: str, clock: Clock
) -> None:
    make_team(office)
    link(mine, SLACK, *READ)
    seen = set()
    for _ in range(3):
        answer = exchange(stranger, lasting, SLACK).json
        client = Client(running, answer["access_token"])
        assert call(client, "auth.test").json["ok"]
        client.close()
        seen.add(answer["access_token"])
        clock.forward(hours=13)
    assert len(seen) == 3


def test_a_stored_token_is_given_with_the_seconds_left(
    stranger: Client, mine: Client, lasting: str, clock: Clock
) -> None:
    link(mine, GOOGLE, *IDENTITY, READONLY)
    first = exchange(stranger, lasting).json
    clock.forward(seconds=2000)
    second = exchange(stranger, lasting).json
    assert second["access_token"] == first["access_token"]
    assert second["expires_in"] == first["expires_in"] - 2000
    clock.forward(seconds=1600)
    third = exchange(stranger, lasting).json
    assert third["access_token"] != first["access_token"]
    assert third["expires_in"] == 3599


def test_revoking_at_the_provider_ends_it(stranger: Client, mine: Client, lasting: str) -> None:
    link(mine, GOOGLE, *IDENTITY, READONLY)
    token = exchange(stranger, lasting).json["access_token"]
    assert stranger.form("/revoke", token=token).status == 200
    answer = exchange(stranger, lasting)
    assert (answer.status, answer.json["error"]) == FLOW_FAILED
    link(mine, GOOGLE, *IDENTITY, READONLY)
    assert exchange(stranger, lasting).status == 200, "connecting again mends it"


def test_revoking_at_slack_ends_it(
    running: Running, office: Workspace, stranger: Client, mine: Client, lasting: str
) -> None:
    make_team(office)
    link(mine, SLACK, *READ)
    client = Client(running, exchange(stranger, lasting, SLACK).json["access_token"])
    assert call(client, "auth.revoke").json["revoked"]
    client.close()
    answer = exchange(stranger, lasting, SLACK)
    assert (answer.status, answer.json["error"]) == FLOW_FAILED


def test_a_grant_in_testing_dies_after_a_week(
    running: Running, stranger: Client, mine: Client, lasting: str, clock: Clock
) -> None:
    running.consent = Consent(lifetime=604_799)
    link(mine, GOOGLE, *IDENTITY, READONLY)
    clock.forward(days=8)
    assert exchange(stranger, lasting).json["error"] == FLOW_FAILED[1]


def test_session_control_at_google_is_a_failed_flow(
    running: Running, stranger: Client, mine: Client, lasting: str, clock: Clock
) -> None:
    link(mine, GOOGLE, *IDENTITY, READONLY)
    clock.forward(hours=2)
    running.google_app = GoogleApp(rapt=True)
    assert exchange(stranger, lasting).json["error"] == FLOW_FAILED[1]


def test_nothing_connected_is_told_apart(stranger: Client, mine: Client, lasting: str) -> None:
    for connection in (GOOGLE, SLACK, "github"):
        answer = exchange(stranger, lasting, connection)
        assert (answer.status, answer.json["error"]) == NOT_FOUND
    account = link(mine, GOOGLE, *IDENTITY, READONLY)
    assert exchange(stranger, lasting).status == 200
    mine.send("DELETE", f"/me/v1/connected-accounts/accounts/{account['id']}")
    assert exchange(stranger, lasting).json["error"] == NOT_FOUND[1]


def test_a_scope_is_ignored_and_recorded_as_a_violation(
    running: Running, stranger: Client, mine: Client, lasting: str
) -> None:
    link(mine, GOOGLE, *IDENTITY, READONLY, CALENDAR)
    assert running.remarks.listed("violation") == []
    answer = exchange(stranger, lasting, scope=READONLY)
    assert {READONLY, CALENDAR} < set(answer.json["scope"].split()), "no exchange narrows"
    assert "scope" in running.remarks.listed("violation")[0].text


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_id": "somebody-else"}, 401, "invalid_client"),
        ({"client_secret": "guessed"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        (NATIVE, 403, "unauthorized_client"),
        ({"connection": ""}, 400, "invalid_request"),
        ({"subject_token": ""}, 400, "invalid_request"),
        ({"subject_token_type": "urn:ietf:params:oauth:token-type:jwt"}, 400, "invalid_request"),
        ({"requested_token_type": ACCESS_TYPE}, 400, "invalid_request"),
        ({"requested_token_type": ""}, 400, "invalid_request"),
        ({"subject_token": "v1.guessed"}, 403, "invalid_grant"),
        (API, 403, "invalid_grant"),
        ({"login_hint": DANA}, 401, "federated_connection_refresh_token_not_found"),
    ],
)
def test_each_wrong_exchange_is_refused_in_its_own_way(
    stranger: Client, mine: Client, lasting: str, changes: dict[str, str], status: int, error: str
) -> None:
    link(mine, GOOGLE, *IDENTITY, READONLY)
    fields = {"connection": GOOGLE, "token": lasting, **changes}
    answer = exchange(stranger, fields.pop("token"), fields.pop("connection"), **fields)
    assert (answer.status, answer.json["error"]) == (status, error)
    assert "access_token" not in answer.json


def test_the_checks_come_in_order(stranger: Client, lasting: str) -> None:
    """Each request is wrong in everything that comes after the check that answers."""
    wrong = {"subject_token_type": "wrong", "requested_token_type": "wrong", "login_hint": DANA}
    assert exchange(stranger, "bad", "none", **wrong, client_secret="bad").json["error"] == "invalid_client"
    assert exchange(stranger, "bad", "none", **wrong, **NATIVE).json["error"] == "unauthorized_client"
    assert exchange(stranger, "bad", "none", **wrong).json["error"] == "invalid_request"
    assert exchange(stranger, "bad", "none").json["error"] == "invalid_grant"
    assert exchange(stranger, lasting, "none").json["error"] == NOT_FOUND[1]


def test_several_accounts_are_told_apart_by_the_hint(
    running: Running, stranger: Client, mine: Client, lasting: str, clock: Clock
) -> None:
    link(mine, GOOGLE, *IDENTITY, READONLY)
    clock.forward(seconds=1)
    running.consent = Consent(account=DANA)
    link(mine, GOOGLE, *IDENTITY, READONLY)
    for hint in (ALEX, DANA):
        client = Client(running, exchange(stranger, lasting, login_hint=hint).json["access_token"])
        assert client.mail("profile").json["emailAddress"] == hint
        client.close()


def test_the_vault_is_the_persons_own(running: Running, stranger: Client, mine: Client) -> None:
    link(mine, GOOGLE, *IDENTITY, READONLY)
    dana = sign_in(stranger, login_hint=DANA)["refresh_token"]
    assert exchange(stranger, dana).json["error"] == NOT_FOUND[1]


def test_an_access_token_of_the_clients_own_api_will_do(running: Running, stranger: Client, mine: Client) -> None:
    link(mine, GOOGLE, *IDENTITY, READONLY)
    tokens = sign_in(stranger, NATIVE, audience=VAULT_API, scope="openid vault:use")
    answer = exchange(stranger, tokens["access_token"], subject_token_type=ACCESS_TYPE, **API)
    assert answer.status == 200
    client = Client(running, answer.json["access_token"])
    assert client.mail("profile").status == 200
    client.close()


def test_an_access_token_of_another_api_or_an_old_one_will_not(stranger: Client, mine: Client, clock: Clock) -> None:
    link(mine, GOOGLE, *IDENTITY, READONLY)
    other = sign_in(stranger, NATIVE, audience=TASKS, scope="tasks:read")["access_token"]
    own = sign_in(stranger, NATIVE, audience=VAULT_API, scope="vault:use")["access_token"]
    refused = exchange(stranger, other, subject_token_type=ACCESS_TYPE, **API)
    assert (refused.status, refused.json["error"]) == (403, "access_denied")
    assert exchange(stranger, own, subject_token_type=ACCESS_TYPE).json["error"] == "access_denied"
    forged = own[:-8] + "AAAAAAAA"
    assert exchange(stranger, forged, subject_token_type=ACCESS_TYPE, **API).json["error"] == "invalid_grant"
    clock.forward(days=2)
    assert exchange(stranger, own, subject_token_type=ACCESS_TYPE, **API).json["error"] == "invalid_grant"


def test_on_behalf_of_says_who_acts(stranger: Client) -> None:
    own = sign_in(stranger, NATIVE, audience=VAULT_API, scope="vault:use")["access_token"]
    asked = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": own,
        "subject_token_type": ACCESS_TYPE,
        "audience": TASKS,
        "scope": "tasks:read",
        **API,
    }
    told = claims(stranger, stranger.form("/oauth/token", **asked).json["access_token"])
    assert (told["aud"], told["scope"], told["act"]) == (TASKS, "tasks:read", {"sub": API["client_id"]})
    assert told["sub"] == claims(stranger, own)["sub"]
    assert stranger.form("/oauth/token", **{**asked, "audience": ""}).json["error"] == "invalid_request"


def test_the_tenants_log_tells_successes_and_failures(
    running: Running, stranger: Client, mine: Client, lasting: str
) -> None:
    exchange(stranger, lasting)
    link(mine, GOOGLE, *IDENTITY, READONLY)
    exchange(stranger, lasting)
    kinds = [remark.text.partition(":")[0] for remark in running.remarks.listed("event")]
    assert kinds == ["feta", "seta"]


def test_a_vaulted_token_outlives_the_server_as_a_fingerprint(
    running: Running, office: Workspace, stranger: Client, mine: Client, lasting: str
) -> None:
    from app.demo.server import serve

    link(mine, GOOGLE, *IDENTITY, READONLY)
    held = exchange(stranger, lasting).json["access_token"]
    stored = b"".join(path.read_bytes() for path in office.path.parent.iterdir())
    assert held.encode() not in stored
    assert b"1//demo-" not in stored
    with serve(office) as again:
        client = Client(again)
        assert exchange(client, lasting).status == 200
        client.close()


def test_what_is_connected_grows_only_by_connecting_again(
    running: Running, stranger: Client, mine: Client, lasting: str
) -> None:
    first = link(mine, GOOGLE, *IDENTITY, READONLY)
    second = link(mine, GOOGLE, *IDENTITY, CALENDAR)
    assert first["id"] == second["id"]
    scopes = exchange(stranger, lasting).json["scope"].split()
    assert CALENDAR in scopes
    assert READONLY not in scopes, "the scopes of the request replace"


def test_a_fault_is_told_in_the_shape_of_the_address(running: Running, stranger: Client, lasting: str) -> None:
    running.faults.parse("auth0:429")
    assert exchange(stranger, lasting).json["error"] == "too_many_requests"
    client = me(running, lasting)
    running.faults.parse("auth0-me:429")
    answer = connect(client)
    assert (answer.status, answer.headers["Content-Type"]) == (429, "application/problem+json")
    assert {"Retry-After", "X-RateLimit-Remaining"} <= answer.headers.keys()
    client.close()


def test_a_login_alone_fills_no_vault(stranger: Client) -> None:
    token = sign_in(stranger, scope=SIGN_IN, connection=GOOGLE)["refresh_token"]
    assert exchange(stranger, token).json["error"] == NOT_FOUND[1]
