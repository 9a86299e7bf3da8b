"""The seam between graph and granter of permission. Law: a broker answers with a lease or a need, never a token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from auth.capability import Capability
from auth.consent import Accounts, Asking, ConsentError, Consents, Declined, Disconnected, GrantFacts, Outcome
from auth.lease import Lease
from auth.need import Misconfigured, Need
from auth.wire import Cut


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


@runtime_checkable
class Linking(Broker, Consents, Accounts, Protocol):
    """A broker whose accounts a person links, and unlinks again."""


FOREVER = float("inf")


def open_lease(user: str, capability: Capability) -> Lease:
    """The lease of a capability that needs no account: it holds no token and admits the listed operations only."""
    return Lease(user=user, account="", capability=capability.name, scopes=frozenset(), expires=FOREVER, token=None)


@dataclass(frozen=True)
class Brokers:
    """Several brokers behind the one seam, chosen by connection. Those that ask nobody need not be Linking."""

    by_connection: Mapping[str, Broker]

    def lease(self, user: str, account: str, capability: Capability) -> Lease | Need:
        if not capability.connection:
            return open_lease(user, capability)
        broker = self.by_connection.get(capability.connection)
        return broker.lease(user, account, capability) if broker else _unserved(capability.connection)

    def invalidate(self, lease: Lease) -> None:
        for broker in self.by_connection.values():
            broker.invalidate(lease)

    def account(self, user: str, connection: str) -> str:
        broker = self.by_connection.get(connection)
        return broker.account(user, connection) if broker else ""

    def ask(self, user: str, account: str, capability: Capability) -> Asking | Need:
        broker = self._linking(capability.connection)
        return broker.ask(user, account, capability) if broker else _unserved(capability.connection)

    def settle(self, user: str, asking: str, *, seconds: float, cut: Cut) -> Outcome:
        connection = asking.partition(".")[0]
        broker = self._linking(connection)
        return broker.settle(user, asking, seconds=seconds, cut=cut) if broker else Declined(connection, NOT_OPEN)

    def paste(self, user: str, asking: str, address: str) -> None:
        broker = self._linking(asking.partition(".")[0])
        if broker is None:
            raise ConsentError(NOT_OPEN)
        broker.paste(user, asking, address)

    def withdraw(self, user: str, asking: str) -> None:
        broker = self._linking(asking.partition(".")[0])
        if broker is not None:
            broker.withdraw(user, asking)

    def accounts(self, user: str, connection: str) -> tuple[str, ...]:
        broker = self._linking(connection)
        return broker.accounts(user, connection) if broker else ()

    def grants(self, user: str) -> tuple[GrantFacts, ...]:
        each = {id(broker): broker for broker in self.by_connection.values()}  # one may serve several connections
        return tuple(facts for broker in each.values() if isinstance(broker, Linking) for facts in broker.grants(user))

    def disconnect(self, user: str, connection: str, account: str, capability: str = "") -> Disconnected:
        broker = self._linking(connection)
        if broker is None:
            return Disconnected(connection, account, (), False, "Nothing of it is linked.")
        return broker.disconnect(user, connection, account, capability)

    def _linking(self, connection: str) -> Linking | None:
        broker = self.by_connection.get(connection)
        return broker if isinstance(broker, Linking) else None


@dataclass(frozen=True)
class Unset:
    """Stands for a connection that an operator is still to set up: it says so to whoever needs it."""

    need: Misconfigured

    def lease(self, user: str, account: str, capability: Capability) -> Lease | Need:
        return self.need

    def invalidate(self, lease: Lease) -> None:
        """It gave none."""

    def account(self, user: str, connection: str) -> str:
        return ""

    def ask(self, user: str, account: str, capability: Capability) -> Asking | Need:
        return self.need

    def settle(self, user: str, asking: str, *, seconds: float, cut: Cut) -> Outcome:
        return self.need

    def paste(self, user: str, asking: str, address: str) -> None:
        raise ConsentError(NOT_OPEN)

    def withdraw(self, user: str, asking: str) -> None:
        """It asked nothing."""

    def accounts(self, user: str, connection: str) -> tuple[str, ...]:
        return ()

    def grants(self, user: str) -> tuple[GrantFacts, ...]:
        return ()

    def disconnect(self, user: str, connection: str, account: str, capability: str = "") -> Disconnected:
        return Disconnected(connection, account, (), False, "Nothing of it is linked.")


NOT_OPEN = "the question is no longer open; ask again"


def _unserved(connection: str) -> Misconfigured:
    return Misconfigured(
        connection, "no broker serves it", "Set the connection up first; `valet doctor` lists those that are."
    )
