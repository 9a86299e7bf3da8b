"""The tenant's world of a test, closed at its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.demo.server import serve
from tests.auth.auth0.tenant_world import World
from tests.demo.little_office import Clock
from tests.demo.slack.team import team_office


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    clock = Clock()
    with team_office(tmp_path, clock) as workspace, serve(workspace) as running:
        opened = World(running, clock)
        yield opened
        opened.wire.close()
