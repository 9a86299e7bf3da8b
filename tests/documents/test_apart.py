"""A parser that misbehaves: it fails alone, in time, and reaches nothing."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.documents import apart
from tools.documents.apart import HOUSE, Apart, Program
from tools.documents.parsing.parsed import Limits, Parsed

HOSTILE = Program("hostile", (HOUSE, Path(__file__).parent))
QUICK = Limits(memory=512 * 1024 * 1024, processor=20, wall=20)


def answer(way: str, data: bytes = b"1", limits: Limits = QUICK) -> Parsed:
    kind: Any = way
    return Apart(kind, data, limits=limits, program=HOSTILE).run()


def words(found: Parsed) -> str:
    assert found.outcome == "text", found
    return found.passages[0].text


NATIVE = set(answer("shout").held)
by_seccomp = pytest.mark.skipif("network" not in NATIVE, reason="no seccomp here: machine code is not held")
by_landlock = pytest.mark.skipif("files" not in NATIVE, reason="no Landlock here: machine code is not held")


def test_linux_holds_all_four_walls() -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux has them")
    assert {"limits", "hook"} <= NATIVE


@pytest.mark.parametrize(
    ("way", "limits"),
    [("loop", Limits(processor=1)), ("loop", Limits(wall=1))],
    ids=["processor", "wall"],
)
def test_a_loop_is_ended(way: str, limits: Limits) -> None:
    assert answer(way, limits=limits).outcome == "timed_out"


def test_the_parent_ends_what_its_own_alarm_does_not() -> None:
    """The wall clock is kept outside too: a parser can switch off an alarm."""
    assert answer("deaf", limits=Limits(wall=2)).outcome == "timed_out"


@pytest.mark.parametrize(
    ("way", "outcome", "reason"),
    [("eat", "too_large", "memory"), ("crash", "broken", ""), ("recurse", "broken", ""), ("lie", "broken", "")],
)
def test_a_parser_fails_alone(way: str, outcome: str, reason: str) -> None:
    found = answer(way)
    assert (found.outcome, found.reason) == (outcome, reason)


def test_one_that_dies_before_it_has_heard_all_is_a_broken_file() -> None:
    assert Apart("text", bytes(1 << 20), program=Program("nowhere.to.be.found")).run().outcome == "broken"


def test_more_than_fits_is_not_taken() -> None:
    assert answer("flood", limits=Limits(memory=1 << 30)).outcome == "too_large"


def test_what_a_parser_prints_goes_nowhere() -> None:
    assert words(answer("shout")) == "quiet"


def test_it_knows_nothing_of_where_it_runs() -> None:
    assert words(answer("environment")) == "[] / 1"


def test_python_opens_no_socket() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1]).encode()
        assert words(answer("connect", port)).startswith("PermissionError")
    assert words(answer("lookup")).startswith("PermissionError")


@by_seccomp
def test_machine_code_opens_no_socket_of_any_family() -> None:
    assert words(answer("native_connect")) == "-1 -1 -1"


def test_python_writes_no_file(tmp_path: Path) -> None:
    target = tmp_path / "mine"
    assert words(answer("write", str(target).encode())).startswith("PermissionError")
    assert not target.exists()


@by_landlock
def test_machine_code_reaches_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary")
    assert words(answer("native_read", str(secret).encode())) == "-1"
    assert words(answer("read", str(secret).encode())).startswith("PermissionError")
    assert words(answer("native_write", str(tmp_path / "mine").encode())) == "-1"
    assert list(tmp_path.iterdir()) == [secret]


def test_it_starts_no_process() -> None:
    assert words(answer("run")).startswith("PermissionError")


@by_seccomp
def test_machine_code_starts_no_process() -> None:
    assert words(answer("fork")) == "-1"


async def ended_in_the_middle() -> Apart:
    kind: Any = "loop"
    running = Apart(kind, b"1", limits=Limits(), program=HOSTILE)
    task = asyncio.create_task(apart.parse(running))
    await asyncio.to_thread(running.begun.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return running


def test_cancelling_ends_the_process() -> None:
    running = asyncio.run(ended_in_the_middle())
    assert running.pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(running.pid, 0)


def test_ended_before_it_began_it_never_runs() -> None:
    kind: Any = "shout"
    stopped = Apart(kind, b"1", program=HOSTILE)
    stopped.end()
    assert stopped.run().outcome == "broken"
    assert stopped.pid is None
