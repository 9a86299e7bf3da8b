"""The tenant's refresh tokens: rotation with reuse detection, leeway, several APIs, an end."""

from __future__ import annotations

import threading

import pytest

from app.demo.auth0.tenant import Tenant
from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.auth0.tenant_client import ME, MY_SCOPES, NATIVE, SIGN_IN, TASKS, WEB, claims, refresh, sign_in
from tests.demo.little_office import Client, Clock


def test_without_rotation_the_token_stays(stranger: Client, lasting: str) -> None:
    first = refresh(stranger, lasting)
    assert (first.status, "refresh_token" in first.json) == (200, False)
    assert refresh(stranger, lasting).status == 200


def test_a_reused_token_kills_its_family(running: Running, stranger: Client) -> None:
    first = sign_in(stranger, NATIVE)["refresh_token"]
    second = refresh(stranger, first, NATIVE).json["refresh_token"]
    third = refresh(stranger, second, NATIVE).json["refresh_token"]
    other = sign_in(stranger, NATIVE)["refresh_token"]
    for token in (second, third, first):
        answer = refresh(stranger, token, NATIVE)
        assert (answer.status, answer.json["error"]) == (403, "invalid_grant")
        assert answer.json["error_description"] == "Unknown or invalid refresh token."
    assert refresh(stranger, other, NATIVE).status == 200, "another family lives on"
    assert any(remark.text.startswith("ferrt") for remark in running.remarks.listed("event"))


def test_two_refreshes_at_once_are_a_reuse(running: Running, stranger: Client) -> None:
    token = sign_in(stranger, NATIVE)["refresh_token"]
    start, answers = threading.Barrier(6), []

    def work() -> None:
        client = Client(running)
        start.wait()
        answers.append(refresh(client, token, NATIVE))
        client.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (won,) = [answer for answer in answers if answer.status == 200]
    assert refresh(stranger, won.json["refresh_token"], NATIVE).json["error"] == "invalid_grant"


def test_the_leeway_forgives_the_token_just_rotated_and_no_older_one(
    running: Running, stranger: Client, clock: Clock
) -> None:
    running.auth0 = Tenant(leeway=10)
    first = sign_in(stranger, NATIVE)["refresh_token"]
    lost = refresh(stranger, first, NATIVE).json["refresh_token"]
    clock.forward(seconds=10)
    second = refresh(stranger, first, NATIVE)
    assert second.status == 200, "the answer may have been lost"
    third = refresh(stranger, second.json["refresh_token"], NATIVE).json["refresh_token"]
    assert refresh(stranger, first, NATIVE).status == 403, "the one before the last is not forgiven"
    assert refresh(stranger, third, NATIVE).status == 403
    assert refresh(stranger, lost, NATIVE).status == 403


def test_after_the_leeway_nothing_is_forgiven(running: Running, stranger: Client, clock: Clock) -> None:
    running.auth0 = Tenant(leeway=10)
    first = sign_in(stranger, NATIVE)["refresh_token"]
    second = refresh(stranger, first, NATIVE).json["refresh_token"]
    clock.forward(seconds=11)
    assert refresh(stranger, first, NATIVE).status == 403
    assert refresh(stranger, second, NATIVE).status == 403


def test_rotation_extends_no_life(running: Running, stranger: Client, clock: Clock) -> None:
    token = sign_in(stranger, NATIVE)["refresh_token"]
    for _ in range(5):
        clock.forward(days=5)
        token = refresh(stranger, token, NATIVE).json["refresh_token"]
    clock.forward(days=5)
    assert refresh(stranger, token, NATIVE).json["error"] == "invalid_grant"


def test_one_token_serves_the_apis_of_its_policy_one_at_a_time(stranger: Client, lasting: str) -> None:
    answer = refresh(stranger, lasting, audience=ME).json
    assert set(MY_SCOPES) < set(answer["scope"].split())
    audience = claims(stranger, answer["access_token"])["aud"]
    assert ME in audience
    assert TASKS not in audience
    narrow = refresh(stranger, lasting, audience=TASKS, scope="tasks:read tasks:delete").json
    assert narrow["scope"] == "tasks:read"
    assert claims(stranger, narrow["access_token"])["aud"] == TASKS


@pytest.mark.parametrize("audience", ["https://nowhere.invalid", "https://vault.valet.invalid"])
def test_an_api_without_a_policy_is_silently_the_first_one(stranger: Client, audience: str) -> None:
    tokens = sign_in(stranger, audience=TASKS, scope=f"{SIGN_IN} tasks:read")
    answer = refresh(stranger, tokens["refresh_token"], audience=audience)
    assert answer.status == 200
    assert TASKS in claims(stranger, answer.json["access_token"])["aud"]


def test_a_scope_can_be_left_out_and_none_added(stranger: Client) -> None:
    tokens = sign_in(stranger, audience=TASKS, scope=f"{SIGN_IN} tasks:read")
    assert refresh(stranger, tokens["refresh_token"], scope="tasks:read tasks:write").json["scope"] == "tasks:read"


def test_a_token_is_of_its_application(stranger: Client, lasting: str) -> None:
    assert refresh(stranger, lasting, NATIVE).json["error"] == "invalid_grant"
    assert refresh(stranger, lasting).status == 200


def test_revoking_ends_a_token_and_an_unknown_one_is_no_error(stranger: Client, lasting: str) -> None:
    assert stranger.form("/oauth/revoke", token="guessed", **WEB).status == 200
    assert stranger.form("/oauth/revoke", token=lasting, client_id=WEB["client_id"]).status == 401
    assert stranger.form("/oauth/revoke", token=lasting, **NATIVE).status == 200
    assert refresh(stranger, lasting).status == 200, "another application revokes nothing"
    answer = stranger.form("/oauth/revoke", token=lasting, **WEB)
    assert (answer.status, answer.body) == (200, b"")
    assert refresh(stranger, lasting).json["error"] == "invalid_grant"


def test_the_two_hundred_and_first_sign_in_drops_the_first(stranger: Client, lasting: str) -> None:
    for _ in range(200):
        sign_in(stranger)
    assert refresh(stranger, lasting).json["error"] == "invalid_grant"


def test_no_token_lies_on_the_disk_or_in_the_log(running: Running, office: Workspace, stranger: Client) -> None:
    tokens = sign_in(stranger)
    again = refresh(stranger, tokens["refresh_token"], audience=ME).json
    stored = b"".join(path.read_bytes() for path in office.path.parent.iterdir()) + repr(running.log).encode()
    for secret in (*(tokens[name] for name in ("access_token", "refresh_token", "id_token")), again["access_token"]):
        assert secret.encode() not in stored
    assert WEB["client_secret"].encode() not in stored
