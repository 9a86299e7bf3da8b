"""The worlds of a test, closed at its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from auth.wire import Wire
from tests.auth.local.google_world import Make, World
from tests.loopback import Hostile, Play


@pytest.fixture
def world_of() -> Iterator[Make]:
    open_: list[World] = []

    def make(play: Play) -> World:
        open_.append(World(Hostile(play).__enter__(), Wire()))
        return open_[-1]

    yield make
    for world in open_:
        world.wire.close()
        world.server.__exit__(None, None, None)
