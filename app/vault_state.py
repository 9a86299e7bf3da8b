"""How the vault stands, in words, for `valet vault status` and `valet doctor`. Law: it looks, and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from app.settings import Settings
from app.vault_opening import ladder_of, vault_file
from auth.local.keys import PROTECTS, RungName
from auth.local.vault_error import VaultError
from auth.local.vault_file import About, about
from auth.local.vault_rotation import try_key

WHERE: dict[RungName, str] = {
    "keyring": "in this machine's keyring",
    "passphrase": "derived from a passphrase",
    "environment": "derived from VALET_VAULT_KEY",
    "beside": "in a file beside it",
}
STRONGER = "`valet vault rotate --to passphrase` (or keyring) before you connect an account of your own."


@dataclass(frozen=True)
class VaultState:
    """`rung` is None where there is no vault; `next` is "" where there is nothing to do."""

    state: Literal["ok", "note", "missing"]
    what: str
    next: str = ""
    rung: RungName | None = None
    records: int = 0
    made: datetime | None = None


def vault_state(settings: Settings) -> VaultState:
    """Whether the vault can be opened, where its key is, and what that protects against."""
    try:
        found = about(vault_file(settings))
        if found is None:
            rung = ladder_of(settings).choose().name
            return VaultState("ok", f"made at first use, its key {WHERE[rung]}.")
    except VaultError as error:
        return VaultState("missing", error.what, error.next)
    return _of(settings, found)


def _of(settings: Settings, found: About) -> VaultState:
    made = datetime.fromtimestamp(found.made, UTC)
    if found.rung == "passphrase" and settings.vault_passphrase is None:
        what = "locked; its key is derived from a passphrase."
        return VaultState("note", what, "You are asked for it.", found.rung, found.records, made)
    try:
        try_key(vault_file(settings), ladder_of(settings))
    except VaultError as error:
        return VaultState("missing", error.what, error.next, found.rung, found.records, made)
    what = f"its key is {WHERE[found.rung]}. {PROTECTS[found.rung]}"
    weak = found.rung == "beside"
    return VaultState("note" if weak else "ok", what, STRONGER if weak else "", found.rung, found.records, made)
