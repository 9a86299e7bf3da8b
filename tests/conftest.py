"""The little office that most tests begin with: two people, their mailboxes and calendars, and nothing in them yet.

It is Wednesday 25 March 2026, 10:00 in Zurich. A test file that needs more in it has an `office` of its own.
"""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.demo.server import Running, serve
from app.demo.workspace import Workspace
from tests.demo.little_office import Clock, open_office


@pytest.fixture(scope="session", autouse=True)
def ctrl_c() -> Iterator[None]:
    """Ctrl-C works, here and in the processes that are started: whoever runs the tests in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session", autouse=True)
def loaded() -> None:
    """What was loaded to find the tests stays as it is; left aside, what a test leaves is collected soon and fast."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    workspace = open_office(tmp_path / "office.sqlite", clock)
    yield workspace
    workspace.close()


@pytest.fixture
def running(office: Workspace) -> Iterator[Running]:
    """The office, served."""
    with serve(office) as server:
        yield server
