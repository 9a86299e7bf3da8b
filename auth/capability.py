"""A capability: what one tool may do at a service. Law: what is not listed is refused, parameter values included."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

READING = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Operation:
    """One admitted request: method, host, a path pattern, and for named query parameters the admitted values."""

    method: str
    host: str
    path: re.Pattern[str]
    values: tuple[tuple[str, frozenset[str]], ...]
    pattern: str

    def admits(self, method: str, url: str) -> bool:
        parts = urlsplit(url)
        if method != self.method or parts.netloc != self.host or not self.path.fullmatch(parts.path):
            return False
        if "//" in parts.path or any(unquote(step) in (".", "..") for step in parts.path.split("/")):
            return False
        given = parse_qs(parts.query, keep_blank_values=True)
        return all(set(given.get(name, [])) <= allowed and given.get(name) for name, allowed in self.values)


@lru_cache(maxsize=512)
def operation(text: str) -> Operation:
    """Read "GET host/path/*?format=full|metadata": `*` is one path segment, `**` what is left.

    A named parameter must be present and hold one of its values; others are free.
    """
    method, _, target = text.partition(" ")
    place, _, query = target.partition("?")
    host, _, path = place.partition("/")
    pattern = re.escape("/" + path).replace(r"\*\*", ".+").replace(r"\*", "[^/]+")
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    values = tuple((name, frozenset(allowed.split("|"))) for name, _, allowed in pairs)
    return Operation(method, host, re.compile(pattern), values, text)


@dataclass(frozen=True)
class Capability:
    """Minimal scopes and admitted operations under one connection. `effect` decides what may be repeated."""

    connection: str
    name: str
    scopes: frozenset[str]
    operations: tuple[str, ...]
    effect: str
    reason: str = ""

    @cached_property
    def _operations(self) -> tuple[Operation, ...]:
        return tuple(operation(text) for text in self.operations)

    def admitting(self, method: str, url: str) -> Operation | None:
        """The operation that admits this request, or None."""
        return next((op for op in self._operations if op.admits(method, url)), None)
