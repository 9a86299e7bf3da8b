"""The server itself: there at once, gone when told, several on one file, and plain when it cannot serve."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import urllib3

from app.tasks.application import Application, Embedded
from app.tasks.keys import MemoryKeys, VaultKeys, client_secret
from app.tasks.server import TasksServer
from tests.tasks.office import USER, InClear, Office, opened, vault_in

SERVE = """
import sys, threading
from pathlib import Path
from app.storage_seal import VaultSeal
from app.tasks.application import Application, Embedded
from app.tasks.keys import VaultKeys
from app.tasks.server import TasksServer
from tests.tasks.office import vault_in
home = Path(sys.argv[1])

def build(origin):
    issuer = Embedded("local:1000", VaultKeys(vault))
    return Application(home / "tasks.db", VaultSeal.of(vault, "tasks"), issuer, origin)

with vault_in(home) as vault, TasksServer(build) as server:
    print(server.origin, flush=True)
    sys.stdin.read()
"""


def test_nothing_is_loaded_or_written_until_somebody_connects(tmp_path: Path) -> None:
    made: list[str] = []

    def build(origin: str) -> Application:
        made.append(origin)
        return Application(tmp_path / "tasks.db", InClear(), Embedded(USER, MemoryKeys()), origin)

    with TasksServer(build) as server:
        assert made == []
        assert list(tmp_path.iterdir()) == []
        assert Office(server.origin).send("GET", "/openapi.json").status == 200
        assert made == [server.origin]
    with TasksServer(build):
        pass
    assert len(made) == 1


def test_it_ends_with_connections_open_and_lets_go_of_its_port(tmp_path: Path) -> None:
    with opened(tmp_path / "tasks.db") as office:
        port = int(office.origin.rpartition(":")[2])
        idle = socket.create_connection(("127.0.0.1", port))
        half = socket.create_connection(("127.0.0.1", port))
        half.sendall(b"POST /v1/tasks HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{")
        office.sign_in()
    with idle, half, socket.create_server(("127.0.0.1", port)):
        assert idle.recv(10) == b""


def test_a_file_that_cannot_be_used_refuses_connections_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "tasks.db").write_text("no database, and quite certainly none of SQLite's own making")
    issuer = Embedded(USER, MemoryKeys())
    refused = pytest.raises((urllib3.exceptions.HTTPError, OSError))
    with TasksServer(lambda origin: Application(tmp_path / "tasks.db", InClear(), issuer, origin)) as server, refused:
        Office(server.origin).send("GET", "/openapi.json")
    assert "not a database" in server.failure


def test_two_processes_on_one_file_agree(tmp_path: Path) -> None:
    """Both issue tokens with one key; sources stay unique, keys are honoured, and no write is lost."""
    servers = [
        subprocess.Popen(
            [sys.executable, "-c", SERVE, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    try:
        origins = [server.stdout.readline().strip() for server in servers if server.stdout]
        ready = [Office(origin) for origin in origins]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda office: office.send("GET", "/.well-known/jwks.json"), ready))
            with vault_in(tmp_path) as vault:
                secret = client_secret(VaultKeys(vault))
            offices = [Office(origin, secret=secret) for origin in origins]
            offices[1].token = offices[0].sign_in()["access_token"]
            _race(pool, offices)
    finally:
        for server in servers:
            server.communicate()


def _race(pool: ThreadPoolExecutor, offices: list[Office]) -> None:
    def source(number: int) -> int:
        body = {"title": f"t{number % 10}", "source": {"kind": "mail", "id": str(number % 10)}}
        return offices[number // 10].put("POST", "/v1/tasks", body).status

    assert Counter(pool.map(source, range(20))) == {201: 10, 409: 10}

    def keyed(number: int) -> Any:
        return offices[number % 2].put("POST", "/v1/tasks", {"title": "k"}, idempotency_key="k").json["id"]

    made = set(pool.map(keyed, range(10)))
    assert len(made) == 1
    place = f"/v1/tasks/{made.pop()}"

    def change(number: int) -> int:
        return offices[number % 2].put("PATCH", place, {"notes": str(number)}, if_match='"1"').status

    assert Counter(pool.map(change, range(10))) == {200: 1, 412: 9}
    assert len(offices[1].titles()) == 11
