"""What is thrown away is collected, in a process that wires more than one Valet as in one of a single turn."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import load
from app.wiring import wire
from tests.terminal import surroundings


class Used:
    """Refers to itself, as much of a conversation does: only a collection ends it."""

    def __init__(self) -> None:
        self.again = self


@pytest.fixture
def collecting() -> Iterator[None]:
    yield
    gc.enable()
    gc.unfreeze()


async def _wired(home: Path) -> None:
    async with wire(load(surroundings(home), cwd=home)):
        pass


def test_what_others_of_the_process_were_at_is_collected_once_they_are_done(tmp_path: Path, collecting: None) -> None:
    used = Used()
    found = weakref.ref(used)
    asyncio.run(_wired(tmp_path))
    del used
    gc.collect()
    assert found() is None


def test_who_put_collecting_off_while_loading_has_it_on_again_and_what_stays_left_aside(
    tmp_path: Path, collecting: None
) -> None:
    before = gc.get_freeze_count()
    gc.disable()
    asyncio.run(_wired(tmp_path))
    assert gc.isenabled()
    assert gc.get_freeze_count() > before
