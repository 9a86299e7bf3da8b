"""The office of the demo tests: a fresh workspace each, served on a free port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.demo.server import Running
from tests.demo.little_office import CALENDAR, READONLY, Client, sign_in


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
