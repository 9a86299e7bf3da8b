"""What is thrown away is collected, in a process that wires more than one Valet as in one of a single turn."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import load
from app.wiring import wire
from tests.terminal import surroundings


@pytest.fixture
def collecting() -> Iterator[None]:
    gc.enable()
    yield
    gc.enable()
    gc.unfreeze()
    gc.collect()
    gc.freeze()  # as all tests begin


async def _wired(home: Path) -> None:
    async with wire(load(surroundings(home), cwd=home)):
        pass


def test_what_others_of_the_process_are_at_is_not_left_aside(tmp_path: Path, collecting: None) -> None:
    """What is left aside is never collected, not when it is done with either."""
    before = gc.get_freeze_count()
    asyncio.run(_wired(tmp_path))
    assert gc.get_freeze_count() <= before


def test_who_put_collecting_off_while_loading_has_it_on_again_and_what_stays_left_aside(
    tmp_path: Path, collecting: None
) -> None:
    before = gc.get_freeze_count()
    gc.disable()
    asyncio.run(_wired(tmp_path))
    assert gc.isenabled()
    assert gc.get_freeze_count() > before
