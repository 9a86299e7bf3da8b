"""Google's OAuth endpoints refuse what the real ones refuse, and grant what was agreed to."""

from __future__ import annotations

import re

import pytest

from app.demo.consent import Consent
from app.demo.google_app import GoogleApp
from app.demo.google_oauth import CLIENT_ID, CLIENT_SECRET
from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.little_office import (
    ALEX,
    AUTH,
    CALENDAR,
    DANA,
    READONLY,
    Client,
    Clock,
    authorize,
    callback,
    redeem,
    refresh,
    sign_in,
)


def test_consent_brings_a_code_the_state_and_the_granted_scopes_back(stranger: Client) -> None:
    back = callback(authorize(stranger, [READONLY, CALENDAR]))
    assert back["state"] == "state-of-the-client"
    assert back["scope"].split() == [READONLY, CALENDAR]
    answer = redeem(stranger, back["code"])
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    tokens = answer.json
    assert tokens["access_token"].startswith("ya29.demo-")
    assert tokens["refresh_token"].startswith("1//demo-")
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 3599)
    assert tokens["scope"].split() == [READONLY, CALENDAR]


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "somebody-else"},
        {"redirect_uri": "https://collector.example/callback"},
        {"redirect_uri": "http://127.0.0.1.evil.example/callback"},
        {"response_type": "token"},
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"code_challenge": "tooshort"},
        {"scope": f"{AUTH}made.up"},
        {"scope": ""},
    ],
)
def test_the_page_refuses_by_itself_and_nothing_reaches_the_redirect(stranger: Client, changes: dict[str, str]) -> None:
    answer = authorize(stranger, [READONLY], **changes)
    assert answer.status == 400
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Location" not in answer.headers


@pytest.mark.parametrize("redirect", ["http://localhost:1/a", "http://[::1]:2/b", "http://127.0.0.1:3/c?x=1"])
def test_any_loopback_address_and_port_will_do(stranger: Client, redirect: str) -> None:
    answer = authorize(stranger, [READONLY], redirect_uri=redirect)
    assert answer.headers["Location"].startswith(redirect)
    assert redeem(stranger, callback(answer)["code"], redirect_uri=redirect).status == 200


def test_a_person_can_say_no(running: Running, stranger: Client) -> None:
    running.consent = Consent("deny")
    back = callback(authorize(stranger, [READONLY]))
    assert back == {"error": "access_denied", "state": "state-of-the-client"}


def test_a_person_can_untick_scopes(running: Running, stranger: Client) -> None:
    running.consent = Consent("partial", frozenset({CALENDAR}))
    back = callback(authorize(stranger, ["email", READONLY, CALENDAR]))
    granted = {f"{AUTH}userinfo.email", "openid", CALENDAR}
    assert set(back["scope"].split()) == granted
    tokens = redeem(stranger, back["code"]).json
    assert set(tokens["scope"].split()) == granted
    assert refresh(stranger, tokens["refresh_token"], scope=READONLY).json["error"] == "invalid_scope"


def test_unticking_everything_is_a_refusal(running: Running, stranger: Client) -> None:
    running.consent = Consent("partial")
    assert callback(authorize(stranger, ["openid", READONLY]))["error"] == "access_denied"


@pytest.mark.parametrize(
    ("changes", "error", "status"),
    [
        ({"code_verifier": "wrong-" + "0" * 50}, "invalid_grant", 400),
        ({"code_verifier": ""}, "invalid_grant", 400),
        ({"code": "4/0Ademo-unknown"}, "invalid_grant", 400),
        ({"redirect_uri": "http://127.0.0.1:9/other"}, "redirect_uri_mismatch", 400),
        ({"client_secret": "guessed"}, "invalid_client", 401),
        ({"client_id": "somebody-else"}, "invalid_client", 401),
        ({"grant_type": "password"}, "unsupported_grant_type", 400),
    ],
)
def test_a_code_is_not_redeemed_wrongly(stranger: Client, changes: dict[str, str], error: str, status: int) -> None:
    code = callback(authorize(stranger, [READONLY]))["code"]
    answer = redeem(stranger, **{"code": code, **changes})
    assert (answer.status, answer.json["error"]) == (status, error)
    assert "access_token" not in answer.json


def test_a_code_is_spent_by_its_first_use_right_or_wrong(stranger: Client) -> None:
    code = callback(authorize(stranger, [READONLY]))["code"]
    assert redeem(stranger, code).status == 200
    assert redeem(stranger, code).json["error"] == "invalid_grant"
    guessed = callback(authorize(stranger, [READONLY]))["code"]
    assert redeem(stranger, guessed, code_verifier="x" * 50).status == 400
    assert redeem(stranger, guessed).json["error"] == "invalid_grant"


def test_a_code_lives_a_minute(stranger: Client, clock: Clock) -> None:
    code = callback(authorize(stranger, [READONLY]))["code"]
    clock.forward(seconds=61)
    assert redeem(stranger, code).json["error"] == "invalid_grant"


def test_the_token_endpoint_takes_forms_only(stranger: Client) -> None:
    assert stranger.post("/token", {"grant_type": "refresh_token"}).json["error"] == "invalid_request"


def test_the_client_may_name_itself_in_a_basic_header(running: Running, stranger: Client) -> None:
    from base64 import b64encode

    tokens = sign_in(running, READONLY)
    header = {"Authorization": "Basic " + b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()}
    body = f"grant_type=refresh_token&refresh_token={tokens['refresh_token'].replace('/', '%2F')}"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert stranger.send("POST", "/token", body, header | form).status == 200
    assert stranger.send("POST", "/token", body, {"Authorization": "Basic !!"} | form).status == 401


def test_a_refresh_narrows_and_never_widens(running: Running, stranger: Client) -> None:
    tokens = sign_in(running, READONLY, CALENDAR)
    narrow = refresh(stranger, tokens["refresh_token"], scope=CALENDAR)
    assert narrow.json["scope"] == CALENDAR
    assert "refresh_token" not in narrow.json
    client = Client(running, narrow.json["access_token"])
    assert client.mail("messages").status == 403
    assert client.calendar("users/me/calendarList").status == 200
    client.close()
    whole = refresh(stranger, tokens["refresh_token"])
    assert set(whole.json["scope"].split()) == {READONLY, CALENDAR}
    wider = refresh(stranger, tokens["refresh_token"], scope=f"{CALENDAR} {AUTH}gmail.send")
    assert (wider.status, wider.json["error"]) == (400, "invalid_scope")


def test_an_access_token_expires(running: Running, alex: Client, clock: Clock) -> None:
    assert alex.mail("profile").status == 200
    clock.forward(seconds=3600)
    answer = alex.mail("profile")
    assert (answer.status, answer.reason) == (401, "authError")


def test_revoking_one_token_kills_every_grant_of_the_person(running: Running, stranger: Client) -> None:
    mail, agenda = sign_in(running, READONLY), sign_in(running, CALENDAR)
    colleague = sign_in(running, READONLY, hint=DANA)
    assert stranger.form("/revoke", token=mail["access_token"]).status == 200
    for tokens in (mail, agenda):
        dead = refresh(stranger, tokens["refresh_token"])
        assert dead.json == {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        client = Client(running, tokens["access_token"])
        assert client.mail("profile").status == 401
        client.close()
    assert refresh(stranger, colleague["refresh_token"]).status == 200
    again = stranger.form("/revoke", token=mail["access_token"])
    assert (again.status, again.json["error"]) == (400, "invalid_token")


def test_a_grant_with_a_lifetime_dies_of_itself(running: Running, stranger: Client, clock: Clock) -> None:
    running.consent = Consent(lifetime=604_799)
    tokens = sign_in(running, READONLY)
    assert tokens["refresh_token_expires_in"] == 604_799
    clock.forward(days=6)
    assert refresh(stranger, tokens["refresh_token"]).status == 200
    clock.forward(days=1)
    assert refresh(stranger, tokens["refresh_token"]).json["error"] == "invalid_grant"


def test_an_app_in_testing_is_granted_for_a_week(running: Running, stranger: Client, clock: Clock) -> None:
    running.google_app = GoogleApp(testing=True)
    tokens = sign_in(running, READONLY)
    assert tokens["refresh_token_expires_in"] == 604_799
    clock.forward(days=7)
    assert refresh(stranger, tokens["refresh_token"]).json["error"] == "invalid_grant"


def test_session_control_wants_a_new_sign_in(running: Running, stranger: Client) -> None:
    tokens = sign_in(running, READONLY)
    running.google_app = GoogleApp(rapt=True)
    answer = refresh(stranger, tokens["refresh_token"])
    assert (answer.status, answer.json["error"], answer.json["error_subtype"]) == (400, "invalid_grant", "invalid_rapt")


def test_a_policy_stops_at_the_page(running: Running, stranger: Client) -> None:
    running.google_app = GoogleApp(blocked="admin_policy_enforced")
    answer = authorize(stranger, [READONLY])
    assert (answer.status, b"admin_policy_enforced" in answer.body) == (403, True)
    assert "Location" not in answer.headers


def test_asking_incrementally_is_noticed(running: Running, stranger: Client) -> None:
    assert authorize(stranger, [READONLY]).status == 302
    assert running.remarks.listed() == []
    authorize(stranger, [READONLY], include_granted_scopes="true")
    assert "include_granted_scopes" in running.remarks.listed("violation")[0].text


def test_who_signed_in_is_told_in_a_signed_id_token(running: Running, stranger: Client) -> None:
    from joserfc import jwt
    from joserfc.jwk import KeySet

    code = callback(authorize(stranger, ["openid", "email"], login_hint=DANA, nonce="once"))["code"]
    tokens = redeem(stranger, code).json
    keys = KeySet.import_key_set(stranger.get("/oauth2/v3/certs").json)
    assert "d" not in stranger.get("/oauth2/v3/certs").json["keys"][0]
    token = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"])
    facts = token.claims
    assert (facts["iss"], facts["aud"], facts["nonce"]) == ("https://accounts.google.com", CLIENT_ID, "once")
    assert facts["email"] == DANA
    assert facts["sub"] == stranger.get("/tokeninfo", access_token=tokens["access_token"]).json["sub"]
    assert "id_token" not in sign_in(running, READONLY)


def test_the_log_names_the_grant_type_and_hashes_the_rest(running: Running, stranger: Client) -> None:
    tokens = sign_in(running, READONLY)
    refresh(stranger, tokens["refresh_token"])
    assert "grant_type=refresh_token&refresh_token=sha256-" in running.log[-1].form
    assert "client_secret=sha256-" in running.log[-1].form


def test_the_hundred_and_first_grant_silently_drops_the_first(running: Running, stranger: Client) -> None:
    first = sign_in(running, READONLY)
    second = sign_in(running, READONLY)
    for _ in range(99):
        sign_in(running, READONLY)
    assert refresh(stranger, first["refresh_token"]).json["error"] == "invalid_grant"
    assert refresh(stranger, second["refresh_token"]).status == 200


def test_token_facts_and_identity_follow_the_scopes(running: Running, stranger: Client) -> None:
    tokens = sign_in(running, "openid", "email", "profile", CALENDAR, hint=DANA)
    facts = stranger.get("/tokeninfo", access_token=tokens["access_token"]).json
    assert (facts["aud"], facts["email"], facts["expires_in"]) == (CLIENT_ID, DANA, "3599")
    client = Client(running, tokens["access_token"])
    assert client.get("/v1/userinfo").json == {
        "sub": facts["sub"],
        "email": DANA,
        "email_verified": True,
        "name": "Dana Okafor",
    }
    client.close()
    assert "email" not in stranger.get("/tokeninfo", access_token=sign_in(running, CALENDAR)["access_token"]).json
    assert stranger.get("/tokeninfo", access_token="ya29.demo-unknown").json["error"] == "invalid_token"
    assert stranger.get("/v1/userinfo").status == 401


def test_a_hint_that_names_nobody_leaves_the_owner(running: Running) -> None:
    client = Client(running, sign_in(running, READONLY, hint="who@nowhere.example")["access_token"])
    assert client.mail("profile").json["emailAddress"] == ALEX
    client.close()


def test_only_hashes_are_on_the_disk(running: Running, office: Workspace, stranger: Client) -> None:
    code = callback(authorize(stranger, [READONLY]))["code"]
    tokens = sign_in(running, READONLY)
    secrets = [code, tokens["access_token"], tokens["refresh_token"]]
    stored = b"".join(path.read_bytes() for path in office.path.parent.iterdir())
    assert tokens["scope"].encode() in stored
    assert not [secret for secret in secrets if secret.encode() in stored]
    assert not re.search(rb"ya29\.demo-|1//demo-|4/0Ademo-", stored)
    shown = repr(running.log)
    assert "/o/oauth2/v2/auth" in shown
    assert not [secret for secret in secrets if secret in shown]
