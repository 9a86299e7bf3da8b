"""What `valet doctor auth0` says: the tenant's checklist, step by step. Law: it looks, and changes nothing."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from app.auth0_setup import demo_tenant, own_tenant
from app.doctor import Check, State
from app.settings import Settings, SettingsError, load
from auth.auth0.auth0_broker import Auth0Broker
from auth.auth0.inspection import Seen
from auth.need import Misconfigured

STATES: dict[str, State] = {"ok": "ok", "missing": "missing", "unknown": "note"}


def examine_auth0(cwd: Path) -> list[Check]:
    """Every step. Raises what opening the vault and the workspace raise."""
    try:
        settings = load(cwd=cwd)
    except SettingsError as error:
        return [Check("settings", "missing", error.what, error.next)]
    if settings.named("VALET_BROKER") != "auth0":
        return [Check("broker", "missing", "VALET_BROKER is local: Auth0 is not used.", "Set VALET_BROKER=auth0.")]
    tenant = demo_tenant() if settings.accounts == "demo" else own_tenant(settings)
    if isinstance(tenant, Misconfigured):
        return [Check("settings", "missing", f"{tenant.missing}.", tenant.next)]
    steps = asyncio.run(_seen(settings))
    checks = [Check(step.name, STATES[step.state], step.what, step.next) for step in steps]
    return [Check("tenant", "ok", f"{tenant.domain}, client {tenant.client.id}."), *checks]


async def _seen(settings: Settings) -> list[Seen]:
    from app.vault_opening import ask_at_terminal
    from app.wiring import accounts_of

    async with accounts_of(settings, ask_at_terminal if sys.stdin.isatty() else None) as accounts:
        broker = accounts.brokers.by_connection["auth0"]
        return await asyncio.to_thread(_looked, broker, accounts.user)


def _looked(broker: object, user: str) -> list[Seen]:
    return [*broker.inspection.seen(user)] if isinstance(broker, Auth0Broker) else []
