"""Who is who, and the tenant's signed tokens: access tokens for one API each, and id tokens."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.demo.auth0.tenant import ISSUER, USER_INFO, Tenant
from app.demo.signing import SigningKey
from app.demo.wire import fingerprint
from app.demo.workspace import Person, Workspace

IDENTITY = ("openid", "profile", "email", "offline_access")


@dataclass(frozen=True)
class Bearer:
    """What a valid access token says."""

    subject: str
    client: str
    audiences: tuple[str, ...]
    scopes: tuple[str, ...]


class Tokens:
    """Signs and reads; `tenant` is the set-up of now."""

    def __init__(self, workspace: Workspace, tenant: Callable[[], Tenant], clock: Callable[[], float]) -> None:
        self._workspace = workspace
        self._tenant = tenant
        self._clock = clock
        self.key = SigningKey(workspace, "auth0")

    def person(self, subject: str) -> Person | None:
        return next((person for person in self._workspace.people() if subject_of(person.address) == subject), None)

    def access(self, client: str, subject: str, audience: str, scopes: tuple[str, ...], **more: Any) -> tuple[str, int]:
        """An access token and the seconds it lives; without an API it is good for /userinfo alone."""
        now, lives = int(self._clock()), self._tenant().access_seconds
        audiences = [audience] if audience else []
        if "openid" in scopes:
            audiences.append(USER_INFO)
        claims = {
            "iss": self._tenant().issuer,
            "sub": subject,
            "aud": audiences[0] if len(audiences) == 1 else audiences or USER_INFO,
            "iat": now,
            "exp": now + lives,
            "scope": " ".join(scopes),
            "azp": client,
            "jti": secrets.token_urlsafe(16),
        }
        return self.key.sign(claims | more), lives

    def identity(self, client: str, subject: str, scopes: tuple[str, ...], nonce: str = "") -> str:
        """The id token; "" unless the sign-in asked for one."""
        if "openid" not in scopes:
            return ""
        now = int(self._clock())
        claims = {"iss": self._tenant().issuer, "aud": client, "iat": now, "exp": now + 36_000}
        return self.key.sign(claims | self.profile(subject, scopes) | ({"nonce": nonce} if nonce else {}))

    def profile(self, subject: str, scopes: tuple[str, ...]) -> dict[str, Any]:
        """What /userinfo tells of a person."""
        person, facts = self.person(subject), {"sub": subject}
        if person and "profile" in scopes:
            facts |= {"name": person.name, "nickname": person.address.partition("@")[0]}
        verified = {"email": person.address, "email_verified": True} if person and "email" in scopes else {}
        return facts | verified

    def read(self, token: str, issuer: str = ISSUER) -> Bearer | None:
        """What a living token of this issuer says; None for any other."""
        claims = self.key.read(token)
        if claims is None or claims.get("iss") != issuer or claims.get("exp", 0) <= self._clock():
            return None
        stated = claims.get("aud", [])
        audiences = (stated,) if isinstance(stated, str) else tuple(stated)
        scopes = tuple(str(claims.get("scope", "")).split())
        return Bearer(str(claims.get("sub", "")), str(claims.get("azp", "")), audiences, scopes)


def subject_of(address: str) -> str:
    """The tenant's id of a person."""
    return f"auth0|{fingerprint(address.lower())[:24]}"
