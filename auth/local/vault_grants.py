"""Grants kept in the vault. Law: made-up grants never meet real ones, and a real one is never kept with a weak key."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields, replace
from typing import Any

from auth.lease import Secret
from auth.local.grants import Access, Grant, Kept
from auth.local.vault import Place, Record, Vault
from auth.local.vault_error import Damaged, TooWeak

OWN = "own"
"""The realm of the person's own accounts; any other is a demo workspace's."""


@dataclass(frozen=True)
class VaultGrants:
    """`Grants` of one connection in one realm."""

    vault: Vault
    realm: str
    connection: str

    def find(self, user: str, account: str, capability: str) -> Grant | None:
        """Raises Damaged where the record was altered or is another's, and any VaultError."""
        record = self.vault.get(self._place(user, account, capability))
        return _read(record) if record else None

    def keep(self, user: str, capability: str, grant: Grant) -> None:
        """Raises TooWeak where the account is the person's own and the vault's key lies beside it."""
        if self.realm == OWN and self.vault.rung == "beside":
            raise TooWeak(
                "The vault's key lies in a file beside it, which is not good enough for an account of your own.",
                "`valet vault rotate --to passphrase` (or keyring), then connect again.",
            )
        self.vault.put(self._place(user, grant.account, capability), _written(grant))

    def drop(self, user: str, account: str, capability: str) -> None:
        self.vault.delete(self._place(user, account, capability))

    def of(self, user: str) -> tuple[Kept, ...]:
        """A grant whose record was altered is listed as dead."""
        mine = (place for place in self.vault.places(self.realm, user) if place.connection == self.connection)
        return tuple(Kept(place.capability, self._shown(place)) for place in mine)

    def exclusive(self, user: str, account: str, capability: str) -> AbstractContextManager[None]:
        return self.vault.exclusive(self._place(user, account, capability))

    def begin(self, user: str, account: str, capability: str) -> None:
        self.vault.begin(self._place(user, account, capability))

    def cancel(self, user: str, account: str, capability: str) -> None:
        self.vault.cancel(self._place(user, account, capability))

    def _place(self, user: str, account: str, capability: str) -> Place:
        return Place(self.realm, user, self.connection, account, capability)

    def _shown(self, place: Place) -> Grant:
        try:
            grant = self.find(place.user, place.account, place.capability)
        except Damaged:
            return Grant(place.account, frozenset(), None, dead="its record in the vault was altered")
        return grant or Grant(place.account, frozenset(), None, dead="it was removed just now")


def _written(grant: Grant) -> bytes:
    """Every field as JSON but `begun`, which the vault keeps itself."""
    return json.dumps(_plain(replace(grant, begun=0.0)), ensure_ascii=False).encode()


def _plain(value: object) -> object:
    match value:
        case Secret():
            return value.reveal()
        case frozenset():
            return sorted(value)
        case tuple():
            return [_plain(one) for one in value]
        case Grant() | Access():
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            return value


def _read(record: Record) -> Grant:
    facts = json.loads(record.value)
    facts.pop("access", None)  # older records held one; without it the next lease is a renewal
    token = facts["refresh_token"]
    return Grant(
        **facts
        | {
            "scopes": frozenset(facts["scopes"]),
            "refresh_token": Secret(token) if token else None,
            "begun": record.begun,
            "accesses": tuple(Access(**_opened(access)) for access in facts.get("accesses", ())),
        }
    )


def _opened(facts: dict[str, Any]) -> dict[str, Any]:
    return facts | {"token": Secret(facts["token"]), "scopes": frozenset(facts["scopes"])}
