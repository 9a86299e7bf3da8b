"""Several brokers behind the one seam, and the lease that needs none."""

from __future__ import annotations

from dataclasses import dataclass, field

from auth.broker import FOREVER, Broker, Brokers, open_lease
from auth.capability import Capability
from auth.lease import Lease, Secret
from auth.need import Misconfigured, Need


def capability(connection: str) -> Capability:
    return Capability(connection, f"{connection}.read", frozenset({"s"}), ("GET host/*",), "read", "read")


@dataclass
class OneBroker:
    """Grants everything to its one account."""

    name: str
    given: list[Lease] = field(default_factory=list)
    forgotten: list[Lease] = field(default_factory=list)

    def lease(self, user: str, account: str, capability: Capability) -> Lease | Need:
        self.given.append(Lease(user, account, capability.name, capability.scopes, 1e12, Secret(f"of-{self.name}")))
        return self.given[-1]

    def invalidate(self, lease: Lease) -> None:
        if lease in self.given:
            self.forgotten.append(lease)

    def account(self, user: str, connection: str) -> str:
        return f"{user}@{self.name}.example"


GOOGLE, SLACK = OneBroker("google"), OneBroker("slack")
BROKERS = Brokers({"google": GOOGLE, "slack": SLACK})


def test_brokers_are_a_broker() -> None:
    behind: Broker = BROKERS
    assert behind.account("me", "google") == "me@google.example"


def test_a_lease_comes_from_the_broker_of_its_connection_and_is_forgotten_there() -> None:
    lease = BROKERS.lease("me", "ana", capability("slack"))
    assert isinstance(lease, Lease)
    assert (lease.user, lease.account, lease.capability) == ("me", "ana", "slack.read")
    assert SLACK.given[-1] is lease
    BROKERS.invalidate(lease)
    assert (SLACK.forgotten[-1:], GOOGLE.forgotten) == ([lease], [])


def test_an_open_service_needs_no_broker_and_its_lease_holds_no_token() -> None:
    lease = Brokers({}).lease("me", "", capability(""))
    assert isinstance(lease, Lease)
    assert (lease.token, lease.scopes, lease.expires, lease.account) == (None, frozenset(), FOREVER, "")
    assert open_lease("me", capability("")).capability == ".read"


def test_a_connection_nobody_serves_is_for_the_operator() -> None:
    need = BROKERS.lease("me", "", capability("drive"))
    assert need == Misconfigured(
        "drive", "no broker serves it", "Set the connection up first; `valet doctor` lists those that are."
    )


def test_a_connection_nobody_serves_has_no_account() -> None:
    assert BROKERS.account("me", "drive") == ""
