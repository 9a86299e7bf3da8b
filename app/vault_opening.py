"""Opens the vault of the data folder with the rungs this machine and the settings offer. Law: no weak rung unasked.

The key in a file beside the vault is for the demo workspace alone; whoever works on their own accounts is asked for a
passphrase, or refused.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.settings import Secret, Settings
from auth.local.keys import Beside, Environment, Ladder, Passphrase
from auth.local.keys_keyring import Keyring, system_keyring
from auth.local.vault import Vault

VAULT = "vault.db"
Ask = Callable[[str], str]


def vault_file(settings: Settings) -> Path:
    return settings.home / VAULT


def open_vault(settings: Settings, ask: Ask | None = None) -> Vault:
    """The vault, made where there is none. `ask` reads a passphrase from whoever is there. Raises VaultError."""
    given = settings.vault_passphrase is not None
    return Vault.open(vault_file(settings), ladder_of(settings, None if given else ask))


def ladder_of(settings: Settings, ask: Ask | None = None) -> Ladder:
    """The rungs in their order, and a passphrase to be asked for where an own account needs a key and none has one."""
    passphrase = Passphrase(_text(settings.vault_passphrase), ask)
    demo = settings.accounts == "demo"
    rungs = (
        Keyring(system_keyring if settings.desktop else _no_keyring),
        passphrase,
        Environment(_text(settings.vault_key)),
        Beside(settings.home, allowed=demo),
    )
    return Ladder(rungs, passphrase if ask and not demo else None)


def ask_at_terminal(question: str) -> str:
    """Read without echo."""
    from getpass import getpass

    return getpass(question)


def _no_keyring() -> None:
    """Without a session bus there is none, and it takes the library a seventh of a second to find out."""


def _text(secret: Secret | None) -> str:
    return secret.reveal() if secret else ""
