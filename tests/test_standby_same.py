"""A command that was handed over is the command: the same bytes, the same exit codes, the same surroundings."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.openai_endpoint import openai_endpoint, said
from tests.standby_world import Place, children, copied, on_standby, silent_model
from tests.terminal import SECONDS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="standby is offered on Linux")
Seen = tuple[int, str, str]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("alone")
    return Place(copied(folder / "checkout"), folder / "home")


@pytest.fixture(scope="module")
def helped(alone: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = Place(alone.checkout, tmp_path_factory.mktemp("helped") / "home")
    with on_standby(place):
        yield place


def seen(place: Place, *argv: str, stdin: str = "", **more: str) -> Seen:
    """Exit code and what was printed, with the one thing that is drawn by lot left out."""
    done = place.run(*argv, stdin=stdin, **more)
    lot = re.compile(r"(?<=--thread )[0-9a-f]{10}|(?<=\"thread\": \")[0-9a-f]{10}")
    return done.returncode, lot.sub("…", done.stdout), lot.sub("…", done.stderr)


ASK = ("ask", "--thread", "one")


@pytest.mark.parametrize(
    ("code", "argv", "more"),
    [
        (0, (*ASK, "overview of my unread mail"), {}),
        (0, (*ASK, "--json", "overview of my unread mail"), {}),
        (0, (*ASK, "what is on my calendar tomorrow?"), {"TERM": "dumb", "TZ": "Asia/Tokyo", "VALET_ZONE": ""}),
        (0, (*ASK, "what do I have to do on Slack?"), {"NO_COLOR": "1", "COLUMNS": "50"}),
        (0, ("brief",), {}),
        (0, ("brief", "--markdown"), {"LC_ALL": "C", "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"}),
        (0, ("ask", "--help"), {}),
        (2, (*ASK, "hi", "--workspace", "nowhere"), {}),
        (2, (*ASK, "hi", "--jsno"), {}),
        (2, (*ASK, "hi"), {"VALET_ZONE": "Mars/Base"}),
        (3, ("ask", "send a mail to lee@partner.example saying hello"), {}),
        (4, (*ASK, "what is on my calendar tomorrow?"), {"VALET_DEMO_FAULTS": "calendar:503*9"}),
    ],
)
def test_the_same_is_printed(
    alone: Place, helped: Place, code: int, argv: tuple[str, ...], more: dict[str, str]
) -> None:
    before = helped.served()
    by_itself, handed_over = seen(alone, *argv, **more), seen(helped, *argv, **more)
    assert helped.served() == before + 1
    assert handed_over == by_itself
    assert by_itself[0] == code


def test_standard_input_is_read(alone: Place, helped: Place) -> None:
    before = helped.served()
    assert seen(helped, *ASK, "-", stdin="what is 6*7?\n") == seen(alone, *ASK, "-", stdin="what is 6*7?\n")
    assert helped.served() == before + 1


def test_another_encoding_is_kept(alone: Place, helped: Place) -> None:
    with openai_endpoint(said("Grüße, 你好"), said("Grüße, 你好")) as endpoint:
        more = {"VALET_MODEL": "openai:x", "VALET_MODEL_URL": endpoint.url, "LC_ALL": "POSIX"}
        by_itself, handed_over = seen(alone, "ask", "hi", **more), seen(helped, "ask", "hi", **more)
    assert handed_over == by_itself
    assert by_itself[0] == 0


def test_the_working_directory_and_its_settings_are_the_callers(alone: Place, helped: Place, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("VALET_WORKSPACE=nowhere\n", encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(alone.checkout)!r}); from app.cli import main; main()"
    before = helped.served()
    for place in (alone, helped):
        argv = [sys.executable, "-c", code, "ask", "hi"]
        done = subprocess.run(argv, env=place.env(), cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert "There is no workspace 'nowhere'" in done.stderr
    assert helped.served() == before + 1


def test_ctrl_c_is_130(alone: Place, helped: Place) -> None:
    ended = list[Seen]()
    for place in (alone, helped):
        with silent_model() as (silent, model), place.begun("ask", "hi", **model) as process:
            accepted, _ = silent.accept()
            with accepted:
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=SECONDS)
            ended.append((process.returncode, out, err))
    assert ended[0] == ended[1]
    assert ended[0][0] == 130


def test_the_child_is_like_its_caller(helped: Place, tmp_path: Path) -> None:
    """Umask, directory, files, priority, limits; and a group of its own, in the standby's session."""
    code = (
        f"import os, sys, resource; sys.path.insert(0, {str(helped.checkout)!r}); os.umask(0o137); os.nice(3)\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); from app.cli import main; main()"
    )
    standby = helped.pid()
    with silent_model() as (silent, model):
        argv = [sys.executable, "-c", code, "ask", "hi"]
        with subprocess.Popen(argv, env=helped.env(**model), cwd=tmp_path, stdout=subprocess.PIPE) as process:
            try:
                accepted, _ = silent.accept()
                with accepted:
                    (child,) = children(standby)
                    status = Path(f"/proc/{child}/status").read_text()
                    assert "\nUmask:\t0137\n" in status
                    assert Path(f"/proc/{child}/cwd").readlink() == tmp_path
                    assert Path(f"/proc/{child}/fd/1").readlink() == Path(f"/proc/{process.pid}/fd/1").readlink()
                    assert os.getpriority(os.PRIO_PROCESS, child) == os.getpriority(os.PRIO_PROCESS, process.pid)
                    assert resource.prlimit(child, resource.RLIMIT_CORE) == (0, 0)
                    assert (os.getpgid(child), os.getsid(child)) == (child, standby)
            finally:
                process.kill()


def test_two_children_draw_different_lots(helped: Place) -> None:
    """What is drawn is drawn after the fork: ids of threads, and of calls, are never the same."""
    told = [json.loads(helped.run("ask", "what is 6*7?", "--json").stdout) for _ in range(2)]
    assert told[0]["thread"] != told[1]["thread"]
