"""Universal Login: /authorize with PKCE; the person of the workspace signs in on the consent page, or at once."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.demo.auth0.audience import asked_scopes
from app.demo.auth0.refusal import Refused, unauthorized_client
from app.demo.auth0.tenant import CODE, Application, Tenant
from app.demo.auth0.tickets import Tickets
from app.demo.auth0.tokens import subject_of
from app.demo.consent import Agreed, ConsentDesk, Question
from app.demo.consent_page import notice_page
from app.demo.wire import Request, Response, redirect
from app.demo.workspace import Workspace

AUTHORIZE = "/authorize"
CODE_SECONDS = 60
_CHALLENGE = re.compile(r"^[A-Za-z0-9_-]{43}$")
_WORDS = {
    "openid": "Know who you are",
    "profile": "See your name",
    "email": "See your email address",
    "offline_access": "Stay signed in",
    "tasks:read": "See your tasks",
    "tasks:write": "Add and change your tasks",
    "vault:use": "Use the accounts you connect",
    "create:me:connected_accounts": "Connect accounts for you",
    "read:me:connected_accounts": "See the accounts you connected",
    "delete:me:connected_accounts": "Disconnect accounts",
}


@dataclass(frozen=True)
class SignIn:
    """Asks the person who signs in, for every way of signing in."""

    workspace: Workspace
    desk: ConsentDesk

    def ask(
        self, hint: str, scopes: tuple[str, ...], then: Callable[[Agreed | None], Response], *, insist: bool = False
    ) -> Response:
        """What the browser gets. Nothing can be unticked: the app is the tenant's own."""
        people = {person.address: person.name for person in self.workspace.people()}
        known = {address.lower(): address for address in people}
        person = known.get(hint.lower(), self.workspace.owner.address)
        told = {scope: _WORDS.get(scope, scope) for scope in scopes}
        question = Question("Auth0", "Valet", people, person, told, frozenset(scopes))
        return self.desk.ask(question, then, insist=insist)


class Login:
    """Answers /authorize; `tenant` is the set-up of now."""

    def __init__(self, sign_in: SignIn, tickets: Tickets, tenant: Callable[[], Tenant]) -> None:
        self._sign_in = sign_in
        self._tickets = tickets
        self._tenant = tenant

    def answer(self, request: Request) -> Response:
        asked = dict(request.parameters)
        tenant = self._tenant()
        application = tenant.application(asked.get("client_id", ""))
        if application is None:
            return notice_page(f"Unknown client: {asked.get('client_id', '')}", 400, "Oops!, something went wrong")
        if asked.get("redirect_uri", "") not in application.callbacks:
            return notice_page("Callback URL mismatch.", 403, "Oops!, something went wrong")
        try:
            _check(asked, application)
            scopes = asked_scopes(tenant, application, asked.get("audience", ""), asked.get("scope", ""))
        except Refused as refused:
            return _back(asked, {"error": refused.error, "error_description": str(refused)})
        return self._sign_in.ask(
            asked.get("login_hint", ""),
            scopes,
            lambda agreed: self._decided(asked, application, scopes, agreed),
            insist=tenant.confirmation,
        )

    def _decided(
        self, asked: dict[str, str], application: Application, scopes: tuple[str, ...], agreed: Agreed | None
    ) -> Response:
        if agreed is None:
            return _back(asked, {"error": "access_denied", "error_description": "User did not authorize the request"})
        body: dict[str, Any] = {
            "client": application.id,
            "redirect": asked["redirect_uri"],
            "challenge": asked.get("code_challenge", ""),
            "subject": subject_of(agreed.person),
            "audience": asked.get("audience", ""),
            "scopes": scopes,
            "nonce": asked.get("nonce", ""),
        }
        return _back(asked, {"code": self._tickets.new("code", body, CODE_SECONDS)})


def _check(asked: dict[str, str], application: Application) -> None:
    """Raise Refused unless this is a code flow with S256; only an application with a secret may leave PKCE out."""
    if asked.get("response_type") != "code":
        raise Refused(400, "unsupported_response_type", f"Unsupported response type: {asked.get('response_type', '')}")
    if CODE not in application.grants:
        raise unauthorized_client(CODE)
    challenge, method = asked.get("code_challenge", ""), asked.get("code_challenge_method", "")
    left_out = not challenge and not method and application.secret
    if not left_out and (method != "S256" or not _CHALLENGE.match(challenge)):
        raise Refused(400, "invalid_request", "A code_challenge with the method S256 is required.")
    if asked.get("prompt") == "none":  # a loopback callback proves nothing about the app
        raise Refused(400, "interaction_required", "prompt=none is not possible with a non-verifiable callback.")


def _back(asked: dict[str, str], told: dict[str, str]) -> Response:
    state = {"state": asked["state"]} if "state" in asked else {}
    return redirect(asked["redirect_uri"], {**told, **state})
