"""Google's OAuth endpoints for an installed app: consent on a loopback redirect, tokens, revocation, token facts."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Collection
from functools import cached_property
from secrets import compare_digest
from typing import Any
from urllib.parse import urlsplit

from app.demo.consent import Agreed, ConsentDesk, Question
from app.demo.consent import Consent as Consent
from app.demo.consent_page import notice_page
from app.demo.google_errors import REALM, invalid_token
from app.demo.grant_store import ACCESS_SECONDS, Asked, GrantRefused, GrantStore, Issued
from app.demo.routes import load, raw_document
from app.demo.wire import FORM, HTML, Request, Response, fingerprint, json_response, redirect
from app.demo.workspace import Workspace

APP = "Valet"
CLIENT_ID = "valet-demo.apps.example"
CLIENT_SECRET = "demo-not-a-secret"  # noqa: S105 - an installed app's secret is none, and this one is of no service
AUTHORIZE, TOKEN, REVOKE, TOKEN_INFO, USER_INFO = (
    "/o/oauth2/v2/auth",
    "/token",
    "/revoke",
    "/tokeninfo",
    "/v1/userinfo",
)
DOCUMENTS = ("gmail.v1", "calendar.v3", "drive.v3")
EMAIL = "https://www.googleapis.com/auth/userinfo.email"
PROFILE = "https://www.googleapis.com/auth/userinfo.profile"
IDENTITY = frozenset({"openid", EMAIL, PROFILE})
_CANONICAL = {"email": EMAIL, "profile": PROFILE}
_SIGN_IN = {
    "openid": "Know who you are on Google",
    EMAIL: "See your primary Google Account email address",
    PROFILE: "See your personal info, including any you made public",
}
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_CHALLENGE = re.compile(r"^[A-Za-z0-9_-]{43}$")
_NO_STORE = ("Cache-Control", "no-store")


class PageError(Exception):
    """The consent page refuses by itself: the browser stays there, nothing reaches the redirect."""


class GoogleOAuth:
    """The service at accounts.google.com and oauth2.googleapis.com."""

    name = "oauth"
    routes = (AUTHORIZE, TOKEN, REVOKE, TOKEN_INFO, USER_INFO)

    def __init__(self, workspace: Workspace, grants: GrantStore, desk: ConsentDesk) -> None:
        self._workspace = workspace
        self._grants = grants
        self._desk = desk

    def answer(self, request: Request) -> Response:
        endpoints = {
            ("GET", AUTHORIZE): self._authorize,
            ("POST", TOKEN): self._token,
            ("POST", REVOKE): self._revoke,
            ("GET", TOKEN_INFO): self._token_info,
            ("POST", TOKEN_INFO): self._token_info,
            ("GET", USER_INFO): self._user_info,
        }
        endpoint = endpoints.get((request.method, request.path))
        return endpoint(request) if endpoint else Response(404, b"", HTML)

    def failure(self, status: int) -> Response:
        return _refusal("internal_failure" if status >= 500 else "rate_limit_exceeded", "", status)

    @cached_property
    def _known_scopes(self) -> frozenset[str]:
        return IDENTITY.union(*(load(name).scopes for name in DOCUMENTS))

    @cached_property
    def _words(self) -> dict[str, str]:
        """What each scope allows, in Google's own words."""
        documents = [raw_document(name)["auth"]["oauth2"]["scopes"] for name in DOCUMENTS]
        told = {scope: stated["description"] for scopes in documents for scope, stated in scopes.items()}
        return told | _SIGN_IN

    def _authorize(self, request: Request) -> Response:
        """The consent page; a person of the workspace answers it."""
        asked = dict(request.parameters)
        try:
            self._check_client(asked)
            scopes = self._asked_scopes(asked.get("scope", ""))
        except PageError as error:
            return notice_page(str(error))
        return self._desk.ask(self._question(asked, scopes), lambda agreed: self._decided(asked, agreed))

    def _question(self, asked: dict[str, str], scopes: tuple[str, ...]) -> Question:
        people = {person.address: person.name for person in self._workspace.people()}
        words = self._words
        told = {scope: words.get(scope, scope) for scope in scopes}
        return Question("Google", APP, people, self._account(asked.get("login_hint", "")), told, IDENTITY)

    def _decided(self, asked: dict[str, str], agreed: Agreed | None) -> Response:
        """Back to the app: with a code for what was agreed to, or with the refusal."""
        state = {"state": asked["state"]} if "state" in asked else {}
        if agreed is None:
            return redirect(asked["redirect_uri"], {"error": "access_denied", **state})
        target, challenge = asked["redirect_uri"], asked["code_challenge"]
        code = self._grants.new_code(Asked(CLIENT_ID, agreed.person, agreed.scopes, target, challenge, agreed.lifetime))
        told = {"code": code, "scope": " ".join(agreed.scopes), "authuser": "0", "prompt": "consent"}
        return redirect(target, {**state, **told})

    def _check_client(self, asked: dict[str, str]) -> None:
        """Raise PageError unless an installed app asks as it must."""
        if asked.get("client_id") != CLIENT_ID:
            raise PageError("The OAuth client was not found. (invalid_client)")
        redirect = urlsplit(asked.get("redirect_uri", ""))
        if redirect.scheme != "http" or redirect.hostname not in _LOOPBACK or redirect.fragment:
            raise PageError("The redirect URI is not a loopback address. (redirect_uri_mismatch)")
        if asked.get("response_type") != "code":
            raise PageError("Required parameter: response_type=code. (invalid_request)")
        if asked.get("code_challenge_method") != "S256" or not _CHALLENGE.match(asked.get("code_challenge", "")):
            raise PageError("A code_challenge with the method S256 is required. (invalid_request)")

    def _asked_scopes(self, stated: str) -> tuple[str, ...]:
        scopes = canonical(stated.split())
        if not scopes:
            raise PageError("Missing required parameter: scope. (invalid_request)")
        if unknown := [name for name in scopes if name not in self._known_scopes]:
            raise PageError(f"Some requested scopes were invalid: {' '.join(unknown)}. (invalid_scope)")
        return scopes

    def _account(self, hint: str) -> str:
        """The person the hint names; the owner, when it names nobody here."""
        known = {person.address.lower(): person.address for person in self._workspace.people()}
        return known.get(hint.lower(), self._workspace.owner.address)

    def _token(self, request: Request) -> Response:
        if request.media_type != FORM:
            return _refusal("invalid_request", "The request body must be form-encoded.")
        form = request.form
        if not _client_is_known(request):
            return _refusal("invalid_client", "The OAuth client was not found.", 401)
        try:
            if form.get("grant_type") == "authorization_code":
                return _tokens(self._redeem(form))
            if form.get("grant_type") == "refresh_token":
                return _tokens(self._refresh(form))
        except GrantRefused as refused:
            return _refusal(refused.error, refused.description)
        return _refusal("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")

    def _redeem(self, form: dict[str, str]) -> Issued:
        return self._grants.redeem(
            form.get("code", ""),
            client=CLIENT_ID,
            redirect=form.get("redirect_uri", ""),
            verifier=form.get("code_verifier", ""),
        )

    def _refresh(self, form: dict[str, str]) -> Issued:
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

    def _identity(self, account: str, scopes: Collection[str]) -> dict[str, Any]:
        facts: dict[str, Any] = {}
        if "openid" in scopes:
            facts["sub"] = str(int(fingerprint(account)[:17], 16))
        if EMAIL in scopes:
            facts |= {"email": account, "email_verified": True}
        return facts


def canonical(scopes: Collection[str], *, complete: bool = True) -> tuple[str, ...]:
    """Scopes under Google's own names, each once; asking for an identity brings openid along."""
    found = dict.fromkeys(_CANONICAL.get(name, name) for name in scopes)
    if complete and IDENTITY & found.keys():
        found["openid"] = None
    return tuple(found)


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


def _tokens(issued: Issued) -> Response:
    body: dict[str, Any] = {
        "access_token": issued.access,
        "expires_in": ACCESS_SECONDS,
        "scope": " ".join(issued.scopes),
        "token_type": "Bearer",
    }
    if issued.refresh:
        body["refresh_token"] = issued.refresh
    if issued.refresh_expires_in is not None:
        body["refresh_token_expires_in"] = issued.refresh_expires_in
    return json_response(200, body, _NO_STORE)


def _refusal(error: str, description: str, status: int = 400) -> Response:
    body = {"error": error} | ({"error_description": description} if description else {})
    return json_response(status, body, _NO_STORE)
