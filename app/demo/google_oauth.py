"""Google's OAuth endpoints for an installed app: consent on a loopback redirect, tokens, revocation, token facts."""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Collection
from secrets import compare_digest
from typing import Any

from app.demo.consent import Consent as Consent
from app.demo.google_app import CLIENT_ID as CLIENT_ID
from app.demo.google_app import CLIENT_SECRET as CLIENT_SECRET
from app.demo.google_app import EMAIL, PROFILE, GoogleApp, canonical
from app.demo.google_consent import GoogleConsent
from app.demo.google_errors import REALM, invalid_token
from app.demo.grant_store import ACCESS_SECONDS, GrantRefused, GrantStore, Issued
from app.demo.service_accounts import JWT_BEARER, ServiceAccounts
from app.demo.signing import SigningKey
from app.demo.wire import FORM, HTML, Request, Response, fingerprint, json_response
from app.demo.workspace import Workspace

AUTHORIZE, TOKEN, REVOKE, TOKEN_INFO, USER_INFO, CERTS = (
    "/o/oauth2/v2/auth",
    "/token",
    "/revoke",
    "/tokeninfo",
    "/v1/userinfo",
    "/oauth2/v3/certs",
)
ISSUER = "https://accounts.google.com"
_NO_STORE = ("Cache-Control", "no-store")


class GoogleOAuth:
    """The service at accounts.google.com and oauth2.googleapis.com."""

    name = "oauth"
    routes = (AUTHORIZE, TOKEN, REVOKE, TOKEN_INFO, USER_INFO, CERTS)

    def __init__(
        self,
        workspace: Workspace,
        grants: GrantStore,
        page: GoogleConsent,
        app: Callable[[], GoogleApp],
    ) -> None:
        self._workspace = workspace
        self._grants = grants
        self._app = app
        self._page = page
        self._service_accounts = ServiceAccounts(workspace, grants, app)
        self._key = SigningKey(workspace, "google")

    def answer(self, request: Request) -> Response:
        endpoints = {
            ("GET", AUTHORIZE): self._page.answer,
            ("POST", TOKEN): self._token,
            ("POST", REVOKE): self._revoke,
            ("GET", TOKEN_INFO): self._token_info,
            ("POST", TOKEN_INFO): self._token_info,
            ("GET", USER_INFO): self._user_info,
            ("GET", CERTS): self._certs,
        }
        endpoint = endpoints.get((request.method, request.path))
        return endpoint(request) if endpoint else Response(404, b"", HTML)

    def failure(self, status: int) -> Response:
        return _refusal("internal_failure" if status >= 500 else "rate_limit_exceeded", "", status)

    def _token(self, request: Request) -> Response:
        if request.media_type != FORM:
            return _refusal("invalid_request", "The request body must be form-encoded.")
        form = request.form
        by_itself = form.get("grant_type") == JWT_BEARER
        if not by_itself and not _client_is_known(request):
            return _refusal("invalid_client", "The OAuth client was not found.", 401)
        try:
            if by_itself:
                return _tokens(self._service_accounts.issued(form.get("assertion", "")))
            if form.get("grant_type") == "authorization_code":
                issued = self._redeem(form)
                return _tokens(issued, self._id_token(issued))
            if form.get("grant_type") == "refresh_token":
                return _tokens(self._refresh(form))
        except GrantRefused as refused:
            status = 401 if refused.error == "unauthorized_client" else 400
            return _refusal(refused.error, refused.description, status, refused.subtype)
        return _refusal("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")

    def _redeem(self, form: dict[str, str]) -> Issued:
        return self._grants.redeem(
            form.get("code", ""),
            client=CLIENT_ID,
            redirect=form.get("redirect_uri", ""),
            verifier=form.get("code_verifier", ""),
        )

    def _id_token(self, issued: Issued) -> str:
        """Who agreed, for the client alone; "" unless the identity was asked for."""
        if "openid" not in issued.scopes:
            return ""
        now = int(self._workspace.clock())
        facts = {"iss": ISSUER, "azp": CLIENT_ID, "aud": CLIENT_ID, "iat": now, "exp": now + 3600}
        nonce = {"nonce": issued.nonce} if issued.nonce else {}
        return self._key.sign(facts | self._identity(issued.account, issued.scopes) | nonce)

    def _refresh(self, form: dict[str, str]) -> Issued:
        if self._app().rapt:
            raise GrantRefused("invalid_grant", "reauth related error (invalid_rapt)", "invalid_rapt")
        scopes = canonical(form.get("scope", "").split(), complete=False)
        return self._grants.refresh(form.get("refresh_token", ""), client=CLIENT_ID, scopes=scopes)

    def _revoke(self, request: Request) -> Response:
        token = request.form.get("token") or dict(request.parameters).get("token", "")
        if not self._grants.revoke(token):
            return _refusal("invalid_token", "Token expired or revoked")
        return json_response(200, {})

    def _token_info(self, request: Request) -> Response:
        token = request.form.get("access_token") or dict(request.parameters).get("access_token", "")
        access = self._grants.look_up(token)
        if access is None:
            return _refusal("invalid_token", "Invalid Value")
        left = int(access.expires - self._workspace.clock())
        facts: dict[str, Any] = {
            "azp": access.client,
            "aud": access.client,
            "scope": " ".join(access.scopes),
            "exp": str(int(access.expires)),
            "expires_in": str(left),
            "access_type": "offline",
        }
        return json_response(200, facts | self._identity(access.account, access.scopes))

    def _user_info(self, request: Request) -> Response:
        access = self._grants.look_up(request.bearer or "")
        if access is None:
            return invalid_token().response()
        if "openid" not in access.scopes:
            return json_response(403, {"error": "insufficient_scope"}, ("WWW-Authenticate", REALM))
        facts = self._identity(access.account, access.scopes)
        if PROFILE in access.scopes:
            names = {person.address: person.name for person in self._workspace.people()}
            facts["name"] = names.get(access.account, access.account)
        return json_response(200, facts)

    def _certs(self, request: Request) -> Response:
        return json_response(200, self._key.published)

    def _identity(self, account: str, scopes: Collection[str]) -> dict[str, Any]:
        facts: dict[str, Any] = {}
        if "openid" in scopes:
            facts["sub"] = str(int(fingerprint(account)[:17], 16))
        if EMAIL in scopes:
            facts |= {"email": account, "email_verified": True}
        return facts


def _client_is_known(request: Request) -> bool:
    """The client's id and secret, from the form or from a Basic header."""
    client, secret = request.form.get("client_id", ""), request.form.get("client_secret", "")
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client, _, secret = b64decode(encoded, validate=True).decode().partition(":")
        except (Base64Error, UnicodeDecodeError):
            return False
    return client == CLIENT_ID and compare_digest(secret.encode(), CLIENT_SECRET.encode())


def _tokens(issued: Issued, id_token: str = "") -> Response:
    body: dict[str, Any] = {
        "access_token": issued.access,
        "expires_in": ACCESS_SECONDS,
        "scope": " ".join(issued.scopes),
        "token_type": "Bearer",
    }
    if id_token:
        body["id_token"] = id_token
    if issued.refresh:
        body["refresh_token"] = issued.refresh
    if issued.refresh_expires_in is not None:
        body["refresh_token_expires_in"] = issued.refresh_expires_in
    return json_response(200, body, _NO_STORE)


def _refusal(error: str, description: str, status: int = 400, subtype: str = "") -> Response:
    told = {"error": error, "error_description": description, "error_subtype": subtype}
    body = {name: value for name, value in told.items() if value}
    return json_response(status, body, _NO_STORE)
