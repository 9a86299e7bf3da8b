"""The tenant as services behind the server's origin: sign-in, tokens, discovery, and the My Account API."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.demo.auth0.accounts import Accounts
from app.demo.auth0.ciba import GUARDIAN, Approvals
from app.demo.auth0.clients import authenticated, read_fields
from app.demo.auth0.connect import CONNECT, Connecting
from app.demo.auth0.device import ACTIVATE, DeviceFlow
from app.demo.auth0.exchange import TokenVault
from app.demo.auth0.login import AUTHORIZE, Login, SignIn
from app.demo.auth0.my_account import MyAccount
from app.demo.auth0.providers import GoogleUpstream, SlackUpstream
from app.demo.auth0.refresh_tokens import RefreshTokens
from app.demo.auth0.refusal import NO_STORE, Refused
from app.demo.auth0.tenant import GRANT_TYPES, ISSUER, USER_INFO, Tenant
from app.demo.auth0.tickets import Tickets
from app.demo.auth0.token_endpoint import TokenEndpoint
from app.demo.auth0.tokens import Tokens
from app.demo.auth0.upstream import Upstream
from app.demo.consent import ConsentDesk
from app.demo.google_app import GoogleApp
from app.demo.grant_store import GrantStore
from app.demo.remarks import Remarks
from app.demo.slack.grants import SlackGrants
from app.demo.wire import Request, Response, Service, json_response
from app.demo.workspace import Workspace

CONFIGURATION, JWKS = "/.well-known/openid-configuration", "/.well-known/jwks.json"
TOKEN, REVOKE, USERINFO = "/oauth/token", "/oauth/revoke", "/userinfo"
DEVICE_CODE, BC_AUTHORIZE = "/oauth/device/code", "/bc-authorize"


class Auth0:
    """Everything of the tenant's domain but the My Account API."""

    name = "auth0"

    def __init__(self, endpoints: dict[tuple[str, str], Callable[[Request], Response]]) -> None:
        self._endpoints = endpoints
        self.routes = tuple(dict.fromkeys(path for _, path in endpoints))

    def failure(self, status: int) -> Response:
        error = "too_many_requests" if status == 429 else "server_error"
        return Refused(status, error, "The tenant failed as it was told to.").response()

    def answer(self, request: Request) -> Response:
        endpoint = self._endpoints.get((request.method, request.path))
        if endpoint is None:
            return Refused(405, "method_not_allowed", "This address takes another method.").response()
        try:
            return endpoint(request)
        except Refused as refused:
            return refused.response()


@dataclass(frozen=True)
class Around:
    """What stands around the tenant: the workspace, the grants of the services behind it, who asks the person.

    `clock` ages its tickets and refresh tokens.
    """

    workspace: Workspace
    google: GrantStore
    slack: SlackGrants
    desk: ConsentDesk
    remarks: Remarks
    tenant: Callable[[], Tenant]
    google_app: Callable[[], GoogleApp]
    clock: Callable[[], float]


def auth0_services(around: Around) -> list[Service]:
    """The tenant's own service and its My Account API."""
    workspace, desk, tenant, clock = around.workspace, around.desk, around.tenant, around.clock
    database, remarks = workspace.database, around.remarks
    tickets, tokens = Tickets(database, clock), Tokens(workspace, tenant, clock)
    refresh = RefreshTokens(database, clock, tenant, remarks)
    upstreams: dict[str, Upstream] = {
        "google-oauth2": GoogleUpstream(workspace, around.google, around.google_app, tenant),
        "sign-in-with-slack": SlackUpstream(workspace, around.slack, tenant),
    }
    accounts = Accounts(database, clock, upstreams)
    sign_in = SignIn(workspace, desk)
    device = DeviceFlow(sign_in, tickets, tenant, clock)
    approvals = Approvals(desk, tickets, tokens, tenant, clock)
    vault = TokenVault(accounts, refresh, tokens, tenant, remarks)
    endpoint = TokenEndpoint(tickets, refresh, tokens, vault, device, approvals, tenant)
    connecting = Connecting(desk, tickets, accounts, upstreams, tenant, clock)
    clients = _ClientEndpoints(device, approvals, refresh, tenant)
    auth0 = Auth0(
        {
            ("GET", CONFIGURATION): _configuration,
            ("GET", JWKS): lambda _: json_response(200, tokens.key.published),
            ("GET", AUTHORIZE): Login(sign_in, tickets, tenant).answer,
            ("POST", TOKEN): endpoint.answer,
            ("POST", REVOKE): clients.revoke,
            ("POST", DEVICE_CODE): clients.begin_device,
            ("POST", BC_AUTHORIZE): clients.begin_approval,
            ("GET", ACTIVATE): device.show,
            ("GET", GUARDIAN): lambda _: approvals.show(),
            ("GET", CONNECT): connecting.show,
            ("GET", USERINFO): lambda request: _user_info(tokens, request),
        }
    )
    return [auth0, MyAccount(tokens, accounts, connecting, tenant)]


class _ClientEndpoints:
    """What a client posts to besides the token endpoint; each proves who asks first."""

    def __init__(
        self, device: DeviceFlow, approvals: Approvals, refresh: RefreshTokens, tenant: Callable[[], Tenant]
    ) -> None:
        self._device = device
        self._approvals = approvals
        self._refresh = refresh
        self._tenant = tenant

    def begin_device(self, request: Request) -> Response:
        fields = read_fields(request, form_only=True)
        application = authenticated(request, fields, self._tenant())
        return json_response(200, self._device.begin(application, fields), NO_STORE)

    def begin_approval(self, request: Request) -> Response:
        fields = read_fields(request, form_only=True)
        application = authenticated(request, fields, self._tenant())
        return json_response(200, self._approvals.begin(application, fields), NO_STORE)

    def revoke(self, request: Request) -> Response:
        fields = read_fields(request)
        application = authenticated(request, fields, self._tenant())
        self._refresh.revoke(fields.get("token", ""), application.id)
        return Response(200, headers=(NO_STORE,))


def _user_info(tokens: Tokens, request: Request) -> Response:
    bearer = tokens.read(request.bearer or "")
    if bearer is None or USER_INFO not in bearer.audiences:
        raise Refused(401, "invalid_token", "Unauthorized", ("WWW-Authenticate", 'Bearer error="invalid_token"'))
    return json_response(200, tokens.profile(bearer.subject, bearer.scopes), NO_STORE)


def _configuration(_: Request) -> Response:
    told: dict[str, Any] = {
        "issuer": ISSUER,
        "authorization_endpoint": f"{ISSUER}authorize",
        "token_endpoint": f"{ISSUER}oauth/token",
        "device_authorization_endpoint": f"{ISSUER}oauth/device/code",
        "backchannel_authentication_endpoint": f"{ISSUER}bc-authorize",
        "userinfo_endpoint": f"{ISSUER}userinfo",
        "revocation_endpoint": f"{ISSUER}oauth/revoke",
        "jwks_uri": f"{ISSUER}.well-known/jwks.json",
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "grant_types_supported": sorted(GRANT_TYPES),
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "subject_types_supported": ["public"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
    }
    return json_response(200, told)
