"""The smallest transport for tool tests: real HTTP to a loopback origin, with a fixed bearer token where needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import urllib3


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
