"""The race of the benchmark: a wrong answer voids, the first round is dropped, all run the same number of times."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.bench import peers
from tests.bench.probe import limit
from tests.bench.race import Answer, Worker, race


def contender(calls: list[str], name: str, value: int = 1) -> Answer:
    calls.append(name)
    return {"seconds": float(len(calls)), "cpu": 0.0, "value": value}


def test_everybody_runs_every_round_and_the_first_does_not_count() -> None:
    calls: list[str] = []
    laps = race({"a": lambda: contender(calls, "a"), "b": lambda: contender(calls, "b")}, 5, 7, lambda _: "")
    assert [calls.count(name) for name in "ab"] == [6, 6]
    assert all(len(lap.answers) == 5 and not lap.void for lap in laps.values())
    assert any(calls[i] != calls[0] for i in range(2, 12, 2)), "the order is drawn anew"


def test_a_slow_one_runs_fewer_rounds() -> None:
    calls: list[str] = []
    laps = race({"a": lambda: contender(calls, "a")}, 5, 7, lambda _: "", {"a": 2})
    assert len(calls) == 3
    assert len(laps["a"].answers) == 2


def test_one_wrong_answer_voids_the_contender_and_ends_it() -> None:
    calls: list[str] = []

    def wavering() -> Answer:
        return contender(calls, "a", value=2 if len(calls) == 2 else 1)

    laps = race({"a": wavering}, 5, 7, lambda answer: "" if answer["value"] == 1 else "a wrong answer")
    assert laps["a"].void == "a wrong answer"
    assert len(calls) == 3


def test_an_error_and_a_death_void_it_too() -> None:
    def dead() -> Answer:
        raise RuntimeError("the contender ended with 1")

    laps = race({"dead": dead, "failed": lambda: {"error": "KeyError: 'x'"}}, 2, 7, lambda answer: str(answer["no"]))
    assert laps["dead"].void == "the contender ended with 1"
    assert laps["failed"].void == "KeyError: 'x'"


def test_a_contender_that_cannot_start_says_so() -> None:
    with Worker(Path(sys.executable), "no_such_contender") as worker, pytest.raises(RuntimeError, match="ended"):
        worker.do(do="read")


def test_the_limit_is_the_listing_and_the_waves_the_wall_asks_for() -> None:
    assert limit(0.1, 100, 50) == pytest.approx(0.3)
    assert limit(0.1, 101, 50) == pytest.approx(0.4)
    assert limit(0.1, 100, 50, cold_trips=2) == pytest.approx(0.5)


def test_peers_that_cannot_be_installed_are_told(tmp_path: Path) -> None:
    pinned = tmp_path / "peers.txt"
    pinned.write_text(f"{tmp_path}/there_is_no_such_wheel.whl\n", encoding="utf-8")
    found = peers.ready(tmp_path / "venv", pinned)
    assert not found
    assert found.why.startswith("the peers could not be installed")
