"""The chain: every row is there, in order, as it was written; many threads and processes add to it at once."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from auth.audit import BEGINNING, Anchor, AuditLog, Broken


@pytest.fixture
def connect(tmp_path: Path) -> Callable[[], sqlite3.Connection]:
    return lambda: sqlite3.connect(tmp_path / "audit.db", isolation_level=None, check_same_thread=False)


@pytest.fixture
def log(connect: Callable[[], sqlite3.Connection]) -> Iterator[AuditLog]:
    with closing(AuditLog(connect, clock=lambda: 1_800_000_000)) as made:
        yield made


def fill(log: AuditLog, count: int = 5) -> None:
    for number in range(count):
        log.record("me", "call", operation=f"GET host/{number}", outcome="200", parts=number, again=False, note=None)


def tamper(connect: Callable[[], sqlite3.Connection], statement: str) -> None:
    with closing(connect()) as connection:
        connection.execute(statement)


def test_rows_are_kept_in_order_with_their_facts(log: AuditLog) -> None:
    log.record("me", "lease", capability="gmail.read", expires=1.5)
    log.record("ana é ☂", "decision", by="me", yes=True)
    first, second = log.rows()
    assert (first.seq, first.user, first.kind, first.at) == (1, "me", "lease", 1_800_000_000.0)
    assert json.loads(first.facts) == {"capability": "gmail.read", "expires": 1.5}
    assert (second.seq, second.user, json.loads(second.facts)) == (2, "ana é ☂", {"by": "me", "yes": True})


def test_an_untouched_chain_verifies(log: AuditLog) -> None:
    assert log.verify() is None
    fill(log)
    assert log.verify() is None


def test_the_chain_goes_on_after_a_restart(connect: Callable[[], sqlite3.Connection]) -> None:
    for _ in range(2):
        with closing(AuditLog(connect)) as log:
            fill(log)
            assert log.verify() is None
    with closing(AuditLog(connect)) as log:
        assert [row.seq for row in log.rows()] == list(range(1, 11))


@pytest.mark.parametrize(
    "change",
    [
        "facts = replace(facts, '200', '404')",
        "user = 'someone else'",
        "kind = 'lease'",
        "at = at + 1",
        "hash = replace(hash, substr(hash, 1, 1), 'x')",
    ],
)
def test_a_changed_row_is_found(log: AuditLog, connect: Callable[[], sqlite3.Connection], change: str) -> None:
    fill(log)
    tamper(connect, f"UPDATE audit SET {change} WHERE seq = 3")  # noqa: S608 - the test's own text
    assert log.verify() == Broken(3, "the row was changed after it was written")


@pytest.mark.parametrize("seq", [1, 3])
def test_a_removed_row_is_found(log: AuditLog, connect: Callable[[], sqlite3.Connection], seq: int) -> None:
    fill(log)
    tamper(connect, f"DELETE FROM audit WHERE seq = {seq}")  # noqa: S608
    assert log.verify() == Broken(seq + 1, f"row {seq} is missing")


def test_a_removed_row_whose_place_is_closed_up_is_found(
    log: AuditLog, connect: Callable[[], sqlite3.Connection]
) -> None:
    fill(log)
    for statement in ("DELETE FROM audit WHERE seq = 3", "UPDATE audit SET seq = seq - 1 WHERE seq > 3"):
        tamper(connect, statement)
    assert log.verify() == Broken(3, "the row was changed after it was written")


def test_two_rows_that_change_places_are_found(log: AuditLog, connect: Callable[[], sqlite3.Connection]) -> None:
    fill(log)
    for old, new in ((2, 99), (3, 2), (99, 3)):
        tamper(connect, f"UPDATE audit SET seq = {new} WHERE seq = {old}")  # noqa: S608
    assert log.verify() == Broken(2, "the row was changed after it was written")


def test_a_cut_tail_is_found_against_an_anchor_only(log: AuditLog, connect: Callable[[], sqlite3.Connection]) -> None:
    fill(log)
    anchor = log.head()
    fill(log, 1)
    assert log.verify(anchor) is None
    tamper(connect, "DELETE FROM audit WHERE seq > 3")
    assert log.verify() is None
    assert log.verify(anchor) == Broken(4, "the log ends here, and the anchor names row 5")


def test_a_log_written_anew_is_found_against_an_anchor(tmp_path: Path) -> None:
    def made(name: str, count: int) -> AuditLog:
        fresh = AuditLog(lambda: sqlite3.connect(tmp_path / name, isolation_level=None))
        fill(fresh, count)
        return fresh

    with closing(made("true.db", 3)) as true, closing(made("forged.db", 7)) as forged:
        found = forged.verify(true.head())
        assert isinstance(found, Broken)
        assert (found.seq, "written anew" in found.why) == (3, True)


def test_the_head_of_an_empty_log_is_its_beginning(log: AuditLog) -> None:
    assert log.head() == BEGINNING
    fill(log, 2)
    assert log.head() == Anchor(2, list(log.rows())[-1].hash)


def test_a_fact_that_cannot_be_written_leaves_the_log_usable(log: AuditLog) -> None:
    with pytest.raises(TypeError):
        log.record("me", "call", operation=object())  # type: ignore[arg-type]  # what a careless caller would do
    with pytest.raises(UnicodeEncodeError):
        log.record("\ud800", "call", operation="x")
    fill(log)
    assert log.verify() is None


def test_many_threads_keep_the_chain(log: AuditLog) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: log.record("me", "call", n=n), range(200)))
    assert log.verify() is None
    assert sorted(json.loads(row.facts)["n"] for row in log.rows()) == list(range(200))


APPEND = """
import sqlite3, sys
from auth.audit import AuditLog
log = AuditLog(lambda: sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None))
print("ready", flush=True)
sys.stdin.readline()
for number in range(100):
    log.record(sys.argv[2], "effect", n=number)
log.close()
"""


def test_two_processes_keep_the_chain(log: AuditLog, tmp_path: Path) -> None:
    command = [sys.executable, "-c", APPEND, str(tmp_path / "audit.db")]
    pipe = subprocess.PIPE
    with (
        subprocess.Popen([*command, "one"], stdin=pipe, stdout=pipe, text=True) as one,
        subprocess.Popen([*command, "two"], stdin=pipe, stdout=pipe, text=True) as two,
    ):
        for process in (one, two):
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in (one, two):
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.close()
    assert (one.returncode, two.returncode) == (0, 0)
    assert log.verify() is None
    rows = list(log.rows())
    for user in ("one", "two"):
        assert [json.loads(row.facts)["n"] for row in rows if row.user == user] == list(range(100))
