"""Vaults of a test: places, ladders, a keyring that behaves as told, and runs in a process of their own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from auth.local.keys import Beside, Environment, Ladder, Passphrase, Rung
from auth.local.keys_keyring import Keyring
from auth.local.vault import Place, Vault
from auth.local.vault_grants import OWN

ROOT = Path(__file__).parents[2]
NAME = "vault.db"
MAIL = Place(OWN, "local:1", "google", "ana@example.org", "mail.read")
CANARY = b"1//canary-refresh"
KEY, OTHER_KEY = "A" * 43 + "=", "B" * 42 + "A="


@dataclass
class Drawer:
    """A keyring backend in memory. It hangs until `answers` is set; `broken` is what every call raises."""

    kept: dict[tuple[str, str], str] = field(default_factory=dict)
    broken: Exception | None = None
    answers: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.answers.set()

    def get_password(self, service: str, username: str) -> str | None:
        self._meet()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._meet()
        self.kept[(service, username)] = password

    def delete_password(self, service: str, username: str) -> None:
        self._meet()
        del self.kept[(service, username)]

    def _meet(self) -> None:
        self.answers.wait()
        if self.broken:
            raise self.broken


def keyring(drawer: Drawer | None) -> Keyring:
    return Keyring(lambda: drawer, probe_seconds=0.2, patience_seconds=0.2)


def ladder(*rungs: Rung) -> Ladder:
    return Ladder(rungs)


def beside(home: Path) -> Ladder:
    return Ladder((Beside(home),))


def passphrase(text: str) -> Ladder:
    return Ladder((Passphrase(text),))


def environment(text: str) -> Ladder:
    return Ladder((Environment(text),))


def open_in(home: Path, steps: Ladder) -> Vault:
    return Vault.open(home / NAME, steps)


def value(vault: Vault, place: Place = MAIL) -> bytes:
    record = vault.get(place)
    assert record is not None
    return record.value


def everything(home: Path) -> bytes:
    """Every byte on the disk below this folder."""
    return b"".join(path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file())


def apart(code: str, *args: object) -> subprocess.Popen[str]:
    """Run this in a process of its own; `sys.argv[1:]` are the arguments."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, args)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
