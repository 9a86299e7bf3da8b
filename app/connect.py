"""Linking accounts from a terminal: one consent for each permission, in the browser or by a pasted address.

Law: what is to be permitted is said in words before a page is opened, and what came of it is said after; a token is
never taken from the command line.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, TextIO
from urllib.parse import urlsplit

from app.plain_text import visible
from auth.broker import Brokers
from auth.capability import Capability
from auth.consent import Asking, ConsentError, Declined, Linked, Outcome
from auth.lease import Secret
from auth.local.api_key import ApiKeyBroker
from auth.local.slack import SlackBroker
from auth.need import Need, told
from auth.scope_words import words
from auth.wire import Cut
from graphs.access import bundles

if TYPE_CHECKING:
    from app.screen import Screen
    from tools.registry import Registry

WAIT_SECONDS = 330.0
DONE, WAITING, FAILED = 0, 3, 4


def chosen(registry: Registry, connection: str, named: Iterable[str] = ()) -> list[Capability]:
    """What is asked for of a connection: the bundles that are named, or hold what is named; else all that only read.

    Raises KeyError for a name that is none.
    """
    every = bundles(registry, connection)
    homes = {name: name for name in every}
    for access, effect in registry.needs:
        if access.connection == connection:
            homes.setdefault(access.capability, access.consented(effect))
    wanted = {homes[name] for name in named} or {name for name in every if every[name].effect == "read"}
    return [every[name] for name in every if name in wanted]


@dataclass
class Pasting:
    """Reads addresses that are pasted while a question is open, in a thread that ends with the process."""

    brokers: Brokers
    user: str
    screen: Screen
    lines: TextIO
    asking: Asking | None = None

    def begin(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.lines:
            asking = self.asking
            if not line.strip() or asking is None:
                continue
            try:
                self.brokers.paste(self.user, asking.id, line)
            except ConsentError as error:
                self.screen.error(f"{str(error)[:1].upper()}{str(error)[1:]}.", "Paste the address once more.")


@dataclass(frozen=True)
class Terminal:
    """Where a person is asked. `browse` opens an address and says whether it could; None for no browser at all."""

    brokers: Brokers
    user: str
    screen: Screen
    lines: TextIO
    browse: Callable[[str], bool] | None
    cut: Cut
    remote: bool = False

    def connect(self, account: str, capabilities: list[Capability]) -> int:
        """Ask for each; gives the exit code: 0 all linked, 3 something was declined, 4 something failed."""
        self._announce(capabilities)
        pasting = Pasting(self.brokers, self.user, self.screen, self.lines)
        pasting.begin()
        codes = []
        for number, capability in enumerate(capabilities, 1):
            self.screen.say(f"{number} of {len(capabilities)}: {capability.reason}", "strong")
            outcome = self._asked(account, capability, pasting)
            codes.append(self.tell(outcome, capability))
            if not isinstance(outcome, Linked):
                break  # a person who closed one page would have to close the others too
            account = outcome.account
        return max(codes, default=DONE)

    def _announce(self, capabilities: list[Capability]) -> None:
        pages = "one page" if len(capabilities) == 1 else f"{len(capabilities)} pages, one for each permission"
        self.screen.say(f"Valet asks {capabilities[0].connection} in {pages}, to")
        for capability in capabilities:
            self.screen.say(f"  - {capability.name}: {capability.reason}")
            for scope in sorted(capability.scopes):
                self.screen.say(f"      {words(scope)} ({scope.rpartition('/')[2]})", "dim")

    def _asked(self, account: str, capability: Capability, pasting: Pasting) -> Outcome:
        asking = self.brokers.ask(self.user, account, capability)
        if not isinstance(asking, Asking):
            return asking
        pasting.asking = asking
        opened = self.browse is not None and self.browse(asking.page)
        self.screen.say("Opened in your browser:" if opened else "Open in a browser:")
        self.screen.say(f"  {asking.page}")
        self.screen.say("Or paste here the address the browser ends up at, and press Enter.", "dim")
        if self.remote:
            port = urlsplit(asking.page).port
            self.screen.say(f"From another machine: ssh -L {port}:localhost:{port} to this one first.", "dim")
        return self.brokers.settle(self.user, asking.id, seconds=WAIT_SECONDS, cut=self.cut)

    def tell(self, outcome: Outcome, capability: Capability) -> int:
        """Say what came of it; gives the exit code."""
        match outcome:
            case Linked(connection=connection, account=account, missing=missing):
                self.screen.say(f"Linked: {connection} {account}, to {capability.reason}.", "good")
                if missing:
                    left = ", ".join(sorted(map(words, missing)))
                    self.screen.say(f"Not ticked: {left}. What needs it stays off until you connect again.", "notice")
                return DONE
            case Declined(connection=connection, why=why):
                self.screen.error(f"{connection} was not linked: {why}.", f"`valet connect {connection}` asks again.")
                return WAITING
            case _:
                self.screen.error(*self._told(outcome))
                return FAILED

    @staticmethod
    def _told(need: Need) -> tuple[str, str]:
        what, following = told(need)
        return visible(what), following


def missing(brokers: Brokers, user: str, account: str, capabilities: Iterable[Capability]) -> list[Capability]:
    """Those of the permissions that the account has not, or not any more."""
    facts = {
        (grant.connection, grant.account, grant.capability): grant.scopes
        for grant in brokers.grants(user)
        if not grant.dead
    }
    return [
        capability
        for capability in capabilities
        if not capability.scopes
        <= facts.get(
            (capability.connection, account or brokers.account(user, capability.connection), capability.name),
            frozenset(),
        )
    ]


def listens(page: str) -> bool:
    """Whether anybody is still there behind a page of ours."""
    at = urlsplit(page)
    with contextlib.suppress(OSError), socket.create_connection((at.hostname or "", at.port or 0), timeout=1):
        return True
    return False


def browse(address: str) -> bool:
    """Open an address in the person's browser; False where there is none."""
    import webbrowser

    with contextlib.suppress(webbrowser.Error):
        return webbrowser.open(address)
    return False


def take_key(brokers: Brokers, user: str, screen: Screen, capability: Capability, text: str) -> int:
    """Link with an API key a person has typed; gives the exit code."""
    broker = brokers.by_connection.get(capability.connection)
    try:
        key = Secret(text)
    except ValueError:
        screen.error("That is no key: it is empty, or has blanks or special characters in it.", "Copy it once more.")
        return FAILED
    if not isinstance(broker, ApiKeyBroker):
        screen.error(f"{capability.connection} takes no key.", "See `valet connect --help`.")
        return FAILED
    return Terminal(brokers, user, screen, StringIO(), None, Cut()).tell(broker.take_key(user, key), capability)


def take_token(
    brokers: Brokers, user: str, screen: Screen, account: str, capabilities: list[Capability], text: str
) -> int:
    """Link with a pasted access token, where a workspace lets nobody consent; gives the exit code."""
    broker = brokers.by_connection.get(capabilities[0].connection)
    if not isinstance(broker, SlackBroker) or not text.startswith("xoxp-"):
        screen.error("Only a Slack user token can be pasted; it begins with xoxp-.", "See `valet connect --help`.")
        return FAILED
    told = Terminal(brokers, user, screen, StringIO(), None, Cut())
    codes = []
    for capability in capabilities:
        outcome = broker.take_token(user, account, capability, Secret(text))
        codes.append(told.tell(outcome, capability))
        account = outcome.account if isinstance(outcome, Linked) else account
    return max(codes, default=DONE)
