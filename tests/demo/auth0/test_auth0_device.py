"""Signing in on another screen, and approving on another device: polling, answers, limits."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.demo.consent import Consent
from app.demo.server import Running
from tests.demo.auth0.tenant_client import ISSUER, NATIVE, SIGN_IN, TASKS, WEB, claims, sign_in
from tests.demo.little_office import ALEX, DANA, Answer, Client, Clock
from tests.demo.test_consent_oauth import read, send

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
CIBA_GRANT = "urn:openid:params:grant-type:ciba"


def begin(client: Client, **changes: str) -> Answer:
    asked = {"scope": f"{SIGN_IN} tasks:read", "audience": TASKS, **NATIVE, **changes}
    return client.form("/oauth/device/code", **asked)


def poll(client: Client, begun: Answer) -> Answer:
    return client.form("/oauth/token", grant_type=DEVICE_GRANT, device_code=begun.json["device_code"], **NATIVE)


def activate(client: Client, begun: Answer) -> Answer:
    place = urlsplit(begun.json["verification_uri_complete"])
    return client.get(f"{place.path}?{place.query}")


def test_a_device_is_signed_in_on_another_screen(running: Running, stranger: Client, clock: Clock) -> None:
    begun = begin(stranger)
    told = begun.json
    assert (begun.status, told["expires_in"], told["interval"]) == (200, 900, 5)
    assert told["verification_uri"] == f"{ISSUER}activate"
    waiting = poll(stranger, begun)
    assert (waiting.status, waiting.json["error"]) == (403, "authorization_pending")
    hasty = poll(stranger, begun)
    assert (hasty.status, hasty.json["error"]) == (429, "slow_down")
    running.consent = Consent("page")
    assert b"<input" in stranger.get("/activate").body
    form = read(activate(stranger, begun))
    assert send(stranger, form, person=DANA).status == 200
    clock.forward(seconds=5)
    tokens = poll(stranger, begun)
    assert tokens.status == 200
    assert claims(stranger, tokens.json["id_token"])["email"] == DANA
    assert tokens.json["refresh_token"]
    assert poll(stranger, begun).json["error"] == "invalid_grant", "a device code serves once"
    assert activate(stranger, begun).status == 400


def test_a_device_is_declined(running: Running, stranger: Client) -> None:
    running.consent = Consent("deny")
    begun = begin(stranger)
    activate(stranger, begun)
    refused = poll(stranger, begun)
    assert (refused.status, refused.json["error"]) == (403, "access_denied")
    assert poll(stranger, begun).json["error"] == "invalid_grant"


def test_an_expired_code_is_called_so_once(stranger: Client, clock: Clock) -> None:
    begun = begin(stranger)
    clock.forward(seconds=901)
    assert activate(stranger, begun).status == 400
    assert poll(stranger, begun).json["error"] == "expired_token"
    assert poll(stranger, begun).json["error"] == "invalid_grant"


def test_a_confidential_application_has_no_device_flow(stranger: Client) -> None:
    answer = begin(stranger, **WEB)
    assert (answer.status, answer.json["error"]) == (403, "unauthorized_client")
    assert stranger.post("/oauth/device/code", NATIVE).json["error"] == "invalid_request"


@pytest.fixture
def alex_id(stranger: Client) -> str:
    return str(claims(stranger, sign_in(stranger)["id_token"])["sub"])


def ask(client: Client, subject: str, **changes: str) -> Answer:
    hint = {"format": "iss_sub", "iss": ISSUER, "sub": subject}
    asked = {"login_hint": json.dumps(hint), "scope": "openid", "binding_message": "Send mail #7", **WEB, **changes}
    return client.form("/bc-authorize", **{name: value for name, value in asked.items() if value})


def poll_approval(client: Client, begun: Answer) -> Answer:
    return client.form("/oauth/token", grant_type=CIBA_GRANT, auth_req_id=begun.json["auth_req_id"], **WEB)


def test_an_approval_is_given_on_the_other_device(
    running: Running, stranger: Client, alex_id: str, clock: Clock
) -> None:
    running.consent = Consent("page")
    begun = ask(stranger, alex_id)
    assert (begun.status, begun.json["expires_in"], begun.json["interval"]) == (200, 300, 5)
    assert poll_approval(stranger, begun).json["error"] == "authorization_pending"
    slow = poll_approval(stranger, begun)
    assert (slow.json["error"], slow.headers["Retry-After"]) == ("slow_down", "5")
    form = read(stranger.get("/guardian"))
    assert "Send mail #7" in form.text
    assert form.people == [ALEX]
    assert send(stranger, form).status == 200
    clock.forward(seconds=5)
    tokens = poll_approval(stranger, begun)
    assert claims(stranger, tokens.json["id_token"])["sub"] == alex_id
    assert "refresh_token" not in tokens.json
    assert poll_approval(stranger, begun).json["error"] == "invalid_grant"
    assert b"nothing to approve" in stranger.get("/guardian").body


def test_a_denied_or_late_approval_is_access_denied(
    running: Running, stranger: Client, alex_id: str, clock: Clock
) -> None:
    running.consent = Consent("deny")
    assert poll_approval(stranger, ask(stranger, alex_id)).json["error"] == "access_denied"
    running.consent = Consent("page")
    late = ask(stranger, alex_id, requested_expiry="10")
    clock.forward(seconds=11)
    assert poll_approval(stranger, late).json["error"] == "access_denied"


def entry(**more: Any) -> dict[str, Any]:
    return {"type": "urn:auth0:schemas:authorization-details:v1:mail", "instruction": "Send", **more}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_secret": "guessed"}, "invalid_client"),
        (NATIVE, "unauthorized_client"),
        ({"login_hint": "alex"}, "invalid_request"),
        ({"login_hint": '{"format":"iss_sub","iss":"https://else.invalid/","sub":"x"}'}, "invalid_request"),
        ({"binding_message": ""}, "invalid_request"),
        ({"binding_message": "x" * 65}, "invalid_request"),
        ({"binding_message": "<b>"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"requested_expiry": "0"}, "invalid_request"),
        ({"requested_expiry": "259201"}, "invalid_request"),
        ({"requested_expiry": "soon"}, "invalid_request"),
        ({"authorization_details": "{"}, "invalid_request"),
        ({"authorization_details": json.dumps([entry()] * 6)}, "invalid_request"),
        ({"authorization_details": json.dumps([entry(type="mail")])}, "invalid_authorization_details"),
        ({"authorization_details": json.dumps([entry(note="x" * 256)])}, "invalid_authorization_details"),
        ({"authorization_details": json.dumps([entry(**{"a b": 1})])}, "invalid_authorization_details"),
        (
            {"authorization_details": json.dumps([entry(a={"b": {"c": {"d": {"e": 1}}}})])},
            "invalid_authorization_details",
        ),
    ],
)
def test_what_is_asked_wrongly_is_refused(stranger: Client, alex_id: str, changes: dict[str, str], error: str) -> None:
    assert ask(stranger, alex_id, **changes).json["error"] == error


def test_details_within_the_limits_are_taken(stranger: Client, alex_id: str) -> None:
    assert ask(stranger, alex_id, authorization_details=json.dumps([entry(properties={"to": "x"})])).status == 200


def test_only_forms_are_taken_and_five_a_minute(stranger: Client, alex_id: str, clock: Clock) -> None:
    assert stranger.post("/bc-authorize", WEB).json["error"] == "invalid_request"
    assert [ask(stranger, alex_id).status for _ in range(6)] == [200] * 5 + [429]
    clock.forward(seconds=60)
    assert ask(stranger, alex_id).status == 200
