"""What a tool needs from a service, as plain data. Law: nothing here knows of a credential."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Effect = Literal["read", "write"]


@dataclass(frozen=True)
class Key:
    """An API key in place of a consent: where the service takes it, and the hosts that are given it, and no other.

    Where it is not `needed`, the operations of other hosts go without one until the person has linked theirs.
    """

    place: Literal["header", "query"]
    name: str
    hosts: tuple[str, ...]
    needed: bool = True


@dataclass(frozen=True)
class Access:
    """What a tool needs from a service, as plain data.

    `connection` names the linked account ("google", "slack", "" for none), `capability` the bundle ("gmail.read"),
    `scopes` the narrowest scopes that admit every operation, `reason` the plain words of the consent
    ("read your mail"). `operations` are the only requests the transport lets through:
    "GET gmail.googleapis.com/gmail/v1/users/me/threads/*?format=full|metadata" (`*` is one path segment, `**` the rest;
    a named query parameter must hold one of the values; parameters not named are free).

    `bundle` names what a person agrees to at once; "" for all of one service and effect: what stands before the dot of
    the capability. Each call still gets a token for its own scopes alone, so a capability of a service that cannot
    narrow a token names a bundle of its own.

    `key`: the connection is an API key, and has no scopes.
    """

    connection: str
    capability: str
    scopes: tuple[str, ...]
    operations: tuple[str, ...]
    reason: str
    bundle: str = ""
    key: Key | None = None

    def consented(self, effect: Effect) -> str:
        """The name of its bundle, where its tool has this effect."""
        return self.bundle or f"{self.capability.partition('.')[0]}.{effect}"


NO_ACCESS = Access(connection="", capability="none", scopes=(), operations=(), reason="")
