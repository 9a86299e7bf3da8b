"""One connection whose accounts are people's and programs' alike. Law: an account is reached in one way only."""

from __future__ import annotations

from dataclasses import dataclass, replace

from auth.broker import Linking
from auth.capability import Capability
from auth.consent import Asking, Disconnected, GrantFacts, Outcome
from auth.lease import Lease
from auth.local.machine import MachineBroker
from auth.local.machine_proof import Proof
from auth.local.vault_error import VaultError
from auth.need import Misconfigured, Need
from auth.wire import Cut


@dataclass(frozen=True)
class WithMachines:
    """`people` are those who consent, `machines` the programs that act in their own name, on one connection.

    Where no account is named, the program that the settings name is meant, else a person's account, else a program's.
    """

    people: Linking
    machines: MachineBroker

    @property
    def connection(self) -> str:
        return self.machines.connection

    def account(self, user: str, connection: str) -> str:
        given = self.machines.given
        if given is not None:
            return given.proof.account
        return self.people.account(user, connection) or self.machines.account(user, connection)

    def accounts(self, user: str, connection: str) -> tuple[str, ...]:
        both = (*self.people.accounts(user, connection), *self.machines.accounts(user, connection))
        default = self.account(user, connection)
        return tuple(sorted(dict.fromkeys(both), key=lambda name: name != default))

    def lease(self, user: str, account: str, capability: Capability) -> Lease | Need:
        try:
            by_machine = self._by_machine(user, account)
        except VaultError as error:
            return Misconfigured(self.connection, error.what, error.next)
        if by_machine:
            return self.machines.lease(user, account or self.account(user, self.connection), capability)
        return self.people.lease(user, account, capability)

    def invalidate(self, lease: Lease) -> None:
        self.machines.invalidate(lease)
        self.people.invalidate(lease)

    def ask(self, user: str, account: str, capability: Capability) -> Asking | Need:
        """A program's account is nobody's to consent to."""
        if self._by_machine(user, account):
            name = account or self.account(user, self.connection)
            forget = f"`valet disconnect {self.connection} --account {name}` first, if a person is to consent instead."
            return Misconfigured(self.connection, f"a program acts for {name}, and nobody can consent to it", forget)
        return self.people.ask(user, account, capability)

    def settle(self, user: str, asking: str, *, seconds: float, cut: Cut) -> Outcome:
        return self.people.settle(user, asking, seconds=seconds, cut=cut)

    def paste(self, user: str, asking: str, address: str) -> None:
        self.people.paste(user, asking, address)

    def withdraw(self, user: str, asking: str) -> None:
        self.people.withdraw(user, asking)

    def take(self, user: str, proof: Proof) -> Outcome:
        """Keep what proves a program, unless a person's consent stands for the same account."""
        if proof.account in self.people.accounts(user, self.connection):
            forget = f"`valet disconnect {self.connection} --account {proof.account}` first, then link it again."
            return Misconfigured(self.connection, f"{proof.account} is linked by a person's consent", forget)
        return self.machines.take(user, proof)

    def grants(self, user: str) -> tuple[GrantFacts, ...]:
        default = self.account(user, self.connection)
        both = (*self.people.grants(user), *self.machines.grants(user))
        return tuple(replace(facts, default=facts.account == default) for facts in both)

    def disconnect(self, user: str, connection: str, account: str, capability: str = "") -> Disconnected:
        chosen = self.machines if self._by_machine(user, account) else self.people
        return chosen.disconnect(user, connection, account, capability)

    def _by_machine(self, user: str, account: str) -> bool:
        """Whether the account named, or else the default one, is a program's."""
        return (account or self.account(user, self.connection)) in self.machines.accounts(user, self.connection)
