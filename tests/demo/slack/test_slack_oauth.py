"""Slack's OAuth for a public desktop app grants what was agreed to, rotates, and refuses what Slack refuses."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from app.demo.consent import Consent
from app.demo.server import Running
from app.demo.slack.grants import ACCESS_SECONDS, GRACE_SECONDS, REFRESH_SECONDS
from app.demo.slack.oauth import HTTPS_REDIRECT, REDIRECTS, SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, SlackApp
from app.demo.workspace import Workspace
from tests.demo.little_office import Client, Clock, callback
from tests.demo.slack.team import READ, authorize, call, redeem, refresh, sign_in

GENERAL, GENERAL_TOKEN = "/oauth/v2/authorize", "/api/oauth.v2.access"


def error_with(running: Running, token: str, method: str = "auth.test") -> str:
    client = Client(running, token)
    answer = call(client, method)
    client.close()
    assert answer.status == 200
    return str(answer.json.get("error", ""))


def test_consent_brings_a_code_the_state_and_tokens(running: Running, stranger: Client) -> None:
    back = callback(authorize(stranger, READ))
    assert back.keys() == {"code", "state"}
    assert back["state"] == "state-of-the-client"
    tokens = redeem(stranger, back["code"]).json
    assert tokens["access_token"].startswith("xoxe.xoxp-demo-")
    assert tokens["refresh_token"].startswith("xoxe-1-demo-")
    assert (tokens["token_type"], tokens["expires_in"]) == ("user", 43_200)
    assert tokens["scope"] == ",".join(READ)
    assert tokens["team"]["name"] == "Northwind"
    assert error_with(running, tokens["access_token"]) == ""


def test_both_shapes_of_the_answer_are_served(running: Running, stranger: Client) -> None:
    running.slack_app = SlackApp(nested=True)
    nested = redeem(stranger, callback(authorize(stranger, READ))["code"]).json
    assert "access_token" not in nested
    again = refresh(stranger, nested["authed_user"]["refresh_token"])
    assert error_with(running, again["authed_user"]["access_token"]) == ""
    running.slack_app = SlackApp()
    code = callback(authorize(stranger, READ, GENERAL))["code"]
    general = redeem(stranger, code, GENERAL_TOKEN).json["authed_user"]
    assert general["scope"] == ",".join(READ)
    assert error_with(running, general["access_token"]) == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "somebody-else"},
        {"redirect_uri": "https://collector.example/callback"},
        {"redirect_uri": "http://127.0.0.1:53682/slack/callback"},
        {"redirect_uri": "http://localhost:9/slack/callback"},
        {"redirect_uri": REDIRECTS[0] + "/"},
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"scope": ""},
        {"scope": "channels:read,made:up"},
    ],
)
def test_the_page_refuses_by_itself_and_nothing_reaches_the_redirect(stranger: Client, changes: dict[str, str]) -> None:
    answer = authorize(stranger, READ, **changes)
    assert answer.status == 400
    assert "Location" not in answer.headers


def test_bot_scopes_are_refused_on_localhost(stranger: Client) -> None:
    answer = authorize(stranger, READ, GENERAL, scope="chat:write")
    assert (answer.status, b"Bot scopes" in answer.body) == (400, True)


@pytest.mark.parametrize("redirect", REDIRECTS)
def test_each_registered_redirect_will_do(stranger: Client, redirect: str) -> None:
    answer = authorize(stranger, READ, redirect_uri=redirect)
    assert answer.headers["Location"].startswith(f"{redirect}?code=")
    assert redeem(stranger, callback(answer)["code"], redirect_uri=redirect).json["ok"]


def test_a_person_can_say_no(running: Running, stranger: Client) -> None:
    running.consent = Consent("deny")
    assert callback(authorize(stranger, READ)) == {"error": "access_denied", "state": "state-of-the-client"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "wrong-" + "0" * 50}, "invalid_code_verifier"),
        ({"code_verifier": ""}, "invalid_code_verifier"),
        ({"code": "demo.unknown"}, "invalid_code"),
        ({"redirect_uri": REDIRECTS[1]}, "bad_redirect_uri"),
        ({"client_id": "somebody-else"}, "invalid_client_id"),
        ({"client_secret": "guessed"}, "bad_client_secret"),
        ({"grant_type": "password"}, "invalid_grant_type"),
    ],
)
def test_a_code_is_not_redeemed_wrongly(stranger: Client, changes: dict[str, str], error: str) -> None:
    code = callback(authorize(stranger, READ))["code"]
    answer = redeem(stranger, **{"code": code, **changes})
    assert (answer.status, answer.json) == (200, {"ok": False, "error": error})


def test_the_two_families_of_addresses_do_not_mix(stranger: Client) -> None:
    for begun, ended in (("/oauth/v2_user/authorize", GENERAL_TOKEN), (GENERAL, "/api/oauth.v2.user.access")):
        code = callback(authorize(stranger, READ, begun))["code"]
        assert redeem(stranger, code, ended).json["error"] == "oauth_authorization_url_mismatch"


def test_a_code_is_used_once_and_soon(stranger: Client, clock: Clock) -> None:
    code = callback(authorize(stranger, READ))["code"]
    assert redeem(stranger, code).json["ok"]
    assert redeem(stranger, code).json["error"] == "invalid_code"
    late = callback(authorize(stranger, READ))["code"]
    clock.forward(seconds=61)
    assert redeem(stranger, late).json["error"] == "invalid_code"


def test_an_app_without_pkce_is_told_so(running: Running, stranger: Client) -> None:
    code = callback(authorize(stranger, READ))["code"]
    running.slack_app = replace(running.slack_app, pkce=False)
    assert redeem(stranger, code).json["error"] == "pkce_not_allowed"


def test_without_pkce_an_https_redirect_and_a_secret_are_needed(running: Running, stranger: Client) -> None:
    running.slack_app = SlackApp(pkce=False, rotation=False)
    assert authorize(stranger, READ).status == 400, "localhost is for PKCE alone"
    plain = {"redirect_uri": HTTPS_REDIRECT, "code_challenge": "", "code_challenge_method": ""}
    code = callback(authorize(stranger, READ, **plain))["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": HTTPS_REDIRECT}
    form["client_id"] = SLACK_CLIENT_ID
    assert stranger.form("/api/oauth.v2.user.access", **form).json["error"] == "bad_client_secret"
    issued = stranger.form("/api/oauth.v2.user.access", **form, client_secret=SLACK_CLIENT_SECRET).json
    assert issued["access_token"].startswith("xoxp-demo-")
    assert "refresh_token" not in issued
    assert "expires_in" not in issued
    assert error_with(running, issued["access_token"]) == ""
    exchanged = partial(stranger.form, "/api/oauth.v2.exchange", client_id=SLACK_CLIENT_ID)
    secret = {"client_secret": SLACK_CLIENT_SECRET}
    assert exchanged(token=issued["access_token"], **secret).json["error"] == "token_rotation_not_enabled"
    running.slack_app = SlackApp(pkce=False)
    pair = exchanged(token=issued["access_token"], **secret).json
    assert pair["refresh_token"].startswith("xoxe-1-demo-")
    assert pair["expires_in"] == 43_200
    assert exchanged(token=issued["access_token"], **secret).json["error"] == "token_already_exchanged"
    assert exchanged(token="xoxp-guessed", **secret).json["error"] == "invalid_token"


def test_the_grace_of_a_spent_refresh_token_is_the_apps(running: Running, stranger: Client, clock: Clock) -> None:
    running.slack_app = SlackApp(grace=0)
    first = sign_in(running, *READ)
    assert refresh(stranger, first["refresh_token"])["ok"]
    clock.forward(seconds=1)
    assert refresh(stranger, first["refresh_token"])["error"] == "invalid_refresh_token"


def test_the_token_endpoint_takes_posted_forms_only(stranger: Client) -> None:
    assert stranger.post("/api/oauth.v2.user.access", {"code": "x"}).json["error"] == "invalid_post_type"
    assert stranger.get("/api/oauth.v2.user.access", code="x").json["error"] == "invalid_post_type"


def test_tokens_rotate_and_a_spent_refresh_token_is_dead_after_a_grace(
    running: Running, stranger: Client, clock: Clock
) -> None:
    first = sign_in(running, *READ)
    second = refresh(stranger, first["refresh_token"])
    assert second["refresh_token"] != first["refresh_token"]
    assert second["scope"] == ",".join(READ)
    clock.forward(seconds=GRACE_SECONDS)
    assert refresh(stranger, first["refresh_token"])["ok"]
    clock.forward(seconds=1)
    assert refresh(stranger, first["refresh_token"])["error"] == "invalid_refresh_token"
    assert refresh(stranger, second["refresh_token"])["ok"]
    assert refresh(stranger, "xoxe-1-demo-guessed")["error"] == "invalid_refresh_token"
    assert refresh(stranger, first["access_token"])["error"] == "invalid_refresh_token"


def test_access_tokens_live_twelve_hours_and_refresh_tokens_thirty_days(
    running: Running, stranger: Client, clock: Clock
) -> None:
    tokens = sign_in(running, *READ)
    clock.forward(seconds=ACCESS_SECONDS - 1)
    assert error_with(running, tokens["access_token"]) == ""
    clock.forward(seconds=1)
    assert error_with(running, tokens["access_token"]) == "token_expired"
    clock.forward(seconds=REFRESH_SECONDS - ACCESS_SECONDS)
    assert refresh(stranger, tokens["refresh_token"])["error"] == "invalid_refresh_token"


def test_a_second_consent_adds_to_the_first(running: Running) -> None:
    sign_in(running, "channels:read")
    assert sign_in(running, "users:read")["scope"] == "users:read,channels:read"


def test_revoking_ends_the_grant_of_that_token(running: Running, stranger: Client) -> None:
    tokens, other = sign_in(running, *READ), sign_in(running, *READ)
    client = Client(running, tokens["access_token"])
    assert call(client, "auth.revoke", test="1").json == {"ok": True, "revoked": False}
    assert error_with(running, tokens["access_token"]) == ""
    assert call(client, "auth.revoke").json == {"ok": True, "revoked": True}
    assert call(client, "auth.revoke").json["error"] == "token_revoked"
    client.close()
    assert error_with(running, tokens["access_token"]) == "token_revoked"
    assert refresh(stranger, tokens["refresh_token"])["error"] == "invalid_refresh_token"
    assert error_with(running, other["access_token"]) == ""
    assert call(stranger, "auth.revoke").json["error"] == "not_authed"


def test_unknown_tokens_and_google_tokens_are_invalid(running: Running) -> None:
    assert error_with(running, "xoxp-guessed") == "invalid_auth"
    assert error_with(running, sign_in(running, *READ)["refresh_token"]) == "invalid_auth"


def test_no_token_lies_in_the_workspace_or_the_log(office: Workspace, running: Running, stranger: Client) -> None:
    code = callback(authorize(stranger, READ))["code"]
    tokens = redeem(stranger, code).json
    error_with(running, tokens["access_token"])
    office.database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    stored = office.path.read_bytes() + repr(running.log).encode()
    for secret in (code, tokens["access_token"], tokens["refresh_token"]):
        assert secret.encode() not in stored
    assert SLACK_CLIENT_ID.encode() in stored
