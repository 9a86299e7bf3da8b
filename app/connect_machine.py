"""Linking a program that acts in its own name: a Google service account, or a client of the tasks service.

Law: it is tried before it is kept; a key comes from a file, a secret is typed, and neither is an argument.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.connect import DONE, FAILED, chosen
from app.connections import google_client, tasks_client
from app.plain_text import visible
from app.settings import SettingsError
from auth.consent import Linked
from auth.local.machine_proof import Proof, ServiceAccount
from auth.local.with_machines import WithMachines
from auth.need import Misconfigured, Need, told

if TYPE_CHECKING:
    from app.screen import Screen
    from app.settings import Settings
    from app.wiring import Accounts
    from auth.capability import Capability

KEYS = "In the Google Cloud console: IAM, Service accounts, Keys, Add key, JSON."


@dataclass(frozen=True)
class Program:
    """What the command line names: a key file, or a client's id; and whom it is to act for."""

    connection: str
    file: str
    client: str
    account: str

    def link(self, accounts: Accounts, settings: Settings) -> int:
        """Try it, keep it, say so; gives the exit code. Raises SettingsError."""
        from app.screen import terminal

        proof = self._proof()
        broker = accounts.brokers.by_connection.get(self.connection)
        if not isinstance(broker, WithMachines):
            raise SettingsError(f"No program can be linked to {self.connection} here.", "VALET_BROKER=local can.")
        screen, wanted = terminal(settings.colour), chosen(accounts.registry, self.connection)
        refused = [(one, need) for one in wanted if (need := broker.machines.need_of(accounts.user, proof, one))]
        if len(refused) == len(wanted):
            return _failed(screen, self.connection, refused[0][1])
        outcome = broker.take(accounts.user, proof)
        if not isinstance(outcome, Linked):
            return _failed(screen, self.connection, outcome)
        how = f"by {proof.identity}" if proof.account not in proof.identity else "in its own name"
        screen.say(f"Linked: {self.connection} {outcome.account}, {how}. Nobody is asked for it.", "good")
        _tell_refused(screen, refused)
        if self.file:
            screen.say(f"Its key is in the vault now; {self.file} is not needed any more.", "dim")
        return DONE

    def _proof(self) -> Proof:
        if self.file and self.client:
            raise SettingsError("--service-account and --client are two ways.", "Name one of them.")
        if self.file:
            return self._service_account()
        if self.connection != "tasks":
            raise SettingsError(f"{self.connection} knows no clients of this kind.", "--client is for tasks.")
        if self.account:
            raise SettingsError("A client acts for itself.", "Leave --account out.")
        return tasks_client(self.client, _secret(self.client))

    def _service_account(self) -> ServiceAccount:
        if self.connection != "google":
            raise SettingsError(f"{self.connection} knows no service accounts.", "--service-account is for google.")
        if self.account and "@" not in self.account:
            raise SettingsError(f"{self.account!r} is no address.", "--account names the person it acts for.")
        found = google_client(self.file)
        if isinstance(found, ServiceAccount):
            return replace(found, person=self.account)
        wrong = found.missing if isinstance(found, Misconfigured) and "read" in found.missing else ""
        raise SettingsError(f"{wrong or f'{self.file} is not the key file of a service account'}.", KEYS)


def _secret(client: str) -> str:
    """Read without echo."""
    from getpass import getpass

    text = getpass(f"Secret of {client}: ") if sys.stdin.isatty() else sys.stdin.readline()
    if not text.strip():
        raise SettingsError(f"The secret of {client} is empty.", "Type it, or give it on standard input.")
    return text.strip()


def _failed(screen: Screen, connection: str, found: object) -> int:
    what, following = told(found) if isinstance(found, Need) else ("It was not linked.", "Try again.")
    screen.error(f"Not linked. {visible(what)}", following)
    return FAILED


def _tell_refused(screen: Screen, refused: Sequence[tuple[Capability, Need]]) -> None:
    for capability, need in refused:
        what, following = told(need)
        screen.say(f"Not yet, to {capability.reason}: {visible(what)} {following}", "notice")
