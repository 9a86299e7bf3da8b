"""Replacing and destroying the vault's key: whatever happens in between, everything is readable, or nothing is."""

from __future__ import annotations

import shutil
import signal
from contextlib import closing
from pathlib import Path

import pytest

from auth.local.keys import Beside, Environment, Ladder, Passphrase, Rung, RungName
from auth.local.lock import alone
from auth.local.vault import Place, Vault
from auth.local.vault_error import Busy, KeyGone, NoKey, WrongKey
from auth.local.vault_file import VaultFile, about
from auth.local.vault_rotation import lock_of, strays, wipe
from tests.auth.vault_world import (
    CANARY,
    KEY,
    MAIL,
    NAME,
    OTHER_KEY,
    Drawer,
    apart,
    beside,
    everything,
    keyring,
    ladder,
    open_in,
    passphrase,
    value,
)


def test_a_rotation_makes_a_new_key_and_removes_the_old_one(tmp_path: Path) -> None:
    vault = open_in(tmp_path, beside(tmp_path))
    vault.put(MAIL, CANARY)
    cipher = vault.data_key("results")
    old_file, old_text = (tmp_path / NAME).read_bytes(), cipher.encrypt(b"hello")
    (old_key,) = tmp_path.glob("*.key")
    assert vault.rotate() == "beside"
    (new_key,) = tmp_path.glob("*.key")
    assert new_key != old_key
    assert value(vault) == value(open_in(tmp_path, beside(tmp_path))) == CANARY
    assert cipher.encrypt(b"hello")[1:9] != old_text[1:9], "what is written from now on has a new key"
    assert cipher.decrypt(old_text) == open_in(tmp_path, beside(tmp_path)).data_key("results").decrypt(old_text)
    (tmp_path / NAME).write_bytes(old_file)
    with pytest.raises(NoKey):
        open_in(tmp_path, beside(tmp_path))


@pytest.mark.parametrize("to", ["keyring", "passphrase", "environment"])
@pytest.mark.parametrize("start", ["keyring", "passphrase", "environment", "beside"])
def test_every_rung_leads_to_every_other(tmp_path: Path, start: RungName, to: RungName) -> None:
    drawer = Drawer()
    by_name: dict[RungName, Rung] = {
        "keyring": keyring(drawer),
        "passphrase": Passphrase("open sesame"),
        "environment": Environment(KEY),
        "beside": Beside(tmp_path),
    }
    vault = open_in(tmp_path, Ladder((by_name[start], *by_name.values())))
    assert vault.rung == start
    vault.put(MAIL, CANARY)
    assert vault.rotate(to) == vault.rung == to
    vault.close()
    assert value(open_in(tmp_path, ladder(by_name[to]))) == CANARY, "the new rung is enough"
    assert len(drawer.kept) == (to == "keyring")
    assert not list(tmp_path.glob("*.key"))


def test_a_passphrase_and_a_key_of_the_environment_can_be_changed(tmp_path: Path) -> None:
    answers = iter(["new one", "new one", "typo", "another"])
    asking = Passphrase("old one", lambda question: next(answers))
    vault = open_in(tmp_path, passphrase("old one"))
    vault.put(MAIL, CANARY)
    vault.close()
    with closing(open_in(tmp_path, ladder(asking))) as again:
        again.rotate()
        with pytest.raises(WrongKey, match="differ"):
            again.rotate()
    with pytest.raises(WrongKey):
        open_in(tmp_path, passphrase("old one"))
    open_in(tmp_path, ladder(Passphrase("new one"), Environment(KEY))).rotate("environment")
    open_in(tmp_path, ladder(Environment(f"{OTHER_KEY},{KEY}"))).rotate()
    assert value(open_in(tmp_path, ladder(Environment(OTHER_KEY)))) == CANARY


def test_a_passphrase_is_asked_for_until_it_is_right_three_times(tmp_path: Path) -> None:
    open_in(tmp_path, passphrase("right")).put(MAIL, CANARY)
    answers = iter(["wrong", "right", "wrong", "wrong", "wrong", "right"])
    asking = ladder(Passphrase("", lambda question: next(answers)))
    assert value(open_in(tmp_path, asking)) == CANARY
    with pytest.raises(WrongKey):
        open_in(tmp_path, asking)


def test_a_vault_that_is_open_elsewhere_goes_on_through_a_rotation(tmp_path: Path) -> None:
    here, there = open_in(tmp_path, beside(tmp_path)), open_in(tmp_path, beside(tmp_path))
    here.put(MAIL, CANARY)
    cipher = here.data_key("results")
    there.rotate()
    assert value(here) == CANARY
    here.put(MAIL, b"1//next")
    assert value(there) == b"1//next"
    assert there.data_key("results").decrypt(cipher.encrypt(b"hello")) == b"hello"


def test_a_rung_that_cannot_keep_the_key_changes_nothing(tmp_path: Path) -> None:
    drawer = Drawer(broken=RuntimeError("locked"))
    vault = open_in(tmp_path, ladder(Beside(tmp_path), keyring(drawer)))
    vault.put(MAIL, CANARY)
    with pytest.raises(NoKey, match="keyring fails"):
        vault.rotate("keyring")
    with pytest.raises(NoKey, match="cannot be had here"):
        vault.rotate("passphrase")
    assert value(open_in(tmp_path, beside(tmp_path))) == CANARY
    steps = ladder(Beside(tmp_path), keyring(None), Passphrase())
    with pytest.raises(NoKey, match="No key can be kept in the keyring: no keyring that encrypts is here"):
        open_in(tmp_path, steps).rotate("keyring")
    with pytest.raises(NoKey, match="No passphrase was given"):
        open_in(tmp_path, steps).rotate("passphrase")
    assert wipe(tmp_path / NAME, steps).left == (), "no keyring is said to hold what it was never given"


KILLED = """
import os, signal, sys
from dataclasses import dataclass
from pathlib import Path
from auth.local.keys import Beside, Ladder
from auth.local.vault import Vault
from auth.local.vault_rotation import wipe

home, point, work = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

def die(at):
    if at == point:
        os.kill(os.getpid(), signal.SIGKILL)

class Mortal(Beside):
    def make(self, place):
        die("before the new key")
        key = super().make(place)
        die("after the new key")
        return key
    def forget(self, place):
        die("before the old key is removed")
        super().forget(place)
        die("after the old key is removed")

steps = Ladder((Mortal(home),))
if work == "rotate":
    Vault.open(home / "vault.db", steps).rotate()
else:
    wipe(home / "vault.db", steps)
"""
POINTS = ["before the new key", "after the new key", "before the old key is removed", "after the old key is removed"]


def killed(home: Path, point: str, work: str) -> None:
    process = apart(KILLED, home, point, work)
    _, err = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL, err


@pytest.mark.parametrize("point", POINTS)
def test_a_rotation_that_is_killed_loses_nothing_and_leaves_one_key(tmp_path: Path, point: str) -> None:
    vault = open_in(tmp_path, beside(tmp_path))
    vault.put(MAIL, CANARY)
    closed = vault.data_key("results").encrypt(b"hello")
    vault.close()
    killed(tmp_path, point, "rotate")
    again = open_in(tmp_path, beside(tmp_path))
    assert value(again) == CANARY
    assert again.data_key("results").decrypt(closed) == b"hello"
    assert len(list(tmp_path.glob("*.key"))) == 1, "strays are removed by whoever comes next"
    again.rotate()
    assert value(again) == CANARY


@pytest.mark.parametrize("point", POINTS[2:])
def test_a_wipe_that_is_killed_has_wiped(tmp_path: Path, point: str) -> None:
    open_in(tmp_path, beside(tmp_path)).put(MAIL, CANARY)
    killed(tmp_path, point, "wipe")
    assert about(tmp_path / NAME) is None
    assert open_in(tmp_path, beside(tmp_path)).get(MAIL) is None
    assert len(list(tmp_path.glob("*.key"))) == 1, "the new one's"


ROTATING = """
import sys
from pathlib import Path
from tests.auth.vault_world import beside, open_in
home = Path(sys.argv[1])
vault = open_in(home, beside(home))
print("ready", flush=True)
while True:
    vault.rotate()
    print("rotated", flush=True)
"""


@pytest.mark.parametrize("lines", [1, 2, 3, 5, 8])
def test_a_rotation_killed_anywhere_loses_nothing(tmp_path: Path, lines: int) -> None:
    """Killed wherever it is when that many lines have come, while this process reads and writes."""
    vault = open_in(tmp_path, beside(tmp_path))
    vault.put(MAIL, CANARY)
    with apart(ROTATING, tmp_path) as other:
        assert other.stdout is not None
        for number in range(lines):
            assert other.stdout.readline().strip() in ("ready", "rotated")
            vault.put(MAIL, f"{number}".encode())
            assert value(vault) == f"{number}".encode()
        other.kill()
    assert value(vault) == value(open_in(tmp_path, beside(tmp_path))) == f"{lines - 1}".encode()


def test_two_that_rotate_at_once_take_turns(tmp_path: Path) -> None:
    open_in(tmp_path, beside(tmp_path)).put(MAIL, CANARY)
    one = "from pathlib import Path; import sys; from tests.auth.vault_world import *; h = Path(sys.argv[1]);"
    code = f"{one} v = open_in(h, beside(h)); [v.rotate() for _ in range(5)]"
    for process in [apart(code, tmp_path) for _ in range(3)]:
        assert process.communicate(timeout=120)[1] == ""
    assert value(open_in(tmp_path, beside(tmp_path))) == CANARY
    assert len(list(tmp_path.glob("*.key"))) == 1


def test_a_wipe_leaves_nothing_and_needs_no_key(tmp_path: Path) -> None:
    drawer = Drawer()
    vault = open_in(tmp_path, ladder(keyring(drawer)))
    vault.put(MAIL, CANARY)
    closed = vault.data_key("results").encrypt(b"hello")
    before = (tmp_path / NAME).read_bytes()
    assert wipe(tmp_path / NAME, ladder(keyring(drawer))).left == ()
    assert drawer.kept == {}
    assert b"ana@example.org" in before
    assert b"ana@example.org" not in everything(tmp_path)
    with pytest.raises(KeyGone, match="Begin anew"):
        vault.get(MAIL)
    with pytest.raises(KeyGone):
        vault.data_key("results")
    anew = open_in(tmp_path, ladder(keyring(drawer)))
    assert anew.places(MAIL.realm, MAIL.user) == ()
    with pytest.raises(KeyGone):
        anew.data_key("results").decrypt(closed)


def test_a_wipe_says_which_rung_did_not_answer(tmp_path: Path) -> None:
    drawer = Drawer()
    open_in(tmp_path, ladder(keyring(drawer))).put(MAIL, CANARY)
    drawer.broken = RuntimeError("locked")
    assert wipe(tmp_path / NAME, ladder(keyring(drawer))).left == ("keyring",)
    drawer.broken = None
    open_in(tmp_path, ladder(keyring(drawer)))
    assert len(drawer.kept) == 1, "the old key is removed when the keyring answers again"


def test_an_old_note_of_a_key_no_keyring_ever_had_is_not_told_for_ever(tmp_path: Path) -> None:
    open_in(tmp_path, beside(tmp_path)).put(MAIL, CANARY)
    file = VaultFile(tmp_path / NAME)
    with file.writing() as db:
        db.execute("INSERT INTO strays VALUES ('v', 'never-made', 'keyring')")
    nowhere = ladder(Beside(tmp_path), keyring(None))
    assert wipe(tmp_path / NAME, nowhere).left == ()
    assert len(strays(file)) == 1, "there may be a keyring another time"
    assert wipe(tmp_path / NAME, ladder(Beside(tmp_path), keyring(Drawer()))).left == ()
    assert strays(file) == [], "the keyring has none"


def test_a_key_in_a_keyring_that_is_not_here_is_told_once(tmp_path: Path) -> None:
    open_in(tmp_path, ladder(keyring(Drawer()))).put(MAIL, CANARY)
    assert [wipe(tmp_path / NAME, ladder(keyring(None))).left for _ in range(2)] == [("keyring",), ()]


def test_a_damaged_vault_can_be_wiped(tmp_path: Path) -> None:
    open_in(tmp_path, beside(tmp_path)).put(MAIL, CANARY)
    (tmp_path / NAME).write_bytes(b"not a database, but long enough to look at" * 30)
    wipe(tmp_path / NAME, beside(tmp_path))
    assert not list(tmp_path.glob("*.key"))
    assert open_in(tmp_path, beside(tmp_path)).get(MAIL) is None


def test_whoever_stands_still_in_the_middle_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    vault = open_in(tmp_path, beside(tmp_path))
    with alone(lock_of(tmp_path / NAME)):
        with pytest.raises(Busy), alone(lock_of(tmp_path / NAME), 0.05):
            pass
        vault.put(MAIL, CANARY)
        assert value(Vault.open(tmp_path / NAME, beside(tmp_path))) == CANARY, "reading and writing go on"


def test_a_copy_from_before_a_rotation_does_not_open(tmp_path: Path) -> None:
    drawer = Drawer()
    vault = open_in(tmp_path / "now", ladder(keyring(drawer)))
    vault.put(Place("own", "u", "slack", "a", "c"), CANARY)
    shutil.copytree(tmp_path / "now", tmp_path / "before")
    vault.rotate()
    with pytest.raises(NoKey):
        open_in(tmp_path / "before", ladder(keyring(drawer)))
