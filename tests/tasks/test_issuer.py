"""The embedded authorization server: code with PKCE, rotation with reuse detection, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from app.tasks.addresses import AUDIENCE, ISSUER
from app.tasks.keys import CLIENT_ID, VaultKeys
from app.tasks.tokens import CODE_SECONDS, FAMILY_SECONDS
from tests.auth.vault_world import everything
from tests.tasks.office import REDIRECT, USER, Answer, Clock, Office, back, opened, vault_in


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    with opened(tmp_path / "tasks.db", clock) as office:
        yield office


def refused(answer: Answer, code: str, status: int = 400) -> None:
    assert (answer.status, answer.json["error"]) == (status, code)
    assert answer.json["error_description"]
    assert answer.headers["cache-control"] == "no-store"


def claims(office: Office, token: str) -> Any:
    keys = KeySet.import_key_set(office.send("GET", "/.well-known/jwks.json").json)
    return jwt.decode(token, keys, algorithms=["RS256"]).claims


def test_the_whole_flow_and_what_the_tokens_say(office: Office, clock: Clock) -> None:
    sent = back(office.authorize(scope="openid offline_access tasks:read", nonce="n1"))
    assert sent["state"] == "s1"
    given = office.redeem(sent["code"]).json
    assert (given["token_type"], given["expires_in"]) == ("Bearer", 900)
    assert given["scope"] == "offline_access openid tasks:read"
    access = claims(office, given["access_token"])
    assert (access["iss"], access["aud"], access["sub"], access["scope"]) == (ISSUER, AUDIENCE, USER, "tasks:read")
    assert access["exp"] == clock.now + 900
    identity = claims(office, given["id_token"])
    assert (identity["aud"], identity["sub"], identity["nonce"]) == (CLIENT_ID, USER, "n1")
    office.token = given["id_token"]
    assert office.send("GET", "/v1/tasks").status == 401, "an identity is no access"
    office.token = given["access_token"]
    assert office.send("GET", "/v1/tasks").status == 200
    clock.now += 960
    assert office.send("GET", "/v1/tasks").status == 401


def test_without_offline_access_there_is_no_refresh_token(office: Office) -> None:
    assert "refresh_token" not in office.redeem(office.code(scope="tasks:read")).json


def test_what_it_says_of_itself_is_where_it_is(office: Office) -> None:
    about = office.send("GET", "/.well-known/openid-configuration").json
    assert about["issuer"] == ISSUER
    assert about == office.send("GET", "/.well-known/oauth-authorization-server").json
    for name in ("authorization_endpoint", "token_endpoint", "revocation_endpoint", "jwks_uri"):
        path = about[name].removeprefix(ISSUER)
        assert office.send("GET", f"/{path}").status != 404
    published = office.send("GET", "/.well-known/jwks.json").json["keys"][0]
    assert set(published) == {"kty", "n", "e", "kid", "use", "alg"}


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "other"},
        {"client_id": ""},
        {"redirect_uri": "https://evil.example/tasks/callback"},
        {"redirect_uri": "http://127.0.0.1.evil.example/tasks/callback"},
        {"redirect_uri": "http://127.0.0.1/elsewhere"},
        {"redirect_uri": f"{REDIRECT}?next=//evil.example"},
        {"redirect_uri": "http://localhost/tasks/callback"},
    ],
    ids=str,
)
def test_nobody_unknown_is_sent_anything(office: Office, changed: dict[str, str]) -> None:
    refused(office.authorize(**changed), "invalid_request")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"audience": ""}, "invalid_target"),
        ({"audience": "https://other.example"}, "invalid_target"),
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "tasks:read tasks:admin"}, "invalid_scope"),
    ],
    ids=str,
)
def test_the_client_is_told_what_is_wrong(office: Office, changed: dict[str, str], code: str) -> None:
    sent = back(office.authorize(**changed))
    assert (sent["error"], sent["state"], "code" in sent) == (code, "s1", False)


def test_a_port_of_its_own_is_the_clients_choice(office: Office) -> None:
    address = "http://127.0.0.1:45678/tasks/callback"
    code = office.code(redirect_uri=address)
    assert office.redeem(code, redirect_uri=address).status == 200


@pytest.mark.parametrize(
    "changed",
    [{"code_verifier": "another-" + "0123456789" * 5}, {"code_verifier": ""}, {"redirect_uri": f"{REDIRECT}/"},
     {"code": "made-up"}, {"code": ""}],
    ids=str,
)  # fmt: skip
def test_a_code_is_redeemed_as_it_was_asked_for(office: Office, changed: dict[str, str]) -> None:
    refused(office.redeem(**({"code": office.code()} | changed)), "invalid_grant")


def test_a_code_works_once_and_a_second_time_ends_what_it_gave(office: Office) -> None:
    code = office.code()
    given = office.redeem(code).json
    refused(office.redeem(code), "invalid_grant")
    refused(office.refresh(given["refresh_token"]), "invalid_grant")


def test_a_code_is_soon_too_old(office: Office, clock: Clock) -> None:
    code = office.code()
    clock.now += CODE_SECONDS
    refused(office.redeem(code), "invalid_grant")


def test_the_users_secret_is_what_lets_a_client_in(office: Office) -> None:
    code = office.code()
    refused(office.redeem(code, client_secret="guessed"), "invalid_client", 401)
    refused(office.redeem(code, client_secret=""), "invalid_client", 401)
    refused(office.redeem(code, client_id="other"), "invalid_client", 401)
    assert office.redeem(code).status == 200


def test_refresh_tokens_rotate_and_narrow(office: Office) -> None:
    first = office.sign_in()["refresh_token"]
    second = office.refresh(first, scope="tasks:read").json
    assert second["scope"] == "tasks:read"
    assert claims(office, second["access_token"])["scope"] == "tasks:read"
    third = office.refresh(second["refresh_token"]).json
    assert "tasks:write" in third["scope"], "what was narrowed was the access token, not the grant"
    assert len({first, second["refresh_token"], third["refresh_token"]}) == 3


def test_a_refresh_token_that_comes_again_ends_its_family_and_no_other(office: Office) -> None:
    first, other = office.sign_in()["refresh_token"], office.sign_in()["refresh_token"]
    second = office.refresh(first).json["refresh_token"]
    refused(office.refresh(first), "invalid_grant")
    refused(office.refresh(second), "invalid_grant")
    assert office.refresh(other).status == 200


def test_more_than_was_granted_is_refused_and_costs_nothing(office: Office) -> None:
    token = office.sign_in("tasks:read")["refresh_token"]
    refused(office.refresh(token, scope="tasks:read tasks:write"), "invalid_scope")
    assert office.refresh(token).status == 200


def test_a_family_ends_however_often_it_rotates(office: Office, clock: Clock) -> None:
    token = office.sign_in()["refresh_token"]
    clock.now += FAMILY_SECONDS - 1
    token = office.refresh(token).json["refresh_token"]
    clock.now += 1
    refused(office.refresh(token), "invalid_grant")


def test_revoking_ends_the_family(office: Office) -> None:
    first = office.sign_in()["refresh_token"]
    second = office.refresh(first).json["refresh_token"]
    assert office.form("/oauth/revoke", token=second).status == 200
    refused(office.refresh(second), "invalid_grant")
    assert office.form("/oauth/revoke", token="unknown").status == 200
    refused(office.form("/oauth/revoke", token="x", client_secret="guessed"), "invalid_client", 401)


def test_forms_that_cannot_be_read(office: Office) -> None:
    form = {"content_type": "application/x-www-form-urlencoded"}
    refused(office.send("POST", "/oauth/token", b"{}", content_type="application/json"), "invalid_request")
    refused(office.send("POST", "/oauth/token", b"client_id=a&client_id=b", **form), "invalid_request")
    refused(office.send("POST", "/oauth/token", b"&".join([b"a=b"] * 60), **form), "invalid_request")
    refused(office.form("/oauth/token", grant_type="password"), "unsupported_grant_type")
    refused(office.send("GET", "/authorize?client_id=a&client_id=b"), "invalid_request")


def test_the_key_and_the_grants_outlive_the_server(tmp_path: Path) -> None:
    with vault_in(tmp_path) as vault, opened(tmp_path / "tasks.db", keys=VaultKeys(vault)) as office:
        given = office.sign_in()
    with vault_in(tmp_path) as vault, opened(tmp_path / "tasks.db", keys=VaultKeys(vault)) as office:
        office.token = given["access_token"]
        assert office.send("GET", "/v1/tasks").status == 200
        assert office.refresh(given["refresh_token"]).status == 200
    assert b"PRIVATE KEY" not in everything(tmp_path)
    assert (tmp_path / "tasks.db").stat().st_mode & 0o777 == 0o600


def test_no_token_stands_in_the_database(tmp_path: Path) -> None:
    with opened(tmp_path / "tasks.db") as office:
        code = office.code()
        given = office.redeem(code).json
        written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        for secret in (code, given["access_token"], given["refresh_token"], office.secret):
            assert secret.encode() not in written
