"""The vault from the command line: how it stands, a new key, the end of everything, and a passphrase asked for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest

from app.settings import Settings, load
from app.unlock import locked, unlocked
from app.vault_opening import VAULT, open_vault
from auth.local.keys import RUNGS
from auth.local.lock import alone
from auth.local.vault_error import NoKey, WrongKey
from auth.local.vault_file import rung_of
from auth.local.vault_rotation import lock_of
from tests.auth.vault_world import KEY, MAIL, OTHER_KEY
from tests.terminal import PLAIN, piped, surroundings, terminal

Done = subprocess.CompletedProcess[str]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return surroundings(tmp_path, VALET_ZONE="UTC")


def valet(env: dict[str, str], *argv: str, **settings: str) -> Done:
    return piped(*argv, env=env | settings)


def status(env: dict[str, str], **settings: str) -> Any:
    return json.loads(valet(env, "vault", "status", "--json", **settings).stdout)


def ask(env: dict[str, str], **settings: str) -> Any:
    return json.loads(valet(env, "ask", "--json", "what is 2+2?", **settings).stdout)


def test_the_demo_makes_a_vault_and_says_what_it_is_worth(env: dict[str, str]) -> None:
    assert status(env)["what"] == "made at first use, its key in a file beside it."
    assert ask(env)["answer"] == "2 + 2 = 4"
    seen = status(env)
    assert (seen["state"], seen["key"]) == ("note", "beside")
    assert "copied alone, and nothing else" in seen["what"]
    assert "valet vault rotate" in seen["next"]
    checks = json.loads(valet(env, "doctor", "--json").stdout)["checks"]
    (row,) = (check for check in checks if check["name"] == "vault")
    assert (row["state"], row["what"], row["next"]) == ("note", seen["what"], seen["next"])


def test_own_accounts_without_a_place_for_the_key_are_refused(env: dict[str, str]) -> None:
    done = valet(env, "ask", "hello", VALET_ACCOUNTS="own")
    assert done.returncode == 4
    assert "no safe place" in done.stderr
    assert "VALET_VAULT_PASSPHRASE" in done.stderr
    assert status(env, VALET_ACCOUNTS="own")["state"] == "missing"


def test_a_key_can_be_moved_and_conversations_go_on(env: dict[str, str], tmp_path: Path) -> None:
    thread = ask(env)["thread"]
    moved = valet(env, "vault", "rotate", "--to", "passphrase", VALET_VAULT_PASSPHRASE="open sesame")
    assert (moved.returncode, moved.stderr) == (0, "")
    assert not list(tmp_path.glob("*.key"))
    locked_out = valet(env, "ask", "--thread", thread, "hello")
    assert locked_out.returncode == 4
    assert "locked with a passphrase" in locked_out.stderr
    wrong = valet(env, "ask", "--thread", thread, "hello", VALET_VAULT_PASSPHRASE="open barley")
    assert "not the passphrase" in wrong.stderr
    assert status(env)["what"].startswith("locked")
    assert status(env, VALET_VAULT_PASSPHRASE="open barley")["state"] == "missing"
    assert status(env, VALET_VAULT_PASSPHRASE="open sesame")["state"] == "ok"
    again = valet(env, "ask", "--thread", thread, "what is 3+3?", VALET_VAULT_PASSPHRASE="open sesame")
    assert again.returncode == 0
    assert valet(env, "vault", "rotate", "--to", "beside").returncode == 2


@pytest.mark.parametrize("command", [("rotate",), ("wipe", "--yes")])
def test_whoever_has_to_be_waited_for_is_named_at_once(
    env: dict[str, str], tmp_path: Path, command: tuple[str, ...]
) -> None:
    ask(env)
    argv = [sys.executable, "-c", PLAIN, "vault", *command]
    with alone(lock_of(tmp_path / VAULT)):
        waiting = subprocess.Popen(argv, env=env, text=True, stdout=PIPE, stderr=PIPE, cwd=tmp_path)
        assert waiting.stderr is not None
        told = waiting.stderr.readline()
    assert waiting.communicate()[1] == ""
    assert waiting.returncode == 0, "it went on once the holder had let go"
    assert told.startswith(f"Another Valet (process {os.getpid()}) is changing the vault's key.")
    assert "Ctrl-C ends the waiting" in told


def test_a_key_of_the_environment_is_replaced_by_giving_both(env: dict[str, str]) -> None:
    ask(env, VALET_VAULT_KEY=KEY)
    assert status(env, VALET_VAULT_KEY=KEY)["key"] == "environment"
    assert valet(env, "vault", "rotate", VALET_VAULT_KEY=f"{OTHER_KEY},{KEY}").returncode == 0
    assert status(env, VALET_VAULT_KEY=OTHER_KEY)["state"] == "ok"
    assert "not the key" in status(env, VALET_VAULT_KEY=KEY)["what"]


def test_a_wipe_is_confirmed_and_what_was_kept_cannot_be_read(env: dict[str, str], tmp_path: Path) -> None:
    thread = ask(env)["thread"]
    (tmp_path / "history").write_text("a request\n")
    (tmp_path / "bugs").mkdir()
    (tmp_path / "bugs" / "1.txt").write_text("a trace\n")
    (tmp_path / "tasks").mkdir(exist_ok=True)
    refused = valet(env, "vault", "wipe")
    assert refused.returncode == 2
    assert "--yes" in refused.stderr
    wiped = valet(env, "vault", "wipe", "--yes")
    assert wiped.returncode == 0
    assert "valet chat" in wiped.stdout
    assert not {path.name for path in tmp_path.iterdir()} & {"history", "bugs", "tasks"}
    assert not [*tmp_path.glob("*.key")]
    gone = valet(env, "ask", "--thread", thread, "hello")
    assert gone.returncode == 4
    assert "key that is gone" in gone.stderr
    assert "Begin anew" in gone.stderr
    assert ask(env)["answer"] == "2 + 2 = 4", "one can begin anew"


def test_a_wipe_takes_a_damaged_vault_and_one_whose_passphrase_is_lost(env: dict[str, str], tmp_path: Path) -> None:
    assert "no vault to wipe" in valet(env, "vault", "wipe", "--yes").stdout
    ask(env, VALET_VAULT_PASSPHRASE="lost")
    assert valet(env, "vault", "wipe", "--yes").returncode == 0
    (tmp_path / VAULT).write_bytes(b"not a database, but long enough to look at" * 30)
    damaged = valet(env, "ask", "hello")
    assert damaged.returncode == 4
    assert "valet vault wipe" in damaged.stderr
    assert valet(env, "vault", "wipe", "--yes").returncode == 0
    assert ask(env)["answer"] == "2 + 2 = 4"


def test_a_vault_copied_without_its_key_is_told(env: dict[str, str], tmp_path: Path) -> None:
    ask(env)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(tmp_path / VAULT, elsewhere / VAULT)
    told = valet(env, "ask", "hello", VALET_HOME=str(elsewhere))
    assert told.returncode == 4
    assert "not beside it" in told.stderr


def test_a_passphrase_is_asked_for_on_a_terminal_and_never_shown(env: dict[str, str]) -> None:
    ask(env, VALET_VAULT_PASSPHRASE="open sesame")
    with terminal("ask", "what is 2+2?", env=env) as screen:
        screen.expect("Passphrase of the vault: ")
        screen.enter("open barley")
        screen.expect("Passphrase of the vault: ")
        screen.enter("open sesame")
        screen.expect("4")
        assert screen.ended() == 0
        assert "sesame" not in screen.text
    with terminal("vault", "rotate", env=env | {"VALET_VAULT_PASSPHRASE": "open sesame"}) as screen:
        screen.expect("New passphrase of the vault: ")
        screen.enter("another")
        screen.expect("Once more: ")
        screen.enter("another")
        screen.expect("new key")
        assert screen.ended() == 0
    assert status(env, VALET_VAULT_PASSPHRASE="another")["state"] == "ok"


def test_a_chat_asks_before_its_first_prompt(env: dict[str, str]) -> None:
    ask(env, VALET_VAULT_PASSPHRASE="open sesame")
    with terminal("chat", env=env) as screen:
        screen.expect("Passphrase of the vault: ")
        screen.enter("open sesame")
        screen.expect("Try, for example")
        screen.expect("› ")
        screen.enter("what is 2+2?")
        screen.expect("= 4")
        screen.expect("› ")
        assert screen.leave() == 0


def settings(home: Path, **given: str) -> Settings:
    return load({"VALET_HOME": str(home), **given}, cwd=home)


@pytest.mark.parametrize("given", [{"VALET_VAULT_PASSPHRASE": "x"}, {"VALET_VAULT_KEY": KEY}, {}])
def test_what_the_prompt_reads_is_what_the_vault_writes(tmp_path: Path, given: dict[str, str]) -> None:
    assert not locked(str(tmp_path))
    open_vault(settings(tmp_path, **given)).close()
    assert rung_of(tmp_path / VAULT) in RUNGS
    assert locked(str(tmp_path)) == (rung_of(tmp_path / VAULT) == "passphrase")


def test_three_wrong_passphrases_are_enough(tmp_path: Path) -> None:
    opened = open_vault(settings(tmp_path, VALET_VAULT_PASSPHRASE="right"))
    opened.put(MAIL, b"1//canary")
    opened.close()
    answers = iter(["wrong", "", "wrong", "right"])
    with pytest.raises((WrongKey, NoKey)):
        unlocked(settings(tmp_path), lambda question: next(answers))
    assert unlocked(settings(tmp_path), lambda question: next(answers)).vault_passphrase is not None
