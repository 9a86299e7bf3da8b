"""What was started in the background of a shell, and so does not hear Ctrl-C, ends when it is told to."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal import PLAIN, SECONDS, surroundings

DEAF = "trap '' INT; exec \"$@\""


@pytest.mark.parametrize(
    ("command", "ready"),
    [(("tasks", "serve", "--port", "0"), "at http://"), (("demo", "serve", "--port", "0"), "http://127.0.0.1")],
)
def test_a_server_that_does_not_hear_ctrl_c_ends_at_a_term(
    tmp_path: Path, command: tuple[str, ...], ready: str
) -> None:
    argv = ["sh", "-c", DEAF, "sh", sys.executable, "-c", PLAIN, *command]
    env = surroundings(tmp_path) | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(argv, env=env, cwd=tmp_path, text=True, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert any(ready in line for line in iter(process.stdout.readline, ""))
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=SECONDS)
        finally:
            process.kill()
    assert process.returncode in (0, -signal.SIGTERM)
