"""What a tool declared, in the auth layer's words: the one place where the two strangers are introduced."""

from __future__ import annotations

from auth.capability import Capability
from tools.base import Access, Effect


def capability_of(access: Access, effect: Effect) -> Capability:
    """The capability that this access asks for."""
    return Capability(
        connection=access.connection,
        name=access.capability,
        scopes=frozenset(access.scopes),
        operations=access.operations,
        effect=effect,
        reason=access.reason,
    )
