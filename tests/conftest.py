"""The little office that most tests begin with: two people, their mailboxes and calendars, and nothing in them yet.

It is Wednesday 25 March 2026, 10:00 in Zurich. A test file that needs more in it has an `office` of its own.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.demo.server import Running, serve
from app.demo.workspace import Workspace
from tests.demo.little_office import Clock, open_office

MEMORY = Path("/dev/shm")
ROOM = 4 << 30
"""Bytes that are to be free there."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Tests keep their files in memory where there is room: SQLite waits for a disk at every commit.

    Whoever sets TMPDIR or PYTEST_DEBUG_TEMPROOT chooses another place.
    """
    if "TMPDIR" not in os.environ and _has_room(MEMORY):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def _has_room(folder: Path) -> bool:
    usable = os.access(folder, os.W_OK) and not os.statvfs(folder).f_flag & os.ST_NOEXEC
    return usable and shutil.disk_usage(folder).free >= ROOM


@pytest.fixture(scope="session", autouse=True)
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What makes a temporary folder of its own makes it among those of the tests, and so leaves nothing behind."""
    before = tempfile.tempdir
    tempfile.tempdir = str(tmp_path_factory.mktemp("scratch"))
    yield
    tempfile.tempdir = before


@pytest.fixture(scope="session", autouse=True)
def ctrl_c() -> Iterator[None]:
    """Ctrl-C works, here and in the processes that are started: whoever runs the tests in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session", autouse=True)
def hang_up() -> Iterator[None]:
    """A process that is started ends at a hang-up and at Ctrl-\\, also where the tests run below nohup or in a shell's
    background: an ignored signal is inherited, a handler is not. The tests themselves go on ignoring it."""
    ignored = [one for one in (signal.SIGHUP, signal.SIGQUIT) if signal.getsignal(one) is signal.SIG_IGN]
    for one in ignored:
        signal.signal(one, lambda *_: None)
    yield
    for one in ignored:
        signal.signal(one, signal.SIG_IGN)


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
