"""The seam between graph and granter of permission. Law: a broker answers with a lease or a need, never a token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from auth.capability import Capability
from auth.lease import Lease
from auth.need import Misconfigured, Need


class Broker(Protocol):
    """Grants leases. `user` is the person's stable identity, `account` a linked account's name ("" for the default)."""

    def lease(self, user: str, account: str, capability: Capability) -> Lease | Need:
        """A lease for exactly this capability, or why there is none. May block on the network."""
        ...

    def invalidate(self, lease: Lease) -> None:
        """The service no longer takes this lease's token: forget it."""
        ...

    def account(self, user: str, connection: str) -> str:
        """The default account of a connection, as a person would name it; "" where none is linked."""
        ...


FOREVER = float("inf")


def open_lease(user: str, capability: Capability) -> Lease:
    """The lease of a capability that needs no account: it holds no token and admits the listed operations only."""
    return Lease(user=user, account="", capability=capability.name, scopes=frozenset(), expires=FOREVER, token=None)


@dataclass(frozen=True)
class Brokers:
    """Several brokers behind the one seam, chosen by connection."""

    by_connection: Mapping[str, Broker]

    def lease(self, user: str, account: str, capability: Capability) -> Lease | Need:
        if not capability.connection:
            return open_lease(user, capability)
        broker = self.by_connection.get(capability.connection)
        if broker is None:
            return Misconfigured(
                capability.connection,
                "no broker serves it",
                "Set the connection up first; `valet doctor` lists those that are.",
            )
        return broker.lease(user, account, capability)

    def invalidate(self, lease: Lease) -> None:
        for broker in self.by_connection.values():
            broker.invalidate(lease)

    def account(self, user: str, connection: str) -> str:
        broker = self.by_connection.get(connection)
        return broker.account(user, connection) if broker else ""
