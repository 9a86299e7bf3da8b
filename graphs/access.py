"""What a tool declared, in the auth layer's words: the one place where the two strangers are introduced."""

from __future__ import annotations

from dataclasses import replace

from auth.capability import Capability, KeyUse
from tools.base import Access, Effect
from tools.registry import Registry


def capability_of(access: Access, effect: Effect) -> Capability:
    """The capability that this access asks for."""
    return Capability(
        connection=access.connection,
        name=access.capability,
        scopes=frozenset(access.scopes),
        operations=access.operations,
        effect=effect,
        reason=access.reason,
        bundle=access.consented(effect),
        key=_key(access),
    )


def _key(access: Access) -> KeyUse | None:
    key = access.key
    return KeyUse(key.place, key.name, frozenset(key.hosts), key.needed) if key else None


def bundles(registry: Registry, connection: str) -> dict[str, Capability]:
    """What a person is asked to agree to for a connection, by name: each the union of what its tools need."""
    found: dict[str, Capability] = {}
    for access, effect in registry.needs:
        if access.connection == connection:
            name = access.consented(effect)
            begun = found.get(name, Capability(connection, name, frozenset(), (), effect, key=_key(access)))
            reason = _with(begun.reason, access.reason)
            found[name] = replace(begun, scopes=begun.scopes | frozenset(access.scopes), reason=reason)
    return {name: found[name] for name in sorted(found)}


def _with(reasons: str, another: str) -> str:
    """The reasons one after the other; one that only begins another is left out."""
    said = [reason for reason in reasons.split("; ") if reason and not another.startswith(reason)]
    told = any(reason.startswith(another) for reason in said)
    return "; ".join(said if told else [*said, another])
