"""What a person consented to, and where it is kept. Law: a grant's refresh token is a secret of its own kind."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import NoReturn, Protocol
from urllib.parse import parse_qs, urlsplit

from auth.errors import Unreachable
from auth.lease import Secret
from auth.local.token_endpoint import TokenError
from auth.wire import Cut, Wire


@dataclass(frozen=True)
class Client:
    """The app's registration. The secret of an installed app is not confidential; "" for a public client."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, eq=False)
class Access:
    """An access token, kept so that another process need not spend a refresh; to be used `until` shortly before it
    `expires`. Both are seconds since the epoch.
    """

    token: Secret
    scopes: frozenset[str]
    expires: float
    until: float

    def __reduce__(self) -> NoReturn:
        raise TypeError("An access token is a secret; only a vault keeps it.")


@dataclass(frozen=True, eq=False)
class Grant:
    """What a person consented to for one bundle of one account. Times are seconds since the epoch."""

    account: str
    scopes: frozenset[str]
    refresh_token: Secret | None
    """The lasting secret, whatever the service calls it; None where the grant is dead."""
    identity: str = ""
    """Who it is for the service, for ever: Google's `sub`, Slack's team and user; "" where it was not told."""
    linked: float = 0.0
    used: float = 0.0
    expires: float | None = None
    """When the refresh token itself ends; None where the service names no end."""
    dead: str = ""
    """Why the service no longer takes it; "" while it does. A dead grant is kept to be shown."""
    begun: float = 0.0
    """When a refresh was begun that nobody completed: the token may be spent. 0.0 where none was."""
    fixed: bool = False
    """Whether the lasting secret is itself the access token (pasted by a person), never refreshed."""
    accesses: tuple[Access, ...] = ()
    """What refreshes gave that may still be good, each for other scopes, the newest last: for every process, and
    encrypted like the lasting secret."""

    def __reduce__(self) -> NoReturn:
        raise TypeError("A grant holds a secret; only a vault keeps it.")


@dataclass(frozen=True)
class Kept:
    """A grant and the bundle it is for, as `Grants.of` lists them."""

    capability: str
    grant: Grant


class Grants(Protocol):
    """Where the grants of one connection are kept, by bundle (`capability`). Safe to use from any thread.

    A single-use refresh token is spent so: within `exclusive`, `find` it anew; where `begun` is set, somebody died
    between spending a token and keeping its successor. Else `begin`, ask the service, then `keep` the successor, or
    `cancel` where the service surely did not spend it.

    What keeps them on disk raises VaultError, whose `what` and `next` are for the person.
    """

    def find(self, user: str, account: str, capability: str) -> Grant | None: ...
    def keep(self, user: str, capability: str, grant: Grant) -> None:
        """Durable when this returns. Ends what `begin` began."""
        ...

    def drop(self, user: str, account: str, capability: str) -> None: ...
    def of(self, user: str) -> tuple[Kept, ...]:
        """Every grant of a person, the dead ones too, by account and capability."""
        ...

    def exclusive(self, user: str, account: str, capability: str) -> AbstractContextManager[None]:
        """Alone with this grant, among all threads and processes; freed when its holder dies. Not reentrant."""
        ...

    def begin(self, user: str, account: str, capability: str) -> None:
        """The refresh token is about to be spent. Durable when this returns."""
        ...

    def cancel(self, user: str, account: str, capability: str) -> None:
        """The service did not spend the token: take back what `begin` said."""
        ...


class MemoryGrants:
    """Grants for the life of the process."""

    def __init__(self) -> None:
        self._grants: dict[tuple[str, str, str], Grant] = {}
        self._locks: dict[tuple[str, str, str], threading.Lock] = {}
        self._guard = threading.Lock()

    def find(self, user: str, account: str, capability: str) -> Grant | None:
        return self._grants.get((user, account, capability))

    def keep(self, user: str, capability: str, grant: Grant) -> None:
        self._grants[(user, grant.account, capability)] = replace(grant, begun=0.0)

    def drop(self, user: str, account: str, capability: str) -> None:
        self._grants.pop((user, account, capability), None)

    def of(self, user: str) -> tuple[Kept, ...]:
        mine = sorted((key, grant) for key, grant in self._grants.copy().items() if key[0] == user)
        return tuple(Kept(capability, grant) for (_, _, capability), grant in mine)

    @contextmanager
    def exclusive(self, user: str, account: str, capability: str) -> Iterator[None]:
        with self._guard:
            lock = self._locks.setdefault((user, account, capability), threading.Lock())
        with lock:
            yield

    def begin(self, user: str, account: str, capability: str) -> None:
        self._mark((user, account, capability), time.time())

    def cancel(self, user: str, account: str, capability: str) -> None:
        self._mark((user, account, capability), 0.0)

    def _mark(self, key: tuple[str, str, str], begun: float) -> None:
        grant = self._grants.get(key)
        if grant is not None:
            self._grants[key] = replace(grant, begun=begun)


Consent = Callable[[str], str]
"""Takes the address of the consent page, returns the address the browser was sent back to."""


@dataclass(frozen=True)
class Challenge:
    """State and PKCE verifier of one consent (RFC 7636)."""

    state: str = field(repr=False)
    verifier: str = field(repr=False)

    @classmethod
    def new(cls) -> Challenge:
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(48))

    @property
    def digest(self) -> str:
        """The code challenge of method S256."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()

    def code(self, back: str) -> str | None:
        """The code in the address the browser was sent back to; None where the person declined.

        Raises TokenError where the state is not the one sent out.
        """
        query = parse_qs(urlsplit(back).query)
        if not hmac.compare_digest(query.get("state", [""])[0].encode(), self.state.encode()):
            raise TokenError("invalid_grant", "the answer to the consent carries another state")
        return query.get("code", [None])[0]


def consent_at_once(wire: Wire) -> Consent:
    """The demo workspace's person, who agrees at once: fetch the page, take the redirect it answers with."""

    def consent(page: str) -> str:
        redirect = parse_qs(urlsplit(page).query).get("redirect_uri", [""])[0]
        answer = wire.send("GET", page, body=None, headers={}, cut=Cut())
        location = answer.headers.get("location", "")
        if answer.status not in (302, 303) or not redirect or not location.startswith(redirect):
            raise Unreachable(f"the consent page did not send the browser back (HTTP {answer.status})")
        return location

    return consent
