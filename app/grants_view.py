"""What is linked, for people and for programs, and what of it will end soon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from auth.capability import Capability
from auth.consent import GrantFacts
from auth.scope_words import words
from graphs.access import bundles
from tools.view import Cell, Table

if TYPE_CHECKING:
    from tools.registry import Registry

SOON_SECONDS = 2 * 86_400.0


@dataclass(frozen=True)
class Asked:
    """What the tools need today: the bundles by connection and name, and those that are now part of one."""

    bundles: Mapping[tuple[str, str], Capability] = field(default_factory=dict)
    merged: frozenset[tuple[str, str]] = frozenset()

    def short_of(self, facts: GrantFacts) -> str:
        """What a grant lacks of what is asked for under its name, in words; "" where nothing."""
        bundle = self.bundles.get((facts.connection, facts.capability))
        return ", ".join(sorted(words(scope) for scope in bundle.scopes - facts.scopes)) if bundle else ""


def asked_of(registry: Registry) -> Asked:
    connections = {access.connection for access, _ in registry.needs}
    found = {(one, name): bundle for one in connections for name, bundle in bundles(registry, one).items()}
    return Asked(found, frozenset((access.connection, access.capability) for access, _ in registry.needs) - {*found})


def tables(grants: Sequence[GrantFacts], now: float, zone: tzinfo, asked: Asked | None = None) -> list[Table]:
    """One table for each linked account: its permissions, when they were used, and whether they still work."""
    asked = asked or Asked()
    found = []
    for connection, account in dict.fromkeys((facts.connection, facts.account) for facts in grants):
        mine = [facts for facts in grants if (facts.connection, facts.account) == (connection, account)]
        title = f"{connection} {account}{' (default)' if mine[0].default else ''}"
        rows = tuple(_row(facts, now, zone, asked) for facts in mine)
        found.append(Table(title=title, columns=("Permission", "Scopes", "Last used", "State"), rows=rows, grow=3))
    return found


def _row(facts: GrantFacts, now: float, zone: tzinfo, asked: Asked) -> tuple[Cell, ...]:
    scopes = "\n".join(sorted(scope.rpartition("/")[2] for scope in facts.scopes)) or facts.identity
    used = Cell(text=_moment(facts.used, zone) if facts.used else "never")
    return Cell(text=facts.capability), Cell(text=scopes, tone="dim"), used, _state(facts, now, zone, asked)


def _state(facts: GrantFacts, now: float, zone: tzinfo, asked: Asked) -> Cell:
    if facts.dead:
        return Cell(text=f"no longer works: {facts.dead}; {again(facts)}", tone="urgent")
    if (facts.connection, facts.capability) in asked.merged:
        forget = f"`valet disconnect {facts.connection} --for {facts.capability}`"
        return Cell(text=f"no longer used, it is part of another now; {forget}", tone="notice")
    if lacking := asked.short_of(facts):
        more = f"works, but not to {lacking}; `valet connect {facts.connection}`"
        return Cell(text=more, tone="notice")
    if facts.expires is None:
        return Cell(text="works", tone="good")
    ends = f"works until {_moment(facts.expires, zone)}"
    return Cell(text=ends, tone="notice" if ends_soon(facts, now) else "good")


def again(facts: GrantFacts) -> str:
    """The command that links it anew."""
    how = {"service-account": " --service-account FILE", "client": f" --client {facts.account}"}
    return f"`valet connect {facts.connection}{how.get(facts.capability, '')}`"


def ends_soon(facts: GrantFacts, now: float) -> bool:
    return not facts.dead and facts.expires is not None and facts.expires - now < SOON_SECONDS


def warnings(grants: Iterable[GrantFacts], now: float, zone: tzinfo) -> list[str]:
    """A line for each account of which something ends within two days, the soonest of it."""
    soon: dict[tuple[str, str], float] = {}
    for facts in grants:
        if ends_soon(facts, now) and facts.expires is not None:
            key = facts.connection, facts.account
            soon[key] = min(facts.expires, soon.get(key, facts.expires))
    return [
        f"The link to {connection} ({account}) ends {_moment(ends, zone)}; `valet connect {connection}` renews it."
        for (connection, account), ends in soon.items()
    ]


def listed(grants: Iterable[GrantFacts]) -> list[dict[str, Any]]:
    """Every grant as plain JSON; times in ISO 8601, UTC."""
    return [
        {
            "connection": facts.connection,
            "account": facts.account,
            "default": facts.default,
            "capability": facts.capability,
            "scopes": sorted(facts.scopes),
            "linked": _iso(facts.linked) if facts.linked else None,
            "used": _iso(facts.used) if facts.used else None,
            "expires": None if facts.expires is None else _iso(facts.expires),
            "dead": facts.dead or None,
        }
        for facts in grants
    ]


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _moment(seconds: float, zone: tzinfo) -> str:
    return f"{datetime.fromtimestamp(seconds, zone):%d %b %H:%M}"
