"""Leases for Valet's own services, from the embedded authorization server and from one that behaves like Auth0."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.tasks.addresses import AUDIENCE, ISSUER, ISSUER_HOST, TASKS_HOST
from app.tasks.keys import CLIENT_ID, VaultKeys, client_secret
from auth.capability import Capability
from auth.gateway import Gateway
from auth.lease import Lease
from auth.local.first_party import FirstPartyBroker, Tenant
from auth.local.grants import Client, Grants, MemoryGrants, consent_at_once
from auth.need import Connect, Misconfigured, Need, Reauth, StepUp, Unavailable
from auth.wire import Wire
from tests.auth.local.google_world import form
from tests.auth.signed import Rows
from tests.loopback import Got, Hostile, Line
from tests.tasks.office import Abroad, Clock, Office, opened, vault_in

READ = Capability("tasks", "tasks.read", frozenset({"tasks:read"}), (f"GET {TASKS_HOST}/v1/tasks",), "read", "read")
BOTH = Capability("tasks", "tasks.change", frozenset({"tasks:read", "tasks:write"}), (), "write", "change")
ME = "me"


@dataclass
class Desk:
    """A broker of one process; another of the same grants is a second process."""

    origin: str
    secret: str = ""
    tenant: Tenant = field(default_factory=lambda: Tenant(ISSUER, AUDIENCE))
    clock: Clock = field(default_factory=Clock)
    grants: Grants = field(default_factory=MemoryGrants)
    at_once: bool = True
    wire: Wire = field(default_factory=Wire)
    audit: Rows = field(default_factory=Rows)

    def __post_init__(self) -> None:
        hosts = (ISSUER_HOST, TASKS_HOST, "tenant.auth.example")
        self.gateway = Gateway(self.wire, self.audit, origins=dict.fromkeys(hosts, self.origin))
        self.broker = FirstPartyBroker(
            wire=self.wire,
            client=Client(CLIENT_ID, self.secret),
            tenant=self.tenant,
            locate=self.gateway.locate,
            grants=self.grants,
            audit=self.audit,
            clock=self.clock,
            consent=consent_at_once(self.wire) if self.at_once else None,
        )

    def lease(self, capability: Capability = READ) -> Lease | Need:
        return self.broker.lease(ME, "", capability)

    def token(self, capability: Capability = READ) -> str:
        lease = self.lease(capability)
        assert isinstance(lease, Lease), lease
        assert lease.scopes == capability.scopes
        assert lease.token is not None
        return lease.token.reveal()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    with opened(tmp_path / "tasks.db", clock) as office:
        yield office


@pytest.fixture
def clock() -> Clock:
    return Clock()


@contextmanager
def at(office: Office, **given: Any) -> Iterator[Desk]:
    desk = Desk(office.origin, office.secret, **given)
    yield desk
    desk.wire.close()


def test_a_lease_reads_tasks_and_cannot_change_them(office: Office, clock: Clock) -> None:
    with at(office, clock=clock) as desk:
        office.token = desk.token()
        assert office.send("GET", "/v1/tasks").status == 200
        assert office.put("POST", "/v1/tasks", {"title": "x"}).status == 403
        office.token = desk.token(BOTH)
        assert office.put("POST", "/v1/tasks", {"title": "x"}).status == 201


def test_a_kept_lease_is_used_until_shortly_before_its_end_and_then_rotated(office: Office, clock: Clock) -> None:
    with at(office, clock=clock) as desk:
        first = desk.token()
        assert desk.token() == first
        before = desk.grants.find(ME, desk.broker.account(ME, "tasks"), READ.name)
        clock.now += 840
        assert desk.token() != first
        after = desk.grants.find(ME, desk.broker.account(ME, "tasks"), READ.name)
        assert before is not None
        assert after is not None
        assert before.refresh_token is not None
        assert after.refresh_token is not None
        assert before.refresh_token.reveal() != after.refresh_token.reveal()
        assert after.expires == before.expires


def test_two_processes_share_one_login(office: Office, clock: Clock) -> None:
    grants = MemoryGrants()
    with at(office, clock=clock, grants=grants) as desk, at(office, clock=clock, grants=grants, at_once=False) as other:
        desk.token()
        for number in range(4):
            clock.now += 1000
            (desk, other)[number % 2].token()


def test_without_anybody_to_log_in_a_connection_is_needed(office: Office) -> None:
    with at(office, at_once=False) as desk:
        assert desk.lease() == Connect("tasks", READ.scopes, "read")


def test_a_revoked_login_is_begun_anew_where_somebody_is_at_hand(office: Office, clock: Clock) -> None:
    grants = MemoryGrants()
    with at(office, clock=clock, grants=grants) as desk, at(office, clock=clock, grants=grants, at_once=False) as alone:
        for using, outcome in ((alone, Reauth), (desk, Lease)):
            desk.token()
            grant = grants.find(ME, desk.broker.account(ME, "tasks"), READ.name)
            assert grant is not None
            assert grant.refresh_token is not None
            office.form("/oauth/revoke", token=grant.refresh_token.reveal())
            clock.now += 1000
            assert isinstance(using.lease(), outcome)


def test_disconnecting_revokes(office: Office) -> None:
    with at(office) as desk:
        desk.token()
        account = desk.broker.account(ME, "tasks")
        grant = desk.grants.find(ME, account, READ.name)
        assert grant is not None
        assert grant.refresh_token is not None
        assert desk.broker.disconnect(ME, "tasks", account).revoked
        assert office.refresh(grant.refresh_token.reveal()).status == 400
        assert desk.broker.accounts(ME, "tasks") == ()


def test_another_users_secret_is_a_matter_of_the_installation(office: Office) -> None:
    with at(Office(office.origin, secret="guessed")) as desk:
        need = desk.lease()
        assert isinstance(need, Misconfigured)
        assert "invalid_client" in need.missing


def test_nobody_answers() -> None:
    with Hostile(lambda got, line: line.reply(503, {"error": "down"})) as hostile, at(Office(hostile.origin)) as desk:
        assert isinstance(desk.lease(), Unavailable)


class Auth0:
    """Answers as Auth0 does: no scope where it is the one asked for, 403 for a dead token, empty revocations."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.refusal: dict[str, str] | None = None

    def play(self, got: Got, line: Line) -> None:
        if got.path == "/authorize":
            query = form(Got(0, "", "", {}, got.target.partition("?")[2].encode()))
            self.asked.append(query)
            line.reply(302, b"", location=f"{query['redirect_uri']}?code=c1&state={query['state']}")
        elif got.path == "/oauth/revoke":
            line.reply(200, b"")
        else:
            self.asked.append(form(got))
            self._token(got, line)

    def _token(self, got: Got, line: Line) -> None:
        if self.refusal is not None:
            line.reply(403, self.refusal)
            return

        token = Abroad().token(Clock(), scope="tasks:read")
        line.reply(
            200,
            {
                "access_token": token,
                "refresh_token": f"v1.{len(self.asked)}",
                "token_type": "Bearer",
                "expires_in": 86400,
            },
        )


def test_auth0_is_spoken_to_in_its_own_way() -> None:
    auth0 = Auth0()
    tenant = Tenant("https://tenant.auth.example/", AUDIENCE)
    with Hostile(auth0.play) as hostile, at(Office(hostile.origin), tenant=tenant) as desk:
        assert isinstance(desk.lease(), Lease)
        asked, redeemed, refreshed = auth0.asked
        assert asked["audience"] == AUDIENCE
        assert set(asked["scope"].split()) == {"openid", "offline_access", "tasks:read"}
        assert redeemed["code_verifier"]
        assert "client_secret" not in redeemed
        assert (refreshed["scope"], refreshed["refresh_token"]) == ("tasks:read", "v1.2")
        assert desk.broker.disconnect(ME, "tasks", "").revoked


@pytest.mark.parametrize(
    ("refusal", "need"),
    [
        ({"error": "invalid_grant", "error_description": "Unknown or invalid refresh token."}, Reauth),
        ({"error": "unauthorized_client", "error_description": "Grant type not allowed."}, Misconfigured),
        ({"error": "invalid_scope", "error_description": "No."}, StepUp),
        ({"error": "too_many_requests", "error_description": "Slow down."}, Unavailable),
    ],
)
def test_each_error_of_auth0_leads_to_its_own_need(refusal: dict[str, str], need: type[Need]) -> None:
    auth0 = Auth0()
    tenant, grants, clock = Tenant("https://tenant.auth.example/", AUDIENCE), MemoryGrants(), Clock()
    with Hostile(auth0.play) as hostile:
        with at(Office(hostile.origin), tenant=tenant, grants=grants, clock=clock) as desk:
            assert isinstance(desk.lease(), Lease)
        auth0.refusal = refusal
        clock.now += 90_000
        with at(Office(hostile.origin), tenant=tenant, grants=grants, clock=clock, at_once=False) as desk:
            assert isinstance(desk.lease(), need)


def test_the_secret_is_made_once(tmp_path: Path) -> None:
    with vault_in(tmp_path) as one, vault_in(tmp_path) as other:
        assert client_secret(VaultKeys(one)) == client_secret(VaultKeys(other))
