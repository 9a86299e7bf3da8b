"""The ledger on disk: decided once, begun once, whatever the process, and closed when its key is gone."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.ledger import StoredLedger, Unsealed
from app.storage_seal import Unreadable
from graphs.ledger import Proposal, digest
from tests.small_graph import NOW, ledger_in
from tools.write import Plan, Receipt, Row

PROPOSAL = Proposal(
    user="local:1",
    thread="t",
    call="call-1",
    account="ana@example.org",
    node="bell",
    tool="ring_bell",
    args={"times": 2},
    plan=Plan(title="Ring", rows=(Row(label="times", value="2"),), body={"times": 2}),
    sources=("mail 1",),
)


def opened(path: Path, seal: object = None) -> StoredLedger:
    connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
    return StoredLedger.open(connection, threading.Lock(), seal or Unsealed(), path.parent / "locks")  # type: ignore[arg-type]


def test_a_row_comes_back_as_it_was_proposed(tmp_path: Path) -> None:
    made = ledger_in(tmp_path).propose(PROPOSAL, now=NOW)
    found = opened(tmp_path / "ledger.db").get("local:1", made.id)
    assert found == made
    assert found.digest == digest(PROPOSAL.body())
    assert found.expires - found.proposed == timedelta(hours=24)


def test_one_byte_more_is_another_digest() -> None:
    other = replace(PROPOSAL, args={"times": 3})
    assert digest(other.body()) != digest(PROPOSAL.body())
    assert Proposal.read(other.body()) == other


def test_of_many_that_decide_or_begin_at_once_one_does(tmp_path: Path) -> None:
    ledgers = [opened(tmp_path / "ledger.db") for _ in range(6)]
    row = ledgers[0].propose(PROPOSAL, now=NOW)

    def race(act: str) -> int:
        def once(ledger: StoredLedger) -> bool:
            if act == "decide":
                return ledger.decide(row, "approved", by="x", why="", now=NOW)
            return ledger.intend(row, now=NOW)

        with ThreadPoolExecutor(len(ledgers)) as pool:
            return sum(pool.map(once, ledgers))

    assert race("decide") == 1
    assert race("intend") == 1
    assert race("intend") == 0


def test_what_is_replaced_or_proposed_again_is_withdrawn(tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    first = ledger.propose(PROPOSAL, now=NOW)
    second = ledger.propose(replace(PROPOSAL, args={"times": 5}), now=NOW)
    assert not ledger.decide(first, "approved", by="x", why="", now=NOW)
    newest = ledger.of_call("local:1", "t", "call-1")
    assert newest is not None
    assert newest.id == second.id


def test_another_digest_under_the_same_id_decides_nothing(tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    row = ledger.propose(PROPOSAL, now=NOW)
    assert not ledger.decide(replace(row, digest="0" * 64), "approved", by="x", why="", now=NOW)


def test_a_row_changed_on_disk_is_no_row(tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    row = ledger.propose(PROPOSAL, now=NOW)
    body = replace(PROPOSAL, args={"times": 9}).body()
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as other, other:
        other.execute("UPDATE effects SET body = ?", (body,))
    with pytest.raises(ValueError, match="not what was proposed"):
        ledger.get("local:1", row.id)


def test_notes_and_the_receipt_are_kept(tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    row = ledger.propose(PROPOSAL, now=NOW)
    ledger.decide(row, "approved", by="ana", why="", now=NOW)
    ledger.intend(row, now=NOW)
    ledger.note(row, draft="d1")
    ledger.note(row, sent="s1")
    receipt = Receipt(what="Rang.", id="r1", at=NOW)
    assert ledger.finish(row, "done", receipt=receipt)
    found = ledger.get("local:1", row.id)
    assert found is not None
    assert (found.stage, found.decided_by, dict(found.notes)) == ("done", "ana", {"draft": "d1", "sent": "s1"})
    assert found.receipt == receipt
    assert not ledger.finish(row, "failed", why="no")


def test_another_process_does_not_hold_the_same_row(tmp_path: Path) -> None:
    one, two = opened(tmp_path / "ledger.db"), opened(tmp_path / "ledger.db")
    row = one.propose(PROPOSAL, now=NOW)
    with one.alone(row) as mine, two.alone(row) as theirs:
        assert mine
        assert not theirs
    with two.alone(row) as theirs:
        assert theirs


class Gone(Unsealed):
    """A vault that was wiped."""

    def decrypt(self, closed: bytes, about: bytes, /) -> bytes:
        raise Unreadable("The key is gone.", "Begin anew.")


def test_rows_whose_key_is_gone_are_counted_and_in_no_list(tmp_path: Path) -> None:
    ledger_in(tmp_path).propose(PROPOSAL, now=NOW)
    wiped = opened(tmp_path / "ledger.db", Gone())
    assert wiped.rows("local:1", "proposed") == []
    assert wiped.unreadable("local:1") == 1
