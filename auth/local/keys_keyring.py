"""The best rung: the keyring of the operating system. Law: only one that encrypts, and no wait without an end.

A keyring fails late, at its first write, and may hang on a locked collection; so it is tried by a round trip, and every
call to it is given up after a while.
"""

from __future__ import annotations

import base64
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from auth.local.keys import KEY_BYTES, KeyPlace, RungName, thirty_two
from auth.local.vault_error import NoKey, NoKeyring, VaultError

T = TypeVar("T")
SERVICE = "valet"
PROBE_SECONDS, PATIENCE_SECONDS = 3.0, 30.0
SECURE = frozenset(f"keyring.backends.{name}" for name in ("SecretService", "libsecret", "kwallet", "macOS", "Windows"))


class Backend(Protocol):
    """What is used of a keyring backend."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


def system_keyring() -> Backend | None:
    """The operating system's keyring, where there is one that encrypts; a person may have turned it off."""
    import keyring
    from keyring.backends.chainer import ChainerBackend

    chosen = keyring.get_keyring()
    several = chosen.backends if isinstance(chosen, ChainerBackend) else [chosen]
    return next((backend for backend in several if secure(backend)), None)


def secure(backend: object) -> bool:
    """Neither none at all, nor one that keeps its secrets in a file of its own."""
    return any(kind.__module__ in SECURE for kind in type(backend).__mro__)


@dataclass(frozen=True)
class Keyring:
    """Keeps the key under `valet`, `vault-key:VAULT:KEY`."""

    find: Callable[[], Backend | None] = system_keyring
    probe_seconds: float = PROBE_SECONDS
    patience_seconds: float = PATIENCE_SECONDS
    name: RungName = "keyring"

    def lacks(self) -> str:
        try:
            return self._within(self.probe_seconds, self._probe)
        except NoKey as error:
            return error.what.rstrip(".").lower()

    def make(self, place: KeyPlace) -> bytes:
        key = os.urandom(KEY_BYTES)
        text = base64.b64encode(key).decode()

        def keep() -> str | None:
            backend = self._backend()
            backend.set_password(SERVICE, _entry(place), text)
            return backend.get_password(SERVICE, _entry(place))

        if self._within(self.patience_seconds, keep) != text:
            raise NoKey("The keyring does not give back what it was given.", "Unlock it, or take another rung.")
        return key

    def keys(self, place: KeyPlace) -> Iterator[bytes]:
        text = self._within(self.patience_seconds, lambda: self._backend().get_password(SERVICE, _entry(place)))
        if text is None:
            raise self.wrong()
        yield thirty_two(text)

    def wrong(self) -> VaultError:
        return NoKey(
            "The key of this vault is not in this machine's keyring: the vault was copied from another machine or user,"
            " or the keyring was emptied.",
            "Use it where it was made; here, `valet vault wipe` begins anew, and you connect your accounts again.",
        )

    def forget(self, place: KeyPlace) -> None:
        def delete() -> None:
            backend = self._backend()
            if backend.get_password(SERVICE, _entry(place)) is not None:
                backend.delete_password(SERVICE, _entry(place))

        self._within(self.patience_seconds, delete)

    def _backend(self) -> Backend:
        backend = self.find()
        if backend is None:
            raise NoKeyring("No keyring that encrypts is here.", "Start or unlock the keyring of your desktop.")
        return backend

    def _probe(self) -> str:
        """Write, read and delete; why that did not go, "" where it did."""
        backend, entry, word = self._backend(), f"probe:{secrets.token_hex(8)}", secrets.token_hex(8)
        backend.set_password(SERVICE, entry, word)
        read = backend.get_password(SERVICE, entry)
        backend.delete_password(SERVICE, entry)
        return "" if read == word else "the keyring does not give back what it was given"

    def _within(self, seconds: float, work: Callable[[], T]) -> T:
        """Do this in a thread, which is left behind where it hangs. Raises NoKey."""
        done: list[T] = []
        failed: list[Exception] = []

        def run() -> None:
            try:
                done.append(work())
            except Exception as error:  # noqa: BLE001 - backends raise what they like; told below
                failed.append(error)

        thread = threading.Thread(target=run, name="keyring", daemon=True)
        thread.start()
        thread.join(seconds)
        if done:
            return done[0]
        if failed and isinstance(failed[0], VaultError):
            raise failed[0]
        if failed:
            raise _told(failed[0]) from failed[0]
        raise NoKey(f"The keyring gives no answer within {seconds:g} seconds.", "Unlock it, and try again.")


def _told(error: Exception) -> NoKey:
    """What a backend's error means, without its words, which may quote what was to be kept."""
    from keyring.errors import InitError, KeyringLocked

    match error:
        case KeyringLocked():
            return NoKey("The keyring is locked, and nobody unlocked it.", "Unlock it, and try again.")
        case InitError():
            return NoKey("The keyring does not answer on the session bus.", "Start the keyring of your desktop.")
        case _:
            action = "Start or unlock the keyring of your desktop."
            return NoKey(f"The keyring fails ({type(error).__name__}).", action)


def _entry(place: KeyPlace) -> str:
    return f"vault-key:{place.vault}:{place.key}"
