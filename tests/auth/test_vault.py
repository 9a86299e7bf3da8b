"""The vault: what is put in comes out in its own place only, and nothing readable lies on the disk."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from auth.local.keys import Beside, Environment, Passphrase
from auth.local.vault import Place, Vault
from auth.local.vault_error import Damaged, KeyGone, NoKey, Unwritable, VaultError, WrongKey
from auth.local.vault_file import about, rung_of
from tests.auth.vault_world import (
    CANARY,
    KEY,
    MAIL,
    NAME,
    OTHER_KEY,
    Drawer,
    apart,
    beside,
    environment,
    everything,
    keyring,
    ladder,
    open_in,
    passphrase,
    value,
)

DRIVE = Place("own", "local:1", "google", "ana@example.org", "drive.read")


def test_what_is_put_in_comes_out_in_another_process_too(tmp_path: Path) -> None:
    vault = open_in(tmp_path, beside(tmp_path))
    assert vault.get(MAIL) is None
    vault.put(MAIL, CANARY)
    vault.put(MAIL, CANARY + b"-2")
    vault.close()
    again = open_in(tmp_path, beside(tmp_path))
    assert value(again) == CANARY + b"-2"
    assert again.places("own", "local:1") == (MAIL,)
    assert again.places("demo", "local:1") == again.places("own", "local:2") == ()
    again.delete(MAIL)
    assert again.get(MAIL) is None


def test_nothing_readable_lies_on_the_disk_and_all_of_it_is_private(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        home = tmp_path / "home"
        vault = open_in(home, beside(home))
        vault.put(MAIL, CANARY)
        closed = vault.data_key("checkpoints").encrypt(CANARY)
        with vault.exclusive(MAIL):
            modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (home, *home.rglob("*"))}
    finally:
        os.umask(old)
    assert b"canary" not in everything(home) + closed
    assert b"canary" not in repr(vault.get(MAIL)).encode()
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def test_a_copy_that_others_may_read_is_made_private(tmp_path: Path) -> None:
    open_in(tmp_path, beside(tmp_path)).close()
    (tmp_path / NAME).chmod(0o644)
    open_in(tmp_path, beside(tmp_path))
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize("column", ["realm", "user", "account", "capability"])
def test_a_record_in_anothers_place_does_not_open(tmp_path: Path, column: str) -> None:
    vault = open_in(tmp_path, beside(tmp_path))
    vault.put(MAIL, CANARY)
    with sqlite3.connect(tmp_path / NAME) as db:
        db.execute(f"UPDATE records SET {column} = 'other'")  # noqa: S608 - one of four names
    db.close()
    with pytest.raises(Damaged, match="valet connect google"):
        vault.get(replace(MAIL, **{column: "other"}))


def test_records_that_changed_places_do_not_open(tmp_path: Path) -> None:
    vault = open_in(tmp_path, beside(tmp_path))
    vault.put(MAIL, CANARY)
    vault.put(DRIVE, b"1//other")
    with sqlite3.connect(tmp_path / NAME) as db:
        rows = dict(db.execute("SELECT capability, value FROM records"))
        for capability, other in (("mail.read", "drive.read"), ("drive.read", "mail.read")):
            db.execute("UPDATE records SET value = ? WHERE capability = ?", (rows[other], capability))
    db.close()
    for place in (MAIL, DRIVE):
        with pytest.raises(Damaged):
            vault.get(place)


def test_a_record_of_another_vault_does_not_open(tmp_path: Path) -> None:
    mine, other = open_in(tmp_path / "mine", environment(KEY)), open_in(tmp_path / "other", environment(KEY))
    mine.put(MAIL, CANARY)
    other.put(MAIL, b"1//other")
    with sqlite3.connect(tmp_path / "mine" / NAME) as db:
        db.execute("ATTACH ? AS other", (str(tmp_path / "other" / NAME),))
        db.execute("DELETE FROM records")
        db.execute("INSERT INTO records SELECT * FROM other.records")
    db.close()
    with pytest.raises(Damaged):
        mine.get(MAIL)


@pytest.mark.parametrize(
    ("rung", "wrong", "error"),
    [
        (Passphrase("a good one"), Passphrase("a bad one"), WrongKey),
        (Passphrase("a good one"), Passphrase(""), NoKey),
        (Environment(KEY), Environment(OTHER_KEY), WrongKey),
        (Environment(KEY), Environment(""), NoKey),
        (Environment(KEY), Environment("c2hvcnQ="), NoKey),
    ],
)
def test_the_wrong_key_is_told_with_the_next_action(
    tmp_path: Path, rung: Passphrase, wrong: Passphrase, error: type[VaultError]
) -> None:
    vault = open_in(tmp_path, ladder(rung))
    vault.put(MAIL, CANARY)
    with pytest.raises(error) as raised:
        open_in(tmp_path, ladder(wrong))
    assert raised.value.next
    assert value(open_in(tmp_path, ladder(rung))) == CANARY, "nothing was harmed"


def test_a_passphrase_is_the_same_however_its_letters_are_composed(tmp_path: Path) -> None:
    open_in(tmp_path, passphrase("schl\u00f6sser")).put(MAIL, CANARY)
    assert value(open_in(tmp_path, passphrase("schlo\u0308sser"))) == CANARY


def test_a_vault_copied_to_another_machine_does_not_open(tmp_path: Path) -> None:
    here = ladder(keyring(Drawer()))
    open_in(tmp_path / "here", here).put(MAIL, CANARY)
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    with pytest.raises(NoKey, match="copied from another machine"):
        open_in(tmp_path / "there", ladder(keyring(Drawer())))


def test_a_key_file_left_behind_is_told(tmp_path: Path) -> None:
    open_in(tmp_path / "here", beside(tmp_path / "here")).put(MAIL, CANARY)
    (tmp_path / "there").mkdir()
    shutil.copy(tmp_path / "here" / NAME, tmp_path / "there" / NAME)
    with pytest.raises(NoKey, match="not beside it"):
        open_in(tmp_path / "there", beside(tmp_path / "there"))


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"not a database, but long enough to look at" * 30)
    for look in (lambda: open_in(tmp_path, beside(tmp_path)), lambda: about(tmp_path / NAME)):
        with pytest.raises(Damaged, match="valet vault wipe"):
            look()


def test_a_file_with_a_damaged_middle_is_told_when_it_is_met(tmp_path: Path) -> None:
    vault = open_in(tmp_path, beside(tmp_path))
    for number in range(200):
        vault.put(Place("own", "local:1", "google", f"a{number}@example.org", "mail.read"), CANARY * 50)
    vault.close()
    data = bytearray((tmp_path / NAME).read_bytes())
    data[4096 * 8 : -4096 * 2] = os.urandom(len(data) - 4096 * 10)
    (tmp_path / NAME).write_bytes(bytes(data))
    broken = open_in(tmp_path, beside(tmp_path))
    with pytest.raises(Damaged, match="is damaged"):
        list(map(broken.get, broken.places("own", "local:1")))


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(Unwritable, match="VALET_HOME"):
        open_in(tmp_path / "file", beside(tmp_path))


FULL = """
import resource, signal, sys
from pathlib import Path
from tests.auth.vault_world import MAIL, beside, open_in
home = Path(sys.argv[1])
vault = open_in(home, beside(home))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ((home / "vault.db").stat().st_size,) * 2)
try:
    vault.put(MAIL, bytes(1_000_000))
except Exception as error:
    print(type(error).__name__, error)
"""


def test_a_full_disk_is_told_and_harms_nothing(tmp_path: Path) -> None:
    open_in(tmp_path, beside(tmp_path)).put(MAIL, CANARY)
    out, err = apart(FULL, tmp_path).communicate(timeout=60)
    assert out.startswith("Unwritable"), out + err
    assert "disk space" in out
    assert value(open_in(tmp_path, beside(tmp_path))) == CANARY


def test_a_change_that_was_begun_is_seen_until_it_is_completed_or_cancelled(tmp_path: Path) -> None:
    vault = open_in(tmp_path, beside(tmp_path))
    vault.put(MAIL, CANARY)

    def begun() -> bool:
        record = open_in(tmp_path, beside(tmp_path)).get(MAIL)
        assert record is not None
        return record.begun > 0

    vault.begin(MAIL)
    assert begun()
    vault.cancel(MAIL)
    assert not begun()
    vault.begin(MAIL)
    vault.put(MAIL, b"1//next")
    assert not begun()


def test_a_cipher_opens_what_it_closed_for_the_same_thing_only(tmp_path: Path) -> None:
    vault = open_in(tmp_path, beside(tmp_path))
    cipher, other = vault.data_key("results"), vault.data_key("titles")
    closed = cipher.encrypt(b"hello", b"thread 1")
    assert cipher.decrypt(closed, b"thread 1") == b"hello"
    assert cipher.encrypt(b"hello", b"thread 1") != closed
    altered = closed[:-1] + bytes([closed[-1] ^ 1])
    for text, thing in ((closed, b"thread 2"), (altered, b"thread 1"), (b"", b""), (b"hello", b""), (b"\x01", b"")):
        with pytest.raises(Damaged, match="results"):
            cipher.decrypt(text, thing)
    with pytest.raises(KeyGone):
        other.decrypt(closed, b"thread 1")
    assert cipher.name("a", "b") == vault.data_key("results").name("a", "b") != cipher.name("a,b")


def test_the_kind_of_key_is_known_without_opening(tmp_path: Path) -> None:
    assert rung_of(tmp_path / NAME) is None
    assert about(tmp_path / NAME) is None
    Vault.open(tmp_path / NAME, environment(KEY)).put(MAIL, CANARY)
    assert rung_of(tmp_path / NAME) == "environment"
    seen = about(tmp_path / NAME)
    assert seen is not None
    assert (seen.rung, seen.records, seen.strays) == ("environment", 1, 0)


def test_a_vault_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    open_in(tmp_path, ladder(Beside(tmp_path))).close()
    with sqlite3.connect(tmp_path / NAME) as db:
        db.execute("PRAGMA user_version = 9")
    db.close()
    with pytest.raises(Damaged, match="newer"):
        open_in(tmp_path, beside(tmp_path))
