"""The ladder: where the vault's key may be kept, and which place is taken. Law: never clear text, never in silence.

A rung keeps a key of 32 bytes, or derives it anew from what the person knows. Which rung holds is shown to them.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from auth.local.vault_error import NoKey, Unwritable, VaultError, WrongKey

RungName = Literal["keyring", "passphrase", "environment", "beside"]
RUNGS: tuple[RungName, ...] = ("keyring", "passphrase", "environment", "beside")
KEY_BYTES = 32
TRIES = 3
HOW = "Set VALET_VAULT_PASSPHRASE, or run it in a terminal."

PROTECTS: dict[RungName, str] = {
    "keyring": "Protects against a stolen disk, a copied folder and other users; not against programs run as you.",
    "passphrase": "Protects against a stolen disk, a copied folder and other users, as well as the passphrase is good.",
    "environment": "Protects as well as the place VALET_VAULT_KEY comes from is kept; a copied folder alone is no use.",
    "beside": "The key lies in a file beside the vault: protects a database copied alone, and nothing else.",
}


@dataclass(frozen=True)
class KeyPlace:
    """Which key of which vault. The salt goes into a key that is derived."""

    vault: str
    key: str
    salt: bytes


class Rung(Protocol):
    """One place for a key."""

    @property
    def name(self) -> RungName: ...
    def lacks(self) -> str:
        """Why no key can be kept here now, as half a sentence; "" where one can."""
        ...

    def make(self, place: KeyPlace) -> bytes:
        """A key that `keys` gives again from now on, in another process too. Raises VaultError."""
        ...

    def keys(self, place: KeyPlace) -> Iterator[bytes]:
        """What may be the key, likeliest first; the next is asked for where one did not fit. Raises VaultError."""
        ...

    def wrong(self) -> VaultError:
        """What to say where none of `keys` fitted."""
        ...

    def forget(self, place: KeyPlace) -> None:
        """The key is kept here no longer; it need not have been. Raises VaultError."""
        ...


@dataclass(frozen=True)
class Ladder:
    """The rungs from the best down; `last` is taken where none of them can hold a key."""

    rungs: tuple[Rung, ...]
    last: Rung | None = None

    def choose(self) -> Rung:
        """The rung for a new vault. Raises NoKey where there is none."""
        lacking = {rung.name: rung.lacks() for rung in self.rungs}
        chosen = next((rung for rung in self.rungs if not lacking[rung.name]), self.last)
        if chosen is None:
            reasons = "; ".join(f"{name}: {why}" for name, why in lacking.items())
            raise NoKey(
                f"There is no safe place for the vault's key ({reasons}).",
                "Set VALET_VAULT_PASSPHRASE, or VALET_VAULT_KEY to 32 random bytes in base64, or unlock a keyring.",
            )
        return chosen

    def rung(self, name: RungName) -> Rung:
        """The rung of this name. Raises NoKey where this ladder has none."""
        for rung in (*self.rungs, *([self.last] if self.last else [])):
            if rung.name == name:
                return rung
        raise NoKey(f"The vault's key is of the kind {name!r}, which cannot be had here.", "See `valet vault status`.")


@dataclass(frozen=True)
class Passphrase:
    """Derives the key from what the person knows: Argon2id (RFC 9106), 64 MiB, three passes, four lanes."""

    given: str = field(default="", repr=False)
    ask: Callable[[str], str] | None = None
    name: RungName = "passphrase"

    def lacks(self) -> str:
        return "" if self.given else "VALET_VAULT_PASSPHRASE is not set"

    def make(self, place: KeyPlace) -> bytes:
        if self.ask is None:
            if not self.given:
                raise NoKey("No passphrase was given.", HOW)
            return derived(self.given, place.salt)
        text = self.ask("New passphrase of the vault: ")
        if not text:
            raise NoKey("A passphrase is at least one character.", "Several words that mean something to you are good.")
        if self.ask("Once more: ") != text:
            raise WrongKey("The two passphrases differ.", "Try again.")
        return derived(text, place.salt)

    def keys(self, place: KeyPlace) -> Iterator[bytes]:
        if self.given:
            yield derived(self.given, place.salt)
        elif self.ask is None:
            raise self._missing()
        if self.ask is not None:
            for _ in range(TRIES):
                yield derived(self.ask("Passphrase of the vault: "), place.salt)

    def wrong(self) -> VaultError:
        return WrongKey(
            "That is not the passphrase of this vault.",
            "Give the right one in VALET_VAULT_PASSPHRASE, or when asked; if it is lost, `valet vault wipe`.",
        )

    def forget(self, place: KeyPlace) -> None:
        """Nothing is kept."""

    def _missing(self) -> VaultError:
        return NoKey("The vault is locked with a passphrase.", HOW)


def derived(passphrase: str, salt: bytes) -> bytes:
    """The key of a passphrase; 0.1 to 0.3 seconds."""
    import unicodedata

    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    text = unicodedata.normalize("NFC", passphrase.strip()).encode()
    return Argon2id(salt=salt, length=KEY_BYTES, iterations=3, lanes=4, memory_cost=64 * 1024).derive(text)


@dataclass(frozen=True)
class Environment:
    """Derives the key from VALET_VAULT_KEY (HKDF, RFC 5869).

    While a vault is moved from one such key to another, the variable holds both: the new one, a comma, the old one.
    """

    given: str = field(default="", repr=False)
    name: RungName = "environment"

    def lacks(self) -> str:
        return "" if self.given else "VALET_VAULT_KEY is not set"

    def make(self, place: KeyPlace) -> bytes:
        return next(self.keys(place))

    def keys(self, place: KeyPlace) -> Iterator[bytes]:
        if not self.given:
            raise NoKey("The vault's key comes from VALET_VAULT_KEY, which is not set.", "Set it as it was.")
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        for text in self.given.split(","):
            about = f"valet vault {place.vault}".encode()
            yield HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=place.salt, info=about).derive(thirty_two(text))

    def wrong(self) -> VaultError:
        return WrongKey("VALET_VAULT_KEY is not the key of this vault.", "Set it as it was, or `valet vault wipe`.")

    def forget(self, place: KeyPlace) -> None:
        """Nothing is kept."""


def thirty_two(text: str) -> bytes:
    """32 bytes from base64, of either alphabet. Raises NoKey."""
    try:
        plain = text.strip().replace("-", "+").replace("_", "/").rstrip("=")
        raw = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != KEY_BYTES:
        raise NoKey("VALET_VAULT_KEY is not 32 bytes in base64.", "`openssl rand -base64 32` makes such a key.")
    return raw


@dataclass(frozen=True)
class Beside:
    """A random key in a private file beside the vault: for the demo workspace's data only."""

    folder: Path
    allowed: bool = True
    name: RungName = "beside"

    def lacks(self) -> str:
        return "" if self.allowed else "for the demo workspace only"

    def make(self, place: KeyPlace) -> bytes:
        key = os.urandom(KEY_BYTES)
        try:
            handle = os.open(self._file(place), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(base64.b64encode(key))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise Unwritable(
                f"The vault's key cannot be written to {self.folder}: {error.strerror}.",
                "Make the folder writable, and free some disk space.",
            ) from error
        return key

    def keys(self, place: KeyPlace) -> Iterator[bytes]:
        try:
            yield thirty_two(self._file(place).read_text("ascii"))
        except (OSError, UnicodeDecodeError, NoKey):
            raise self.wrong() from None

    def wrong(self) -> VaultError:
        return NoKey(
            "The file with the vault's key is not beside it, or not what it was.",
            "Put it back; if it is lost, `valet vault wipe` begins anew.",
        )

    def forget(self, place: KeyPlace) -> None:
        self._file(place).unlink(missing_ok=True)

    def _file(self, place: KeyPlace) -> Path:
        return self.folder / f"vault-{place.key}.key"
