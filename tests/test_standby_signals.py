"""What becomes of a request that the person, the system or the standby ends: nothing stays, nothing is done twice."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.standby import place as words
from tests.standby_world import Place, buried, children, copied, gone, on_standby, silent_model
from tests.terminal import SECONDS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="standby is offered on Linux"),
]
SUM = ("ask", "what is 6*7?")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def helped(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = Place(checkout, tmp_path_factory.mktemp("helped") / "home")
    with on_standby(place):
        yield place


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_ends_both_alike(helped: Place, number: signal.Signals) -> None:
    with silent_model() as (silent, model), helped.begun("ask", "hi", **model) as process:
        accepted, _ = silent.accept()
        with accepted:
            (child,) = children(helped.pid())
            process.send_signal(number)
            assert process.wait(SECONDS) == -number
            assert gone(child)
    assert children(helped.pid()) == []


def test_a_child_ends_when_its_caller_is_killed(helped: Place) -> None:
    with silent_model() as (silent, model), helped.begun("ask", "hi", **model) as process:
        accepted, _ = silent.accept()
        with accepted:
            (child,) = children(helped.pid())
            process.kill()
            assert gone(child)
    assert helped.run(*SUM).returncode == 0
    assert buried(helped.pid()), "no zombie is left"


def test_a_stopped_child_ends_too(helped: Place) -> None:
    with silent_model() as (silent, model), helped.begun("ask", "hi", **model) as process:
        accepted, _ = silent.accept()
        with accepted:
            (child,) = children(helped.pid())
            os.kill(child, signal.SIGSTOP)
            process.kill()
            assert gone(child)


def state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def becomes(pid: int, wanted: str) -> bool:
    """The kernel tells nobody of a stop but the parent: look until it is so."""
    end = time.monotonic() + SECONDS
    while (state(pid) in "Tt") != (wanted in "Tt"):
        if time.monotonic() > end:
            return False
        os.sched_yield()
    return True


def test_both_stop_and_go_on_together(helped: Place) -> None:
    with silent_model() as (silent, model), helped.begun("ask", "hi", **model) as process:
        accepted, _ = silent.accept()
        with accepted:
            (child,) = children(helped.pid())
            process.send_signal(signal.SIGTSTP)
            assert os.waitpid(process.pid, os.WUNTRACED)[1] & 0xFF == 0x7F
            assert becomes(child, "T")
            process.send_signal(signal.SIGCONT)
            assert becomes(child, "S")
            process.send_signal(signal.SIGINT)
            assert process.wait(SECONDS) == 130


def test_an_ignored_signal_stays_ignored(helped: Place) -> None:
    """As below nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with silent_model() as (silent, model), helped.begun("ask", "hi", **model) as process:
            accepted, _ = silent.accept()
            with accepted:
                process.send_signal(signal.SIGHUP)
                process.send_signal(signal.SIGINT)
                assert process.wait(SECONDS) == 130
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("argv", [("ask", "my unread mail", "--json"), ("ask", "my unread mail"), ("brief",)])
def test_a_closed_pipe_is_no_error(helped: Place, argv: tuple[str, ...]) -> None:
    with helped.begun(*argv) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(SECONDS) == 141
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_when_the_standby_ends_in_the_middle(checkout: Path, tmp_path: Path, number: signal.Signals) -> None:
    """Killed, it takes its child with it, and the caller says so and does nothing. Told to end, it serves first."""
    place = Place(checkout, tmp_path / "home")
    standby = place.start()
    with silent_model() as (silent, model), place.begun("ask", "hi", **model) as process:
        accepted, _ = silent.accept()
        with accepted:
            (child,) = children(standby)
            os.kill(standby, number)
            if number == signal.SIGTERM:
                assert place.ended()
                assert not (place.home / words.SOCKET).exists()
                process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=SECONDS)
    assert gone(child)
    assert gone(standby)
    assert out == ""
    assert process.returncode == (1 if number == signal.SIGKILL else 130)
    assert ("The standby ended in the middle" in err) == (number == signal.SIGKILL)


class Impostor:
    """Something of our own that listens in the place of a standby, and says what a test has it say."""

    def __init__(self, place: Place) -> None:
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(place.home / words.SOCKET))
        self._listener.listen()
        self._listener.settimeout(SECONDS)

    def accept(self) -> socket.socket:
        line, _ = self._listener.accept()
        line.settimeout(SECONDS)
        return line

    def __enter__(self) -> Impostor:
        return self

    def __exit__(self, *trouble: object) -> None:
        self._listener.close()


@pytest.fixture
def place(checkout: Path, tmp_path: Path) -> Place:
    return Place(checkout, tmp_path / "home")


def test_without_an_answer_it_runs_by_itself(place: Place) -> None:
    with Impostor(place) as impostor, place.begun(*SUM) as process, impostor.accept() as line:
        out, err = process.communicate(timeout=SECONDS)
        assert line.recv(1) == b"", "nothing is sent to who does not answer"
    assert (process.returncode, err) == (0, "")
    assert "42" in out


def test_refused_it_runs_by_itself(place: Place) -> None:
    with Impostor(place) as impostor, place.begun(*SUM) as process:
        impostor.accept().close()
        out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, err) == (0, "")
    assert "42" in out


def test_once_begun_it_is_never_run_a_second_time(place: Place) -> None:
    with Impostor(place) as impostor, place.begun(*SUM) as process:
        with impostor.accept() as line:
            line.sendall(words.HERE)
            assert words.unpacked(line.recv(1 << 20)[words.HEAD :])[0] == words.REQUEST
            line.sendall(words.READY)
            assert line.recv(1) == words.GO
        out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, out) == (1, "")
    assert "nothing is done a second time" in err
    assert not list(place.home.glob("*.db"))
