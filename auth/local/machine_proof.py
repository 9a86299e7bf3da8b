"""What proves a program to a token service: a client's secret (RFC 6749 section 4.4), or the key of a Google service
account, which signs for itself (RFC 7523).

Law: a key leaves no signature but one for its own token service; a refusal is told in words, with what to do.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from auth.errors import AuthError
from auth.lease import Secret
from auth.local.google import TOKEN
from auth.local.token_endpoint import TokenError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SIGNED_SECONDS = 600
LEAST_BITS = 2048
Kind = Literal["service-account", "client"]
Told = tuple[str, str]
"""What is wrong, as half a sentence, and what to do."""
NEW_KEY = "Make a new key in the Google Cloud console; `valet connect google --service-account FILE` takes its file."
REPORT = "The scopes are those of Valet's own tools: please report it."


class ProofError(AuthError):
    """It proves nothing: `what` is wrong with it, and what to do `next`."""

    def __init__(self, what: str, next: str) -> None:  # noqa: A002 - the house word for the next action
        super().__init__(f"{what}. {next}")
        self.what = what
        self.next = next


@dataclass(frozen=True)
class ClientSecret:
    """A registered client that acts in its own name; `audience` where the authorization server wants one.

    `connection` is the one it is linked for, `url` the token endpoint.
    """

    connection: str
    url: str
    id: str
    secret: str = field(repr=False)
    audience: str = ""
    kind: Kind = "client"

    @property
    def account(self) -> str:
        return self.id

    @property
    def identity(self) -> str:
        return f"client {self.id}"

    def check(self) -> None:
        """Raises ProofError where it can prove nothing to anybody."""
        if not self.id.isprintable() or " " in self.id or not self.id:
            raise ProofError(f"{self.id!r} is no client id", "Copy it once more.")
        if not self.secret:
            raise ProofError(f"the client {self.id} has no secret", "Copy it once more.")

    def asking(self, scope: str, now: float) -> Mapping[str, str]:
        """The form that asks for a token of this scope."""
        secret = {"client_id": self.id, "client_secret": self.secret}
        audience = {"audience": self.audience} if self.audience else {}
        return {"grant_type": "client_credentials", "scope": scope} | secret | audience

    def refusal(self, error: TokenError, scope: str, now: float) -> Told:
        again = f"`valet connect {self.connection} --client {self.id}` takes another secret."
        match error.code:
            case "invalid_client" if "expired" in error.description.casefold():
                return f"the secret of the client {self.id} has expired", f"Have a new one made; {again}"
            case "invalid_client":
                return f"the client {self.id} is not known, or its secret is another", again
            case "invalid_scope":
                return f"the client {self.id} may not do this ({scope})", "Give it that scope where it is registered."
            case "unauthorized_client":
                grant = "Allow it the client credentials grant where it is registered."
                return f"the client {self.id} may not act in its own name", grant
            case _:
                where = "Check the client and what it is for where it is registered."
                return f"the client {self.id} is refused ({error})", where

    def other_scopes(self, scopes: frozenset[str]) -> Told:
        """What is said of a token for other scopes than were asked for."""
        came = " ".join(sorted(scopes)) or "none"
        return (
            f"the client {self.id} was given a token for other scopes than it asked for ({came})",
            "Check its scopes where it is registered.",
        )

    @property
    def facts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ("connection", "url", "id", "secret", "audience")}


@dataclass(frozen=True)
class ServiceAccount:
    """A Google service account: its `address`, the id of its key and the key (PEM), and the `person` it acts for.

    Without a person it acts for itself, and sees what was shared with its address.
    """

    address: str
    key_id: str
    pem: str = field(repr=False)
    person: str = ""
    client: str = ""
    kind: Kind = "service-account"
    url: str = TOKEN

    @property
    def account(self) -> str:
        return self.person or self.address

    @property
    def identity(self) -> str:
        return self.address

    def check(self) -> None:
        """Raises ProofError where it can prove nothing to anybody."""
        self._key()

    def asking(self, scope: str, now: float) -> Mapping[str, str]:
        """The form that asks for a token of this scope. Raises ProofError."""
        return {"grant_type": JWT_BEARER, "assertion": self._signed(scope, int(now))}

    def _signed(self, scope: str, now: int) -> str:
        from joserfc import jwt
        from joserfc.jwk import RSAKey

        self.check()
        claims = {"iss": self.address, "aud": TOKEN, "scope": scope, "iat": now, "exp": now + SIGNED_SECONDS}
        claims |= {"sub": self.person} if self.person else {}
        return jwt.encode({"alg": "RS256", "kid": self.key_id}, claims, RSAKey.import_key(self.pem))

    def _key(self) -> RSAPrivateKey:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            key = load_pem_private_key(self.pem.encode(), None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, RSAPrivateKey) or key.key_size < LEAST_BITS:
            wrong = f"the key of {self.address} is no private RSA key of at least {LEAST_BITS} bits"
            raise ProofError(wrong, NEW_KEY)
        return key

    def refusal(self, error: TokenError, scope: str, now: float) -> Told:
        match error.code:
            case "invalid_scope":
                return f"Google does not know what {self.address} asks for ({scope})", REPORT
            case "unauthorized_client" | "access_denied":
                return f"{self.address} may not act for {self.account}", self._delegate(scope)
            case "invalid_grant":
                return self._not_granted(error.description, now)
            case _:
                return f"Google refuses {self.address} ({error})", NEW_KEY

    def _delegate(self, scope: str) -> str:
        known = f"client id {self.client}" if self.client else "client id"
        return f"In the Google admin console give its {known} domain-wide delegation for {scope}."

    def _not_granted(self, said: str, now: float) -> Told:
        """Google tells these apart by its words alone."""
        words = said.casefold()
        if "timeframe" in words or "iat" in words.split():
            here = f"{datetime.fromtimestamp(now, UTC):%d %b %Y %H:%M} UTC"
            return (
                f"Google finds the time of the signature wrong: by the clock of this machine it is {here}",
                "Set the clock right, best by NTP, and ask again.",
            )
        if "signature" in words:
            gone = "it was deleted, has expired or was replaced"
            return f"Google does not take the key {self.key_id} of {self.address}: {gone}", NEW_KEY
        if "account not found" in words:
            return f"Google does not know the service account {self.address} (any more)", NEW_KEY
        if "email or user" in words:
            other = "`valet connect google --service-account FILE --account ADDRESS` names another."
            return f"{self.address} is to act for {self.account}, whom Google does not know", other
        return f"Google refuses {self.address} ({said})", NEW_KEY

    def other_scopes(self, scopes: frozenset[str]) -> Told:
        came = " ".join(sorted(scopes)) or "none"
        return f"{self.address} was given a token for other scopes than it asked for ({came})", REPORT

    @property
    def facts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ("address", "key_id", "pem", "person", "client")}


Proof = ClientSecret | ServiceAccount
"""One program: `identity` is its own id, `account` whom it acts for, which is itself or a person."""


def service_account(facts: object, person: str = "") -> ServiceAccount:
    """From a key file of the Google Cloud console, read as JSON. Raises ValueError where it is none."""
    if not isinstance(facts, dict) or facts.get("type") != "service_account":
        raise ValueError("no service account")
    address, key_id, pem = (facts.get(name) for name in ("client_email", "private_key_id", "private_key"))
    if not all(isinstance(fact, str) and fact for fact in (address, key_id, pem)):
        raise ValueError("a part is missing")
    return ServiceAccount(str(address), str(key_id), str(pem), person, str(facts.get("client_id") or ""))


def sealed(proof: Proof) -> Secret:
    """Everything of it, as the one secret a vault keeps."""
    return Secret(base64.urlsafe_b64encode(json.dumps(proof.facts).encode()).decode())


def opened(kind: str, secret: Secret) -> Proof:
    """The proof again. Raises ProofError for one of another Valet."""
    try:
        facts = json.loads(base64.urlsafe_b64decode(secret.reveal()))
        return ServiceAccount(**facts) if kind == "service-account" else ClientSecret(**facts)
    except (ValueError, TypeError):
        raise ProofError("what proves the program cannot be read by this Valet", "Link it again.") from None
