"""The tenant with each step of its set-up left out: what the first client to need it meets."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.demo.auth0.tenant import ITEMS, Tenant
from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.auth0.tenant_client import (
    GOOGLE,
    ME,
    NATIVE,
    SIGN_IN,
    SLACK,
    TASKS,
    authorize,
    browse,
    claims,
    connect,
    exchange,
    link,
    me,
    redeem,
    refresh,
    sign_in,
)
from tests.demo.little_office import READONLY, Client, callback
from tests.demo.slack.team import READ, make_team

SCOPES = ("openid", "profile", READONLY)
Meeting = Callable[[Running, Client, str], object]


def at_sign_in(running: Running, client: Client, token: str) -> object:
    answer = authorize(client)
    return callback(answer)["error"] if answer.status == 302 else answer.status


def at_refresh(running: Running, client: Client, token: str) -> object:
    answer = refresh(client, token)
    return answer.status, answer.json.get("error")


def at_my_account_refresh(running: Running, client: Client, token: str) -> object:
    answer = refresh(client, token, audience=ME)
    return answer.status, answer.json.get("error")


def at_connect(running: Running, client: Client, token: str) -> object:
    """Connecting with whatever token the refresh brings."""
    caller = Client(running, refresh(client, token, audience=ME).json["access_token"])
    answer = connect(caller, scopes=list(SCOPES))
    caller.close()
    return answer.status


def at_the_page(running: Running, client: Client, token: str) -> object:
    caller = me(running, token)
    answer = browse(caller, connect(caller, scopes=list(SCOPES)))
    caller.close()
    return answer.status, b"redirect_uri_mismatch" in answer.body


def at_exchange(running: Running, client: Client, token: str) -> object:
    answer = exchange(client, token)
    return answer.status, answer.json.get("error")


def after_linking(connection: str, *scopes: str) -> Meeting:
    def meet(running: Running, client: Client, token: str) -> object:
        caller = me(running, token)
        link(caller, connection, *scopes)
        caller.close()
        answer = exchange(client, token, connection)
        return answer.status, answer.json.get("error")

    return meet


def of_the_issuer(running: Running, client: Client, token: str) -> object:
    stated = client.get("/.well-known/openid-configuration").json["issuer"]
    return claims(client, refresh(client, token).json["access_token"])["iss"] == stated


def at_tasks_sign_in(running: Running, client: Client, token: str) -> object:
    """Signing in for the tasks API: the error, or what came of it."""
    wanted = {"audience": TASKS, "scope": f"{SIGN_IN} tasks:read"}
    back = callback(authorize(client, NATIVE, **wanted))
    if "error" in back:
        return back["error"]
    tokens = redeem(client, back["code"], NATIVE).json
    return "tasks:read" in tokens["scope"].split(), "refresh_token" in tokens


def at_tasks_refresh(running: Running, client: Client, token: str) -> object:
    """The error of a refresh for the tasks API, or whether it brought a token for that, and may do anything there."""
    told = refresh(client, token, audience=TASKS, scope="tasks:read").json
    if "error" in told:
        return told["error"]
    found = claims(client, told["access_token"])
    return found["aud"] == TASKS, found["scope"]


EXPECTED: dict[str, list[tuple[Meeting, object]]] = {
    "grant:authorization_code": [(at_sign_in, "unauthorized_client")],
    "grant:refresh_token": [(at_refresh, (403, "unauthorized_client"))],
    "grant:token_vault": [(at_exchange, (403, "unauthorized_client"))],
    "client:confidential": [(at_exchange, (403, "unauthorized_client"))],
    "client:first_party": [(at_exchange, (403, "unauthorized_client"))],
    "client:oidc_conformant": [(at_exchange, (403, "unauthorized_client"))],
    "client:callbacks": [(at_sign_in, 403), (at_connect, 400)],
    "connection:connected_accounts": [
        (at_connect, 400),
        (at_exchange, (401, "federated_connection_refresh_token_not_found")),
    ],
    "connection:offline_access": [
        (after_linking(GOOGLE, *SCOPES), (401, "federated_connection_refresh_token_not_found"))
    ],
    "connection:enabled": [(at_connect, 400)],
    "my_account:activated": [(at_my_account_refresh, (200, None)), (at_connect, 401)],
    "my_account:client_grant": [(at_my_account_refresh, (403, "access_denied"))],
    "my_account:skip_consent": [(at_my_account_refresh, (403, "consent_required"))],
    "mrrt:policy": [(at_my_account_refresh, (200, None)), (at_connect, 401)],
    "tasks_api:registered": [(at_tasks_sign_in, "access_denied"), (at_tasks_refresh, (False, ""))],
    "tasks_api:client_grant": [(at_tasks_sign_in, "access_denied"), (at_tasks_refresh, "access_denied")],
    "tasks_api:permissions": [(at_tasks_sign_in, (False, True)), (at_tasks_refresh, (True, ""))],
    "tasks_api:offline_access": [(at_tasks_sign_in, (True, False)), (at_tasks_refresh, (True, "tasks:read"))],
    "tasks_api:policy": [(at_tasks_sign_in, (True, True)), (at_tasks_refresh, (False, ""))],
    "refresh_token:non_rotating": [(at_exchange, (400, "invalid_request"))],
    "provider:redirect_uri": [(at_the_page, (400, True))],
    "slack:token_rotation": [(after_linking(SLACK, *READ), (401, "federated_connection_refresh_token_not_found"))],
    "domain:consistent": [(of_the_issuer, False), (at_connect, 401)],
    "mfa:not_always": [(at_exchange, (403, "mfa_required"))],
}


def test_every_step_is_expected_here() -> None:
    assert list(EXPECTED) == list(ITEMS)


@pytest.mark.parametrize("item", EXPECTED)
def test_a_step_left_out_is_met_where_it_is_needed(
    running: Running, office: Workspace, stranger: Client, item: str
) -> None:
    make_team(office)
    token = sign_in(stranger)["refresh_token"]
    running.auth0 = Tenant(missing=frozenset({item}))
    for meet, expected in EXPECTED[item]:
        assert meet(running, stranger, token) == expected, meet
    running.auth0 = Tenant()
    token = sign_in(stranger)["refresh_token"]
    assert after_linking(GOOGLE, *SCOPES)(running, stranger, token) == (200, None), "set up again, it works"
    assert after_linking(SLACK, *READ)(running, stranger, token) == (200, None)


def test_steps_are_left_out_from_another_terminal(running: Running, stranger: Client) -> None:
    told = stranger.get("/demo/auth0").json
    assert told["missing"] == []
    answer = stranger.post("/demo/auth0", {"missing": ["grant:token_vault"], "leeway": 5})
    assert (answer.json["missing"], answer.json["leeway"]) == (["grant:token_vault"], 5)
    assert exchange(stranger, "any").json["error"] == "unauthorized_client"
    wrongs: list[object] = [
        {"missing": ["a:typo"]},
        {"missing": "mrrt:policy"},
        {"colour": "red"},
        {"leeway": True},
        [],
    ]
    for wrong in wrongs:
        assert stranger.post("/demo/auth0", wrong).status == 400
    assert stranger.post("/demo/auth0", {"missing": []}).json["missing"] == []
    assert stranger.send("PUT", "/demo/auth0").status == 405
    events = stranger.get("/demo/remarks").json["remarks"]
    assert [event["text"].partition(":")[0] for event in events] == ["feta"]


def test_the_apps_are_set_up_from_another_terminal(running: Running, stranger: Client) -> None:
    usual = {"testing": False, "blocked": "", "rapt": False, "delegated": True}
    assert stranger.post("/demo/google", {"rapt": True}).json == usual | {"rapt": True}
    assert running.google_app.rapt
    assert stranger.post("/demo/slack", {"pkce": False, "grace": 0}).json["pkce"] is False
    assert running.slack_app.grace == 0
    assert stranger.post("/demo/slack", {"pkce": "no"}).status == 400
