"""The worlds of a test, closed at its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.demo.server import serve
from auth.wire import Wire
from tests.auth.local.google_world import Make, World
from tests.auth.local.linking import Desk
from tests.demo.little_office import Clock
from tests.demo.slack.team import team_office
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


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = Clock()
    with team_office(tmp_path, clock) as workspace, serve(workspace) as running:
        opened = Desk(running, clock)
        yield opened
        opened.close()
