"""A capability: what one tool may do at a service. Law: what is not listed is refused, parameter values included."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import parse_qsl

_URL = re.compile(
    r"https://(?P<host>[a-z0-9.-]+)"
    r"(?P<path>(?:/(?:[A-Za-z0-9._~!$&'()*+,=:@-]++|%[0-9A-Fa-f]{2})*+)++)"
    r"(?:\?(?P<query>(?:[A-Za-z0-9._~!$&'()*+,=:@/?-]++|%[0-9A-Fa-f]{2})*+))?"
)  # possessive: a character has one place only, so nothing is ever tried twice
_HIDDEN_STEP = re.compile(r"//|/\.{1,2}(?:/|$)|%(?:2[ef]|3b|5c|25|[01][0-9a-f]|7f)", re.IGNORECASE)
# Parameters that replace what was checked: Google's system parameters begin with "$" ("$httpMethod", "$alt").
_STEERING = frozenset({"access_token", "oauth_token"})


@dataclass(frozen=True)
class Address:
    """An https URL that every parser reads alike: no user, port, fragment, dot step, encoded slash or `;`."""

    host: str
    path: str
    query: str

    @classmethod
    def of(cls, url: str) -> Address | None:
        """The address, or None for a URL in any other form."""
        found = _URL.fullmatch(url)
        if found is None:
            return None
        host, path, query = found.groups()
        if ("%" in path or "//" in path or "/." in path) and _HIDDEN_STEP.search(path):  # first what is fast to see
            return None
        return cls(host, path, query or "")


@dataclass(frozen=True)
class Operation:
    """One admitted request: method, host, a path pattern, and for named query parameters the admitted values.

    `start` is what the path begins with, looked at before the pattern.
    """

    method: str
    host: str
    start: str
    path: re.Pattern[str]
    values: tuple[tuple[str, frozenset[str]], ...]
    pattern: str

    def admits(self, method: str, address: Address) -> bool:
        if not address.path.startswith(self.start) or (method, address.host) != (self.method, self.host):
            return False
        if not self.path.fullmatch(address.path):
            return False
        if not address.query:
            return not self.values
        given = _given(address.query)
        if given is None:
            return False
        found = ((given.get(_folded(name)), allowed) for name, allowed in self.values)
        return all(values and values <= allowed for values, allowed in found)


@lru_cache(maxsize=64)
def _given(query: str) -> Mapping[str, frozenset[str]] | None:
    """The values by parameter, None where one steers the service. Kept: the parts of a batch hold the same query."""
    given: dict[str, frozenset[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name.startswith("$") or name in _STEERING:
            return None
        given[_folded(name)] = given.get(_folded(name), frozenset()) | {value}
    return given


def _folded(name: str) -> str:
    """Google's services take max_results for maxResults."""
    return name.replace("_", "").lower()


@lru_cache(maxsize=512)
def operation(text: str) -> Operation:
    """Read "GET host/path/*?format=full|metadata": `*` is one path segment, `**` what is left.

    A named parameter must be present and hold one of its values; others are free. A segment holds no colon, which
    would begin a custom verb (".../spreadsheets/ID:clear"); clients encode those of an id.
    """
    method, _, target = text.partition(" ")
    place, _, query = target.partition("?")
    host, _, path = place.partition("/")
    pattern = re.escape("/" + path).replace(r"\*\*", ".+").replace(r"\*", "[^/:]+")
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    values = tuple((name, frozenset(allowed.split("|"))) for name, _, allowed in pairs)
    return Operation(method, host, f"/{path}".partition("*")[0], re.compile(pattern), values, text)


@dataclass(frozen=True)
class KeyUse:
    """How a service takes an API key, and the hosts that are given it. Not `needed`: others serve without one."""

    place: str
    name: str
    hosts: frozenset[str]
    needed: bool = True


@dataclass(frozen=True)
class Capability:
    """Minimal scopes and admitted operations under one connection. `effect` decides what may be repeated.

    `bundle` names what a person agrees to at once, this among it; "" for this alone. A bundle itself is a capability
    without operations: the union of what its capabilities need.
    """

    connection: str
    name: str
    scopes: frozenset[str]
    operations: tuple[str, ...]
    effect: str
    reason: str = ""
    bundle: str = ""
    key: KeyUse | None = None

    @property
    def consented(self) -> str:
        """The name its consent and its grant go by."""
        return self.bundle or self.name

    @cached_property
    def _operations(self) -> tuple[Operation, ...]:
        return tuple(operation(text) for text in self.operations)

    @cached_property
    def _places(self) -> Mapping[tuple[str, str], list[Operation]]:
        """The operations by method and host."""
        found: dict[tuple[str, str], list[Operation]] = {}
        for one in self._operations:
            found.setdefault((one.method, one.host), []).append(one)
        return found

    def admitting(self, method: str, url: str) -> Operation | None:
        """The operation that admits this request, or None."""
        address = Address.of(url)
        return self.admitting_at(method, address) if address else None

    def admitting_at(self, method: str, address: Address) -> Operation | None:
        """The same, of an address that was read."""
        for one in self._places.get((method, address.host), ()):
            if one.admits(method, address):
                return one
        return None

    def reaches(self, host: str) -> bool:
        """Whether any operation is at this host."""
        return host in self.hosts

    @property
    def hosts(self) -> frozenset[str]:
        """Where its operations are."""
        return frozenset(op.host for op in self._operations)
