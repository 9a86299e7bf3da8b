"""The child a standby forks ahead: it serves the next caller, and its loss costs nothing but its head start."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.standby_world import Place, buried, children, copied, gone, on_standby, silent_model, spares_of
from tests.terminal import SECONDS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="standby is offered on Linux"),
]
SUM = ("ask", "what is 6*7?")
SLEEPING = "S"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    place = Place(copied(tmp_path / "checkout"), tmp_path / "home")
    with on_standby(place):
        yield place


def ready(place: Place) -> int:
    """The spare child, once it has rehearsed and waits: it sleeps then, and stays asleep."""
    (spare,) = spares_of(place)
    end, asleep = time.monotonic() + SECONDS, 0
    while asleep < 20 and time.monotonic() < end:
        state = Path(f"/proc/{spare}/stat").read_text().rpartition(") ")[2][0]
        asleep = asleep + 1 if state == SLEEPING else 0
        time.sleep(0.01)
    assert asleep == 20
    return spare


def test_it_becomes_the_child_of_the_next_caller_and_another_takes_its_place(here: Place) -> None:
    standby, spare = here.pid(), ready(here)
    with silent_model() as (silent, model), here.begun("ask", "hi", **model) as process:
        accepted, _ = silent.accept()
        with accepted:
            assert children(standby) == [spare]
            assert "42" in here.run(*SUM).stdout, "a second caller is forked for"
            process.send_signal(signal.SIGINT)
            assert process.wait(SECONDS) == 130
    assert here.served() == 2
    assert ready(here) != spare


def test_one_that_is_killed_leaves_no_zombie_and_everybody_is_served(here: Place) -> None:
    standby = here.pid()
    os.kill(ready(here), signal.SIGKILL)
    assert [("42" in here.run(*SUM).stdout, buried(standby)) for _ in range(2)] == [(True, True)] * 2
    assert here.served() == 2


def test_it_ends_with_the_standby(here: Place) -> None:
    spare = ready(here)
    os.kill(here.pid(), signal.SIGKILL)
    assert gone(spare)


@pytest.mark.parametrize("name", ["arithmetic.py", "weather.py", "gmail_summary.py", "drive_retrieval.py"])
def test_a_changed_source_is_found_whichever_half_it_is_in(here: Place, name: str) -> None:
    ready(here)
    source = here.checkout / "tools" / name
    source.write_text(source.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    done = here.run(*SUM)
    assert "42" in done.stdout
    assert done.stderr == ""
    assert here.ended()
    assert f"{source} has changed" in here.status()
