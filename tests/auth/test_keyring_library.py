"""The keyring rung on the keyring library itself: a backend of a test's own, and where it can be had a desktop's.

The second needs dbus-run-session and gnome-keyring-daemon, and is left out where they are not installed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.auth.vault_world import KEY, ROOT, everything

VAULT = """
import sys
from pathlib import Path
from auth.local.keys import Ladder
from auth.local.keys_keyring import Keyring, system_keyring
from auth.local.vault_error import VaultError
from auth.local.vault_rotation import wipe
from tests.auth.vault_world import CANARY, MAIL, open_in, value

home, act, which = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
if which == "library":
    import keyring
    assert system_keyring() is None, "what does not encrypt is not taken"
    steps = Ladder((Keyring(keyring.get_keyring, probe_seconds=20, patience_seconds=20),))
else:
    steps = Ladder((Keyring(system_keyring, probe_seconds=20, patience_seconds=20),))
try:
    if act == "wipe":
        print(wipe(home / "vault.db", steps).left)
    else:
        vault = open_in(home, steps)
        if act == "write":
            vault.put(MAIL, CANARY)
        if act == "rotate":
            vault.rotate()
        print(vault.rung, value(vault).decode())
except VaultError as error:
    print(type(error).__name__, error.what)
"""
KEPT = "keyring 1//canary-refresh"


class Library:
    """Runs of the vault, each a process of its own, with the backend that PYTHON_KEYRING_BACKEND names."""

    def __init__(self, folder: Path) -> None:
        self.home, self.file = folder / "home", folder / "ring"
        self.home.mkdir()

    def run(self, act: str) -> str:
        env = os.environ | {
            "PYTHON_KEYRING_BACKEND": "tests.auth.file_keyring.FileKeyring",
            "VALET_TEST_KEYRING": str(self.file),
            "PYTHONPATH": str(ROOT),
        }
        code = [sys.executable, "-c", VAULT, str(self.home), act, "library"]
        done = subprocess.run(code, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


def test_a_key_is_kept_read_rotated_and_forgotten(library: Library) -> None:
    assert library.run("write") == KEPT
    first = library.file.read_text()
    assert first.count("valet vault-key:") == 1
    assert library.run("read") == library.run("rotate") == library.run("read") == KEPT
    assert library.file.read_text().count("valet vault-key:") == 1
    assert library.file.read_text() != first
    assert library.run("wipe") == "()"
    assert library.file.read_text() == "{}"


def test_a_locked_keyring_a_missing_entry_and_a_wrong_one_are_told_apart(library: Library) -> None:
    library.run("write")
    lock = library.file.with_suffix(".locked")
    lock.touch()
    assert library.run("read") == "NoKey The keyring is locked, and nobody unlocked it."
    assert library.run("rotate") == "NoKey The keyring is locked, and nobody unlocked it."
    lock.unlink()
    right = library.file.read_text()
    library.file.write_text(json.dumps(dict.fromkeys(json.loads(right), KEY)))
    assert library.run("read").startswith("NoKey The key of this vault is not in this machine's keyring")
    library.file.write_text("{}")
    assert library.run("read").startswith("NoKey The key of this vault is not in this machine's keyring")
    library.file.write_text(right)
    assert library.run("read") == KEPT


def test_a_locked_keyring_founds_no_vault(library: Library) -> None:
    library.file.with_suffix(".locked").touch()
    said = library.run("write")
    assert said.startswith("NoKey There is no safe place for the vault's key")
    assert "the keyring is locked" in said


DESKTOP = """
set -e
printf 'sesame' | gnome-keyring-daemon --unlock --components=secrets > /dev/null
say() { "$PYTHON" -c "$VAULT" "$1" "$2" desktop; }
say "$HERE" write
say "$HERE" rotate
mkdir "$HERE/copied"; cp "$HERE/vault.db" "$HERE/copied"
"$PYTHON" -c "import secretstorage as s; c = s.dbus_init(); s.get_default_collection(c).lock()"
say "$HERE" read
printf 'sesame' | gnome-keyring-daemon --replace --unlock --components=secrets > /dev/null
say "$HERE" read
say "$HERE" wipe
say "$HERE/copied" read
"""


@pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")),
    reason="needs dbus-run-session and gnome-keyring-daemon",
)
def test_a_desktop_s_keyring_keeps_the_key(tmp_path: Path) -> None:
    here = tmp_path / "home"
    for folder in (here, tmp_path / "data", tmp_path / "run"):
        folder.mkdir(mode=0o700)
    env = os.environ | {
        "PYTHON": sys.executable, "VAULT": VAULT, "HERE": str(here), "HOME": str(tmp_path), "PYTHONPATH": str(ROOT),
        "XDG_DATA_HOME": str(tmp_path / "data"), "XDG_RUNTIME_DIR": str(tmp_path / "run"),
    }  # fmt: skip
    argv = ["dbus-run-session", "--", "sh", "-c", DESKTOP]
    done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=240)
    gone = "NoKey The key of this vault is not in this machine's keyring"
    said = [line.split(":")[0] for line in done.stdout.splitlines()]
    locked = "NoKey The keyring is locked, and nobody unlocked it."
    assert said == [k.split(":")[0] for k in (KEPT, KEPT, locked, KEPT, "()", gone)], done.stdout + done.stderr
    assert b"canary" not in everything(tmp_path)
