"""An Auth0 broker on the demo's tenant, and a browser that goes where it is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin

from app.demo.auth0.tenant import (
    API_CLIENT,
    API_SECRET,
    DOMAIN,
    NATIVE_CLIENT,
    TASKS,
    VAULT_API,
    WEB_CLIENT,
    WEB_SECRET,
)
from app.demo.auth0.tenant import Tenant as DemoTenant
from app.demo.server import Running
from auth.auth0.auth0_broker import Auth0Broker
from auth.auth0.first_party import OwnSignIn
from auth.auth0.tenant import FirstParty, Tenant, VaultApi
from auth.broker import Linking
from auth.capability import Capability
from auth.consent import Asking, Linked, Outcome
from auth.gateway import Gateway
from auth.lease import Lease
from auth.local.grants import Client, Grants, MemoryGrants, consent_at_once
from auth.need import Need
from auth.wire import Cut, Wire
from tests.auth.local.linking import HOSTS, ME, Page, fetch
from tests.auth.signed import Rows
from tests.demo.little_office import AUTH, Clock
from tests.loopback import PATIENCE

READONLY, FREE_BUSY = f"{AUTH}gmail.readonly", f"{AUTH}calendar.freebusy"
MAIL = Capability("google", "gmail.read", frozenset({READONLY}), (), "read", "read your mail")
FREE = Capability("google", "calendar.free", frozenset({FREE_BUSY}), (), "read", "see when you are free")
CHAT = Capability("slack", "slack.read", frozenset({"channels:read"}), (), "read", "read your channels")
CONNECTIONS = {"google": "google-oauth2", "slack": "sign-in-with-slack"}
WEB = Client(WEB_CLIENT, WEB_SECRET)


def tenant(client: Client = WEB, api: VaultApi | None = None, connections: Mapping[str, str] = CONNECTIONS) -> Tenant:
    return Tenant(DOMAIN, client, connections, api)


TASKS_SCOPES = ("tasks:read", "tasks:write")
TO_DO = Capability("tasks", "tasks.read", frozenset({"tasks:read"}), (), "read", "read your tasks")
TO_ADD = Capability("tasks", "tasks.write", frozenset({"tasks:write"}), (), "write", "add and change tasks")
BY_SIGN_IN = replace(tenant(), own=FirstParty("tasks", TASKS, TASKS_SCOPES))
BY_OWN_CLIENT = replace(tenant(), own=FirstParty("tasks", TASKS, TASKS_SCOPES, Client(NATIVE_CLIENT, "")))
BY_ACCESS_TOKEN = tenant(Client(NATIVE_CLIENT, ""), VaultApi(VAULT_API, Client(API_CLIENT, API_SECRET)))


def browse(page: str) -> Page:
    """All the way, as somebody who agrees to everything: the page it ends at."""
    at = page
    for _ in range(12):
        found = fetch(at)
        if "location" not in found.headers:
            return found
        at = urljoin(at, found.headers["location"])
    raise AssertionError("the pages lead in a circle")


def stopped_before_callback(page: str) -> str:
    """Go as far as the address on this machine the browser is sent back to, without opening it."""
    at = page
    for _ in range(12):
        at = urljoin(at, fetch(at).headers["location"])
        if "/auth0/callback?" in at:
            return at
    raise AssertionError("nothing led back")


@dataclass
class World:
    """The tenant, and Valet's side of it in one process."""

    running: Running
    clock: Clock
    kept: dict[str, MemoryGrants] = field(default_factory=dict)
    audit: Rows = field(default_factory=Rows)
    wire: Wire = field(default_factory=Wire)
    open_seconds: float = PATIENCE

    def broker(
        self, at: Tenant | None = None, *, at_once: bool = False, defaults: Mapping[str, str] | None = None
    ) -> Auth0Broker:
        origins = dict.fromkeys((*HOSTS, DOMAIN), self.running.origin)
        return Auth0Broker(
            tenant=at or tenant(),
            gateway=Gateway(self.wire, self.audit, origins=origins),
            clock=self.clock,
            grants=self.grants,
            bundles=lambda connection: {},
            defaults=defaults or {},
            at_once=at_once,
            open_seconds=self.open_seconds,
        )

    def tasks(self, at: Tenant = BY_OWN_CLIENT, *, at_once: bool = False) -> OwnSignIn:
        """The broker of the tasks by a Native application of their own."""
        assert at.own is not None
        assert at.own.client is not None
        return OwnSignIn(
            self.broker(at).around,
            at.own,
            at.own.client,
            grants=self.grants("auth0.tasks"),
            audit=self.audit,
            clock=self.clock,
            consent=consent_at_once(self.wire) if at_once else None,
            open_seconds=self.open_seconds,
        )

    def grants(self, connection: str) -> Grants:
        return self.kept.setdefault(connection, MemoryGrants())

    def without(self, *items: str) -> None:
        """Set the tenant up without these."""
        self.running.auth0 = DemoTenant(missing=frozenset(items))

    def asked(self, path: str) -> int:
        """How often the tenant was asked at this path."""
        return sum(record.path == path for record in self.running.log)


Make = Callable[..., World]


def opened(broker: Linking, capability: Capability = MAIL, account: str = "") -> Asking:
    asking = broker.ask(ME, account, capability)
    assert isinstance(asking, Asking), asking
    return asking


def settled(broker: Linking, asking: Asking, seconds: float = PATIENCE) -> Outcome:
    return broker.settle(ME, asking.id, seconds=seconds, cut=Cut())


def linked(broker: Linking, capability: Capability = MAIL, account: str = "") -> Outcome:
    """A whole consent in a browser."""
    asking = opened(broker, capability, account)
    browse(asking.page)
    return settled(broker, asking)


def link(broker: Linking, capability: Capability = MAIL, account: str = "") -> Linked:
    outcome = linked(broker, capability, account)
    assert isinstance(outcome, Linked), outcome
    return outcome


def leased(broker: Linking, capability: Capability = MAIL, account: str = "") -> Lease:
    found: Lease | Need = broker.lease(ME, account, capability)
    assert isinstance(found, Lease), found
    assert found.token is not None
    return found
