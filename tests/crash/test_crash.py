"""The short crash test: the most telling kills, and that no write tool is left out of the long one."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.crash.crash import told, write_tools
from tests.crash.orders import kind_of, orders, writing
from tests.crash.records import Reading, difference, said
from tests.crash.rounds import Order, Played, Usual, judged
from tests.crash.samples import Samples, named
from tools.registry import discover

ROOT = Path(__file__).parents[2]
MADE = {"workspaces.mail_outbox": (1, 0)}
USUAL = Usual(("ledger decide before", "ledger intend before", "ledger intend after"), MADE, 1.0)
DONE = {"rows": [{"stage": "done", "why": ""}], "told": ["ok"], "texts": ["Done."], "open": False}


def test_every_write_tool_has_a_sample() -> None:
    assert set(write_tools(discover())) == set(Samples(datetime.now(UTC)).table())


def test_what_was_approved_is_done_once_whenever_the_process_ends() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.crash.crash", "--short"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.endswith(": 0 wrong.\n")
    assert int(ran.stdout.splitlines()[-1].partition(" kills")[0]) >= 40


def played(made: dict[str, tuple[int, int]], **changed: object) -> Played:
    return Played(1, USUAL.steps, {}, made, {**DONE, **changed}, 1.0)


@pytest.mark.parametrize(
    ("seen", "wrong"),
    [
        (played(MADE), ""),
        (played({"workspaces.mail_outbox": (2, 0)}), "the services recorded workspaces.mail_outbox +2 -0"),
        (played({}), "the services recorded nothing"),
        (played(MADE, rows=[{"stage": "failed", "why": ""}], told=["failed"]), "recorded workspaces.mail_outbox +1"),
        (played({}, rows=[{"stage": "unknown", "why": ""}]), "stayed unknown"),
        (played({}, rows=[{"stage": "approved", "why": ""}]), "was left ['approved']"),
        (played({}, rows=[], told=[], open=True), "left open"),
        (played(MADE, told=["failed"]), "the conversation ['failed']"),
        (played(MADE, rows=[{"stage": "done"}, {"stage": "done"}]), "done as ['done', 'done']"),
    ],
)
def test_what_must_not_be_is_seen(seen: Played, wrong: str) -> None:
    found = judged(Order("send_mail", "random"), seen, USUAL)
    assert wrong in found if wrong else found == ""


def test_a_write_before_the_yes_is_seen() -> None:
    early = Played(1, ("ledger propose after",), MADE, {}, DONE, 1.0)
    assert "before anybody said yes" in judged(Order("send_mail", "random"), early, USUAL)


def test_something_wrong_is_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    row = {"tool": "send_mail", "kind": "random", "order": "", "kills": 1, "step": "", "stage": "done", "wrong": ""}
    assert told([row], [], 1.0) == 0
    assert told([{**row, "wrong": "twice"}], [], 1.0) == 1
    assert told([row], ["it broke"], 1.0) == 1
    assert told([], [], 1.0) == 1
    assert "WRONG send_mail" in capsys.readouterr().out


def test_each_step_of_a_write_is_an_end_of_it() -> None:
    wire = [f"wire POST /send {when}" for when in ("before", "amid", "after")]
    steps = ("ledger propose before", "ledger intend before", "ledger intend after", *wire, "ledger finish before")
    made = orders("send_mail", Usual(steps, MADE, 1.0), 0)
    assert {order.at for order in made if order.kind not in ("random", "twice")} >= {1, 2, 3, 4, 5, 6, 7}
    assert writing(steps) == [(1, 4)]
    assert kind_of(wire[1]) == "wire amid"
    assert {order.faults[0] for order in made if order.faults} == {
        *("429", "503", "reset"),
        *("lost", "503 after", "cut short"),
    }


def test_two_readings_tell_what_is_new_and_what_gone() -> None:
    before: Reading = {"mail": Counter({("a",): 1, ("b",): 1})}
    after: Reading = {"mail": Counter({("b",): 2, ("c",): 1})}
    assert difference(before, before) == {}
    found = difference(before, after)
    assert (found, said(found)) == ({"mail": (2, 1)}, "mail +2 -1")


def test_a_stand_in_is_the_newest_of_its_name() -> None:
    handles = {"event:2": {"label": "Choir"}, "event:10": {"label": "Choir, late"}, "mail:3": {"label": "Choir"}}
    assert named({"events": ["@event:Choir", "mail:3"]}, handles) == {"events": ["event:10", "mail:3"]}
    with pytest.raises(KeyError, match="no event was made"):
        named("@event:Judo", handles)
