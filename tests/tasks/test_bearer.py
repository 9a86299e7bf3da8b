"""Who may ask: every fault a token can have, at the running server, with the answers of RFC 6750."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from app.tasks.addresses import AUDIENCE
from app.tasks.bearer import LEEWAY_SECONDS
from app.tasks.key_set import BETWEEN_SECONDS
from tests.tasks.office import Abroad, Answer, Clock, Office, trusting

World = tuple[Office, Abroad, Clock]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    abroad, clock = Abroad(), Clock()
    with trusting(tmp_path / "tasks.db", abroad, clock) as office:
        yield office, abroad, clock


def asked(office: Office, token: str) -> Answer:
    return office.send("GET", "/v1/tasks", authorization=f"Bearer {token}")


def test_a_good_token_is_taken_and_the_keys_are_fetched_once(world: World) -> None:
    office, abroad, clock = world
    for _ in range(3):
        assert asked(office, abroad.token(clock)).status == 200
    assert asked(office, abroad.token(clock, header={"typ": "at+jwt"})).status == 200
    assert asked(office, abroad.token(clock, aud=AUDIENCE)).status == 200
    assert abroad.fetches == 1


def test_without_a_token_the_answer_says_which_scheme_and_names_no_error(world: World) -> None:
    answer = world[0].send("GET", "/v1/tasks")
    assert (answer.status, answer.kind) == (401, "no-token")
    assert answer.headers["www-authenticate"] == 'Bearer realm="tasks"'
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://tenant.auth.example"},
        {"iss": None},
        {"aud": "https://other.example"},
        {"aud": []},
        {"aud": None},
        {"aud": {"https://tasks.valet.invalid": 1}},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": True},
        {"nbf": "x"},
        {"iat": []},
    ],
    ids=str,
)
def test_claims_that_are_wrong(world: World, claims: dict[str, Any]) -> None:
    office, abroad, clock = world
    answer = asked(office, abroad.token(clock, **claims))
    assert (answer.status, answer.kind) == (401, "invalid-token")
    assert answer.headers["www-authenticate"] == 'Bearer realm="tasks", error="invalid_token"'


def test_times_have_a_small_leeway(world: World) -> None:
    office, abroad, clock = world
    early, late = LEEWAY_SECONDS - 1, LEEWAY_SECONDS + 1
    assert asked(office, abroad.token(clock, exp=clock.now - early)).status == 200
    assert asked(office, abroad.token(clock, exp=clock.now - late)).status == 401
    assert asked(office, abroad.token(clock, nbf=clock.now + early)).status == 200
    assert asked(office, abroad.token(clock, nbf=clock.now + late)).status == 401
    assert asked(office, abroad.token(clock, iat=clock.now + late)).status == 401
    token = abroad.token(clock)
    clock.now += 600 + late
    assert asked(office, token).status == 401


def test_the_algorithm_is_not_the_tokens_to_choose(world: World) -> None:
    office, abroad, clock = world
    tokens = {
        "none": unsigned(abroad.token(clock), {"alg": "none", "kid": "k1"}),
        "RS512": abroad.token(clock, header={"alg": "RS512"}),
        "PS256": abroad.token(clock, header={"alg": "PS256"}),
        "HS256": keyed(abroad.token(clock), abroad.key.as_pem(private=False)),
        "crit": abroad.token(clock, header={"crit": ["kid"]}),
        "type": abroad.token(clock, header={"typ": "logout+jwt"}),
    }
    assert {name: asked(office, token).status for name, token in tokens.items()} == dict.fromkeys(tokens, 401)


def keyed(token: str, secret: bytes) -> str:
    """Signed with the public key as if it were a shared secret."""
    message = unsigned(token, {"alg": "HS256", "kid": "k1"}).rstrip(".")
    mark = hmac.digest(secret, message.encode(), "sha256")
    return f"{message}.{urlsafe_b64encode(mark).rstrip(b'=').decode()}"


def unsigned(token: str, header: dict[str, Any]) -> str:
    head = urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    return f"{head}.{token.split('.')[1]}."


def test_signatures_that_are_wrong(world: World) -> None:
    office, abroad, clock = world
    good = abroad.token(clock)
    head, claims, signature = good.split(".")
    other = abroad.token(clock, sub="local:0").split(".")[1]
    stranger = RSAKey.generate_key(2048)
    bad = {
        "another key": abroad.token(clock, key=stranger),
        "changed claims": f"{head}.{other}.{signature}",
        "no signature": f"{head}.{claims}.",
        "cut": good[:-4],
        "embedded key": abroad.token(clock, key=stranger, header={"jwk": stranger.as_dict(private=False)}),
        "key address": abroad.token(clock, key=stranger, header={"jku": "https://evil.example/keys"}),
    }
    assert {name: asked(office, token).status for name, token in bad.items()} == dict.fromkeys(bad, 401)


@pytest.mark.parametrize(
    "text", ["Bearer", "Bearer ", "Bearer a.b", "Bearer a.b.c", "Basic bWU6bWU=", "Bearer a b.c.d"]
)
def test_headers_that_hold_no_token(world: World, text: str) -> None:
    assert world[0].send("GET", "/v1/tasks", authorization=text).kind == "invalid-token"


def test_a_token_longer_than_any_is_not_even_read(world: World) -> None:
    office, abroad, clock = world
    assert asked(office, abroad.token(clock, more="x" * 9000)).status == 401
    assert abroad.fetches == 0


def test_no_key_named_or_one_that_is_unknown(world: World) -> None:
    office, abroad, clock = world
    for kid in (None, 7, "k2"):
        assert asked(office, token_with_kid(abroad, clock, kid)).status == 401


def token_with_kid(abroad: Abroad, clock: Clock, kid: object) -> str:
    if kid == 7:
        return unsigned(abroad.token(clock), {"alg": "RS256", "kid": 7}) + "AA"
    return abroad.token(clock, header={"kid": kid} if kid else {"kid": ""})


def test_unknown_keys_make_it_look_once_and_not_again_at_once(world: World) -> None:
    office, abroad, clock = world
    assert asked(office, abroad.token(clock)).status == 200
    for number in range(20):
        assert asked(office, abroad.token(clock, header={"kid": f"made-up-{number}"})).status == 401
    assert abroad.fetches == 1, f"a second look is due after {BETWEEN_SECONDS} seconds"


def test_while_the_keys_cannot_be_read_nobody_is_judged(world: World) -> None:
    office, abroad, clock = world
    abroad.down = True
    answer = asked(office, abroad.token(clock))
    assert (answer.status, answer.kind) == (503, "no-keys")
    assert answer.headers["retry-after"] == "10"


def test_scopes_are_looked_at_one_by_one(world: World) -> None:
    office, abroad, clock = world
    office.token = abroad.token(clock, scope="tasks:read")
    assert office.send("GET", "/v1/tasks").status == 200
    refused = office.put("POST", "/v1/tasks", {"title": "x"})
    assert (refused.status, refused.kind) == (403, "insufficient-scope")
    said = refused.headers["www-authenticate"]
    assert said == 'Bearer realm="tasks", error="insufficient_scope", scope="tasks:write"'
    for scope in (None, "", "tasks:readx", "tasks:*", "openid"):
        assert asked(office, abroad.token(clock, scope=scope)).status == 403
    office.token = abroad.token(clock, scope="tasks:write")
    assert office.put("POST", "/v1/tasks", {"title": "x"}).status == 201
    assert office.send("GET", "/v1/tasks").status == 403


def test_one_persons_tasks_are_not_anothers(world: World) -> None:
    office, abroad, clock = world
    office.token = abroad.token(clock)
    mine = office.create(source={"kind": "mail", "id": "m1"})["id"]
    office.token = abroad.token(clock, sub="local:1001")
    assert office.titles() == []
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/restore")):
        assert office.send(method, f"/v1/tasks/{mine}{path}").status == 404
    assert office.put("PATCH", f"/v1/tasks/{mine}", {"done": True}).status == 404
    assert office.create(source={"kind": "mail", "id": "m1"})["id"] != mine
