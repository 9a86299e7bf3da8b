"""The signatures of the demo's identity services: one RSA key each, RS256, published as a JWKS.

Law: a key is made when it is first needed and stays with the workspace, so that a restart invalidates nothing.
"""

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.demo.workspace import Workspace

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey

ALGORITHM = "RS256"


class SigningKey:
    """The key of one issuer (`name`) of a workspace."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        self._workspace = workspace
        self._name = name
        self._lock = threading.Lock()
        self._made: RSAKey | None = None

    @property
    def _key(self) -> "RSAKey":
        with self._lock:
            if self._made is None:
                self._made = self._load()
            return self._made

    def _load(self) -> "RSAKey":
        from joserfc.jwk import RSAKey

        place = f"signing key {self._name}"
        with self._workspace.transaction():  # two servers of one workspace must agree on the key
            kept = self._workspace.note(place)
            if kept is None:
                kept = self._workspace.note(place, RSAKey.generate_key(2048).as_pem(private=True).decode())
        return RSAKey.import_key(str(kept))

    @property
    def _id(self) -> str:
        return self._key.thumbprint()

    @property
    def published(self) -> dict[str, Any]:
        """The JWKS (RFC 7517), public parts only."""
        public: dict[str, Any] = dict(self._key.as_dict(private=False))
        return {"keys": [public | {"kid": self._id, "use": "sig", "alg": ALGORITHM}]}

    def sign(self, claims: Mapping[str, Any], kind: str = "JWT") -> str:
        """A compact JWT of these claims."""
        from joserfc import jwt

        return jwt.encode({"alg": ALGORITHM, "typ": kind, "kid": self._id}, dict(claims), self._key)

    def read(self, token: str) -> dict[str, Any] | None:
        """The claims of a token this key signed, expired or not; None for any other text."""
        from joserfc import jwt
        from joserfc.errors import JoseError

        try:
            return dict(jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims)
        except (JoseError, ValueError):
            return None
