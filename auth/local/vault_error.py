"""What can go wrong with the vault. Law: each says what happened and what to do next, and holds no secret.

VaultError
├── NoKey        no key can be kept, or it cannot be had: no passphrase given, a keyring that is locked
│   └── NoKeyring  there is no keyring here at all
├── WrongKey     a key was had, and it is not this vault's
├── Damaged      the file, or a record in it, is not what was written
├── KeyGone      what is to be read was encrypted with a key this vault does not hold: wiped, or replaced
├── TooWeak      the key is kept too openly for what is to be stored
├── Busy         another Valet holds what is wanted
└── Unwritable   the disk is full, or the folder cannot be written
"""

from __future__ import annotations

from auth.errors import AuthError


class VaultError(AuthError):
    """`what` happened and what to do `next`, in words for the person."""

    def __init__(self, what: str, next: str) -> None:  # noqa: A002 - the house word for the next action
        super().__init__(f"{what} {next}")
        self.what = what
        self.next = next


class NoKey(VaultError):
    """No key can be kept, or the one there is cannot be had."""


class NoKeyring(NoKey):
    """There is no keyring here at all; another session of the same person may have one."""


class WrongKey(VaultError):
    """The passphrase, or the key, is another one's."""


class Damaged(VaultError):
    """Not what was written: a broken file, an altered record, one put in another's place."""


class KeyGone(VaultError):
    """Encrypted with a key that is no more."""

    def __init__(self) -> None:
        super().__init__(
            "This was encrypted with a key that is gone: the vault was wiped, or another one stands in its place.",
            "Begin anew with `valet chat`; if you have the old vault, put it back.",
        )


class TooWeak(VaultError):
    """The key lies beside the vault, and an account of the person's own is to be stored."""


class Busy(VaultError):
    """Another Valet holds what is wanted, and does not let go."""


class Unwritable(VaultError):
    """The disk is full, or the folder cannot be written."""
