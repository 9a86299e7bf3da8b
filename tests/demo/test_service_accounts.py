"""The demo's service account refuses what Google's refuses, in Google's words."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from app.demo.server import Running
from app.demo.service_accounts import ADDRESS, AUDIENCE, JWT_BEARER, new_key
from app.demo.workspace import Workspace
from tests.demo.little_office import ALEX, CALENDAR, READONLY, Answer, Client, Clock
from tests.terminal import piped, surroundings


def ask(client: Client, facts: dict[str, str], clock: Clock, kid: str = "", **changed: Any) -> Answer:
    now = int(clock())
    claims = {"iss": facts["client_email"], "aud": AUDIENCE, "scope": READONLY, "iat": now, "exp": now + 600}
    claims = {name: value for name, value in (claims | {"sub": ALEX} | changed).items() if value is not None}
    head = {"alg": "RS256", "kid": kid or facts["private_key_id"]}
    assertion = jwt.encode(head, claims, RSAKey.import_key(facts["private_key"]))
    return client.form("/token", grant_type=JWT_BEARER, assertion=assertion)


def test_a_signed_assertion_gets_a_token_for_a_person_and_no_refresh_token(
    office: Workspace, running: Running, stranger: Client, clock: Clock
) -> None:
    answer = ask(stranger, new_key(office), clock, scope=f"{READONLY} {CALENDAR}")
    assert answer.status == 200, answer.body
    assert (answer.json["scope"].split(), "refresh_token" in answer.json) == ([READONLY, CALENDAR], False)
    reader = Client(running, answer.json["access_token"])
    assert reader.send("GET", "/gmail/v1/users/me/profile").json["emailAddress"] == ALEX
    reader.close()


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"scope": "https://www.googleapis.com/auth/made.up"}, "invalid_scope", "Invalid OAuth scope"),
        ({"scope": ""}, "invalid_scope", "Invalid OAuth scope"),
        ({"sub": "nobody@northwind.example"}, "invalid_grant", "Invalid email or User ID"),
        ({"iss": "other@p.example"}, "invalid_grant", "account not found"),
        ({"aud": "https://elsewhere.example/"}, "invalid_grant", "audience"),
        ({"exp": None}, "invalid_grant", "reasonable timeframe"),
        ({"iat": 1, "exp": 600}, "invalid_grant", "reasonable timeframe"),
        ({"iat": 4_000_000_000, "exp": 4_000_000_600}, "invalid_grant", "reasonable timeframe"),
        ({"kid": "unknown"}, "invalid_grant", "Invalid JWT Signature"),
    ],
)
def test_what_is_wrong_is_refused_as_google_does(
    office: Workspace, stranger: Client, clock: Clock, changed: dict[str, Any], error: str, said: str
) -> None:
    answer = ask(stranger, new_key(office), clock, **changed)
    assert (answer.status, answer.json["error"]) == (400, error)
    assert said in answer.json["error_description"]


def test_a_key_of_another_workspace_and_no_key_at_all_are_refused(
    office: Workspace, stranger: Client, clock: Clock
) -> None:
    first, second = new_key(office), new_key(office)
    assert ask(stranger, first, clock).status == ask(stranger, second, clock).status == 200
    crossed = first | {"private_key": second["private_key"]}
    assert ask(stranger, crossed, clock).json["error_description"] == "Invalid JWT Signature."
    for assertion in ("", "a.b.c", "…"):
        assert stranger.form("/token", grant_type=JWT_BEARER, assertion=assertion).json["error"] == "invalid_grant"


def test_without_delegation_it_acts_for_itself_alone(
    office: Workspace, running: Running, stranger: Client, clock: Clock
) -> None:
    key = new_key(office)
    running.google_app = replace(running.google_app, delegated=False)
    answer = ask(stranger, key, clock)
    assert (answer.status, answer.json["error"]) == (401, "unauthorized_client")
    own = ask(stranger, key, clock, sub=None)
    assert own.status == 200
    facts = stranger.form("/tokeninfo", access_token=own.json["access_token"]).json
    assert facts["scope"] == READONLY


def test_the_workspace_keeps_no_private_key_and_the_file_is_private(tmp_path: Path) -> None:
    env = surroundings(tmp_path)
    file = tmp_path / "key.json"
    done = piped("demo", "service-account", str(file), env=env)
    assert done.returncode == 0, done.stderr
    facts = json.loads(file.read_text())
    assert (facts["client_email"], stat.S_IMODE(file.stat().st_mode)) == (ADDRESS, 0o600)
    secret = facts["private_key"].splitlines()[1]
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path != file)
    assert secret.encode() not in kept
    again = piped("demo", "service-account", str(file), env=env)
    assert (again.returncode, "cannot be made" in again.stderr) == (2, True)
    assert json.loads(file.read_text()) == facts
