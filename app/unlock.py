"""Asks for the vault's passphrase before anything else is on the screen. Law: costs nothing where there is none to ask.

The vault is opened behind the first prompt, where nobody can be asked any more.
"""

# pathlib would cost the prompt 8 ms:
# ruff: noqa: PTH118, PTH123

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from app.settings import Settings

NAME, LOCKED, HEAD = "vault.db", b"VAL\x01", slice(68, 72)
"""As in `auth.local.vault_file`, which would cost the prompt 20 ms; a test holds the two together."""
TRIES = 3


def unlocked(settings: Settings, ask: Callable[[str], str] | None = None) -> Settings:
    """These settings, with the passphrase where the vault wants one and none is set. Raises VaultError.

    `ask` reads it without echo; by default whoever sits at the terminal is asked.
    """
    if settings.vault_passphrase is not None or not locked(settings.home_text):
        return settings
    if ask is None and not sys.stdin.isatty():
        return settings  # opening it says what to do
    from app.vault_opening import ask_at_terminal

    return _asked(settings, ask or ask_at_terminal)


def locked(home: str) -> bool:
    """Does a passphrase open the vault?"""
    try:
        with open(os.path.join(home, NAME), "rb") as file:
            return file.read(HEAD.stop)[HEAD] == LOCKED
    except OSError:
        return False


def _asked(settings: Settings, ask: Callable[[str], str]) -> Settings:
    from app.vault_opening import open_vault
    from auth.local.vault_error import NoKey, WrongKey

    for left in reversed(range(TRIES)):
        given = settings.with_passphrase(ask("Passphrase of the vault: "))
        try:
            open_vault(given).close()
        except (WrongKey, NoKey):
            if not left:
                raise
        else:
            return given
    raise AssertionError("the last try returns or raises")
