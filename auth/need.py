"""Why there is no lease. Law: only Connect, StepUp and Reauth ask the person; the other two never become a consent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Connect:
    """The account is not linked yet."""

    connection: str
    scopes: frozenset[str]
    reason: str


@dataclass(frozen=True)
class StepUp:
    """The account is linked, and this needs more than was granted."""

    connection: str
    scopes: frozenset[str]
    reason: str


@dataclass(frozen=True)
class Reauth:
    """The grant is dead: revoked, expired, or refused by the service. `why` is the service's reason."""

    connection: str
    why: str


@dataclass(frozen=True)
class Misconfigured:
    """The installation is wrong; an operator must act. `missing` names the setting, `next` the action."""

    connection: str
    missing: str
    next: str


@dataclass(frozen=True)
class Unavailable:
    """The token service gives no answer now."""

    connection: str
    why: str
    retry_after: float | None = None


Need = Connect | StepUp | Reauth | Misconfigured | Unavailable


def told(need: Need) -> tuple[str, str]:
    """What happened and what to do next, for the person."""
    match need:
        case Connect(connection=name, reason=reason):
            return f"{name} is not connected, which is needed to {reason}.", f"Connect {name} and ask again."
        case StepUp(connection=name, reason=reason):
            return f"{name} is connected without the permission to {reason}.", f"Grant it to {name} and ask again."
        case Reauth(connection=name, why=why):
            return f"The connection to {name} no longer works: {why}.", f"Reconnect {name} and ask again."
        case Misconfigured(connection=name, missing=missing, next=action):
            return f"The connection {name} is set up wrongly: {missing}.", action
        case Unavailable(connection=name, why=why, retry_after=wait):
            when = f"in {wait:.0f} seconds" if wait and wait > 1 else "in a minute"
            return f"No permission could be had for {name}: {why}.", f"Try again {when}; `valet doctor` tells more."
