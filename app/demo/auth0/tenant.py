"""The tenant as an operator has set it up: clients, APIs, connections; each step of the set-up can be left out.

Law: everything is right unless `Tenant.missing` says otherwise, and a missing step fails as opaquely as the real one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

DOMAIN = "demo.auth0.invalid"
ISSUER = f"https://{DOMAIN}/"
CUSTOM_DOMAIN_ISSUER = "https://login.valet.invalid/"
MY_ACCOUNT = f"{ISSUER}me/"
TASKS = "https://tasks.valet.invalid"
VAULT_API = "https://vault.valet.invalid"
USER_INFO = f"{ISSUER}userinfo"
CALLBACKS = tuple(f"http://127.0.0.1:{port}/auth0/callback" for port in range(18484, 18490))
WEB_CLIENT, NATIVE_CLIENT, API_CLIENT = "demo-web-client", "demo-native-client", "demo-vault-api-client"
WEB_SECRET, API_SECRET = "demo-web-not-a-secret", "demo-api-not-a-secret"

CODE, REFRESH = "authorization_code", "refresh_token"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
CIBA = "urn:openid:params:grant-type:ciba"
VAULT = "urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token"
ON_BEHALF = "urn:ietf:params:oauth:grant-type:token-exchange"
GRANT_TYPES = frozenset({CODE, REFRESH, DEVICE, CIBA, VAULT, ON_BEHALF})

_MY_SCOPES = tuple(f"{verb}:me:connected_accounts" for verb in ("create", "read", "delete"))
APIS: Mapping[str, tuple[str, ...]] = {
    MY_ACCOUNT: _MY_SCOPES,
    TASKS: ("tasks:read", "tasks:write"),
    VAULT_API: ("vault:use",),
}
CONNECTIONS = {"google-oauth2": "google-oauth2", "sign-in-with-slack": "slack"}

Item = Literal[
    "grant:authorization_code",
    "grant:refresh_token",
    "grant:token_vault",
    "client:confidential",
    "client:first_party",
    "client:oidc_conformant",
    "client:callbacks",
    "connection:connected_accounts",
    "connection:offline_access",
    "connection:enabled",
    "my_account:activated",
    "my_account:client_grant",
    "my_account:skip_consent",
    "mrrt:policy",
    "tasks_api:registered",
    "tasks_api:client_grant",
    "tasks_api:permissions",
    "tasks_api:offline_access",
    "tasks_api:policy",
    "refresh_token:non_rotating",
    "provider:redirect_uri",
    "slack:token_rotation",
    "domain:consistent",
    "mfa:not_always",
]
ITEMS: tuple[Item, ...] = get_args(Item)


@dataclass(frozen=True)
class Application:
    """A client of the tenant. Without a `secret` it is public; `api` is what a Custom API Client stands for.

    `mrrt` are the scopes its refresh tokens may get for further APIs. `rotation` of refresh tokens.
    """

    id: str
    secret: str
    grants: frozenset[str]
    callbacks: tuple[str, ...] = ()
    api: str = ""
    rotation: bool = False
    first_party: bool = True
    oidc: bool = True
    mrrt: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_MRRT = {MY_ACCOUNT: _MY_SCOPES, TASKS: APIS[TASKS]}
_APPLICATIONS = {
    WEB_CLIENT: Application(WEB_CLIENT, WEB_SECRET, frozenset({CODE, REFRESH, VAULT, CIBA}), CALLBACKS, mrrt=_MRRT),
    NATIVE_CLIENT: Application(
        NATIVE_CLIENT, "", frozenset({CODE, REFRESH, DEVICE}), CALLBACKS, rotation=True, mrrt=_MRRT
    ),
    API_CLIENT: Application(API_CLIENT, API_SECRET, frozenset({VAULT, ON_BEHALF}), api=VAULT_API),
}


@dataclass(frozen=True)
class Tenant:
    """`missing` are the steps of the set-up left out.

    `leeway` (seconds) forgives the use of the refresh token just rotated; `confirmation` shows a page before a
    loopback callback even where nobody has to be asked; `refresh_seconds` is a refresh token's life, which rotation
    does not extend.
    """

    missing: frozenset[str] = frozenset()
    leeway: float = 0
    confirmation: bool = False
    access_seconds: int = 86_400
    refresh_seconds: int = 30 * 86_400

    def __post_init__(self) -> None:
        if unknown := sorted(self.missing - set(ITEMS)):
            raise TenantError(f"No step {unknown[0]!r} in the tenant's set-up: choose of {', '.join(ITEMS)}.")

    def has(self, item: Item) -> bool:
        return item not in self.missing

    @property
    def issuer(self) -> str:
        """Whom the tokens name; with the domains mixed up, another one than the services expect."""
        return ISSUER if self.has("domain:consistent") else CUSTOM_DOMAIN_ISSUER

    def api(self, audience: str) -> tuple[str, ...] | None:
        """The scopes of an API; None where there is none."""
        if audience == MY_ACCOUNT and not self.has("my_account:activated"):
            return None
        if audience == TASKS and not self.has("tasks_api:registered"):
            return None
        if audience == TASKS and not self.has("tasks_api:permissions"):
            return ()
        return APIS.get(audience)

    def lasting(self, audience: str) -> bool:
        """Whether a sign-in for this API may get a refresh token (its Allow Offline Access)."""
        return audience != TASKS or self.has("tasks_api:offline_access")

    def application(self, client: str) -> Application | None:
        """The client as it is set up now."""
        found = _APPLICATIONS.get(client)
        return found and self._as_set_up(found)

    def _as_set_up(self, application: Application) -> Application:
        absent = {
            grant
            for item, grant in (
                ("grant:authorization_code", CODE),
                ("grant:refresh_token", REFRESH),
                ("grant:token_vault", VAULT),
            )
            if item in self.missing
        }
        return replace(
            application,
            grants=application.grants - absent,
            secret=application.secret if self.has("client:confidential") else "",
            callbacks=application.callbacks if self.has("client:callbacks") else (),
            rotation=application.rotation or not self.has("refresh_token:non_rotating"),
            first_party=self.has("client:first_party"),
            oidc=self.has("client:oidc_conformant"),
            mrrt=self._policies(application),
        )

    def _policies(self, application: Application) -> Mapping[str, tuple[str, ...]]:
        """Those for the APIs that a policy names and that are there: the rest is ignored in silence."""
        kept = application.mrrt if self.has("mrrt:policy") else {}
        left_out = set() if self.has("tasks_api:policy") else {TASKS}
        return {audience: scopes for audience, scopes in kept.items() if audience not in left_out}


class TenantError(ValueError):
    """A set-up that cannot be; the text says what can."""
