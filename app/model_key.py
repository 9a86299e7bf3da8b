"""The key of a chat model, kept in the vault. Law: it goes to the endpoint it was typed for, and to no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.settings import Secret
from auth.capability import Capability, KeyUse
from auth.local.api_key import CAPABILITY, ApiKeyBroker
from auth.local.vault_error import VaultError
from auth.local.vault_grants import OWN, VaultGrants
from graphs.errors import ModelFailed

if TYPE_CHECKING:
    from auth.audit import Audit
    from auth.broker import Brokers
    from auth.local.vault import Vault

MODEL = "model"


def model_keys(vault: Vault, audit: Audit, clock: Callable[[], float], where: str) -> ApiKeyBroker:
    """Keeps the key of the endpoint at `where`. It is the person's own, on a demo workspace too."""
    return ApiKeyBroker(MODEL, VaultGrants(vault, OWN, MODEL), audit, clock, where)


def asking(where: str) -> Capability:
    """What the key is for. The chat model's client sends it; no gateway takes part."""
    use = KeyUse(place="header", name="Authorization", hosts=frozenset({where}))
    return Capability(MODEL, "model.ask", frozenset(), (), "read", reason=f"ask the model at {where}", key=use)


def kept_key(brokers: Brokers, user: str) -> Secret | None:
    """The key in the vault for this endpoint, None where there is none. Raises ModelFailed."""
    broker = brokers.by_connection.get(MODEL)
    if not isinstance(broker, ApiKeyBroker):
        return None
    try:
        grant = broker.grants_kept.find(user, broker.label, CAPABILITY)
    except VaultError as error:
        raise ModelFailed(error.what, error.next) from error
    if grant is None or grant.refresh_token is None:
        return None
    broker.audit.record(user, "lease", account=broker.label, capability="model.ask")
    return Secret(grant.refresh_token.reveal())
