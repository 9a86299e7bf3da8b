"""Tasks at rest: what they say is ciphertext, and opens in its own place only; an older file is taken over."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.storage_error import StorageError
from app.storage_seal import Unreadable, VaultSeal
from app.tasks.application import Application, Embedded
from app.tasks.keys import VaultKeys, client_secret
from app.tasks.local import file_of, local_tasks
from app.tasks.server import TasksServer
from app.tasks.task_rows import Wish
from app.tasks.task_store import TaskStore
from app.vault_opening import VAULT
from auth.local.keys import Beside, Ladder
from auth.local.vault_rotation import wipe
from tests.auth.vault_world import everything
from tests.tasks.office import USER, Office, vault_in

WORD = "xyzzy-canary-word"
SOURCE = {
    "kind": "mail",
    "id": f"id-{WORD}",
    "item": f"item-{WORD}",
    "label": WORD,
    "link": f"https://x.example/{WORD}",
}
OLDER = """
CREATE TABLE tasks (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, title TEXT NOT NULL, notes TEXT NOT NULL, due TEXT, day TEXT, instant TEXT,
    rank TEXT NOT NULL, done INTEGER NOT NULL, source_kind TEXT, source_id TEXT, source_item TEXT, source_label TEXT,
    source_link TEXT, created TEXT NOT NULL, updated TEXT NOT NULL, revision INTEGER NOT NULL, deleted TEXT
) STRICT;
CREATE INDEX tasks_in_order ON tasks (user, rank, id);
CREATE UNIQUE INDEX tasks_once_from_a_source ON tasks (user, source_kind, source_id, source_item)
    WHERE source_kind IS NOT NULL;
CREATE TABLE answers (
    user TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, status INTEGER NOT NULL, headers TEXT NOT NULL,
    body TEXT NOT NULL, given REAL NOT NULL, PRIMARY KEY (user, key)
) STRICT;
"""

INSERT = "INSERT INTO tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


@contextmanager
def served(folder: Path) -> Iterator[Office]:
    """A server whose file and keys are kept as the product keeps them."""
    with vault_in(folder) as vault:

        def build(origin: str) -> Application:
            issuer = Embedded(USER, VaultKeys(vault))
            return Application(folder / "tasks.db", VaultSeal.of(vault, "tasks"), issuer, origin)

        with TasksServer(build) as server:
            office = Office(server.origin, secret=client_secret(VaultKeys(vault)))
            office.sign_in()
            yield office


def sql(folder: Path, *statement: Any) -> list[Any]:
    with closing(sqlite3.connect(folder / "tasks.db", isolation_level=None)) as db:
        return db.execute(*statement).fetchall()


def test_no_word_of_a_task_and_no_key_is_on_the_disk(tmp_path: Path) -> None:
    with served(tmp_path) as office:
        made = office.put(
            "POST", "/v1/tasks", {"title": WORD, "notes": WORD, "source": SOURCE}, idempotency_key="k1"
        ).json
        office.put("PATCH", f"/v1/tasks/{made['id']}", {"title": f"{WORD} again"})
        open_bytes = everything(tmp_path)
        again = office.put("POST", "/v1/tasks", {"title": WORD, "notes": WORD, "source": SOURCE}, idempotency_key="k1")
        assert (again.json, again.headers["idempotency-replayed"]) == (made, "true")
        assert office.titles(source_id=SOURCE["id"]) == [f"{WORD} again"]
        assert office.titles(source_id="another") == []
        assert office.put("POST", "/v1/tasks", {"title": "twice", "source": SOURCE}).status == 409
        (found,) = office.send("GET", "/v1/tasks").json["tasks"]
    assert (found["notes"], found["source"]) == (WORD, SOURCE)
    kept = open_bytes + everything(tmp_path)
    assert WORD.encode() not in kept
    assert b"PRIVATE KEY" not in kept
    assert office.secret.encode() not in kept


def test_an_older_file_is_encrypted_and_goes_on(tmp_path: Path) -> None:
    with served(tmp_path) as office:
        office.create("to learn what the old fingerprint of a request was")
    (tmp_path / "tasks.db").unlink()
    row = ("t1", USER, WORD, WORD, "2026-03-12", "2026-03-12", None, "2026-03-12 ~ 2026", 0, *SOURCE.values())
    moment = "2026-03-01T08:00:00.000000Z"
    with closing(sqlite3.connect(tmp_path / "tasks.db", isolation_level=None)) as db:
        db.executescript(OLDER)
        db.execute(INSERT, (*row, moment, moment, 3, None))
        db.execute("INSERT INTO answers VALUES (?, 'k', 'f', 201, '{}', ?, 4e9)", (USER, f'{{"title": "{WORD}"}}'))
    assert WORD.encode() in everything(tmp_path)
    for _ in range(2):
        with served(tmp_path) as office:
            (found,) = office.send("GET", f"/v1/tasks?source_id={SOURCE['id']}").json["tasks"]
            assert (found["title"], found["source"], found["etag"]) == (WORD, SOURCE, '"3"')
            assert office.put("POST", "/v1/tasks", {"title": "x"}, idempotency_key="k").status == 409
    assert WORD.encode() not in everything(tmp_path)


def test_the_words_of_another_task_do_not_open(tmp_path: Path) -> None:
    with served(tmp_path) as office:
        one, two = office.create("one"), office.create("two")
        sql(tmp_path, "UPDATE tasks SET content = (SELECT content FROM tasks WHERE id = ?)", (one["id"],))
        assert office.send("GET", f"/v1/tasks/{one['id']}").json["title"] == "one"
        assert office.send("GET", f"/v1/tasks/{two['id']}").status == 500


def test_after_a_wipe_tasks_are_unreadable(tmp_path: Path) -> None:
    with served(tmp_path) as office:
        office.create("gone")
    wipe(tmp_path / VAULT, Ladder((Beside(tmp_path),)))
    with vault_in(tmp_path) as vault:
        issuer = Embedded(USER, VaultKeys(vault))
        seal = VaultSeal.of(vault, "tasks")
        with closing(Application(tmp_path / "tasks.db", seal, issuer, "http://127.0.0.1:1")) as application:
            with pytest.raises(Unreadable):
                TaskStore(application.database, lambda: 0.0).page(USER, Wish(), None, 10)
            assert issubclass(Unreadable, StorageError)


def test_secrets_that_lay_in_the_clear_are_gone_at_the_next_start(tmp_path: Path) -> None:
    keys = file_of(tmp_path, "").parent / "keys"
    keys.mkdir(parents=True)
    (keys / "tasks-client-secret").write_text("in the clear")
    with vault_in(tmp_path) as vault, local_tasks(tmp_path, USER, vault, workspace=None):
        assert not keys.exists()
        assert client_secret(VaultKeys(vault)) != "in the clear"
