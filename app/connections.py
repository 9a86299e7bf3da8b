"""Which broker stands behind each connection: on the demo workspace, or on the person's own accounts.

Law: the same brokers either way; only the registered clients, the addresses and who consents differ.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.demo import registered
from app.tasks.addresses import AUDIENCE, ISSUER
from app.tasks.keys import CLIENT_ID
from auth.broker import Broker, Brokers, Linking, Unset
from auth.local.api_key import ApiKeyBroker
from auth.local.first_party import FirstPartyBroker, Tenant
from auth.local.google import GoogleBroker
from auth.local.grants import Client, Grants, consent_at_once
from auth.local.machine import Given, MachineBroker
from auth.local.machine_proof import ClientSecret, Proof, ServiceAccount, service_account
from auth.local.slack import SlackBroker
from auth.local.with_machines import WithMachines
from auth.need import Misconfigured

if TYPE_CHECKING:
    from app.settings import Settings
    from auth.audit import Audit
    from auth.capability import Capability
    from auth.wire import Wire
    from tools.registry import Registry

GOOGLE_STEPS = (
    "In the Google Cloud console make an OAuth client of the kind desktop app, download its JSON file and set "
    "VALET_GOOGLE_CLIENT to the path of it."
)
SLACK_STEPS = (
    "Make an app in your Slack workspace from docs/slack-manifest.yaml and set VALET_SLACK_CLIENT to its client id."
)


@dataclass(frozen=True)
class World:
    """What every broker is built with; `bundles` gives what is asked of a connection, by name.

    `at_once`: the person of the demo workspace agrees without being asked.
    """

    wire: Wire
    audit: Audit
    clock: Callable[[], float]
    locate: Callable[[str], str]
    grants: Callable[[str], Grants]
    bundles: Callable[[str], Mapping[str, Capability]]
    at_once: bool = False

    def common(self, connection: str, account: str) -> dict[str, Any]:
        return {
            "wire": self.wire,
            "audit": self.audit,
            "clock": self.clock,
            "locate": self.locate,
            "grants": self.grants(connection),
            "bundles": self.bundles(connection),
            "default_account": account,
            "consent": consent_at_once(self.wire) if self.at_once else None,
        }


def tasks_broker(world: World, secret: str) -> Broker:
    """The broker of the person's own tasks on this machine: whoever holds the secret is logged in without a page."""
    common = world.common("tasks", "this computer") | {"consent": consent_at_once(world.wire)}
    return FirstPartyBroker(client=Client(CLIENT_ID, secret), tenant=Tenant(ISSUER, AUDIENCE), **common)


def demo_brokers(world: World, account: str, tasks: Broker) -> Brokers:
    """The brokers of the demo workspace, whose person is `account`; "" for whoever was linked first."""
    return Brokers(
        {
            "google": GoogleBroker(
                client=Client(registered.CLIENT_ID, registered.CLIENT_SECRET), **world.common("google", account)
            ),
            "slack": SlackBroker(client=Client(registered.SLACK_CLIENT_ID, ""), **world.common("slack", account)),
            "tasks": tasks,
        }
    )


def with_keys(brokers: Brokers, world: World, registry: Registry) -> Brokers:
    """And a broker for each connection that is an API key: a tool that declares one needs nothing else."""
    keyed = {access.connection for access, _ in registry.needs if access.key is not None}
    made = {name: ApiKeyBroker(name, world.grants(name), world.audit, world.clock) for name in sorted(keyed)}
    return Brokers({**brokers.by_connection, **made})


def own_brokers(settings: Settings, world: World, tasks: Broker) -> Brokers:
    """The brokers of the person's own accounts; what is not set up yet says so when it is needed."""
    return Brokers({"google": _google(settings, world), "slack": _slack(settings, world), "tasks": tasks})


def _google(settings: Settings, world: World) -> Broker:
    client = google_client(settings.named("VALET_GOOGLE_CLIENT"))
    if isinstance(client, ServiceAccount):
        return Unset(Misconfigured("google", "VALET_GOOGLE_CLIENT names a service account", GOOGLE_STEPS))
    if isinstance(client, Misconfigured):
        return Unset(client)
    return GoogleBroker(client=client, **world.common("google", settings.named("VALET_GOOGLE_ACCOUNT")))


def _slack(settings: Settings, world: World) -> Broker:
    client = settings.named("VALET_SLACK_CLIENT")
    if not client:
        return Unset(Misconfigured("slack", "VALET_SLACK_CLIENT is not set", SLACK_STEPS))
    return SlackBroker(client=Client(client, ""), **world.common("slack", settings.named("VALET_SLACK_ACCOUNT")))


def google_client(path: str) -> Client | ServiceAccount | Misconfigured:
    """What a JSON file of the console holds: a desktop client ({"installed": {"client_id", "client_secret"}}), or a
    service account's key ({"type": "service_account", "client_email", "private_key_id", "private_key"}).
    """
    if not path:
        return Misconfigured("google", "VALET_GOOGLE_CLIENT is not set", GOOGLE_STEPS)
    try:
        facts = json.loads(Path(path).expanduser().read_text(encoding="utf-8"))
        if isinstance(facts, dict) and facts.get("type") == "service_account":
            return service_account(facts)
        return Client(_text(facts["installed"]["client_id"]), _text(facts["installed"]["client_secret"]))
    except OSError as error:
        return Misconfigured("google", f"{path} cannot be read ({error.strerror})", GOOGLE_STEPS)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Misconfigured("google", f"{path} is not the file of a desktop client", GOOGLE_STEPS)


def with_machines(brokers: Brokers, settings: Settings, world: World) -> Brokers:
    """And beside the people of each connection the programs: those linked, and those the settings name."""
    made: dict[str, Broker] = {}
    for name in machine_connections(settings):
        people = brokers.by_connection[name]
        if isinstance(people, Linking):
            kept = world.grants(machine_place(name))
            given = given_machine(settings, name)
            default = settings.named("VALET_GOOGLE_ACCOUNT") if name == "google" else ""
            machines = MachineBroker(name, world.wire, kept, world.audit, world.clock, world.locate, given, default)
            made[name] = WithMachines(people, machines)
    return Brokers({**brokers.by_connection, **made})


def machine_connections(settings: Settings) -> tuple[str, ...]:
    """Where a program may act in its own name; nowhere where a tenant keeps the accounts and issues the tokens."""
    return () if settings.named("VALET_BROKER") == "auth0" else ("google", "tasks")


def machine_place(connection: str) -> str:
    """Where in the vault the programs of a connection are, apart from its people."""
    return f"{connection}.machine"


def given_machine(settings: Settings, connection: str) -> Given | None:
    """The program the settings name for a connection."""
    if connection == "google" and settings.accounts == "own":
        found = google_client(settings.named("VALET_GOOGLE_CLIENT"))
        if isinstance(found, ServiceAccount):
            return Given(replace(found, person=settings.named("VALET_GOOGLE_ACCOUNT")), "VALET_GOOGLE_CLIENT")
    secret = settings.secret("VALET_TASKS_CLIENT_SECRET")
    if connection == "tasks" and settings.named("VALET_TASKS_CLIENT_ID") and secret is not None:
        return Given(tasks_client(settings.named("VALET_TASKS_CLIENT_ID"), secret.reveal()), "VALET_TASKS_CLIENT_ID")
    return None


def tasks_client(name: str, secret: str) -> Proof:
    """A program registered with the authorization server of the tasks service."""
    return ClientSecret("tasks", f"{ISSUER}oauth/token", name, secret, AUDIENCE)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("no text")
    return value
