"""The process on standby: how it is started, asked and stopped, and when it ends by itself."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.standby import place
from tests.standby_world import Place, copied, gone, on_standby
from tests.terminal import SECONDS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="standby is offered on Linux"),
]
SUM = ("ask", "what is 6*7?", "--thread", "one")
NOBODY = "Nobody is on standby."


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("checkout"))


@pytest.fixture
def here(checkout: Path, tmp_path: Path) -> Place:
    return Place(checkout, tmp_path / "home")


def test_it_serves_says_so_and_stops(here: Place) -> None:
    assert here.status().strip() == NOBODY
    with on_standby(here):
        assert here.served() == 0
        assert "42" in here.run(*SUM).stdout
        assert here.served() == 1
        assert here.run("tools", "--json").returncode == 0
        assert here.served() == 1, "other commands run by themselves"
        assert here.run("standby", "--stop").stdout == "The standby has ended.\n"
        assert here.status() == f"{NOBODY} The last one ended: it was stopped.\n"
        assert "42" in here.run(*SUM).stdout
    assert here.run("standby", "--stop").stdout.strip() == NOBODY


def test_its_files_are_private(here: Place) -> None:
    with on_standby(here):
        modes = {path.name: path.stat().st_mode & 0o777 for path in here.home.iterdir()}
    assert modes == {place.SOCKET: 0o600, place.LOCK: 0o600}


def test_a_second_start_says_that_one_runs(here: Place) -> None:
    with on_standby(here) as pid:
        done = here.run("standby")
        assert (done.returncode, done.stdout) == (0, f"A standby is running already (process {pid}).\n")


def test_two_starts_at_once_give_one(here: Place) -> None:
    with here.begun("standby") as first, here.begun("standby") as second:
        said = sorted(process.communicate(timeout=SECONDS)[0].splitlines()[0] for process in (first, second))
        assert (first.returncode, second.returncode) == (0, 0)
    assert said[0].startswith("A standby is running already")
    assert said[1].startswith("On standby")
    assert here.run("standby", "--stop").returncode == 0


def test_the_socket_of_a_killed_one_is_taken_over(here: Place) -> None:
    pid = here.start()
    os.kill(pid, signal.SIGKILL)
    assert gone(pid)
    assert (here.home / place.SOCKET).exists()
    assert "42" in here.run(*SUM).stdout
    assert here.status().strip() == NOBODY
    with on_standby(here):
        assert "42" in here.run(*SUM).stdout
        assert here.served() == 1


def test_it_ends_when_a_source_changes(here: Place) -> None:
    source = here.checkout / "tools" / "arithmetic.py"
    pid = here.start()
    before = source.read_text(encoding="utf-8")
    source.write_text(before + "\n", encoding="utf-8")
    try:
        done = here.run(*SUM)
        assert "42" in done.stdout
        assert done.stderr == ""
    finally:
        source.write_text(before, encoding="utf-8")
    assert gone(pid)
    assert here.status() == f"{NOBODY} The last one ended: {source} has changed since it was loaded.\n"


def test_it_ends_when_a_tool_node_is_dropped_in(here: Place) -> None:
    pid = here.start()
    new = here.checkout / "tools" / "nothing_yet.txt"
    new.touch()
    try:
        assert "42" in here.run(*SUM).stdout
    finally:
        new.unlink()
    assert gone(pid)
    assert f"{here.checkout / 'tools'} has changed" in here.status()


@pytest.mark.parametrize("replaced", [False, True])
def test_it_ends_when_its_socket_is_gone_and_leaves_anothers_alone(here: Place, replaced: bool) -> None:
    pid = here.start()
    (here.home / place.SOCKET).unlink()
    if replaced:
        (here.home / place.SOCKET).touch()
    assert gone(pid)
    assert (here.home / place.SOCKET).exists() == replaced
    assert "its socket" in here.status()


IDLE = """
import fcntl, os, socket, sys
from app.standby import place
from app.standby.freshness import Freshness
from app.standby.server import Standby
listener = socket.socket(socket.AF_UNIX)
listener.bind(os.path.join(sys.argv[1], place.SOCKET))
listener.listen()
lock = os.open(os.devnull, os.O_RDONLY)
print(Standby(sys.argv[1], listener, lock, Freshness(), idle=0.0, look=0.01).serve())
"""


def test_it_ends_when_nobody_calls(here: Place) -> None:
    argv = [sys.executable, "-c", IDLE, str(here.home)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=SECONDS, cwd=here.checkout)
    assert done.stdout == "there was no request for 0 minutes\n"
    assert not (here.home / place.SOCKET).exists()


def test_a_home_that_others_can_enter_is_refused(here: Place) -> None:
    here.home.chmod(0o750)
    done = here.run("standby")
    assert done.returncode == 2
    assert done.stderr.splitlines()[1] == f"  next: chmod 700 {here.home}"


def test_a_home_that_others_can_enter_later_is_not_trusted(here: Place) -> None:
    with on_standby(here):
        here.home.chmod(0o750)
        assert "42" in here.run(*SUM).stdout
        here.home.chmod(0o700)
        assert here.served() == 0


def test_a_path_too_long_for_a_socket_is_told(here: Place) -> None:
    long = Place(here.checkout, here.home.parent / ("x" * 90))
    done = long.run("standby")
    assert done.returncode == 2
    assert "107 bytes" in done.stderr
    assert "VALET_HOME" in done.stderr
    assert "42" in long.run(*SUM).stdout


def test_a_program_that_cannot_be_loaded_is_told(tmp_path: Path) -> None:
    broken = Place(copied(tmp_path / "checkout"), tmp_path / "home")
    (broken.checkout / "tools" / "odd.py").write_text('"""Odd."""\n\nNODE = 1\n', encoding="utf-8")
    done = broken.run("standby")
    assert done.returncode == 4
    assert "odd.py" in done.stderr
    assert not (broken.home / place.SOCKET).exists()


def test_a_caller_of_another_installation_runs_by_itself(here: Place, tmp_path: Path) -> None:
    other = Place(copied(tmp_path / "other"), here.home)
    with on_standby(here):
        assert "42" in other.run(*SUM).stdout
        assert here.served() == 0
        assert "of another installation" in other.status()
        assert "`valet standby --stop` ends it" in other.run("standby").stdout


def test_both_at_once_is_refused(here: Place) -> None:
    assert here.run("standby", "--stop", "--status").returncode == 2


def test_a_plain_file_in_the_sockets_place_is_no_standby(here: Place) -> None:
    (here.home / place.SOCKET).touch()
    assert "42" in here.run(*SUM).stdout
    with on_standby(here):
        assert here.served() == 0


def test_a_message_that_is_none_ends_nothing(here: Place) -> None:
    with on_standby(here) as pid:
        for message in (b"", b"\0\0\0\x05ab", b"\xff\xff\xff\xff", place.packed([b"request", b"1"]), b"\0\0\0\0"):
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(SECONDS)
                line.connect(str(here.home / place.SOCKET))
                assert line.recv(1) == place.HERE
                line.sendall(message)
                line.shutdown(socket.SHUT_WR)
                assert line.recv(1) == b""
        assert here.pid() == pid
