"""Keys of the server: whose they are, how they are kept, and the port it starts on."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.studio.keys import BadName, Keys, checked
from app.studio.people import KEYS
from app.studio.start import HOST, free

ROOT = Path(__file__).parent.parent.parent


def test_a_key_is_its_persons_until_the_next_one(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "private" / KEYS)
    first, bens = keys.issue("ana"), keys.issue("ben")
    assert (keys.person(first), keys.person(bens), keys.person("")) == ("ana", "ben", None)
    second = keys.issue("ana")
    assert (keys.person(first), keys.person(second), keys.person(bens)) == (None, "ana", "ben")


def test_what_is_kept_is_private_and_no_key(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "private" / KEYS)
    issued = keys.issue("ana")
    assert issued not in keys.path.read_text()
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["", "..", "../ben", "Ana", "a/b", "local:0", "a" * 64, "-x", "ana\n"])
def test_a_name_is_a_folder_of_its_own(name: str) -> None:
    with pytest.raises(BadName):
        checked(name)


def test_a_port_in_use_is_refused_and_not_replaced(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not free(port)
        command = [sys.executable, "-m", "app.studio.start", "--port", str(port)]
        environ = {**os.environ, "VALET_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
        ended = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert f"Port {port} is in use" in ended.stderr
    assert not (tmp_path / KEYS).exists()


@pytest.mark.parametrize(
    ("given", "settings", "why"),
    [
        (("--port", "65536"), {}, "'65536' is no port: a number from 1 to 65535"),
        (("--port", "web"), {}, "'web' is no port: a number from 1 to 65535"),
        (("--key", "Ana B"), {}, "'Ana B' is no name: small letters"),
        (("--port", "1"), {"VALET_ZONE": "Nowhere"}, "VALET_ZONE cannot be 'Nowhere'"),
        (("--key", "ana"), {"VALET_HOME": "a-file"}, "cannot be opened for writing"),
    ],
)
def test_what_keeps_it_from_starting_is_said_in_a_sentence(
    tmp_path: Path, given: tuple[str, ...], settings: dict[str, str], why: str
) -> None:
    (tmp_path / "a-file").touch()
    environ = {**os.environ, "VALET_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT), **settings}
    command = [sys.executable, "-m", "app.studio.start", *given]
    ended = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert why in ended.stderr
    assert "Traceback" not in ended.stderr
