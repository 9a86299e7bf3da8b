"""Signing in at the tenant: code flow with S256, exact callbacks, signed tokens."""

from __future__ import annotations

from base64 import b64encode

import pytest

from app.demo.auth0.tenant import Tenant
from app.demo.consent import Consent
from app.demo.server import Running, serve
from app.demo.workspace import Workspace
from tests.demo.auth0.tenant_client import (
    API,
    CALLBACK,
    ISSUER,
    NATIVE,
    SIGN_IN,
    TASKS,
    WEB,
    authorize,
    claims,
    redeem,
    refresh,
    sign_in,
)
from tests.demo.little_office import ALEX, DANA, FORM, Client, Clock, callback


def test_the_tenant_describes_itself(stranger: Client) -> None:
    told = stranger.get("/.well-known/openid-configuration").json
    assert told["issuer"] == ISSUER
    assert told["token_endpoint"] == f"{ISSUER}oauth/token"
    assert told["code_challenge_methods_supported"] == ["S256"]
    (key,) = stranger.get("/.well-known/jwks.json").json["keys"]
    assert (key["kty"], key["alg"], key["use"]) == ("RSA", "RS256", "sig")
    assert not {"d", "p", "q"} & set(key), "the private parts stay here"


def test_a_sign_in_brings_tokens_that_say_who_for_whom(stranger: Client, clock: Clock) -> None:
    tokens = sign_in(stranger, NATIVE, audience=TASKS, scope=f"{SIGN_IN} tasks:read made:up", nonce="once")
    assert tokens["scope"].split() == [*SIGN_IN.split(), "tasks:read"], "an unknown scope is dropped"
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 86_400)
    assert tokens["access_token"].startswith("eyJ")
    access, identity = claims(stranger, tokens["access_token"]), claims(stranger, tokens["id_token"])
    assert (access["iss"], identity["iss"]) == (ISSUER, ISSUER)
    assert TASKS in access["aud"]
    assert (identity["aud"], identity["nonce"], identity["email"]) == (NATIVE["client_id"], "once", ALEX)
    assert access["sub"] == identity["sub"]
    assert identity["sub"].startswith("auth0|")
    assert access["exp"] == int(clock()) + 86_400


def test_a_refresh_token_needs_offline_access(stranger: Client) -> None:
    assert "refresh_token" not in sign_in(stranger, scope="openid")
    assert "id_token" not in sign_in(stranger, scope="profile")


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "somebody-else"},
        {"redirect_uri": "http://127.0.0.1:9/auth0/callback"},
        {"redirect_uri": "http://localhost:18484/auth0/callback"},
        {"redirect_uri": f"{CALLBACK}/"},
        {"redirect_uri": ""},
    ],
)
def test_the_page_keeps_the_browser_from_unknown_places(stranger: Client, changes: dict[str, str]) -> None:
    answer = authorize(stranger, **changes)
    assert answer.status in (400, 403)
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("application", "changes", "error"),
    [
        (WEB, {"response_type": "token"}, "unsupported_response_type"),
        (WEB, {"code_challenge_method": "plain"}, "invalid_request"),
        (WEB, {"code_challenge": "tooshort"}, "invalid_request"),
        (NATIVE, {"code_challenge": "", "code_challenge_method": ""}, "invalid_request"),
        (WEB, {"audience": "https://nowhere.invalid"}, "access_denied"),
        (WEB, {"prompt": "none"}, "interaction_required"),
    ],
)
def test_what_is_asked_wrongly_goes_back_as_an_error(
    stranger: Client, application: dict[str, str], changes: dict[str, str], error: str
) -> None:
    back = callback(authorize(stranger, application, **changes))
    assert (back["error"], back["state"]) == (error, "state-of-the-client")
    assert "code" not in back


def test_a_person_can_say_no_or_be_somebody_else(running: Running, stranger: Client) -> None:
    running.consent = Consent("deny")
    assert callback(authorize(stranger))["error"] == "access_denied"
    running.consent = Consent(account=DANA)
    assert claims(stranger, sign_in(stranger)["id_token"])["email"] == DANA


def test_a_loopback_callback_may_want_a_confirmation(running: Running, stranger: Client) -> None:
    running.auth0 = Tenant(confirmation=True)
    answer = authorize(stranger)
    assert (answer.status, b"<form" in answer.body) == (200, True)


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "guessed"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_id": "somebody-else"}, 401, "invalid_client"),
        ({"code": "guessed"}, 403, "invalid_grant"),
        ({"code_verifier": "wrong-" + "0" * 50}, 403, "invalid_grant"),
        ({"code_verifier": ""}, 403, "invalid_grant"),
        ({"redirect_uri": CALLBACK.replace("18484", "18485")}, 403, "invalid_grant"),
        ({"grant_type": "password"}, 403, "unsupported_grant_type"),
        (API, 403, "unauthorized_client"),
        (NATIVE, 403, "invalid_grant"),
    ],
)
def test_a_code_is_not_redeemed_wrongly(stranger: Client, changes: dict[str, str], status: int, error: str) -> None:
    changes = dict(changes)
    code = callback(authorize(stranger))["code"]
    answer = redeem(stranger, changes.pop("code", code), **changes)
    assert (answer.status, answer.json["error"]) == (status, error)
    assert "access_token" not in answer.json


def test_a_code_serves_once_and_for_a_minute(stranger: Client, clock: Clock) -> None:
    code = callback(authorize(stranger))["code"]
    assert redeem(stranger, code).status == 200
    assert redeem(stranger, code).json["error"] == "invalid_grant"
    late = callback(authorize(stranger))["code"]
    clock.forward(seconds=61)
    assert redeem(stranger, late).json["error"] == "invalid_grant"


def test_the_token_endpoint_takes_json_and_basic_too(stranger: Client) -> None:
    token = sign_in(stranger)["refresh_token"]
    asked = {"grant_type": "refresh_token", "refresh_token": token, **WEB}
    assert stranger.post("/oauth/token", asked).status == 200
    proof = b64encode(f"{WEB['client_id']}:{WEB['client_secret']}".encode()).decode()
    body = f"grant_type=refresh_token&refresh_token={token}"
    assert stranger.send("POST", "/oauth/token", body, {"Authorization": f"Basic {proof}"} | FORM).status == 200
    assert stranger.send("POST", "/oauth/token", body, {"Authorization": "Basic !!"} | FORM).status == 401
    for wrong in ("[]", "{", '{"grant_type": 1}'):
        answer = stranger.send("POST", "/oauth/token", wrong, {"Content-Type": "application/json"})
        assert (answer.status, answer.json["error"]) == (400, "invalid_request")


def test_userinfo_follows_the_token(running: Running, stranger: Client) -> None:
    client = Client(running, sign_in(stranger)["access_token"])
    assert client.get("/userinfo").json["email"] == ALEX
    client.token = sign_in(stranger, audience=TASKS, scope="tasks:read")["access_token"]
    assert client.get("/userinfo").status == 401
    client.close()


def test_a_restart_of_the_server_invalidates_nothing(office: Workspace, stranger: Client) -> None:
    tokens = sign_in(stranger)
    with serve(office) as again:
        client = Client(again, tokens["access_token"])
        assert client.get("/userinfo").json["email"] == ALEX
        assert refresh(client, tokens["refresh_token"]).status == 200
        client.close()
