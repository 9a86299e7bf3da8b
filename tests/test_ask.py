"""One request and an exit code, as a program calls it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.openai_endpoint import Answer, Endpoint, openai_endpoint, said
from tests.terminal import PLAIN, SECONDS, piped, surroundings, terminal

NOW = {"VALET_NOW": "2026-11-22T09:00:00+00:00", "VALET_ZONE": "UTC"}
WEEK = {"start": "2026-11-23T00:00:00+00:00", "end": "2026-11-28T00:00:00+00:00"}
CALLS = said("", ("find_conflicts", WEEK), ("calculate", {"expression": "6*7"}))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def settings(home: Path, endpoint: Endpoint, **more: str) -> dict[str, str]:
    return surroundings(home, VALET_MODEL="openai:loopback", VALET_MODEL_URL=endpoint.url, **NOW, **more)


def asked(home: Path, *answers: Answer, argv: tuple[str, ...] = ("--json",), **more: str) -> tuple[int, Any]:
    with openai_endpoint(*answers) as endpoint:
        done = piped("ask", "conflicts, and 6*7", *argv, env=settings(home, endpoint, **more))
    return done.returncode, json.loads(done.stdout)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_json_is_one_object_of_known_shape(home: Path) -> None:
    code, told = asked(home, CALLS, said("Some clash."))
    assert code == 0
    assert set(told) == {"answer", "calls", "pending", "thread", "receipts", "sources"}
    assert told["answer"].strip() == "Some clash."
    assert told["pending"] is None
    assert told["receipts"] == []
    assert [(call["name"], call["node"], call["effect"], call["status"]) for call in told["calls"]] == [
        ("find_conflicts", "calendar_conflicts", "read", "ok"),
        ("calculate", "arithmetic", "read", "ok"),
    ]
    assert told["calls"][0]["args"] == WEEK
    assert all({"kind", "id", "label", "by", "link", "trust"} == set(source) for source in told["sources"])
    assert told["sources"]


def test_in_a_pipe_there_are_blocks_and_text_without_colour(home: Path) -> None:
    with openai_endpoint(CALLS, said("Some **clash**.")) as endpoint:
        done = piped("ask", "-", env=settings(home, endpoint), stdin="conflicts, and 6*7\n")
    assert done.returncode == 0
    assert done.stdout.rstrip().endswith("Some clash.")
    assert "42" in done.stdout
    assert "\x1b" not in done.stdout
    assert all(line == line.rstrip() and len(line) <= 80 for line in done.stdout.splitlines())
    assert done.stderr == ""


def test_a_failing_service_leaves_the_rest_and_exits_with_4(home: Path) -> None:
    code, told = asked(home, CALLS, said("The calendar is down."), VALET_DEMO_FAULTS="calendar:503*9")
    assert code == 4
    assert {call["name"]: call["status"] for call in told["calls"]} == {"find_conflicts": "failed", "calculate": "ok"}


def test_what_is_named_like_a_setting_and_is_none_is_mentioned(home: Path) -> None:
    told = (
        "! VALET_TIME_ZONE in the environment is no setting of Valet, and changes nothing. Did you mean 'VALET_ZONE'?\n"
    )
    with openai_endpoint(said("Here it is.")) as endpoint:
        env = settings(home, endpoint, VALET_TIME_ZONE="Europe/Zurich")
        for argv in (("ask", "x", "--json"), ("brief", "--json"), ("chat",)):
            assert told in piped(*argv, env=env).stderr


def test_in_a_pipe_errors_go_to_standard_error(home: Path) -> None:
    with openai_endpoint(CALLS, said("It is down.")) as endpoint:
        env = settings(home, endpoint, VALET_DEMO_FAULTS="calendar:503*9")
        done = piped("ask", "conflicts, and 6*7", env=env)
    assert done.returncode == 4
    assert "503" in done.stderr
    assert "Traceback" not in done.stderr
    assert "503" not in done.stdout


def test_an_answer_that_stands_in_its_block_is_said_once_in_a_pipe_and_on_a_terminal(home: Path) -> None:
    env = surroundings(home, **NOW)
    assert flat(piped("ask", "2+2", env=env).stdout) == "2 + 2 = 4"
    assert flat(piped("ask", "2+2 and 5*7", env=env).stdout) == "2 + 2 = 4 5 × 7 = 35"
    with terminal("ask", "2+2", env=env) as screen:
        assert screen.ended() == 0
    assert screen.text.count("2 + 2 = 4") == 1
    assert json.loads(piped("ask", "2+2", "--json", env=env).stdout)["answer"] == "2 + 2 = 4"


def test_a_model_that_says_more_than_the_block_is_heard_in_full(home: Path) -> None:
    with openai_endpoint(said("", ("calculate", {"expression": "2+2"})), said("2 + 2 = 4\n\nFour chairs.")) as endpoint:
        done = piped("ask", "how many chairs?", env=settings(home, endpoint))
    assert flat(done.stdout) == "2 + 2 = 4 2 + 2 = 4 Four chairs."


def test_a_failure_is_told_once_and_never_lost(home: Path) -> None:
    env = surroundings(home, **NOW)
    failed = "! A division by zero has no result. Change the divisor."
    alone = piped("ask", "1/0", env=env)
    assert (alone.returncode, flat(alone.stdout), flat(alone.stderr)) == (4, "", failed)
    beside = piped("ask", "1/0 and 2+2", env=env)
    assert (beside.returncode, flat(beside.stdout), flat(beside.stderr)) == (4, "2 + 2 = 4", failed)
    with terminal("ask", "1/0", env=env) as screen:
        assert screen.ended() == 4
    assert screen.text.count("has no result") == 1
    told = piped("ask", "1/0", "--json", env=env)
    assert (told.returncode, f"! {json.loads(told.stdout)['answer']}") == (4, failed)


def test_a_tool_that_succeeds_in_a_later_round_has_not_failed(home: Path) -> None:
    wrong, right = (("calculate", {"expression": text}) for text in ("1/0", "1/2"))
    assert asked(home, said("", wrong), said("", right), said("A half."))[0] == 0
    assert asked(home, said("", wrong, right), said("A half, and nothing."))[0] == 4


def test_a_failing_model_exits_with_4(home: Path) -> None:
    refused: Answer = (401, {"error": {"message": "no", "type": "x"}})
    code, told = asked(home, refused)
    assert code == 4
    assert "refuses the key" in told["answer"]


def test_a_thread_goes_on(home: Path) -> None:
    with openai_endpoint(said("Noted."), said("Milk.")) as endpoint:
        env = settings(home, endpoint)
        thread = json.loads(piped("ask", "we need milk", "--json", env=env).stdout)["thread"]
        told = json.loads(piped("ask", "what do we need?", "--json", "--thread", thread, env=env).stdout)
    assert told["thread"] == thread
    assert told["calls"] == []
    assert [m["content"].strip() for m in endpoint.requests[1]["messages"][1:]] == [
        "we need milk", "Noted.", "what do we need?",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("ask", ""), "nothing to ask"),
        (("ask",), "Missing argument"),
        (("ask", "hi", "--jsn"), "--json"),
        (("aks", "hi"), "'ask'?"),
        (("ask", "hi", "--workspace", "nowhere"), "valet demo import --workspace nowhere"),
        (("chat", "--thraed", "x"), "--thread"),
    ],
)
def test_usage_exits_with_2_and_says_what_is_right(home: Path, argv: tuple[str, ...], says: str) -> None:
    done = piped(*argv, env=surroundings(home))
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stdout == ""


def test_ctrl_c_exits_with_130(home: Path) -> None:
    """The model's side accepts the request and stays silent, so the signal surely meets a turn under way."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(SECONDS)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        env = surroundings(home, VALET_MODEL="openai:loopback", VALET_MODEL_URL=url, **NOW)
        argv = [sys.executable, "-c", PLAIN, "ask", "hi"]
        with subprocess.Popen(
            argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env, cwd=home
        ) as process:
            try:
                accepted, _ = silent.accept()
                with accepted:
                    process.send_signal(signal.SIGINT)
                    out, err = process.communicate(timeout=SECONDS)
            finally:
                process.kill()
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in err


def test_on_a_terminal_progress_passes_and_the_answer_stays(home: Path) -> None:
    with (
        openai_endpoint(CALLS, said("Some clash.")) as endpoint,
        terminal("ask", "x", env=settings(home, endpoint)) as screen,
    ):
        screen.expect("Some clash.")
        assert screen.ended() == 0
    assert "getting ready…" in screen.text
    assert screen.raw.rstrip().endswith(("clash.", "\x1b[?25h"))
