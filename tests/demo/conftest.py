"""The office of the demo tests: a fresh workspace each, served on a free port."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.demo.server import Running, serve
from app.demo.workspace import Workspace
from tests.demo.little_office import CALENDAR, READONLY, Client, Clock, open_office, sign_in


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    """A workspace with two people, their calendars, and nothing in them."""
    workspace = open_office(tmp_path / "office.sqlite", clock)
    yield workspace
    workspace.close()


@pytest.fixture
def running(office: Workspace) -> Iterator[Running]:
    with serve(office) as server:
        yield server


@pytest.fixture
def stranger(running: Running) -> Iterator[Client]:
    """A client without a token."""
    client = Client(running)
    yield client
    client.close()


@pytest.fixture
def alex(running: Running) -> Iterator[Client]:
    """The owner, who may read mail and calendars."""
    client = Client(running, sign_in(running, READONLY, CALENDAR)["access_token"])
    yield client
    client.close()
