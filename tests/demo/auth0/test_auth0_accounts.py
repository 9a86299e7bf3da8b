"""Connected Accounts: connect, the provider's page, complete, list and delete; each field checked, each code once."""

from __future__ import annotations

from typing import Any

import pytest

from app.demo.consent import Consent
from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.auth0.tenant_client import (
    CALLBACK,
    GOOGLE,
    MY_SCOPES,
    SLACK,
    browse,
    complete,
    connect,
    link,
    me,
    refresh,
    sign_in,
)
from tests.demo.little_office import CALENDAR, DANA, READONLY, Answer, Client, Clock, callback
from tests.demo.slack.team import READ, make_team
from tests.demo.test_consent_oauth import read, send

ACCOUNTS = "/me/v1/connected-accounts/accounts"
SCOPES = ["openid", "profile", READONLY]


def assert_problem(answer: Answer, status: int, *words: str) -> None:
    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json
    assert {"type", "status", "title", "detail"} <= told.keys()
    assert told["status"] == status
    assert all(word in str(told) for word in words), told


def test_the_whole_flow_links_an_account(mine: Client) -> None:
    begun = connect(mine, scopes=SCOPES)
    assert begun.status == 201
    assert begun.json.keys() == {"auth_session", "connect_uri", "connect_params", "expires_in"}
    assert len(begun.json["auth_session"]) <= 64
    assert begun.json["expires_in"] == 300
    answer = browse(mine, begun)
    assert answer.headers["Location"].startswith(f"{CALLBACK}?connect_code=")
    back = callback(answer)
    assert back["state"] == "state-of-the-connect"
    assert len(back["connect_code"]) <= 46
    account = complete(mine, begun, back["connect_code"])
    assert account.status == 201
    assert account.json["id"].startswith("cac_")
    assert (account.json["connection"], account.json["access_type"]) == (GOOGLE, "offline")
    assert READONLY in account.json["scopes"]
    assert mine.get(ACCOUNTS).json == {"accounts": [account.json]}


def test_the_page_is_the_providers_and_can_be_clicked(running: Running, mine: Client) -> None:
    running.consent = Consent("page")
    begun = connect(mine, scopes=[*SCOPES, CALENDAR])
    form = read(browse(mine, begun))
    assert "View your email messages and settings" in form.text
    back = callback(send(mine, form, CALENDAR, person=DANA))
    account = complete(mine, begun, back["connect_code"]).json
    assert CALENDAR in account["scopes"]
    assert READONLY not in account["scopes"], "it was unticked"


def test_slack_is_linked_too_and_lists_are_filtered_and_paged(office: Workspace, mine: Client) -> None:
    make_team(office)
    google, slack = link(mine, GOOGLE, *SCOPES), link(mine, SLACK, *READ)
    assert mine.get(ACCOUNTS, connection=SLACK).json == {"accounts": [slack]}
    both = mine.get(ACCOUNTS, connection=[SLACK, GOOGLE]).json["accounts"]
    assert {account["id"] for account in both} == {google["id"], slack["id"]}
    first = mine.get(ACCOUNTS, take=1).json
    second = mine.get(ACCOUNTS, take=1, **{"from": first["next"]}).json
    assert "next" not in second
    assert {first["accounts"][0]["id"], second["accounts"][0]["id"]} == {google["id"], slack["id"]}
    for wrong in ({"take": 0}, {"take": 21}, {"take": "x"}, {"from": "x"}):
        assert_problem(mine.get(ACCOUNTS, **wrong), 400)
    names = [each["name"] for each in mine.get("/me/v1/connected-accounts/connections").json["connections"]]
    assert names == [GOOGLE, SLACK]


def test_a_refusal_comes_back_without_a_code(running: Running, mine: Client) -> None:
    running.consent = Consent("deny")
    back = callback(browse(mine, connect(mine, scopes=SCOPES)))
    assert back == {"error": "access_denied", "state": "state-of-the-connect"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"connection": None}, "connection"),
        ({"connection": "github"}, "connection"),
        ({"connection": "c" * 129}, "connection"),
        ({"connection": 7}, "connection"),
        ({"redirect_uri": None}, "redirect_uri"),
        ({"redirect_uri": "https://evil.example/"}, "redirect_uri"),
        ({"redirect_uri": CALLBACK + "x" * 2048}, "redirect_uri"),
        ({"state": "s" * 4097}, "state"),
        ({"scopes": []}, "scopes"),
        ({"scopes": "openid"}, "scopes"),
        ({"scopes": ["openid", "openid"]}, "scopes"),
        ({"scopes": ["s" * 256]}, "scopes"),
        ({"scopes": [f"scope:{number}" for number in range(101)]}, "scopes"),
        ({"code_challenge": "short"}, "code_challenge"),
        ({"code_challenge_method": "plain"}, "code_challenge_method"),
        ({"code_challenge_method": None}, "code_challenge_method"),
        ({"authorization_params": "x"}, "authorization_params"),
        ({"scope": "openid"}, "scope"),
    ],
)
def test_each_field_is_checked_and_unknown_ones_are_refused(mine: Client, changes: dict[str, Any], field: str) -> None:
    answer = connect(mine, **changes)
    assert_problem(answer, 400)
    assert field in [error["field"] for error in answer.json["validation_errors"]]


def test_only_json_objects_are_taken(mine: Client) -> None:
    path = "/me/v1/connected-accounts/connect"
    assert_problem(mine.form(path, connection=GOOGLE), 415)
    for body in ("{", "[]"):
        assert_problem(mine.send("POST", path, body, {"Content-Type": "application/json"}), 400)
    assert_problem(mine.get("/me/v1/else"), 404)


def test_a_token_needs_the_audience_and_the_scope(running: Running, stranger: Client, lasting: str) -> None:
    assert_problem(connect(stranger), 401)
    client = Client(running, sign_in(stranger)["access_token"])
    assert_problem(connect(client), 401)
    narrow = refresh(stranger, lasting, audience="https://demo.auth0.invalid/me/", scope=MY_SCOPES[1]).json
    client.token = narrow["access_token"]
    assert client.get(ACCOUNTS).status == 200
    assert_problem(connect(client), 403, MY_SCOPES[0])
    assert_problem(client.send("DELETE", f"{ACCOUNTS}/cac_x"), 403)
    client.close()


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"connect_code": "guessed"}, 400),
        ({"connect_code": "c" * 47}, 400),
        ({"connect_code": ""}, 400),
        ({"auth_session": "guessed"}, 400),
        ({"auth_session": "s" * 65}, 400),
        ({"redirect_uri": CALLBACK.replace("18484", "18485")}, 400),
        ({"code_verifier": "wrong-" + "0" * 50}, 400),
        ({"code_verifier": ""}, 400),
        ({"more": "x"}, 400),
    ],
)
def test_nothing_is_completed_wrongly(mine: Client, changes: dict[str, str], status: int) -> None:
    begun = connect(mine, scopes=SCOPES)
    code = callback(browse(mine, begun))["connect_code"]
    fields = {"code": code, **({"code": changes["connect_code"]} if "connect_code" in changes else {})}
    others = {name: value for name, value in changes.items() if name != "connect_code"}
    assert_problem(complete(mine, begun, fields["code"], **others), status)
    assert mine.get(ACCOUNTS).json == {"accounts": []}


def test_a_connect_code_serves_once(mine: Client) -> None:
    begun = connect(mine, scopes=SCOPES)
    code = callback(browse(mine, begun))["connect_code"]
    assert complete(mine, begun, code).status == 201
    assert_problem(complete(mine, begun, code), 409)
    other = connect(mine, scopes=SCOPES)
    wrong = callback(browse(mine, other))["connect_code"]
    assert_problem(complete(mine, other, wrong, code_verifier="x" * 50), 400)
    assert_problem(complete(mine, other, wrong), 409)


def test_code_and_session_belong_together_and_to_one_person(running: Running, stranger: Client, mine: Client) -> None:
    first, second = connect(mine, scopes=SCOPES), connect(mine, scopes=SCOPES)
    code = callback(browse(mine, first))["connect_code"]
    assert_problem(complete(mine, second, code), 400)
    dana = me(running, sign_in(stranger, login_hint=DANA)["refresh_token"])
    assert_problem(complete(dana, first, code), 400)
    assert complete(mine, first, code).status == 201
    assert dana.get(ACCOUNTS).json == {"accounts": []}
    dana.close()


def test_tickets_and_codes_die(mine: Client, clock: Clock) -> None:
    begun = connect(mine, scopes=SCOPES)
    clock.forward(seconds=301)
    assert browse(mine, begun).status == 400
    begun = connect(mine, scopes=SCOPES)
    code = callback(browse(mine, begun))["connect_code"]
    assert browse(mine, begun).status == 400, "a ticket serves once"
    clock.forward(seconds=61)
    assert_problem(complete(mine, begun, code), 400)
    assert mine.get("/connected-accounts/connect", ticket="guessed").status == 400


def test_a_google_account_without_identity_scopes_cannot_be_told(mine: Client) -> None:
    begun = connect(mine, scopes=[READONLY])
    code = callback(browse(mine, begun))["connect_code"]
    assert_problem(complete(mine, begun, code), 400, "openid")


def test_an_unknown_scope_stays_on_the_providers_page(mine: Client) -> None:
    answer = browse(mine, connect(mine, scopes=["openid", "https://www.googleapis.com/auth/made.up"]))
    assert (answer.status, b"invalid_scope" in answer.body) == (400, True)


def test_an_account_is_deleted_by_its_owner_alone(running: Running, stranger: Client, mine: Client) -> None:
    account = link(mine, GOOGLE, *SCOPES)
    dana = me(running, sign_in(stranger, login_hint=DANA)["refresh_token"])
    assert_problem(dana.send("DELETE", f"{ACCOUNTS}/{account['id']}"), 404)
    dana.close()
    assert_problem(mine.send("DELETE", f"{ACCOUNTS}/not-an-id"), 400)
    answer = mine.send("DELETE", f"{ACCOUNTS}/{account['id']}")
    assert (answer.status, answer.body) == (204, b"")
    assert_problem(mine.send("DELETE", f"{ACCOUNTS}/{account['id']}"), 404)
