"""The server as a whole: concurrent clients, the log, the workspace held by another process."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3

from app.demo.quota import Limits
from app.demo.server import Running, serve
from app.demo.workspace import Workspace
from tests.demo.little_office import CALENDAR, READONLY, Client, file, letter, sign_in


@pytest.fixture
def wide(office: Workspace) -> Iterator[Running]:
    with serve(office, limits=Limits(None, None, None)) as running:
        yield running


def test_many_connections_each_get_their_own_message(wide: Running, office: Workspace) -> None:
    messages = {file(office, letter(subject=f"S{n}", number=n)): f"S{n}" for n in range(40)}
    token = sign_in(wide, READONLY)["access_token"]
    wrong: list[Any] = []

    def work() -> None:
        client = Client(wide, token)
        for message, subject in messages.items():
            answer = client.mail(f"messages/{message}", format="metadata", metadataHeaders="Subject").json
            if (answer["id"], answer["payload"]["headers"][0]["value"]) != (message, subject):
                wrong.append(answer)
        client.close()

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len([record for record in wide.log if record.path.startswith("/gmail")]) == 480


def test_connections_are_kept(wide: Running) -> None:
    token = sign_in(wide, READONLY)["access_token"]
    with urllib3.HTTPConnectionPool("127.0.0.1", int(wide.origin.rpartition(":")[2]), maxsize=1) as pool:
        for _ in range(20):
            answer = pool.request("GET", "/gmail/v1/users/me/profile", headers={"Authorization": f"Bearer {token}"})
            assert answer.status == 200
        assert (pool.num_connections, pool.num_requests) == (1, 20)


def test_the_log_tells_who_asked_what_with_which_scopes(running: Running) -> None:
    token = sign_in(running, READONLY, CALENDAR)["access_token"]
    client = Client(running, token)
    client.mail("messages", q="budget")
    client.get("/tokeninfo", access_token=token)
    client.close()
    asked, facts = running.log[-2:]
    assert (asked.method, asked.path, asked.query) == ("GET", "/gmail/v1/users/me/messages", "q=budget")
    assert (asked.status, asked.scopes) == (200, tuple(sorted([READONLY, CALENDAR])))
    assert facts.query.startswith("access_token=sha256-")
    assert asked.token
    assert token not in repr(running.log)


def test_a_workspace_held_by_another_process_is_a_failure_that_passes(alex: Client, office: Workspace) -> None:
    office.database.run("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(office.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = alex.form("/token", grant_type="refresh_token")
    assert answer.status == 401, "what needs no writing is answered"
    code = alex.form("/revoke", token=alex.token)
    assert code.status == 503
    other.execute("ROLLBACK")
    other.close()
    assert alex.form("/revoke", token=alex.token).status == 200


def test_the_workspace_stays_open_when_the_server_closes(office: Workspace) -> None:
    serve(office).close()
    assert office.people()
