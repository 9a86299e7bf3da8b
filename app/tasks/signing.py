"""The authorization server's RSA key: made once and kept; signs with RS256 (RFC 7518) and nothing else."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from app.tasks.keys import SIGNING_KEY, KeyStore

BITS = 2048
ALGORITHM = "RS256"


class Signing:
    """Signs claims; tells the public half. The key is made when it is first needed."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys

    @cached_property
    def _key(self) -> RSAKey:
        kept = self._keys.get(SIGNING_KEY)
        if kept is None:
            kept = self._keys.put_new(SIGNING_KEY, RSAKey.generate_key(BITS).as_pem(private=True))
        return RSAKey.import_key(kept)

    @cached_property
    def name(self) -> str:
        """The key's id: its thumbprint (RFC 7638)."""
        return self._key.thumbprint()

    def sign(self, claims: dict[str, Any], kind: str) -> str:
        """A JWT with these claims; `kind` is its `typ` ("at+jwt" for an access token, RFC 9068)."""
        header = {"alg": ALGORITHM, "typ": kind, "kid": self.name}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])

    def public(self) -> dict[str, Any]:
        """The key set to publish (RFC 7517)."""
        key = dict(self._key.as_dict(private=False))
        return {"keys": [{**key, "kid": self.name, "use": "sig", "alg": ALGORITHM}]}
