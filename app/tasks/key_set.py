"""The issuer's published keys (JWKS, RFC 7517), cached. Law: a token cannot make this fetch more than now and then."""

from __future__ import annotations

import json
import threading
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from auth.errors import Oversized, TooSlow, Unreachable
from auth.wire import Cut, Wire

FRESH_SECONDS = 600.0
BETWEEN_SECONDS = 10.0
"""The least time between two fetches, however many tokens name keys that are not known."""
MOST_KEYS, MOST_BYTES, LEAST_BITS = 20, 64 * 1024, 2048


class KeysUnavailable(Exception):
    """The key set cannot be read now; no token can be judged."""


class KeySet:
    """RSA keys by `kid`. `url` is where they are published; `clock` gives seconds that only grow."""

    def __init__(self, url: str, wire: Wire, clock: Callable[[], float]) -> None:
        self._url, self._wire, self._clock = url, wire, clock
        self._keys: dict[str, RSAKey] = {}
        self._fetched = self._tried = float("-inf")
        self._lock = threading.Lock()

    def key(self, kid: str) -> RSAKey | None:
        """The key of this id, None where the issuer has none. Raises KeysUnavailable."""
        with self._lock:
            now = self._clock()
            due = now - self._fetched > FRESH_SECONDS or kid not in self._keys
            if due and now - self._tried >= BETWEEN_SECONDS:
                self._tried = now
                self._refetch(now)
            if self._fetched == float("-inf"):
                raise KeysUnavailable("The issuer's keys cannot be read.")
            return self._keys.get(kid)

    def _refetch(self, now: float) -> None:
        """Where the issuer does not answer, the keys it had published stay."""
        try:
            answer = self._wire.send("GET", self._url, body=None, headers={"accept": "application/json"}, cut=Cut())
        except (Unreachable, TooSlow, Oversized):
            return
        if answer.status == 200 and len(answer.body) <= MOST_BYTES:
            found = _read(answer.body)
            if found is not None:
                self._keys, self._fetched = found, now


def _read(body: bytes) -> dict[str, RSAKey] | None:
    """The usable keys, None where this is no key set."""
    try:
        listed = json.loads(body)["keys"][:MOST_KEYS]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return {one["kid"]: key for one in listed if isinstance(one, dict) and (key := _usable(one)) is not None}


def _usable(one: dict[str, Any]) -> RSAKey | None:
    """A public RSA key meant for RS256 signatures."""
    fits = one.get("kty") == "RSA" and one.get("use", "sig") == "sig" and one.get("alg", "RS256") == "RS256"
    if not fits or not isinstance(one.get("kid"), str) or "d" in one:
        return None
    try:
        if int.from_bytes(urlsafe_b64decode(one["n"] + "==")).bit_length() < LEAST_BITS:
            return None
        return RSAKey.import_key({name: one[name] for name in ("kty", "n", "e")})
    except (JoseError, KeyError, ValueError, TypeError):
        return None
