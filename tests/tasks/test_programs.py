"""Programs at the embedded authorization server: client credentials (RFC 6749 section 4.4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.tasks.addresses import AUDIENCE
from app.tasks.api import READ, WRITE
from app.tasks.database import Database
from app.tasks.programs import Programs
from tests.auth.vault_world import everything
from tests.tasks.office import Answer, Clock, Office, opened
from tests.terminal import piped, surroundings


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    with opened(tmp_path / "tasks.db", clock) as office:
        yield office


class Unused:
    """No task is read or written through it."""

    def encrypt(self, plain: bytes, about: bytes = b"", /) -> bytes:
        raise AssertionError

    decrypt = encrypt

    def name(self, *names: str) -> bytes:
        raise AssertionError


@pytest.fixture
def programs(office: Office, tmp_path: Path, clock: Clock) -> Iterator[Programs]:
    assert office.send("GET", "/.well-known/jwks.json").status == 200
    with closing(Database(tmp_path / "tasks.db", Unused())) as database:
        yield Programs(database, clock)


def ask(office: Office, secret: str, name: str = "nightly", **more: str) -> Answer:
    fields = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret} | more
    return office.form("/oauth/token", **fields)


def test_a_program_reads_and_changes_tasks_of_its_own(office: Office, programs: Programs) -> None:
    office.sign_in()
    office.create("the person's")
    secret = programs.register("nightly", frozenset({READ, WRITE}), 60)
    given = ask(office, secret, audience=AUDIENCE).json
    assert (given["scope"], given["expires_in"], "refresh_token" in given) == ("tasks:read tasks:write", 900, False)
    office.token = given["access_token"]
    assert office.titles() == []
    office.create("the program's")
    assert office.titles() == ["the program's"]
    office.sign_in()
    assert office.titles() == ["the person's"]


def test_a_token_is_as_narrow_as_it_was_asked_for(office: Office, programs: Programs) -> None:
    secret = programs.register("nightly", frozenset({READ, WRITE}), 60)
    office.token = ask(office, secret, scope=READ).json["access_token"]
    assert office.send("GET", "/v1/tasks").status == 200
    assert office.put("POST", "/v1/tasks", {"title": "x"}).status == 403


@pytest.mark.parametrize(
    ("more", "status", "error"),
    [
        ({"client_secret": "another"}, 401, "invalid_client"),
        ({"client_id": "stranger"}, 401, "invalid_client"),
        ({"client_id": "valet"}, 401, "invalid_client"),
        ({"scope": WRITE}, 400, "invalid_scope"),
        ({"scope": "openid"}, 400, "invalid_scope"),
        ({"audience": "https://elsewhere.example"}, 400, "invalid_target"),
    ],
)
def test_what_it_may_not_is_refused(
    office: Office, programs: Programs, more: dict[str, str], status: int, error: str
) -> None:
    answer = ask(office, programs.register("nightly", frozenset({READ}), 60), **more)
    assert (answer.status, answer.json["error"]) == (status, error)
    assert answer.headers["cache-control"] == "no-store"


def test_a_secret_ends_on_its_day_when_it_is_replaced_and_when_it_is_removed(
    office: Office, programs: Programs, clock: Clock
) -> None:
    first = programs.register("nightly", frozenset({READ}), 60)
    second = programs.register("nightly", frozenset({READ}), 60)
    assert [ask(office, secret).status for secret in (first, second)] == [401, 200]
    clock.now += 61
    assert ask(office, second).json["error_description"] == "The secret of the client has expired."
    third = programs.register("nightly", frozenset({READ}), 60)
    assert ask(office, third).status == 200
    assert (programs.remove("nightly"), programs.remove("nightly")) == (True, False)
    assert ask(office, third).status == 401


def test_a_program_cannot_redeem_or_refresh_what_is_a_person_s(office: Office, programs: Programs) -> None:
    secret = programs.register("nightly", frozenset({READ}), 60)
    lasting = office.sign_in()["refresh_token"]
    assert office.refresh(lasting, client_id="nightly", client_secret=secret).status == 401
    assert office.refresh(lasting).status == 200


@pytest.mark.parametrize("name", ["", "valet", "Nightly", "a b", "x" * 41, "-x", "a@programs"])
def test_some_names_will_not_do(programs: Programs, name: str) -> None:
    with pytest.raises(ValueError, match="small letters"):
        programs.register(name, frozenset({READ}), 60)


def test_the_command_shows_the_secret_once_and_keeps_none(tmp_path: Path) -> None:
    env = surroundings(tmp_path)
    done = piped("tasks", "program", "nightly", "--days", "3", env=env)
    assert done.returncode == 0, done.stderr
    secret = done.stdout.splitlines()[2]
    assert len(secret) == 43
    assert secret.encode() not in everything(tmp_path)
    assert piped("tasks", "program", "Night Ly", env=env).returncode == 2
    assert piped("tasks", "program", "nightly", "--remove", env=env).returncode == 0
    gone = piped("tasks", "program", "nightly", "--remove", env=env)
    assert (gone.returncode, "There is no program 'nightly'" in gone.stderr) == (2, True)
