"""What an operator sets up at the tenant, and how each step is named when it is missing. Law: one text for each step,
which says where it is set; nothing of it asks the person for a consent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from auth.auth0.tenant import CALLBACKS, MY_SCOPES, Tenant
from auth.errors import AuthError
from auth.need import Misconfigured, Need
from auth.redaction import redacted

Step = Literal[
    "domain",
    "domain:consistent",
    "client:secret",
    "client:callbacks",
    "client:confidential",
    "grant:authorization_code",
    "grant:refresh_token",
    "grant:token_vault",
    "refresh_token:non_rotating",
    "api:linked",
    "mfa:not_always",
    "my_account:usable",
    "my_account:activated",
    "my_account:client_grant",
    "my_account:skip_consent",
    "mrrt:policy",
    "connection:usable",
    "connection:offline_access",
    "slack:token_rotation",
    "provider:redirect_uri",
    "tasks_api:usable",
    "tasks_api:permissions",
    "tasks_api:offline_access",
    "tasks_api:skip_consent",
    "tasks_api:policy",
    "tasks_client:id",
    "tasks_client:grants",
    "tasks_client:callbacks",
]
STEPS: tuple[Step, ...] = get_args(Step)
GRANTS = "Applications > the application > Advanced Settings > Grant Types"
MY_ACCOUNT = "Applications > APIs > Auth0 My Account API"

_TEXTS: dict[Step, tuple[str, str]] = {
    "domain": ("no tenant answers at {domain}", "Set VALET_AUTH0_DOMAIN to the domain of the tenant."),
    "domain:consistent": (
        "the tenant's tokens are issued under another name than {domain}",
        "Set VALET_AUTH0_DOMAIN to the custom domain where the tenant has one, else to its own; not to both in turn.",
    ),
    "client:secret": (
        "the tenant does not take the client id or its secret",
        "Set VALET_AUTH0_CLIENT_ID and VALET_AUTH0_CLIENT_SECRET as the application's settings show them.",
    ),
    "client:callbacks": (
        "the tenant does not lead back to Valet",
        "Add {callbacks}, to the application's Allowed Callback URLs, and check VALET_AUTH0_CLIENT_ID.",
    ),
    "client:confidential": (
        "the application is public, and only a confidential one may use the Token Vault",
        "Make it a Regular Web Application with the authentication method client_secret_post.",
    ),
    "grant:authorization_code": (
        "the application lacks the grant type Authorization Code",
        f"Tick Authorization Code under {GRANTS}.",
    ),
    "grant:refresh_token": (
        "the application lacks the grant type Refresh Token",
        f"Tick Refresh Token under {GRANTS}.",
    ),
    "grant:token_vault": (
        "the application may not use the Token Vault",
        f"Tick Token Vault under {GRANTS}; the application must also be first-party and OIDC-conformant.",
    ),
    "refresh_token:non_rotating": (
        "the application's refresh tokens rotate, and the Token Vault takes only those that do not",
        "Switch Refresh Token Rotation off in the application's settings, then sign in again.",
    ),
    "api:linked": (
        "the client that exchanges access tokens is not the one of the API they are for",
        "Link the Custom API Client of VALET_AUTH0_VAULT_CLIENT_ID to the API of VALET_AUTH0_VAULT_API.",
    ),
    "mfa:not_always": (
        "the tenant asks for a second factor always, which no exchange can answer",
        "Set Security > Multi-factor Auth to another policy than Always; an Action may ask at sign-in instead.",
    ),
    "my_account:usable": (
        "the My Account API is not activated, or the application has no grant for it",
        f"Activate it under {MY_ACCOUNT}, and give the application user access with {{scopes}}.",
    ),
    "my_account:activated": (
        "the My Account API is not activated",
        f"Activate it under {MY_ACCOUNT}.",
    ),
    "my_account:client_grant": (
        "the application has no grant for the My Account API",
        f"Under {MY_ACCOUNT} > Application Access give it user access with {{scopes}}.",
    ),
    "my_account:skip_consent": (
        "the My Account API wants a consent of its own, which a refresh cannot give",
        f"Switch on Allow Skipping User Consent under {MY_ACCOUNT} > Settings.",
    ),
    "mrrt:policy": (
        "the application's refresh tokens are not good for the My Account API",
        "Add the audience {my_account} with {scopes} to its Multi-Resource Refresh Token policy.",
    ),
    "connection:usable": (
        "the connection {connection} cannot be used for connected accounts",
        "Under Authentication > the connection set its purpose to Connected Accounts for Token Vault, enable it for "
        "the application, and check its name in VALET_AUTH0_CONNECTIONS.",
    ),
    "connection:offline_access": (
        "the tenant keeps no refresh token for {connection}",
        "Switch on Offline Access in the connection's settings, then disconnect the account and connect it again.",
    ),
    "slack:token_rotation": (
        "Slack gives the tenant no refresh token for {connection}",
        "Opt in to token rotation in the Slack app's settings, then disconnect the account and connect it again.",
    ),
    "provider:redirect_uri": (
        "the provider does not lead back to the tenant",
        "Add https://{domain}/login/callback to the redirect URIs of the provider's app behind {connection}.",
    ),
    "tasks_api:usable": (
        "there is no API {own}, or the application has no grant for it",
        "Under Applications > APIs make one with the identifier {own}, and give the application user access with "
        "{own_scopes}.",
    ),
    "tasks_api:permissions": (
        "the API {own} does not give all that is asked of it",
        "Under Applications > APIs > the API > Permissions define {own_scopes}, and grant them to the application.",
    ),
    "tasks_api:offline_access": (
        "the API {own} lets nobody stay signed in",
        "Switch on Allow Offline Access under Applications > APIs > the API > Settings.",
    ),
    "tasks_api:skip_consent": (
        "the API {own} wants a consent of its own, which a refresh cannot give",
        "Switch on Allow Skipping User Consent under Applications > APIs > the API > Settings.",
    ),
    "tasks_api:policy": (
        "the application's refresh tokens are not good for the API {own}",
        "Add the audience {own} with {own_scopes} to its Multi-Resource Refresh Token policy, or name a Native "
        "application in VALET_AUTH0_TASKS_CLIENT_ID.",
    ),
    "tasks_client:id": (
        "the tenant does not know the application that signs in for {own}",
        "Set VALET_AUTH0_TASKS_CLIENT_ID to the client id of a Native application.",
    ),
    "tasks_client:grants": (
        "the application that signs in for {own} lacks a grant type",
        f"Tick Authorization Code and Refresh Token under {GRANTS}, of the one VALET_AUTH0_TASKS_CLIENT_ID names.",
    ),
    "tasks_client:callbacks": (
        "the tenant does not lead back to Valet from the application that signs in for {own}",
        "Add {callbacks}, to its Allowed Callback URLs, and check VALET_AUTH0_TASKS_CLIENT_ID.",
    ),
}


class Needed(AuthError):
    """There can be no token; `need` says why and what to do. `dead`: the account is gone, not the sign-in."""

    def __init__(self, need: Need, *, dead: bool = False) -> None:
        super().__init__(type(need).__name__)
        self.need, self.dead = need, dead


@dataclass(frozen=True)
class Checklist:
    """The steps in the words of one tenant."""

    tenant: Tenant

    def missing(self, connection: str, step: Step, said: str = "", at: str = "") -> Misconfigured:
        """`said` is the tenant's own description, `at` its name for the connection."""
        what, following = self.texts(step, at or connection)
        told = f" ({redacted(said)[:200]})" if said else ""
        return Misconfigured(connection, f"at Auth0, {what}{told}", following)

    def texts(self, step: Step, at: str = "") -> tuple[str, str]:
        """What is wrong, and what to do."""
        tenant = self.tenant
        words = {
            "domain": tenant.domain,
            "callbacks": CALLBACKS,
            "scopes": ", ".join(MY_SCOPES),
            "my_account": tenant.my_account,
            "own": tenant.own.audience if tenant.own else "",
            "own_scopes": " and ".join(tenant.own.scopes) if tenant.own else "",
            "connection": at or ", ".join(tenant.connections.values()),
        }
        what, following = _TEXTS[step]
        return what.format(**words), following.format(**words)
