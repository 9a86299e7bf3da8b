"""Slack's OAuth for a public desktop app: consent with PKCE on a registered localhost redirect, rotating tokens.

Law: the token endpoints answer HTTP 200 always; the authorize and token addresses of one consent are one family.
"""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from app.demo.consent import Agreed, ConsentDesk, Question
from app.demo.consent_page import notice_page
from app.demo.registered import SLACK_CLIENT_ID as SLACK_CLIENT_ID
from app.demo.slack.call import read_arguments
from app.demo.slack.grants import GRACE_SECONDS, Asked, Issued, SlackGrants
from app.demo.slack.lookup import TEAM, SlackLookup
from app.demo.slack.refusals import SlackRefused, failure
from app.demo.slack.scope_words import USER_SCOPES, words
from app.demo.slack_store import TEAM_NAME
from app.demo.wire import FORM, HTML, Request, Response, json_response, redirect
from app.demo.workspace import Workspace

APP = "Valet"
SLACK_CLIENT_SECRET = "demo-not-a-secret"  # noqa: S105 - of the app without PKCE; it is of no service
SLACK_APP_ID = "A0VALETDEMO"
REDIRECTS = tuple(f"http://localhost:{port}/slack/callback" for port in (53682, 53683, 53684))
HTTPS_REDIRECT = "https://valet.example/slack/callback"
AUTHORIZE = {"/oauth/v2_user/authorize": "v2_user", "/oauth/v2/authorize": "v2"}
TOKEN = {"/api/oauth.v2.user.access": "v2_user", "/api/oauth.v2.access": "v2"}
REVOKE, EXCHANGE = "/api/auth.revoke", "/api/oauth.v2.exchange"
_CHALLENGE = re.compile(r"^[A-Za-z0-9_-]{43}$")
_NO_STORE = ("Cache-Control", "no-store")


@dataclass(frozen=True)
class SlackApp:
    """How Slack treats the app. An "unlisted" one reads histories at 1 call a minute and 15 messages a call.

    `nested` puts the fields of `oauth.v2.user.access` under `authed_user`, as some clients have seen it. With `pkce`
    the app is public and its tokens rotate; without, it has a secret, an https redirect, and rotates by `rotation`.
    A spent refresh token is forgiven for `grace` seconds. `tiers` tells whether calls are counted at all.
    """

    kind: Literal["internal", "unlisted"] = "internal"
    nested: bool = False
    pkce: bool = True
    rotation: bool = True
    grace: float = GRACE_SECONDS
    tiers: bool = True


class PageError(Exception):
    """The consent page refuses by itself: nothing reaches the redirect."""


class SlackOAuth:
    """The service at slack.com/oauth and the token methods of its Web API."""

    name = "slack-oauth"
    routes = (*AUTHORIZE, *TOKEN, REVOKE, EXCHANGE)

    def __init__(
        self,
        workspace: Workspace,
        grants: SlackGrants,
        desk: ConsentDesk,
        app: Callable[[], SlackApp],
    ) -> None:
        self._workspace = workspace
        self._grants = grants
        self._desk = desk
        self._app = app

    def answer(self, request: Request) -> Response:
        if request.path in AUTHORIZE:
            return self._authorize(request) if request.method == "GET" else Response(405, b"", HTML)
        try:
            if request.path == REVOKE:
                return self._revoke(request)
            return self._exchange(request) if request.path == EXCHANGE else self._token(request)
        except SlackRefused as refused:
            return refused.response(_NO_STORE)

    def failure(self, status: int) -> Response:
        return failure(status)

    def _authorize(self, request: Request) -> Response:
        """The consent page; a member of the team answers it."""
        asked, family = dict(request.parameters), AUTHORIZE[request.path]
        try:
            _check_client(asked, self._app())
            scopes = _asked_scopes(asked, family)
        except PageError as error:
            return notice_page(str(error), title="Something went wrong")
        told = {scope: words(scope) for scope in scopes}
        owner = self._workspace.owner.address.lower()
        people = SlackLookup(self._workspace.database, self._workspace.slack.owner).people()
        question = Question(f"Slack ({TEAM_NAME})", APP, people, owner, told, frozenset(scopes))
        return self._desk.ask(question, lambda agreed: self._decided(asked, family, agreed))

    def _decided(self, asked: dict[str, str], family: str, agreed: Agreed | None) -> Response:
        """Back to the app: with a code, or with the refusal. Slack grants all that was asked for, or nothing."""
        state = {"state": asked["state"]} if "state" in asked else {}
        if agreed is None:
            return redirect(asked["redirect_uri"], {"error": "access_denied", **state})
        target, challenge = asked["redirect_uri"], asked.get("code_challenge", "")
        code = self._grants.new_code(Asked(family, SLACK_CLIENT_ID, agreed.person, agreed.scopes, target, challenge))
        return redirect(target, {"code": code, **state})

    def _token(self, request: Request) -> Response:
        if request.method != "POST" or request.media_type != FORM:
            raise SlackRefused("invalid_post_type")
        form, family = request.form, TOKEN[request.path]
        self._check_secret(request)
        grant_type = form.get("grant_type") or "authorization_code"
        if grant_type == "authorization_code":
            return self._told(self._redeem(form, family), nested=family == "v2" or self._app().nested)
        if grant_type == "refresh_token":
            token = form.get("refresh_token", "")
            issued = self._grants.refresh(token, client=SLACK_CLIENT_ID, grace=self._app().grace)
            return self._told(issued, nested=family == "v2_user" and self._app().nested)
        raise SlackRefused("invalid_grant_type")

    def _check_secret(self, request: Request) -> None:
        """Raise SlackRefused unless the client is who it says: a public one has no secret, any other its own."""
        client, secret = _client_of(request)
        if client != SLACK_CLIENT_ID:
            raise SlackRefused("invalid_client_id")
        if not self._app().pkce and "code_verifier" in request.form:
            raise SlackRefused("pkce_not_allowed")
        if secret != ("" if self._app().pkce else SLACK_CLIENT_SECRET):
            raise SlackRefused("bad_client_secret")

    def _exchange(self, request: Request) -> Response:
        """A rotating pair for a token from before rotation was turned on."""
        if request.method != "POST" or request.media_type != FORM:
            raise SlackRefused("invalid_post_type")
        self._check_secret(request)
        if not self._app().rotation:
            raise SlackRefused("token_rotation_not_enabled")
        token = request.bearer or request.form.get("token", "")
        return self._told(self._grants.exchange(token, client=SLACK_CLIENT_ID), nested=False)

    def _redeem(self, form: dict[str, str], family: str) -> Issued:
        return self._grants.redeem(
            form.get("code", ""),
            family=family,
            client=SLACK_CLIENT_ID,
            redirect=form.get("redirect_uri", ""),
            verifier=form.get("code_verifier", ""),
            rotating=self._app().pkce or self._app().rotation,
        )

    def _told(self, issued: Issued, *, nested: bool) -> Response:
        """The tokens; a consent by `oauth.v2.access` has them under `authed_user`, all else as the app is."""
        user: dict[str, Any] = {
            "id": self._member_id(issued.account),
            "scope": ",".join(issued.scopes),
            "access_token": issued.access,
            "token_type": "user",
        }
        if issued.refresh:
            user |= {"refresh_token": issued.refresh, "expires_in": issued.expires_in}
        common = {"ok": True, "app_id": SLACK_APP_ID, "team": {"id": TEAM, "name": TEAM_NAME}, "enterprise": None}
        if nested:
            return json_response(200, common | {"authed_user": user, "is_enterprise_install": False}, _NO_STORE)
        flat = {name: value for name, value in user.items() if name != "id"}
        return json_response(200, common | flat | {"authed_user": {"id": user["id"]}}, _NO_STORE)

    def _member_id(self, account: str) -> str:
        found = SlackLookup(self._workspace.database, "").member_of_address(account)
        if found is None:
            raise SlackRefused("account_inactive")
        return found.id

    def _revoke(self, request: Request) -> Response:
        arguments = read_arguments(request)
        token = request.bearer or arguments.get("token", "")
        if not token:
            raise SlackRefused("not_authed")
        access = self._grants.look_up(token)
        rehearsal = arguments.get("test", "").lower() in ("1", "true")
        if not rehearsal:
            self._grants.revoke(access.grant)
        return json_response(200, {"ok": True, "revoked": not rehearsal})


def _client_of(request: Request) -> tuple[str, str]:
    """The client's id and secret, from a Basic header or from the form."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client, _, secret = b64decode(encoded, validate=True).decode().partition(":")
        except (Base64Error, UnicodeDecodeError):
            return "", ""
        return client, secret
    return request.form.get("client_id", ""), request.form.get("client_secret", "")


def _check_client(asked: dict[str, str], app: SlackApp) -> None:
    """Raise PageError unless the app asks as it must: a public one with PKCE on localhost, any other on https."""
    if asked.get("client_id") != SLACK_CLIENT_ID:
        raise PageError("Invalid client_id parameter. (invalid_client_id)")
    if asked.get("redirect_uri") not in (REDIRECTS if app.pkce else (HTTPS_REDIRECT,)):
        raise PageError("redirect_uri did not match any configured URIs. (bad_redirect_uri)")
    challenged = asked.get("code_challenge_method") == "S256" and _CHALLENGE.match(asked.get("code_challenge", ""))
    if app.pkce and not challenged:
        raise PageError("This app needs PKCE: a code_challenge with the method S256. (invalid_code_challenge)")


def _asked_scopes(asked: dict[str, str], family: str) -> tuple[str, ...]:
    """The user scopes. Raises PageError for none, unknown ones, or bot scopes on a localhost redirect."""
    if family == "v2" and asked.get("scope") and asked["redirect_uri"] in REDIRECTS:
        raise PageError("Bot scopes cannot be requested with a localhost redirect. (invalid_scope)")
    stated = asked.get("scope" if family == "v2_user" else "user_scope", "")
    scopes = tuple(dict.fromkeys(scope.strip() for scope in stated.split(",") if scope.strip()))
    if not scopes:
        raise PageError("No scopes requested. (no_user_scopes)")
    if any(scope not in USER_SCOPES for scope in scopes):
        raise PageError("Invalid permissions requested. (invalid_scope)")
    return scopes
