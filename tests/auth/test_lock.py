"""A lock file among threads and processes: one holder, who frees it however they end."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path
from subprocess import Popen
from threading import Thread

import pytest

from app.locks import Busy as BusyThere
from app.locks import conversation
from app.locks import held as held_name
from auth.local.lock import alone, held
from auth.local.vault_error import Busy, Unwritable
from tests.auth.vault_world import apart

HOLD = """
import sys
from pathlib import Path
from auth.local.lock import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""
SECONDS = 60.0


def holder(path: Path) -> Popen[str]:
    """Another process, which has the lock by now."""
    other = apart(HOLD, path)
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    return other


def test_whoever_holds_a_lock_too_long_is_named(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "lock"
    with alone(path), pytest.raises(Busy, match="Another Valet"), alone(path, 0.05):
        pass
    with alone(path, 0.0):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, "it is free again, and private"


def test_threads_of_one_process_exclude_each_other(tmp_path: Path) -> None:
    found: list[bool] = []

    def try_it() -> None:
        with held(tmp_path / "lock") as mine:
            found.append(mine)

    with held(tmp_path / "lock") as mine:
        assert mine
        thread = Thread(target=try_it)
        thread.start()
        thread.join()
    try_it()
    assert found == [False, True]


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_lock_is_freed_however_its_holder_ends(tmp_path: Path, end: signal.Signals) -> None:
    with holder(tmp_path / "lock") as other:
        with held(tmp_path / "lock") as mine:
            assert not mine
        other.send_signal(end)
        with alone(tmp_path / "lock", SECONDS):
            pass
        other.communicate()
    assert other.returncode != 0


def test_a_process_that_was_started_meanwhile_holds_nothing(tmp_path: Path) -> None:
    """What a holder starts may live longer than the holder."""
    with alone(tmp_path / "lock"):
        other = apart("import sys; print('up', flush=True); sys.stdin.read()")
        assert other.stdout is not None
        assert other.stdout.readline() == "up\n"
    with held(tmp_path / "lock") as mine:
        assert mine
    other.communicate()


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(Unwritable, match="cannot be written"), held(tmp_path / "lock"):
        pass


def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "locks").write_text("")
    with pytest.raises(Unwritable, match="cannot be written") as raised, held_name(tmp_path / "locks", "thread a"):
        pass
    assert "VALET_HOME" in raised.value.next


def test_one_turn_of_a_conversation_at_a_time_and_others_beside_it(tmp_path: Path) -> None:
    with conversation(tmp_path, "one"):
        with pytest.raises(BusyThere, match="the conversation one") as raised, conversation(tmp_path, "one"):
            pass
        with conversation(tmp_path, "two"), held_name(tmp_path, "effect one") as mine:
            assert mine
    assert raised.value.next == "Wait until it is done, or begin another."
    with conversation(tmp_path, "one"):
        assert len(list(tmp_path.iterdir())) == 3, "the files stay"
