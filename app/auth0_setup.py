"""Auth0 as the keeper of the accounts: whose tenant it is, and its broker.

Law: on the demo workspace the tenant is the demo's own, and no setting of a real one is used.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.connections import World
from app.setting_rows import pairs
from auth.broker import Broker, Brokers, Unset
from auth.local.grants import Client
from auth.need import Misconfigured

if TYPE_CHECKING:
    from app.settings import Settings
    from auth.auth0.tenant import Tenant

STEPS = "Register Valet as a Regular Web Application at your tenant (docs/auth0.md), then `valet doctor auth0`."
SERVED = ("google", "slack")


def auth0_brokers(settings: Settings, world: World, account: str, tasks: Broker) -> Brokers:
    """The brokers where a tenant keeps the accounts; `account` is the demo workspace's person, "" for own accounts."""
    from auth.auth0.auth0_broker import SIGN_IN, Auth0Broker

    demo = settings.accounts == "demo"
    tenant = demo_tenant() if demo else own_tenant(settings)
    if isinstance(tenant, Misconfigured):
        unset = {name: Unset(replace(tenant, connection=name)) for name in SERVED}
        return Brokers({**unset, "tasks": tasks})
    own = {name: settings.named(f"VALET_{name.upper()}_ACCOUNT") for name in SERVED}
    broker = Auth0Broker(
        tenant=tenant,
        wire=world.wire,
        audit=world.audit,
        clock=world.clock,
        locate=world.locate,
        grants=world.grants,
        bundles=world.bundles,
        defaults=dict.fromkeys(SERVED, account) if demo else own,
        at_once=world.at_once,
    )
    return Brokers({**dict.fromkeys((*SERVED, SIGN_IN), broker), "tasks": tasks})


def demo_tenant() -> Tenant:
    """The tenant of the demo workspace."""
    from app.demo.auth0.tenant import DOMAIN, WEB_CLIENT, WEB_SECRET
    from app.setting_rows import CONNECTIONS
    from auth.auth0.tenant import Tenant

    return Tenant(DOMAIN, Client(WEB_CLIENT, WEB_SECRET), pairs(CONNECTIONS))


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
    return Tenant(settings.named("VALET_AUTH0_DOMAIN"), _client(settings, "VALET_AUTH0_CLIENT"), connections, vault)


def _client(settings: Settings, name: str) -> Client:
    secret = settings.secret(f"{name}_SECRET")
    return Client(settings.named(f"{name}_ID"), secret.reveal() if secret else "")
