"""What each error of the tenant means for the person or the operator (Auth0: Token Vault, token endpoint).

Law: judged by `error` alone, never by status or description; what an operator must mend never becomes a consent, and
an error nobody knows is an outage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from auth.auth0.checklist import Checklist, Step
from auth.local.token_endpoint import TokenError
from auth.need import Connect, Misconfigured, Need, Reauth, Unavailable

At = Literal["authorize", "redeem", "refresh", "my_account", "exchange", "exchange_access", "own", "own_client"]
"""Where an error came from: the sign-in page, its code, a refresh, one for the My Account API, the vault
with a refresh token or with an access token; a refresh for Valet's own service by the sign-in, and anything that a
client of its own asks for it."""

NOT_FOUND = "federated_connection_refresh_token_not_found"
FLOW_FAILED = "federated_connection_refresh_token_flow_failed"
SIGN_IN = frozenset({"mfa_required", "unmet_authentication_requirements", "login_required", "interaction_required"})
FRESH_SECONDS = 900.0
"""A second factor given so long ago still counts (My Account API: default policy)."""

_STEPS: dict[At, dict[str, Step]] = {
    "authorize": {
        "unauthorized_client": "grant:authorization_code",
        "consent_required": "my_account:skip_consent",
        "invalid_client": "client:secret",
    },
    "redeem": {"unauthorized_client": "grant:authorization_code"},
    "refresh": {"unauthorized_client": "grant:refresh_token"},
    "my_account": {
        "unauthorized_client": "grant:refresh_token",
        "access_denied": "my_account:client_grant",
        "invalid_scope": "my_account:client_grant",
        "consent_required": "my_account:skip_consent",
    },
    "exchange": {
        "unauthorized_client": "grant:token_vault",
        "access_denied": "client:secret",
        "invalid_request": "refresh_token:non_rotating",
    },
    "own": {
        "unauthorized_client": "grant:refresh_token",
        "access_denied": "tasks_api:usable",
        "invalid_target": "tasks_api:usable",
        "invalid_scope": "tasks_api:permissions",
        "consent_required": "tasks_api:skip_consent",
    },
    "own_client": {
        "invalid_client": "tasks_client:id",
        "unauthorized_client": "tasks_client:grants",
        "access_denied": "tasks_api:usable",
        "invalid_target": "tasks_api:usable",
        "invalid_scope": "tasks_api:permissions",
        "consent_required": "tasks_api:skip_consent",
    },
    "exchange_access": {"unauthorized_client": "grant:token_vault", "access_denied": "api:linked"},
}


@dataclass(frozen=True)
class Refusals:
    """`checklist` has the words for what is set up wrongly."""

    checklist: Checklist

    def step(self, at: At, code: str) -> Step | None:
        """The step of the set-up an error points at, None for one that does not."""
        found = _STEPS[at].get(code)
        return found or ("client:secret" if code == "invalid_client" else None)

    def need(self, at: At, connection: str, error: TokenError, *, fresh: bool, name: str = "") -> Need:
        """`fresh`: the person has just signed in, so that to ask them again would change nothing; `name` is the
        tenant's for the connection.
        """
        step = self.step(at, error.code)
        if step is not None:
            return self.checklist.missing(connection, step, error.description, name)
        if error.code in SIGN_IN:
            return self._sign_in(connection, error, fresh)
        match error.code:
            case "invalid_grant":
                return Reauth(connection, "your sign-in at Auth0 has ended")
            case "federated_connection_refresh_token_flow_failed":
                return Reauth(connection, "the service no longer takes what Auth0 keeps of it: revoked, or too old")
            case "federated_connection_refresh_token_not_found":
                return Connect(connection, frozenset(), "")
            case _:
                return Unavailable(connection, f"Auth0 says {error.code}", error.retry_after)

    def _sign_in(self, connection: str, error: TokenError, fresh: bool) -> Reauth | Misconfigured:
        if fresh:
            return self.checklist.missing(connection, "mfa:not_always", error.description)
        return Reauth(connection, "Auth0 wants you to sign in again")
