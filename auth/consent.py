"""The seam of consent: a person is asked, answers in a browser, and an account is linked. Law: no secret, no provider's
address and no state of a provider's flow stands in anything of this module; the page asked about is one of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from auth.capability import Capability
from auth.errors import AuthError
from auth.need import Need
from auth.wire import Cut


@dataclass(frozen=True)
class Asking:
    """An open question. `page` is a loopback URL of ours that leads the browser on to the provider.

    `account` is the name the account goes by, "" where the person is yet to choose one; `scopes` are what is asked
    for; `reason` says it in plain words, `capability` is the name it goes by. `id` says which connection it is of:
    "google.…".
    """

    id: str
    connection: str
    account: str
    scopes: frozenset[str]
    reason: str
    page: str
    capability: str = ""


@dataclass(frozen=True)
class Linked:
    """The account is linked. `scopes` were granted, `missing` were asked for and not ticked."""

    connection: str
    account: str
    scopes: frozenset[str]
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Declined:
    """Nothing was linked. `why` is for the person: they said no, chose another account, or no answer came."""

    connection: str
    why: str


Outcome = Linked | Declined | Need


@dataclass(frozen=True)
class GrantFacts:
    """What is known of one linked capability, without its secrets. Times are seconds since the epoch.

    `identity` is the provider's own id of the account; `used` 0 where it never was; `expires` None for a grant without
    an end; `dead` the reason why it no longer works, "" while it does; `default` whether its account is the default.
    """

    connection: str
    account: str
    capability: str
    scopes: frozenset[str]
    identity: str = ""
    linked: float = 0.0
    used: float = 0.0
    expires: float | None = None
    dead: str = ""
    default: bool = False


@dataclass(frozen=True)
class Disconnected:
    """What was done: the capabilities forgotten here, and whether the provider revoked them too.

    `note` says what that means, or, where one was tried and `failed`, why it did not come about and what to do.
    """

    connection: str
    account: str
    capabilities: tuple[str, ...]
    revoked: bool
    note: str
    failed: bool = False


class ConsentError(AuthError):
    """What a person pasted is not the answer to the question. The text says what is wrong and what to do."""


class Consents(Protocol):
    """Asks people. `user` is the person's stable identity."""

    def ask(self, user: str, account: str, capability: Capability) -> Asking | Need:
        """Open a question, or give the open one: it stays the same until `settle` has handed over its outcome.

        May block on the network; a Need says why nobody can be asked.
        """
        ...

    def settle(self, user: str, asking: str, *, seconds: float, cut: Cut) -> Outcome:
        """Wait for the outcome. Declined where none came in time, or the question is of a process that has ended.

        Raises Cancelled where `cut` was made.
        """
        ...

    def paste(self, user: str, asking: str, address: str) -> None:
        """Take the address a browser was sent back to, as a person pasted it. Raises ConsentError."""
        ...

    def withdraw(self, user: str, asking: str) -> None:
        """Nobody is going to answer: close the question and its page, after an answer that is on its way in."""
        ...


class Accounts(Protocol):
    """What is linked."""

    def accounts(self, user: str, connection: str) -> tuple[str, ...]:
        """The names of the linked accounts of a connection, the default one first."""
        ...

    def grants(self, user: str) -> tuple[GrantFacts, ...]:
        """Everything that is linked."""
        ...

    def disconnect(self, user: str, connection: str, account: str, capability: str = "") -> Disconnected:
        """Forget one capability of an account here, or with "" the whole account, here and at the provider.

        May block on the network.
        """
        ...
