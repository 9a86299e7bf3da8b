"""Google's service accounts: their keys, and the assertions they sign for themselves (RFC 7523).

Law: only the public part of a key stays here; a signature counts for one audience, within an hour, for people of the
workspace alone.
"""

import json
from collections.abc import Callable
from typing import Any

from app.demo.google_app import GoogleApp, canonical, known_scopes
from app.demo.grant_store import GrantRefused, GrantStore, Issued
from app.demo.workspace import Workspace

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
AUDIENCE = "https://oauth2.googleapis.com/token"
PROJECT = "valet-demo"
ADDRESS = f"valet@{PROJECT}.iam.example"
CLIENT = "100000000000000000001"
LONGEST_SECONDS, LEEWAY_SECONDS = 3600, 300
UNTIMELY = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
    "Check your iat and exp values in the JWT claim."
)
UNDELEGATED = (
    "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the "
    "scopes requested."
)


def new_key(workspace: Workspace) -> dict[str, str]:
    """A key of the workspace's service account, as the file of the Cloud console holds it."""
    from joserfc.jwk import RSAKey

    made = RSAKey.generate_key(2048)
    name = made.thumbprint().replace("-", "").replace("_", "")[:40]
    with workspace.transaction():
        kept = _keys(workspace)
        workspace.note("service account keys", json.dumps(kept | {name: made.as_pem(private=False).decode()}))
    return {
        "type": "service_account",
        "project_id": PROJECT,
        "private_key_id": name,
        "private_key": made.as_pem(private=True).decode(),
        "client_email": ADDRESS,
        "client_id": CLIENT,
        "token_uri": AUDIENCE,
        "universe_domain": "googleapis.com",
    }


def _keys(workspace: Workspace) -> dict[str, str]:
    """The public keys by their ids."""
    kept: dict[str, str] = json.loads(workspace.note("service account keys") or "{}")
    return kept


class ServiceAccounts:
    """Gives tokens for what a service account of the workspace has signed."""

    def __init__(self, workspace: Workspace, grants: GrantStore, app: Callable[[], GoogleApp]) -> None:
        self._workspace, self._grants, self._app = workspace, grants, app

    def issued(self, assertion: str) -> Issued:
        """Raises GrantRefused, in Google's own words and order."""
        claims = self._signed(assertion)
        self._timely(claims)
        scopes = canonical(str(claims.get("scope", "")).split(), complete=False)
        if not scopes or not set(scopes) <= known_scopes():
            raise GrantRefused("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        account = str(claims.get("sub") or ADDRESS)
        if account != ADDRESS:
            self._delegated(account)
        return self._grants.mint(CLIENT, account, scopes)

    def _signed(self, assertion: str) -> dict[str, Any]:
        from joserfc import jws, jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import RSAKey

        try:
            name = jws.extract_compact(assertion.encode()).headers().get("kid", "")
            key = RSAKey.import_key(_keys(self._workspace)[name])
            claims = dict(jwt.decode(assertion, key, algorithms=["RS256"]).claims)
        except (JoseError, ValueError, KeyError, TypeError):
            raise GrantRefused("invalid_grant", "Invalid JWT Signature.") from None
        if claims.get("iss") != ADDRESS:
            raise GrantRefused("invalid_grant", "Invalid grant: account not found")
        if claims.get("aud") != AUDIENCE:
            raise GrantRefused("invalid_grant", "Invalid JWT: Failed audience check.")
        return claims

    def _timely(self, claims: dict[str, Any]) -> None:
        now, begins, ends = self._workspace.clock(), claims.get("iat"), claims.get("exp")
        if not isinstance(begins, int) or not isinstance(ends, int):
            raise GrantRefused("invalid_grant", UNTIMELY)
        fits = begins <= now + LEEWAY_SECONDS and now < ends + LEEWAY_SECONDS and ends - begins <= LONGEST_SECONDS
        if not fits:
            raise GrantRefused("invalid_grant", UNTIMELY)

    def _delegated(self, account: str) -> None:
        if account not in {person.address for person in self._workspace.people()}:
            raise GrantRefused("invalid_grant", "Invalid email or User ID")
        if not self._app().delegated:
            raise GrantRefused("unauthorized_client", UNDELEGATED)
