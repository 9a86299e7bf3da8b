"""The broker, the gateway and the real Google client against the demo workspace, which refuses what Google refuses."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.demo.google_oauth import CLIENT_ID, CLIENT_SECRET, Consent
from app.demo.server import Running, serve
from auth.broker import Brokers
from auth.capability import Capability
from auth.gateway import Gateway, SignedTransport
from auth.lease import Lease
from auth.local.google import GoogleBroker
from auth.local.grants import Client, MemoryGrants, consent_at_once
from auth.need import Connect, Misconfigured, Need, Reauth, StepUp, Unavailable
from auth.wire import Cut, Wire
from tests.auth.signed import GMAIL, Rows
from tests.demo.little_office import ALEX, AUTH, Clock, open_office
from tools.clients import GoogleHttp, gmail, run
from tools.errors import AccessRefused

HOSTS = (GMAIL, "www.googleapis.com", "oauth2.googleapis.com", "accounts.google.com")
READONLY, SEND, LABELS = f"{AUTH}gmail.readonly", f"{AUTH}gmail.send", f"{AUTH}gmail.labels"
EVERYTHING = (f"GET {GMAIL}/**", f"POST {GMAIL}/**")


def capability(name: str, *scopes: str) -> Capability:
    """A capability whose operations let everything through: only the token's scopes hold it back."""
    return Capability("google", name, frozenset(scopes), EVERYTHING, "read", "try things")


READ = capability("gmail.read", READONLY)


@dataclass
class World:
    running: Running
    clock: Clock
    wire: Wire
    audit: Rows
    grants: MemoryGrants = field(default_factory=MemoryGrants)

    def broker(self, secret: str = CLIENT_SECRET, *, someone: bool = True) -> Brokers:
        """`someone` agrees at once, whenever they are asked."""
        google = GoogleBroker(
            wire=self.wire,
            client=Client(CLIENT_ID, secret),
            grants=self.grants,
            audit=self.audit,
            clock=self.clock,
            default_account=ALEX,
            locate=self.gateway.locate,
            consent=consent_at_once(self.wire) if someone else None,
        )
        return Brokers({"google": google})

    @property
    def gateway(self) -> Gateway:
        return Gateway(self.wire, self.audit, origins=dict.fromkeys(HOSTS, self.running.origin))

    def transport(self, broker: Brokers, given: Capability) -> SignedTransport:
        """As the graph opens it: a fresh lease after a 401."""
        lease = broker.lease("me", "", given)
        assert isinstance(lease, Lease), lease

        def renew(dead: Lease) -> Lease | None:
            broker.invalidate(dead)
            fresh = broker.lease("me", "", given)
            return fresh if isinstance(fresh, Lease) else None

        return self.gateway.open(lease, given, cut=Cut(), renew=renew)

    def posts(self, path: str) -> int:
        return sum(record.path == path and record.method == "POST" for record in self.running.log)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    clock, wire = Clock(), Wire()
    workspace = open_office(tmp_path / "office.sqlite", clock)
    with serve(workspace) as running:
        yield World(running, clock, wire, Rows())
    wire.close()
    workspace.close()


def profile(transport: SignedTransport) -> Any:
    return run(gmail().users().getProfile(userId="me"), transport, service="Gmail")


def test_a_consent_leads_to_a_lease_that_reads(world: World) -> None:
    assert profile(world.transport(world.broker(), READ))["emailAddress"] == ALEX
    assert [kind for _, kind, _ in world.audit.rows] == ["call", "decision", "lease", "call"], "whose it is was asked"


def test_the_token_is_as_narrow_as_its_capability(world: World) -> None:
    """The demo workspace holds a call to the scopes its token carries, as Google does."""
    broker = world.broker()
    send = gmail().users().messages().send(userId="me", body={"raw": "aGk"})
    with pytest.raises(AccessRefused):
        run(send, world.transport(broker, READ), service="Gmail")
    with pytest.raises(AccessRefused):
        profile(world.transport(broker, capability("gmail.send", SEND)))


def test_one_consent_for_each_capability_and_one_refresh_for_each_lease(world: World) -> None:
    broker = world.broker()
    with ThreadPoolExecutor(8) as pool:
        leases = list(pool.map(lambda _: broker.lease("me", "", READ), range(8)))
    assert len(set(map(id, leases))) == 1
    assert world.posts("/token") == 2
    broker.lease("me", "", capability("gmail.labels", LABELS))
    assert world.posts("/token") == 4


def test_an_expired_token_is_renewed_within_the_call(world: World) -> None:
    broker = world.broker()
    transport = world.transport(broker, READ)
    world.clock.forward(seconds=3700)
    assert profile(transport)["emailAddress"] == ALEX
    assert [facts["outcome"] for _, kind, facts in world.audit.rows if kind == "call"] == ["taken", "401", "200"]


def test_an_expired_token_is_renewed_within_a_batch(world: World) -> None:
    transport = world.transport(world.broker(), READ)
    world.clock.forward(seconds=3700)
    found: list[Any] = []
    batch = gmail().new_batch_http_request(callback=lambda name, answer, error: found.append(answer or error))
    for _ in range(3):
        batch.add(gmail().users().getProfile(userId="me"))
    batch.execute(http=GoogleHttp(transport, service="Gmail"))
    assert [answer["emailAddress"] for answer in found] == [ALEX] * 3


def test_a_revoked_grant_ends_in_a_reconnection(world: World) -> None:
    assert isinstance(world.broker().lease("me", "", READ), Lease)
    broker = world.broker(someone=False)
    transport = world.transport(broker, READ)
    lease = broker.lease("me", "", READ)
    assert isinstance(lease, Lease)
    assert lease.token is not None
    revoked = f"token={lease.token.reveal()}".encode()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    url = f"{world.running.origin}/revoke"
    assert world.wire.send("POST", url, body=revoked, headers=form, cut=Cut()).status == 200
    with pytest.raises(AccessRefused):
        profile(transport)
    assert ("need", "Reauth") in [(kind, facts.get("need")) for _, kind, facts in world.audit.rows]
    again = world.broker()
    assert profile(world.transport(again, READ))["emailAddress"] == ALEX, "someone at hand consents again"


@pytest.mark.parametrize(
    ("consent", "need"),
    [
        (Consent("deny"), Connect("google", frozenset({READONLY, LABELS}), "try things")),
        (Consent("partial", frozenset({LABELS})), StepUp("google", frozenset({READONLY}), "try things")),
    ],
)
def test_a_consent_to_less_gives_no_lease(world: World, consent: Consent, need: Need) -> None:
    world.running.consent = consent
    assert world.broker().lease("me", "", capability("gmail.read", READONLY, LABELS)) == need


def test_a_grant_that_ran_out_is_to_be_given_again(world: World) -> None:
    world.running.consent = Consent(lifetime=7200)
    assert isinstance(world.broker().lease("me", "", READ), Lease)
    world.clock.forward(hours=3)
    assert world.broker(someone=False).lease("me", "", READ) == Reauth("google", "Token has been expired or revoked.")
    assert isinstance(world.broker().lease("me", "", READ), Lease), "where someone agrees at once, it is"


def test_a_wrong_client_is_for_the_operator(world: World) -> None:
    assert isinstance(world.broker(secret="wrong").lease("me", "", READ), Misconfigured)


def test_an_unknown_scope_leaves_the_consent_page_where_it_is(world: World) -> None:
    need = world.broker().lease("me", "", capability("x", f"{AUTH}made.up"))
    assert isinstance(need, Unavailable)
    assert "consent page" in need.why


@pytest.mark.parametrize("fault", ["oauth:503*", "oauth:reset*", "oauth:truncate*", "oauth:garbage*"])
def test_a_failing_identity_service_is_unavailable_and_heals(world: World, fault: str) -> None:
    broker = world.broker()
    world.running.faults.parse(fault)
    assert isinstance(broker.lease("me", "", READ), Unavailable)
    world.running.faults.clear()
    assert isinstance(broker.lease("me", "", READ), Lease)
