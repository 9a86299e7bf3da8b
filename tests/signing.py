"""Transports for tool tests: real HTTP to a loopback origin, with a fixed bearer token; one of them holds the tool to
what its Access lists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import urllib3

from auth.admission import admit
from auth.capability import Capability
from tools.base import Access

_PATH = re.compile(rb"(?m)^GET (\S+) HTTP/1")


@dataclass(frozen=True)
class Got:
    status: int
    headers: Mapping[str, str]
    body: bytes


class LoopbackTransport:
    """Sends every real address to `origin`. Broken connections are OSError, as the Transport protocol says."""

    def __init__(self, origin: str, token: str = "") -> None:
        self._origin, self._token = origin, token

    def request(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Got:
        parts = urlsplit(url)
        target = f"{self._origin}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        signed = {**(headers or {}), **({"Authorization": f"Bearer {self._token}"} if self._token else {})}
        with urllib3.PoolManager(retries=False) as pool:
            try:
                answer = pool.request(method, target, body=body, headers=signed, redirect=False)
            except urllib3.exceptions.HTTPError as error:
                raise ConnectionError(str(error)) from error
            return Got(answer.status, dict(answer.headers), answer.data)


@dataclass
class Signed:
    """Sends what the access admits, each part of a batch included, as the gateway writes it; refuses the rest."""

    origin: str
    token: str
    access: Access
    sent: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    pool: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(maxsize=10, block=True))

    def request(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Got:
        a = self.access
        capability = Capability(a.connection, a.capability, frozenset(a.scopes), a.operations, "read")
        admitted = admit(capability, method, url, (headers or {}).items(), body)
        self.sent.append(admitted.operation)
        self.paths += [path.decode() for path in _PATH.findall(body or b"")] or [urlsplit(url).path]
        parts = urlsplit(admitted.url)
        target = f"{self.origin}{parts.path}?{parts.query}"
        signed = {**admitted.headers, "Authorization": f"Bearer {self.token}"}
        try:
            reply = self.pool.request(method, target, body=admitted.body, headers=signed, retries=False, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            raise ConnectionError("the connection broke") from error
        return Got(reply.status, dict(reply.headers), reply.data)
