"""The Token Vault exchange: a token of the tenant for a provider's token of the person's connected account.

Law: the checks come in the order of the real service, and no exchange narrows: the token carries what was connected.
"""

from collections.abc import Callable
from typing import Any

from app.demo.auth0.accounts import Account, Accounts
from app.demo.auth0.refresh_tokens import RefreshTokens
from app.demo.auth0.refusal import Refused, invalid_grant, invalid_request, unauthorized_client
from app.demo.auth0.tenant import VAULT, Application, Tenant
from app.demo.auth0.tokens import Tokens
from app.demo.auth0.upstream import UpstreamRefused
from app.demo.remarks import Remarks

REFRESH_SUBJECT = "urn:ietf:params:oauth:token-type:refresh_token"
ACCESS_SUBJECT = "urn:ietf:params:oauth:token-type:access_token"
REQUESTED = "http://auth0.com/oauth/token-type/federated-connection-access-token"
NEEDED = ("subject_token", "subject_token_type", "requested_token_type", "connection")


class TokenVault:
    """Answers the grant of the Token Vault; `tenant` is the set-up of now."""

    def __init__(
        self,
        accounts: Accounts,
        refresh: RefreshTokens,
        tokens: Tokens,
        tenant: Callable[[], Tenant],
        remarks: Remarks,
    ) -> None:
        self._accounts = accounts
        self._refresh = refresh
        self._tokens = tokens
        self._tenant = tenant
        self._remarks = remarks

    def exchange(self, application: Application, fields: dict[str, str]) -> dict[str, Any]:
        """The body of the answer. Raises Refused."""
        try:
            self._check(application, fields)
            account = self._account(self._subject(application, fields), fields)
            token, seconds, scopes = self._token(account)
        except Refused as refused:
            self._remarks.event("auth0", f"feta: {application.id}: {refused.error}: {refused}")
            raise
        self._remarks.event("auth0", f"seta: {application.id}: {account.connection}")
        return {
            "access_token": token,
            "scope": " ".join(scopes),
            "expires_in": seconds,
            "issued_token_type": REQUESTED,
            "token_type": "Bearer",
        }

    def _check(self, application: Application, fields: dict[str, str]) -> None:
        eligible = application.secret and application.first_party and application.oidc
        if not eligible or VAULT not in application.grants:
            raise unauthorized_client(VAULT)
        if lacking := [name for name in NEEDED if not fields.get(name)]:
            raise invalid_request(f"Missing required parameter: {lacking[0]}")
        if fields["subject_token_type"] not in (REFRESH_SUBJECT, ACCESS_SUBJECT):
            raise invalid_request("Unsupported subject_token_type.")
        if fields["requested_token_type"] != REQUESTED:
            raise invalid_request("Unsupported requested_token_type.")
        if "scope" in fields:
            self._remarks.violation("auth0", "a scope was sent with a Token Vault exchange, which takes none")
        if not self._tenant().has("mfa:not_always"):
            raise Refused(403, "mfa_required", "Multifactor authentication required")
        if fields["subject_token_type"] == REFRESH_SUBJECT and application.rotation:
            raise invalid_request("The subject token is not supported for this client.")

    def _subject(self, application: Application, fields: dict[str, str]) -> str:
        """Whose account it is."""
        token = fields["subject_token"]
        if fields["subject_token_type"] == REFRESH_SUBJECT:
            return self._refresh.check_current(token, application.id).subject
        bearer = self._tokens.read(token, self._tenant().issuer)
        if bearer is None:
            raise invalid_grant("Invalid or expired subject token.")
        if not application.api or application.api not in bearer.audiences:
            raise Refused(403, "access_denied", "The subject token was not issued for the API of this client.")
        return bearer.subject

    def _account(self, subject: str, fields: dict[str, str]) -> Account:
        found = self._accounts.of(subject, fields["connection"])
        if hint := fields.get("login_hint", "").lower():
            found = [account for account in found if account.account.lower() == hint]
        found = found if self._tenant().has("connection:connected_accounts") else []
        if not found or not found[0].kept:
            raise Refused(
                401, "federated_connection_refresh_token_not_found", "Federated connection Refresh Token not found."
            )
        return found[0]

    def _token(self, account: Account) -> tuple[str, int, tuple[str, ...]]:
        try:
            return self._accounts.token(account)
        except UpstreamRefused as error:
            raise Refused(
                401,
                "federated_connection_refresh_token_flow_failed",
                "Refresh Token flow for the Federated Connection failed",
            ) from error
