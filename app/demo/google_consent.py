"""Google's consent page: it refuses by itself what an installed app may not ask, and sends the answer back."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from app.demo.consent import Agreed, ConsentDesk, Question
from app.demo.consent_page import notice_page
from app.demo.google_app import APP, CLIENT_ID, IDENTITY, TESTING_SECONDS, GoogleApp, canonical, known_scopes, words
from app.demo.grant_store import Asked, GrantStore
from app.demo.remarks import Remarks
from app.demo.wire import Request, Response, redirect
from app.demo.workspace import Workspace

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_CHALLENGE = re.compile(r"^[A-Za-z0-9_-]{43}$")


class PageError(Exception):
    """The consent page refuses by itself: the browser stays there, nothing reaches the redirect."""


class GoogleConsent:
    """The page at accounts.google.com/o/oauth2/v2/auth."""

    def __init__(
        self,
        workspace: Workspace,
        grants: GrantStore,
        desk: ConsentDesk,
        app: Callable[[], GoogleApp],
        remarks: Remarks,
    ) -> None:
        self._workspace = workspace
        self._grants = grants
        self._desk = desk
        self._app = app
        self._remarks = remarks

    def answer(self, request: Request) -> Response:
        """The consent page; a person of the workspace answers it."""
        asked = dict(request.parameters)
        try:
            self._check_client(asked)
            scopes = self._asked_scopes(asked.get("scope", ""))
            if blocked := self._app().blocked:
                return notice_page(f"This app cannot be used with your account. ({blocked})", 403)
        except PageError as error:
            return notice_page(str(error))
        if "include_granted_scopes" in asked:
            self._remarks.violation("google", "include_granted_scopes was sent: it is nothing for an installed app")
        return self._desk.ask(self._question(asked, scopes), lambda agreed: self._decided(asked, agreed))

    def _question(self, asked: dict[str, str], scopes: tuple[str, ...]) -> Question:
        people = {person.address: person.name for person in self._workspace.people()}
        told = {scope: words().get(scope, scope) for scope in scopes}
        return Question("Google", APP, people, self._account(asked.get("login_hint", "")), told, IDENTITY)

    def _decided(self, asked: dict[str, str], agreed: Agreed | None) -> Response:
        """Back to the app: with a code for what was agreed to, or with the refusal."""
        state = {"state": asked["state"]} if "state" in asked else {}
        if agreed is None:
            return redirect(asked["redirect_uri"], {"error": "access_denied", **state})
        target, challenge = asked["redirect_uri"], asked["code_challenge"]
        lifetime = TESTING_SECONDS if self._app().testing and agreed.lifetime is None else agreed.lifetime
        code = self._grants.new_code(
            Asked(CLIENT_ID, agreed.person, agreed.scopes, target, challenge, lifetime, asked.get("nonce", ""))
        )
        told = {"code": code, "scope": " ".join(agreed.scopes), "authuser": "0", "prompt": "consent"}
        return redirect(target, {**state, **told})

    def _check_client(self, asked: dict[str, str]) -> None:
        """Raise PageError unless an installed app asks as it must."""
        if asked.get("client_id") != CLIENT_ID:
            raise PageError("The OAuth client was not found. (invalid_client)")
        target = urlsplit(asked.get("redirect_uri", ""))
        if target.scheme != "http" or target.hostname not in _LOOPBACK or target.fragment:
            raise PageError("The redirect URI is not a loopback address. (redirect_uri_mismatch)")
        if asked.get("response_type") != "code":
            raise PageError("Required parameter: response_type=code. (invalid_request)")
        if asked.get("code_challenge_method") != "S256" or not _CHALLENGE.match(asked.get("code_challenge", "")):
            raise PageError("A code_challenge with the method S256 is required. (invalid_request)")

    def _asked_scopes(self, stated: str) -> tuple[str, ...]:
        scopes = canonical(stated.split())
        if not scopes:
            raise PageError("Missing required parameter: scope. (invalid_request)")
        if unknown := [name for name in scopes if name not in known_scopes()]:
            raise PageError(f"Some requested scopes were invalid: {' '.join(unknown)}. (invalid_scope)")
        return scopes

    def _account(self, hint: str) -> str:
        """The person the hint names; the owner, when it names nobody here."""
        known = {person.address.lower(): person.address for person in self._workspace.people()}
        return known.get(hint.lower(), self._workspace.owner.address)
