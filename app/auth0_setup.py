"""Auth0 as the keeper of the accounts: whose tenant it is, its brokers, and its word for who may see the tasks.

Law: on the demo workspace the tenant is the demo's own, and no setting of a real one is used.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.connections import World
from app.setting_rows import SettingsError, pairs
from auth.broker import Broker, Brokers, Unset
from auth.local.grants import Client
from auth.need import Misconfigured

if TYPE_CHECKING:
    from app.settings import Settings
    from app.tasks.local import Elsewhere
    from auth.auth0.auth0_broker import Auth0Broker
    from auth.auth0.tenant import FirstParty, Tenant
    from auth.gateway import Gateway

JWKS = ".well-known/jwks.json"
STEPS = "Register Valet as a Regular Web Application at your tenant (docs/auth0.md), then `valet doctor auth0`."
SERVED = ("google", "slack")
TASKS = "tasks"


def auth0_brokers(settings: Settings, world: World, account: str, gateway: Gateway) -> Brokers:
    """The brokers where a tenant keeps the accounts; `account` is the demo workspace's person, "" for own accounts."""
    from auth.auth0.auth0_broker import SIGN_IN, Auth0Broker

    demo = settings.accounts == "demo"
    tenant = demo_tenant() if demo else own_tenant(settings)
    if isinstance(tenant, Misconfigured):
        return Brokers({name: Unset(replace(tenant, connection=name)) for name in (*SERVED, TASKS)})
    own = {name: settings.named(f"VALET_{name.upper()}_ACCOUNT") for name in SERVED}
    broker = Auth0Broker(
        tenant=tenant,
        gateway=gateway,
        clock=world.clock,
        grants=world.grants,
        bundles=world.bundles,
        defaults=dict.fromkeys(SERVED, account) if demo else own,
        at_once=world.at_once,
    )
    return Brokers({**dict.fromkeys((*SERVED, SIGN_IN), broker), TASKS: tasks_of(tenant, broker, world)})


def tasks_of(tenant: Tenant, broker: Auth0Broker, world: World) -> Broker:
    """Whoever gives the tokens of the tasks API: a Native application of the tenant, or the sign-in at it."""
    from auth.auth0.first_party import OwnSignIn

    if tenant.own is None or tenant.own.client is None:
        return broker
    common = world.common(TASKS, "")
    common |= {"grants": world.grants(f"auth0.{TASKS}")}
    for known in ("wire", "locate"):
        common.pop(known)
    return OwnSignIn(broker.around, tenant.own, tenant.own.client, **common)


def tasks_issuer(settings: Settings, demo_origin: str) -> Elsewhere | None:
    """Whose tokens the tasks API takes, where the settings name a tenant; None for the embedded issuer's."""
    if settings.named("VALET_BROKER") != "auth0":
        return None
    from app.tasks.local import Elsewhere

    if settings.accounts == "demo":
        tenant = demo_tenant()
        return Elsewhere(tenant.issuer, _audience(tenant), f"{demo_origin}/{JWKS}", _demo_subject)
    own = own_tenant(settings)
    return None if isinstance(own, Misconfigured) else Elsewhere(own.issuer, _audience(own), own.url(JWKS))


def issuer_to_serve_with(settings: Settings, *, demo: bool) -> Elsewhere | None:
    """The same for the tasks API that is served alone. Raises SettingsError where the tenant cannot be asked."""
    if settings.named("VALET_BROKER") != "auth0":
        return None
    if demo and not settings.demo_origin:
        raise SettingsError(
            "The tenant of the demo workspace publishes its keys where the workspace is served, and that is not named.",
            "Start `valet demo serve` and name it in VALET_DEMO_ORIGIN, or serve with VALET_BROKER=local.",
        )
    tenant = demo_tenant() if demo else own_tenant(settings)
    if isinstance(tenant, Misconfigured):
        raise SettingsError(f"Auth0 issues the tokens, and {tenant.missing}.", tenant.next)
    return tasks_issuer(settings, settings.demo_origin)


def _audience(tenant: Tenant) -> str:
    return tenant.own.audience if tenant.own else ""


def _demo_subject(address: str) -> str:
    from app.demo.auth0.tokens import subject_of

    return subject_of(address)


def tasks_api(audience: str, client: Client | None) -> FirstParty:
    """The tasks API as the tenant knows it."""
    from auth.auth0.tenant import FirstParty

    return FirstParty(TASKS, audience, ("tasks:read", "tasks:write"), client)


def demo_tenant() -> Tenant:
    """The tenant of the demo workspace."""
    from app.demo.auth0.tenant import DOMAIN, NATIVE_CLIENT, TASKS, WEB_CLIENT, WEB_SECRET
    from app.setting_rows import CONNECTIONS
    from auth.auth0.tenant import Tenant

    own = tasks_api(TASKS, Client(NATIVE_CLIENT, ""))
    return Tenant(DOMAIN, Client(WEB_CLIENT, WEB_SECRET), pairs(CONNECTIONS), own=own)


def own_tenant(settings: Settings) -> Tenant | Misconfigured:
    """The tenant the settings name, or the setting that is missing."""
    from auth.auth0.tenant import Tenant, VaultApi

    needed = ["VALET_AUTH0_DOMAIN", "VALET_AUTH0_CLIENT_ID"]
    api = settings.named("VALET_AUTH0_VAULT_API")
    needed += ["VALET_AUTH0_VAULT_CLIENT_ID"] if api else []
    for name in needed:
        if not settings.named(name):
            return Misconfigured("auth0", f"{name} is not set", STEPS)
    secret = "VALET_AUTH0_VAULT_CLIENT_SECRET" if api else "VALET_AUTH0_CLIENT_SECRET"
    if settings.secret(secret) is None:
        return Misconfigured("auth0", f"{secret} is not set", STEPS)
    vault = VaultApi(api, _client(settings, "VALET_AUTH0_VAULT_CLIENT")) if api else None
    connections = pairs(settings.named("VALET_AUTH0_CONNECTIONS"))
    tasks_client = settings.named("VALET_AUTH0_TASKS_CLIENT_ID")
    own = tasks_api(settings.named("VALET_AUTH0_TASKS_API"), Client(tasks_client, "") if tasks_client else None)
    client = _client(settings, "VALET_AUTH0_CLIENT")
    return Tenant(settings.named("VALET_AUTH0_DOMAIN"), client, connections, vault, own)


def _client(settings: Settings, name: str) -> Client:
    secret = settings.secret(f"{name}_SECRET")
    return Client(settings.named(f"{name}_ID"), secret.reveal() if secret else "")
