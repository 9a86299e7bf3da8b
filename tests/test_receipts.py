"""`valet receipts`: what was done, the newest first, with links; what failed and what of it is left."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.commands import run
from app.settings import load
from app.wiring import wire
from graphs.ledger import Effect, Ledger, Proposal
from tools.base import Ref
from tools.write import Plan, Receipt, Row, Undo

LINK = "https://mail.google.com/mail/u/0/#all/thread-1"
RING = Plan(title="Ring", rows=(Row(label="times", value="2"),), body={})


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ring once was proposed first and done last; ring three times failed in between, and left a draft."""
    for name, value in (("VALET_HOME", str(tmp_path)), ("NO_COLOR", "1"), ("COLUMNS", "120"), ("VALET_ZONE", "UTC")):
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    asyncio.run(_lived(tmp_path))
    return tmp_path


async def _lived(home: Path) -> None:
    async with wire(load(dict(os.environ), cwd=home)) as valet:
        ledger, now = valet.parts.ledger, valet.parts.now()
        first, second, third = (_proposed(ledger, valet.parts.user, name, now) for name in ("a", "b", "c"))
        _begun(ledger, third, now + timedelta(minutes=1))
        left = (Ref(kind="draft", id="d1", label="Lunch"),)
        ledger.finish(third, "failed", why="Gmail asks to slow down. It lies among your drafts, unsent.", left=left)
        for row, minutes in ((second, 2), (first, 3)):
            at = now + timedelta(minutes=minutes)
            _begun(ledger, row, at)
            ledger.finish(row, "done", receipt=Receipt(what=f"Rang {row.proposal.call}", id="1", at=at, link=LINK))


def _proposed(ledger: Ledger, user: str, name: str, now: datetime, takes_back: str = "") -> Effect:
    proposal = Proposal(user=user, thread="t", call=name, account="", node="bell", tool="ring", args={}, plan=RING)
    return ledger.propose(replace(proposal, args={"name": name}, takes_back=takes_back), now=now)


def _begun(ledger: Ledger, row: Effect, at: datetime) -> None:
    assert ledger.decide(row, "approved", by="test", why="", now=at)
    assert ledger.intend(row, now=at)


def test_the_newest_comes_first_with_its_link(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["receipts"]) == 0
    shown = capsys.readouterr().out
    places = [shown.index(said) for said in ("Rang a", "Rang b", "It lies among your drafts, unsent")]
    assert places == sorted(places)
    assert shown.count(LINK) == 2


def test_a_program_gets_them_in_the_same_order(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["receipts", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["receipts"]
    assert [row["stage"] for row in rows] == ["done", "done", "failed"]
    assert [row["receipt"]["what"] for row in rows if row["receipt"]] == ["Rang a", "Rang b"]
    assert rows[2]["left"] == [{"kind": "draft", "id": "d1", "label": "Lunch", "people": []}]


async def _taken_back(home: Path) -> str:
    """Ring a fourth time, and take that back; the id of the fourth."""
    async with wire(load(dict(os.environ), cwd=home)) as valet:
        ledger, user, now = valet.parts.ledger, valet.parts.user, valet.parts.now() + timedelta(hours=1)
        rung = _proposed(ledger, user, "d", now)
        silenced = _proposed(ledger, user, "undo", now, takes_back=rung.id)
        for row, said in ((rung, "Rang d"), (silenced, "Silenced d")):
            _begun(ledger, row, now)
            undo = Undo(tool="ring", args={}) if row is rung else None
            ledger.finish(row, "done", receipt=Receipt(what=said, id="1", at=now, undo=undo))
        return rung.id


def test_an_undo_is_not_offered_for_what_was_undone(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rung = asyncio.run(_taken_back(home))
    assert run(["receipts"]) == 0
    shown = capsys.readouterr().out
    [line] = [line for line in shown.splitlines() if "Rang d" in line]
    assert line.split()[-1] == "undone"
    assert "valet undo" not in shown, "nothing else can be undone"
    assert run(["receipts", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["receipts"]
    [silenced] = [row["id"] for row in rows if row["receipt"] and row["receipt"]["what"] == "Silenced d"]
    assert {row["id"]: row["taken_back_by"] for row in rows}[rung] == silenced
    assert run(["undo", rung]) != 0
    said = capsys.readouterr()
    assert "taken back already" in said.out + said.err
