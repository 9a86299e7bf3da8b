"""A signed transport on a loopback server, with what was audited and which leases were asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from auth.broker import open_lease
from auth.capability import Capability
from auth.gateway import Gateway, SignedTransport
from auth.lease import Lease, Secret
from auth.wire import Cut, Wire
from tests.loopback import Hostile, Play

GMAIL, GOOGLE = "gmail.googleapis.com", "www.googleapis.com"
ME = f"https://{GMAIL}/gmail/v1/users/me"
TOKEN, FRESH = "ya29.canary-first", "ya29.canary-fresh"


def capability(*operations: str, effect: str = "read", connection: str = "google") -> Capability:
    return Capability(connection, "gmail.read", frozenset({"s"}), operations, effect, "read your mail")


READ = capability(
    f"GET {GMAIL}/gmail/v1/users/me/threads",
    f"GET {GMAIL}/gmail/v1/users/me/threads/*?format=full|metadata",
    f"POST {GMAIL}/batch",
)
WRITE = capability(
    f"POST {GMAIL}/gmail/v1/users/me/messages/send",
    f"POST {GMAIL}/upload/gmail/v1/users/me/messages/send?uploadType=multipart|resumable",
    f"POST {GMAIL}/batch",
    effect="write",
)


def lease_of(given: Capability, token: str) -> Lease:
    return Lease("me", "ana@example.org", given.name, given.scopes, 1e12, Secret(token))


@dataclass
class Rows:
    """An audit in memory."""

    rows: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def record(self, user: str, kind: str, **facts: Any) -> None:
        self.rows.append((user, kind, facts))

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        return [(facts["operation"], facts["outcome"]) for _, _, facts in self.rows]


@dataclass
class Signed:
    """`renewals` are the leases a fresh one was asked for."""

    server: Hostile
    gateway: Gateway
    audit: Rows
    transport: SignedTransport
    cut: Cut
    renewals: list[Lease]


@contextmanager
def signed(
    play: Play,
    given: Capability = READ,
    *,
    fresh: Callable[[Lease], Lease | None] = lambda dead: lease_of(READ, FRESH),
    audit: Rows | None = None,
) -> Iterator[Signed]:
    """Gmail and Calendar answered by `play`; an open capability gets a lease without a token."""
    renewals: list[Lease] = []

    def renew(dead: Lease) -> Lease | None:
        renewals.append(dead)
        return fresh(dead)

    with Hostile(play) as server:
        wire, audit, cut = Wire(), audit or Rows(), Cut()
        gateway = Gateway(wire, audit, origins={GMAIL: server.origin, GOOGLE: f"{server.origin}/"})
        lease = lease_of(given, TOKEN) if given.connection else open_lease("me", given)
        transport = gateway.open(lease, given, cut=cut, renew=renew)
        try:
            yield Signed(server, gateway, audit, transport, cut, renewals)
        finally:
            wire.close()
